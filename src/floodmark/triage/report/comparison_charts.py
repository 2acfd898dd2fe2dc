"""The charts of a comparison, as SVG text; every number that is drawn is also printed.

Parts of a bar and the two dots of a line lie in one order everywhere: A alone, both, B alone; A's dot is filled and
B's is a ring, so that no meaning hangs on colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from floodmark.reports.labels import country_name, field_name, values_name
from floodmark.reports.numbers import count
from floodmark.reports.svg import chart_of, draw, ink
from floodmark.triage.comparing.comparison import CountryPair, FieldFill, KindPair, RowPair

WIDTH = 360  # of a chart, in the pixels of its own drawing
NAMES = 128  # of these for the names at the left
ROW = 24
MOST_COUNTRIES = 15
PARTS = ("mark", "accent", "soft")  # A alone, both, B alone


def overlaps(kinds: Sequence[KindPair], rows: RowPair | None) -> str:
    """For each kind of identifier, and rows, which part is in A alone, in both, in B alone."""
    items = [(values_name(one.kind), (one.only_a, one.both, one.only_b)) for one in kinds]
    if rows is not None:
        both = rows.distinct_both
        items.append(("distinct rows", (rows.distinct_a - both, both, rows.distinct_b - both)))
    records = []
    for line, (_, parts) in enumerate(items):
        start, total = 0.0, sum(parts) or 1
        for colour, part in zip(PARTS, parts, strict=True):
            end = start + part / total
            records.append({"line": line, "start": start, "end": end, "colour": ink(colour)})
            start = end
    drawn = (
        chart_of(records)
        .mark_bar(height=15, stroke=ink("paper"), strokeWidth=1)
        .encode(
            x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
            x2="end:Q",
            y=alt.Y("line:O", axis=None),
            color=alt.Color("colour:N", scale=None),
        )
    )
    return _beside(
        [name for name, _ in items],
        drawn,
        "What the dumps share",
        "From left to right: in A alone, in both, in B alone. "
        + " ".join(f"{name}: {', '.join(map(count, parts))}." for name, parts in items),
    )


def fill_rates(fields: Sequence[FieldFill]) -> str:
    """The two fill vectors: a line for each field, from A's share of rows to B's."""
    ordered = sorted(fields, key=lambda one: -max(one.fill_a, one.fill_b))
    return _pairs(
        [(field_name(one.type), one.fill_a, one.fill_b) for one in ordered],
        "Fill rates",
        "Share of all rows of each dump that have each kind of data.",
    )


def countries(found: Sequence[CountryPair]) -> str:
    """The countries with most rows: their share of each dump's rows with a valid number."""
    total_a, total_b = (sum(one.rows_a for one in found) or 1, sum(one.rows_b for one in found) or 1)
    return _pairs(
        [
            (country_name(one.country), one.rows_a / total_a, one.rows_b / total_b)
            for one in found[:MOST_COUNTRIES]
        ],
        "Countries",
        "Share of each dump's rows with a valid phone number.",
    )


def _pairs(items: Sequence[tuple[str, float, float]], title: str, description: str) -> str:
    records = [{"line": line, "a": a, "b": b} for line, (_, a, b) in enumerate(items)]
    longest = max((max(a, b) for _, a, b in items), default=0.0) or 1.0
    axis = alt.Axis(format="%", title=None, tickCount=4, orient="top")
    scale = alt.Scale(domain=[0, longest])
    y = alt.Y("line:O", axis=None)
    x = alt.X("a:Q", axis=axis, scale=scale)
    base = chart_of(records)
    drawn = (
        base.mark_rule(color=ink("muted"), strokeWidth=2).encode(x=x, x2="b:Q", y=y)
        + base.mark_circle(size=90, opacity=1, color=ink("mark")).encode(x=x, y=y)
        + base.mark_point(size=110, opacity=1, color=ink("accent"), strokeWidth=2).encode(
            x=alt.X("b:Q", axis=axis, scale=scale), y=y
        )
    )
    return _beside([name for name, _, _ in items], drawn, title, description)


def _beside(names: Sequence[str], drawn: alt.LayerChart | alt.Chart, title: str, description: str) -> str:
    """A drawing with names at its left, a line each."""
    height = ROW * len(names)
    labels = (
        chart_of([{"line": line, "name": name} for line, name in enumerate(names)])
        .mark_text(align="right", limit=NAMES - 14)
        .encode(x=alt.value(NAMES), y=alt.Y("line:O", axis=None), text="name:N")
    )
    chart = alt.hconcat(
        labels.properties(width=NAMES, height=height),
        drawn.properties(width=WIDTH - NAMES - 10, height=height),
        spacing=6,
    )
    return draw(chart, title, description)
