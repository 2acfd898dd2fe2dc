"""A timeline as a drawing: a lane for each kind of speaker, in it a numbered mark for each statement.

Numbers are those of the list below the drawing, which says everything that is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import altair as alt

from floodmark.assessment.contradictions import Contradiction
from floodmark.assessment.report.contradiction_words import letter, question
from floodmark.assessment.report.timeline_layout import Axis, rows
from floodmark.assessment.statements.kinds import SPEAKER_KINDS
from floodmark.assessment.timeline import Entry, Timeline
from floodmark.reports.labels import plain, words
from floodmark.reports.partial_dates import days
from floodmark.reports.svg import chart_of, draw, ink

INKS = {
    "seller": "quarantined",
    "company": "mark",
    "researcher": "accent",
    "journalist": "muted",
    "regulator": "level5",
    "court": "text",
    "claimed-attacker": "warning",
}
SHAPES = {"contradicted": "diamond", "supported": "square", "": "circle"}
_SIZES = {"diamond": 700, "square": 340, "circle": 340}  # areas that hold two digits
MARK, ROW = 24, 26  # pixels that a mark takes, and that a row of them does
MOST_NUMBERED = 120  # statements; marks of more are small and have no numbers
SMALL, SMALL_ROW = 9, 10
FEWEST_STRETCHED = 8  # statements; with fewer, every day is as wide as any other
MOST_DISPUTES = 26  # that are drawn


@dataclass(frozen=True)
class Format:
    """How wide a drawing is, where its dates begin and end, and whether names of lanes stand beside them or above."""

    width: int
    left: int
    right: int
    beside: bool


WIDE, NARROW = Format(920, 224, 904, beside=True), Format(352, 14, 336, beside=False)
WIDE_TITLES = Format(920, 14, 904, beside=False)  # for names of incidents


@dataclass
class _Drawing:
    """Parts of a drawing, in its own pixels from the top left."""

    form: Format
    axis: Axis
    height: float = 0
    marks: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)

    def line(self, left: float, right: float, y: float, colour: str, wide: float, dash: int = 0) -> None:
        self.lines.append(
            {"x": left, "x2": right, "y": y, "y2": y, "colour": ink(colour), "wide": wide, "dash": dash}
        )

    def mark(self, x: float, y: float, colour: str, shape: str, size: float) -> None:
        self.marks.append({"x": x, "y": y, "colour": ink(colour), "shape": shape, "size": size})

    def name(self, text: str, y: float) -> float:
        """Write a lane's name; returns where its first row is, below the name or beside it."""
        if not self.form.beside:
            self.texts.append({"x": 0, "y": y + 9, "text": text, "colour": ink("muted"), "kind": "name"})
            return y + 20
        self.texts.append({"x": 0, "y": y + ROW / 2, "text": text, "colour": ink("text"), "kind": "name"})
        return y


def drawing(timeline: Timeline, form: Format = WIDE) -> str:
    """What was said of one incident, as SVG text."""
    crowded = len(timeline.entries) > MOST_NUMBERED
    stretched = len(timeline.entries) >= FEWEST_STRETCHED
    busy = [_day(one.on) for one in timeline.moments if stretched and len(one.on) == len("2021-04-03")]
    made = _Drawing(form, _axis([timeline], form, busy))
    for kind in SPEAKER_KINDS:
        said = [one for one in timeline.entries if one.statement.speaker_kind == kind]
        if said:
            _lane(made, words(kind), said, crowded)
    for place, against in enumerate(timeline.contradictions[:MOST_DISPUTES]):
        _against(made, f"{letter(place)}  {question(against)}", against)
    first, last = timeline.days
    return _drawn(
        made,
        f"What was said of {plain(timeline.incident.title, 100)}",
        f"{len(timeline.entries)} statements from {first} to {last} by kind of speaker, as listed below.",
    )


def overview(found: Sequence[Timeline], form: Format = WIDE_TITLES) -> str:
    """All incidents below one another, each statement a small mark, as SVG text."""
    made = _Drawing(form, _axis(found, form))
    for one in found:
        _lane(made, plain(one.incident.title, 100), one.entries, crowded=True)
    return _drawn(
        made,
        "What was said, by incident",
        f"{len(found)} incidents; each mark is a statement, coloured by the kind of its speaker.",
    )


def _axis(found: Sequence[Timeline], form: Format, busy: Sequence[date] = ()) -> Axis:
    ends = [days(on) for one in found for on in one.days]
    first, last = min(first for first, _ in ends), max(last for _, last in ends)
    return Axis.around(first, last, form.left, form.right, busy)


def _day(on: str) -> date:
    """The first day that may be meant, so that marks stand in the order of the list."""
    return days(on)[0]


def _lane(made: _Drawing, name: str, said: Sequence[Entry], crowded: bool) -> None:
    top = made.name(name, made.height + 5)
    wide, high = (SMALL, SMALL_ROW) if crowded else (MARK, ROW)
    placed = sorted(((_span(made.axis, one, wide), one) for one in said), key=lambda each: each[0])
    found = rows([span for span, _ in placed])
    middle = ROW / 2 if made.form.beside else high / 2
    for row, (_, one) in zip(found, placed, strict=True):
        _statement(made, one, top + middle + row * high, crowded)
    made.height = top + max(middle * 2 if made.form.beside else 0, middle + (max(found) + 0.5) * high) + 5
    made.line(0, made.form.width, made.height, "grid", 1)


