"""Sets and how they overlap, drawn as an UpSet: a row of dots for each combination, a bar for how many are in it.

Lex, Gehlenborg, Strobelt, Vuillemot and Pfister, UpSet: Visualization of Intersecting Sets, IEEE Transactions on
Visualization and Computer Graphics 20 (2014), 1983-1992.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import altair as alt

from floodmark.reports.numbers import count
from floodmark.reports.svg import chart_of, draw, ink

WIDTH = 360  # of the drawing, in its own pixels
NUMBERS = 82  # of these for the numbers at the right
ROW = 22
DOT = 16
LONGEST_LABEL = 110
SIZES = 44  # height of the bars below the dots
LEAST_BARS = 40


def upset(
    names: Sequence[str],
    rows: Sequence[tuple[Collection[int], int]],
    title: str,
    description: str,
    sizes: Sequence[int] | None = None,
    write: Callable[[int], str] = count,
) -> str:
    """The drawing as SVG text.

    Args:
        names: of the sets, from left to right, safe to show; two may be alike.
        rows: numbers of the sets in a combination and how many are in it, from top to bottom.
        title: what the drawing is, in a few words.
        description: what it shows, in a sentence.
        sizes: how many are in each set, drawn below its dots.
        write: a number as text, in the page's language.
    """
    height, width = ROW * len(rows), DOT * len(names)
    above = min(12 + 7 * max(map(len, names), default=0), LONGEST_LABEL)
    columns = list(range(len(names)))
    x = alt.X("set:O", sort=columns, axis=None, scale=alt.Scale(domain=columns))
    y = alt.Y("row:O", axis=None)
    dots = [
        {"row": row, "set": column, "colour": ink("text" if column in members else "grid")}
        for row, (members, _) in enumerate(rows)
        for column in columns
    ]
    lines = [
        {"row": row, "set": min(members), "last": max(members)}
        for row, (members, _) in enumerate(rows)
        if len(members) > 1
    ]
    matrix = (
        chart_of(lines).mark_rule(color=ink("text"), strokeWidth=2).encode(x=x, x2="last:O", y=y)
        + chart_of(dots)
        .mark_circle(size=80, opacity=1)
        .encode(x=x, y=y, color=alt.Color("colour:N", scale=None))
    ).properties(width=width, height=height)
    labels = (
        chart_of([{"set": column, "name": name} for column, name in enumerate(names)])
        .mark_text(angle=300, align="left", baseline="middle", dx=4, limit=LONGEST_LABEL)
        .encode(x=x, y=alt.value(above - 4), text="name:N")
        .properties(width=width, height=above)
    )
    left = [labels, matrix]
    if sizes is not None:
        bars = chart_of([{"set": column, "size": size} for column, size in enumerate(sizes)]).mark_bar(
            color=ink("accent"), width=9
        )
        scale = alt.Scale(domain=[0, max([*sizes, 1])], reverse=True)
        left.append(chart_of([{}]).mark_point(opacity=0).properties(width=width, height=2))
        left.append(
            bars.encode(x=x, y=alt.Y("size:Q", axis=None, scale=scale)).properties(width=width, height=SIZES)
        )
    values = [{"row": row, "value": value, "text": write(value)} for row, (_, value) in enumerate(rows)]
    longest = max([*(value for _, value in rows), 1])
    base = chart_of(values).encode(x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest])), y=y)
    lengths = base.mark_bar(color=ink("mark"), height=13) + base.mark_text(align="left", dx=5).encode(
        text="text:N"
    )
    room = max(LEAST_BARS, WIDTH - width - NUMBERS)
    empty = chart_of([{}]).mark_point(opacity=0).properties(width=room, height=above)
    right = [empty, lengths.properties(width=room, height=height)]
    chart = alt.hconcat(alt.vconcat(*left, spacing=4), alt.vconcat(*right, spacing=4), spacing=8)
    return draw(chart, title, description)
