"""The drawings of a report on lookups, as SVG text; every number that is drawn is printed in a table as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from floodmark.guard.report.traffic import Moment
from floodmark.reports.svg import chart_of, draw, ink

WIDTH = 360  # of a drawing, in its own pixels
WIDE = 1000  # of one over the whole page
NAMES = 128  # of these for the names at the left
NUMBERS = 96  # and for the numbers at the right
ROW = 22
LEAST_EVIDENCE = 0.01  # what is less is drawn there


@dataclass(frozen=True)
class Bar:
    """One horizontal bar.

    Attributes:
        name: at its left, safe to show.
        value: its length.
        text: at its end.
        colour: one of `svg.INKS`.
    """

    name: str
    value: float
    text: str
    colour: str = "mark"


def bars(items: Sequence[Bar], title: str, description: str, *, whole: float | None = None) -> str:
    """Horizontal bars, from top to bottom.

    Args:
        items: of which there is at least one.
        title: what the drawing is, in a few words.
        description: what it shows, in a sentence.
        whole: length of the longest that could be, which is drawn behind every bar; None for that of the longest.
    """
    records = [
        {"place": place, "name": one.name, "value": one.value, "text": one.text, "colour": ink(one.colour)}
        for place, one in enumerate(items)
    ]
    longest = whole or max(one.value for one in items) or 1
    y = alt.Y("place:O", axis=None)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest], clamp=True))
    height = ROW * len(records)
    names = chart_of(records).mark_text(align="right", limit=NAMES - 4)
    names = names.encode(x=alt.value(NAMES), y=y, text="name:N").properties(width=NAMES, height=height)
    room = WIDTH - NAMES - NUMBERS
    drawn = chart_of(records).mark_bar(height=13).encode(x=x, y=y, color=alt.Color("colour:N", scale=None))
    texts = chart_of(records).mark_text(align="left", dx=5).encode(y=y, text="text:N")
    texts = texts.encode(x=alt.value(room)) if whole else texts.encode(x=x)
    layers = [drawn, texts]
    if whole:
        behind = [{"place": place, "value": whole} for place in range(len(records))]
        layers.insert(0, chart_of(behind).mark_bar(height=13, color=ink("land")).encode(x=x, y=y))
    chart = alt.hconcat(names, alt.layer(*layers).properties(width=room, height=height), spacing=6)
    return draw(chart, title, description)


def over_time(moments: Sequence[Moment], width: int = WIDTH) -> str:
    """Lookups over time: of identifiers new to the actor below, asked again above.

    Args:
        moments: of which there is at least one.
        width: of the drawing, in its own pixels.
    """
    records = [
        {
            "from": one.at.isoformat(),
            "to": one.end.isoformat(),
            "low": low,
            "high": high,
            "colour": ink(colour),
        }
        for one in moments
        for low, high, colour in ((0, one.new, "mark"), (one.new, one.lookups, "soft"))
    ]
    across = alt.Axis(
        title=None,
        grid=False,
        format=_format(moments),
        tickCount=max(4, width // 110),
        labelFlush=True,
        labelOverlap=True,
    )
    chart = (
        chart_of(records)
        .mark_bar(stroke=ink("paper"), strokeWidth=0.5)
        .encode(
            x=alt.X("from:T", axis=across, scale=alt.Scale(type="utc", nice=False)),
            x2="to:T",
            y=alt.Y("low:Q", axis=alt.Axis(title="lookups", tickCount=3, domain=False, format="~s")),
            y2="high:Q",
            color=alt.Color("colour:N", scale=None),
        )
        .properties(width=width - 70, height=130 if width == WIDTH else 200)
    )
    return draw(
        chart,
        "Lookups over time",
        f"{len(moments)} stretches of time, each with its lookups of identifiers new to the actor and of ones asked "
        "again.",
    )


def evidence(items: Sequence[Bar], line: float) -> str:
    """Evidence on actors on a logarithmic scale, with the line from which an actor is flagged.

    Args:
        items: of which there is at least one.
        line: 1/α.
    """
    records: list[dict[str, Any]] = [
        {
            "place": place,
            "name": one.name,
            "value": max(one.value, LEAST_EVIDENCE),
            "text": one.text,
            "colour": ink(one.colour),
        }
        for place, one in enumerate(items)
    ]
    top = max(line, *(one["value"] for one in records)) * 3
    scale = alt.Scale(type="log", domain=[LEAST_EVIDENCE, top], nice=False)
    y = alt.Y("place:O", axis=None)
    height = ROW * len(records)
    names = chart_of(records).mark_text(align="right", limit=NAMES - 4)
    names = names.encode(x=alt.value(NAMES), y=y, text="name:N").properties(width=NAMES, height=height)
    room = WIDTH - NAMES - 64
    points = (
        chart_of(records)
        .mark_circle(size=90, opacity=1)
        .encode(x=alt.X("value:Q", axis=None, scale=scale), y=y, color=alt.Color("colour:N", scale=None))
    )
    stems = (
        chart_of([one | {"start": LEAST_EVIDENCE} for one in records])
        .mark_rule(color=ink("grid"))
        .encode(x=alt.X("start:Q", axis=None, scale=scale), x2="value:Q", y=y)
    )
    rule = (
        chart_of([{"value": line}])
        .mark_rule(color=ink("danger"), strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x=alt.X("value:Q", axis=None, scale=scale))
    )
    texts = chart_of(records).mark_text(align="left", dx=5).encode(x=alt.value(room), y=y, text="text:N")
    drawn = alt.layer(stems, rule, points, texts).properties(width=room, height=height)
    return draw(
        alt.hconcat(names, drawn, spacing=6),
        "Evidence on actors",
        f"The actors with most evidence, on a logarithmic scale; from {line:,.0f} on, the dashed line, one is flagged.",
    )


def _format(moments: Sequence[Moment]) -> str:
    """How a place in time is written: by the clock, the day, the month or the year."""
    days = (moments[-1].end - moments[0].at).days
    if days < 2:
        return "%H:%M"
    return "%-d %b" if days < 120 else "%b %Y" if days < 1500 else "%Y"
