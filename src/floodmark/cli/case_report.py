"""Cases as a terminal shows them and as JSON has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from floodmark.cli.deadlines import clock, render_case, render_cases, rows_of_cases, style_of
from floodmark.notices import span, stamp
from floodmark.register.cases import LEAK, OPEN, STATEMENT, Case, CaseDeadline, running
from floodmark.register.free_text import visible

if TYPE_CHECKING:
    from rich.console import RenderableType


def case_values(case: Case, now: datetime, zone: tzinfo = UTC) -> dict[str, Any]:
    """One case as JSON values; times in UTC."""
    return {
        "slug": case.slug,
        "title": case.title,
        "status": case.status,
        "aware_at": stamp(case.aware_at),
        "opened_at": stamp(case.opened_at),
        "closed_at": stamp(case.closed_at) if case.closed_at else None,
        "as_of": stamp(now),
        "leaks": [reference for kind, reference in case.links if kind == LEAK],
        "statements": [reference for kind, reference in case.links if kind == STATEMENT],
        "notes": [
            {"written_at": stamp(note.written_at), "author": note.author, "text": note.text}
            for note in case.notes
        ],
        "deadlines": [one.to_dict() for one in case.deadlines(now, zone)],
    }


def cases_values(cases: Sequence[Case], now: datetime, zone: tzinfo = UTC) -> dict[str, Any]:
    """Several cases as JSON values, and before them every clock that runs in one of them."""
    return {
        "as_of": stamp(now),
        "deadlines": rows_of_cases(running(cases, now, zone)),
        "cases": [case_values(case, now, zone) for case in cases],
    }


def render(case: Case, now: datetime, zone: tzinfo = UTC) -> RenderableType:
    """One case for `rich.console.Console.print`: its deadlines first, then what it ties together."""
    from rich.console import Group
    from rich.text import Text

    return Group(
        Text(f"{case.slug}: {visible(case.title)}", style="bold"),
        Text(_standing(case, now)),
        Text(),
        *render_case(case.deadlines(now, zone), zone),
        *_ties(case),
    )


def render_list(cases: Sequence[Case], now: datetime, zone: tzinfo = UTC) -> RenderableType:
    """Several cases: every clock that runs, then one line for each case."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    clocks = running(cases, now, zone)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("case", "title", "status", "became aware (UTC)", "leaks", "most pressing"):
        table.add_column(name, overflow="fold")
    for case in cases:
        first = _first(clocks, case)
        leaks = ", ".join(visible(reference) for kind, reference in case.links if kind == LEAK)
        cells = [Text(cell) for cell in (case.slug, visible(case.title), case.status, clock(case.aware_at))]
        pressing = Text(first.deadline.words(), style_of(first.deadline)) if first else Text("-")
        table.add_row(*cells, Text(leaks or "-"), pressing)
    between = [Text()] if clocks else []
    return Group(*render_cases(clocks, zone), *between, table)


def _first(clocks: Sequence[CaseDeadline], case: Case) -> CaseDeadline | None:
    return next((one for one in clocks if one.case == case.slug), None)


def _standing(case: Case, now: datetime) -> str:
    since = f", {span(now - case.aware_at)} ago" if now >= case.aware_at else ""
    aware = f"became aware {clock(case.aware_at)} UTC{since}"
    if case.status == OPEN:
        return f"open, {aware}"
    return f"closed {clock(case.closed_at)} UTC, deadlines as they stood then; {aware}"


def _ties(case: Case) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    yield Text()
    leaks = [visible(reference) for kind, reference in case.links if kind == LEAK]
    yield Text(f"leaks: {', '.join(leaks) or 'none'}")
    said = [visible(reference) for kind, reference in case.links if kind == STATEMENT]
    if said:
        yield Text(f"statements: {', '.join(said)}")
    for note in case.notes:
        by = f", {visible(note.author)}" if note.author else ""
        yield Text(f"note of {clock(note.written_at)} UTC{by}", style="bold")
        yield Padding(Text(visible(note.text)), (0, 0, 0, 2))
