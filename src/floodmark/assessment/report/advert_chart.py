"""The picture of an advert's counts against those of a known table."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from floodmark.reports.labels import plain
from floodmark.reports.svg import chart_of, draw, ink

WIDTH, HEIGHT = 330, 260  # of the drawing, in its own pixels
POWERS = range(16)  # of ten, which the axes may name
_POWERS_EXPRESSION = (
    "datum.value >= 1e9 ? datum.value / 1e9 + ' bn' : datum.value >= 1e6 ? datum.value / 1e6 + ' m' : "
    "datum.value >= 1e3 ? datum.value / 1e3 + ' k' : datum.value"
)


def scatter(points: Sequence[tuple[int, int, bool]], known: str, times: str = "") -> str:
    """Counts of countries in two tables, on logarithmic scales, as SVG text; equal counts lie on the line.

    Args:
        points: of each country its known count, its count in the advert and whether the two agree.
        known: name of the known table.
        times: what its counts were multiplied by, where they were.
    """
    shown = [(x, y, agree) for x, y, agree in points if x > 0 and y > 0]
    numbers = [number for x, y, _ in shown for number in (x, y)] or [1]
    low = 10 ** (len(str(min(numbers))) - 1)
    high = 10 ** len(str(max(numbers)))
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    ticks = [10**power for power in POWERS if low <= 10**power <= high]

    def axis(name: str) -> alt.Axis:
        return alt.Axis(title=name, values=ticks, labelExpr=_POWERS_EXPRESSION, grid=True)

    x = alt.X(
        "known:Q", scale=scale, axis=axis(plain(f"{f'{times} times ' if times else ''}counts in {known}", 48))
    )
    y = alt.Y("said:Q", scale=scale, axis=axis("counts in the advert"))
    line = chart_of([{"known": end, "said": end} for end in (low, high)])
    layers: list[alt.Chart] = [line.mark_line(color=ink("grid"), strokeWidth=1.5).encode(x=x, y=y)]
    for agree, shape, colour in ((True, "circle", "mark"), (False, "square", "danger")):
        records = [{"known": a, "said": b} for a, b, one in shown if one is agree]
        if records:
            marks = chart_of(records).mark_point(
                shape=shape, size=70, filled=agree, color=ink(colour), opacity=1, strokeWidth=2
            )
            layers.append(marks.encode(x=x, y=y))
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return draw(
        chart,
        "Counts of the advert and known counts",
        f"{len(shown)} countries, each by its count in both tables; the scales are logarithmic. Equal counts lie on "
        "the line. The table beside it has every number.",
    )