def _against(made: _Drawing, name: str, against: Contradiction) -> None:
    """A line that ties statements that disagree, a small mark where each was said."""
    y = made.name(name, made.height + 5) + (ROW if made.form.beside else SMALL_ROW) / 2
    at = [made.axis.at(_day(one.statement.said_on)) for side in against.sides for one in side.said]
    made.line(min(at), max(at), y, "danger", 1.5)
    for x in sorted(set(at)):
        made.mark(x, y, "danger", "circle", 36)
    made.height = y + (ROW if made.form.beside else SMALL_ROW) / 2 + 5
    made.line(0, made.form.width, made.height, "grid", 1)


def _span(axis: Axis, one: Entry, wide: float) -> tuple[float, float]:
    """From where to where an entry takes its row."""
    first, last = days(one.statement.said_on)
    at = axis.at(_day(one.statement.said_on))
    known = axis.at(_day(one.statement.learnt_on or one.statement.said_on))
    return min(at - wide / 2, axis.at(first)), max(at + wide / 2, axis.at(last), known + wide / 4)


def _statement(made: _Drawing, one: Entry, y: float, crowded: bool) -> None:
    """A mark where it was said, a bar where only the month or year is known, a dashed line to when it became known."""
    said = days(one.statement.said_on)
    at = made.axis.at(_day(one.statement.said_on))
    colour = INKS[one.statement.speaker_kind]
    left, right = (made.axis.at(day) for day in said)
    if right - left > (SMALL if crowded else MARK):
        made.line(left, right, y, colour, 3)
    if one.statement.learnt_on and one.statement.learnt_on != one.statement.said_on:
        known = made.axis.at(_day(one.statement.learnt_on))
        if known - at > (SMALL if crowded else MARK) / 2:
            made.line(at, known, y, colour, 1.5, 3)
            made.mark(known, y, colour, "circle", 24)
    shape = SHAPES[state(one)]
    if crowded:
        made.mark(at, y, colour, shape, 40)
        return
    made.mark(at, y, colour, shape, _SIZES[shape])
    made.texts.append({"x": at, "y": y, "text": str(one.number), "colour": ink("text"), "kind": "number"})


def state(one: Entry) -> str:
    """What a mark's shape says: that an assertion is contradicted, or that one is supported, or nothing."""
    return next((name for name in ("contradicted", "supported") if name in one.states), "")


def _drawn(made: _Drawing, title: str, description: str) -> str:
    for x, text in made.axis.ticks():
        made.lines.append(
            {"x": x, "x2": x, "y": 0, "y2": made.height, "colour": ink("grid"), "wide": 1, "dash": 0}
        )
        made.texts.append(
            {"x": x, "y": made.height + 12, "text": text, "colour": ink("muted"), "kind": "date"}
        )
    height = made.height + 22
    right = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, made.form.width], nice=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    layers = [
        *_lines(made.lines, right, down),
        *_marks(made.marks, right, down),
        *_texts(made.texts, made.form, right, down),
    ]
    chart = alt.layer(*layers).properties(width=made.form.width, height=height)
    return draw(chart, title, description, made.form.width)


def _lines(lines: Sequence[Mapping[str, Any]], x: alt.X, y: alt.Y) -> Iterable[alt.Chart]:
    for look in sorted({(one["wide"], one["dash"]) for one in lines}):
        wide, dash = look
        some = [dict(one) for one in lines if (one["wide"], one["dash"]) == look]
        drawn = chart_of(some).mark_rule(strokeWidth=wide, strokeDash=[dash, dash] if dash else [1, 0])
        yield drawn.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=alt.Color("colour:N", scale=None))


def _marks(marks: Sequence[dict[str, Any]], x: alt.X, y: alt.Y) -> Iterable[alt.Chart]:
    for shape in sorted({one["shape"] for one in marks}):
        drawn = chart_of([one for one in marks if one["shape"] == shape]).mark_point(
            shape=shape, filled=False, fill=ink("paper"), strokeWidth=2, opacity=1
        )
        yield drawn.encode(
            x=x, y=y, size=alt.Size("size:Q", scale=None), stroke=alt.Stroke("colour:N", scale=None)
        )


def _texts(texts: Sequence[dict[str, Any]], form: Format, x: alt.X, y: alt.Y) -> Iterable[alt.Chart]:
    """Names of lanes, numbers in marks, dates below: each with its side and its look."""
    looks: dict[str, dict[str, Any]] = {
        "name": {"align": "left", "limit": 0.87 * (form.left - 16 if form.beside else form.width)},
        "number": {"align": "center", "fontWeight": "bold", "fontSize": 11},
        "date": {"align": "center", "fontSize": 12},
    }
    for kind, look in looks.items():
        some = [one for one in texts if one["kind"] == kind]
        if some:
            drawn = chart_of(some).mark_text(baseline="middle", **look)
            yield drawn.encode(x=x, y=y, text="text:N", color=alt.Color("colour:N", scale=None))
