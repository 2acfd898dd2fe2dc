"""The world map: rows with a valid phone number by country, in classes of powers of ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from floodmark.reports.labels import places
from floodmark.reports.svg import chart_of, draw, ink
from floodmark.triage.profile import CountryProfile


def levels(largest: int) -> list[int]:
    """Lower bounds of the map's classes, powers of ten up to the largest count, at most six.

    >>> levels(37_000), levels(5), levels(600_000_000)
    ([1, 10, 100, 1000, 10000], [1], [1, 10000, 100000, 1000000, 10000000, 100000000])
    """
    powers = [10**power for power in range(len(str(max(largest, 1))))]
    return powers if len(powers) <= 6 else [1, *powers[-5:]]


def shade(value: int, bounds: list[int]) -> int:
    """Number of the colour for a count of at least one: the highest class is always the strongest colour."""
    return 6 - len(bounds) + sum(value >= bound for bound in bounds) - 1


TITLE = "World map of phone numbers"
DESCRIPTION = "Rows with a valid phone number by country of the number."


def world_map(countries: Sequence[CountryProfile], title: str = TITLE, description: str = DESCRIPTION) -> str:
    """Rows with a valid phone number by country; a place without an outline at this scale is a dot."""
    phones = {c.country: c.phones for c in countries if c.phones}
    bounds = levels(max(phones.values(), default=1))
    shapes = []
    dots = []
    for place in places():
        value = phones.get(place["code"], 0)
        colour = ink(f"level{shade(value, bounds)}") if value else ink("land")
        if place["polygons"]:
            geometry = {"type": "MultiPolygon", "coordinates": place["polygons"]}
            shapes.append({"type": "Feature", "geometry": geometry, "properties": {"colour": colour}})
        elif value:
            dots.append({"longitude": place["dot"][0], "latitude": place["dot"][1], "colour": colour})
    land = (
        chart_of(shapes)
        .mark_geoshape(stroke=ink("paper"), strokeWidth=0.5)
        .encode(fill=alt.Fill("properties.colour:N", scale=None))
    )
    layers: list[Any] = [land]
    if dots:
        layers.append(
            chart_of(dots)
            .mark_circle(size=34, opacity=1, stroke=ink("text"), strokeWidth=0.6)
            .encode(longitude="longitude:Q", latitude="latitude:Q", fill=alt.Fill("colour:N", scale=None))
        )
    chart = alt.layer(*layers).project(type="equalEarth").properties(width=900, height=420)
    return draw(chart, title, description)
