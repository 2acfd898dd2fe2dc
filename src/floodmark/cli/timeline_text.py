"""Timelines for a terminal or a pipe, at any width from 40 columns; no meaning hangs on colour or on Unicode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from floodmark.assessment.contradictions import Contradiction
from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.report.contradiction_words import how, letter, question, quote
from floodmark.assessment.timeline import Entry, Moment, Timeline
from floodmark.reports.labels import plain, words
from floodmark.reports.numbers import plural
from floodmark.reports.partial_dates import in_words as date_in_words

LONGEST_TEXT = 4_000
_STYLES = {"supported": "green", "contradicted": "bold red", "untestable": "dim", "untested": "dim"}


def render(found: Sequence[Timeline]) -> RenderableType:
    """Timelines for `rich.console.Console.print`, below one another."""
    return Group(*(part for one in found for part in _timeline(one)))


def _timeline(one: Timeline) -> Iterator[RenderableType]:
    title = plain(one.incident.title, 200)
    made_up = ", SYNTHETIC: a made-up leak" if one.synthetic else ""
    yield Padding(Text(f"{title.upper()} ({one.incident.slug}){made_up}", "bold"), (1, 0, 0, 0))
    letters: dict[str, list[str]] = {}
    for place, against in enumerate(one.contradictions):
        for name in against.statements:
            letters.setdefault(name, []).append(letter(place))
    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for moment in one.moments:
        statement = moment.entry.statement
        grid.add_row(Text(moment.on), Group(*_moment(moment, letters.get(statement.id, []))))
    yield grid
    for place, against in enumerate(one.contradictions):
        yield Padding(Group(*_against(letter(place), against, one)), (1, 0, 0, 0))


def _moment(moment: Moment, letters: Sequence[str]) -> Iterator[RenderableType]:
    statement, number = moment.entry.statement, moment.entry.number
    speaker = f"{plain(statement.speaker, 120)} ({words(statement.speaker_kind)})"
    if not moment.is_said:
        said = f"{words(statement.kind)} of {date_in_words(statement.said_on)} by {speaker}"
        yield Text(f"[{number}] became known: {said}", "italic")
        return
    yield Text(f"[{number}] {words(statement.kind)}: {speaker}", "bold")
    yield Text(plain(statement.text, LONGEST_TEXT))
    for place in range(len(moment.entry.tested)):
        yield from _assertion(moment.entry, place)
    if letters:
        yield Text(f"! disagrees with others: see {', '.join(letters)} below", "yellow")
    parts = [plain(statement.source, 300), plain(statement.source_url, 2_000)]
    if statement.learnt_on:
        parts.append(f"known since {date_in_words(statement.learnt_on)}")
    yield Text(f"source: {'; '.join(filter(None, parts))} (statement {statement.id})", "dim")


def _assertion(entry: Entry, place: int) -> Iterator[RenderableType]:
    one = entry.tested[place]
    yield Text.assemble("- ", in_words(one.assertion), ": ", (one.state, _STYLES[one.state]))
    for found in one.evidence:
        said = "as above" if entry.is_repeated(place, found) else plain(found.words, 1_000)
        result = Text.assemble((f"{words(found.effect)} ({words(found.test)}): ", "dim"), said)
        yield Padding(result, (0, 0, 0, 4))


def _against(name: str, found: Contradiction, timeline: Timeline) -> Iterator[RenderableType]:
    numbers = timeline.numbers
    yield Text(f"{name}  {question(found)} ({how(found)})", "bold yellow")
    grid = Table.grid(padding=(0, 2), pad_edge=False)
    for _ in range(2):
        grid.add_column(overflow="fold")
    for side in found.sides:
        said = [
            f"{plain(each.statement.speaker, 120)}, {each.statement.said_on}"
            + (f" [{numbers[each.statement.id]}]" if each.statement.id in numbers else "")
            + quote(each)
            for each in side.said
        ]
        grid.add_row(Text(side.words), Text("; ".join(said)))
    yield Padding(grid, (0, 0, 0, 3))
    if found.between:
        fits = "; ".join(side.words for side in found.between)
        yield Padding(Text(f"Fits more than one of them: {fits}", "dim"), (0, 0, 0, 3))


def summary(found: Sequence[Timeline]) -> str:
    """How much there is, in a sentence."""
    statements = sum(len(one.entries) for one in found)
    against = sum(len(one.contradictions) for one in found)
    about = plural(len(found), "leak or incident", "leaks and incidents")
    return f"{plural(statements, 'statement')} about {about}; {plural(against, 'contradiction')}."
