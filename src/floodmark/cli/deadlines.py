"""Deadlines as every command shows them: the most pressing first, due in UTC, with the time left or overdue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import click

from floodmark.notices import Deadline, State
from floodmark.register.cases import CaseDeadline
from floodmark.register.free_text import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

URGENT = timedelta(hours=6)
SOON = timedelta(hours=24)
_STYLES = {State.MET_LATE: "yellow", State.MET: "dim", State.EXEMPT: "dim", State.UNTIMED: ""}


def clock(moment: datetime | None, zone: tzinfo = UTC) -> str:
    """A moment to the minute, such as `2026-01-31 13:05`; a hyphen for none.

    Seconds are cut off, so that what is due is never shown as due later.
    """
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "-"


def rows_of_cases(found: Sequence[CaseDeadline]) -> list[dict[str, Any]]:
    """JSON values of clocks of several cases."""
    return [{"case": one.case, **one.deadline.to_dict()} for one in found]


def render_case(found: Sequence[Deadline], zone: tzinfo = UTC) -> Iterator[RenderableType]:
    """All duties of one case as a table, and below it what must be known of their periods."""
    yield _table([(None, one) for one in found], zone)
    yield from _remarks(found)


def render_cases(found: Sequence[CaseDeadline], zone: tzinfo = UTC) -> Iterator[RenderableType]:
    """Clocks of several cases as a table; nothing when there is none."""
    if found:
        yield _table([(one.case, one.deadline) for one in found], zone)
        yield from _remarks([one.deadline for one in found])


def say_clocks(slugs: Iterable[str], now: datetime) -> None:
    """Say on stderr, one line for each open case of these leaks, which of its deadlines presses most.

    For a command about leaks whose stdout is something else. Nothing is said where no clock runs.
    """
    from floodmark.cli.workspaces import workspace
    from floodmark.register.cases import LEAK, list_cases, running

    wanted = {(LEAK, slug) for slug in slugs}
    with workspace().connect() as connection:
        found = [case for case in list_cases(connection) if wanted.intersection(case.links)]
    first: dict[str, Deadline] = {}
    for one in running(found, now):
        first.setdefault(one.case, one.deadline)
    for slug, deadline in first.items():
        words = f"{deadline.duty.slug} {deadline.words()}"
        colour = "red" if "red" in style_of(deadline) else style_of(deadline)
        click.echo(f"Case {slug}: {click.style(words, fg=colour)}; see floodmark case show {slug}", err=True)


def style_of(deadline: Deadline) -> str:
    """Colour by urgency."""
    if deadline.state is State.OVERDUE:
        return "bold red"
    if deadline.state is State.RUNNING and deadline.margin is not None:
        return "red" if deadline.margin <= URGENT else "yellow" if deadline.margin <= SOON else "green"
    return _STYLES[deadline.state]


def _table(rows: Sequence[tuple[str | None, Deadline]], zone: tzinfo) -> RenderableType:
    """Two lines a row: times in both zones, and what is due under the duty's name."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    with_case = any(case is not None for case, _ in rows)
    table.add_column("due (UTC)", no_wrap=True)
    table.add_column("how it stands", no_wrap=True)
    if with_case:
        table.add_column("case", overflow="fold")
    table.add_column("duty", overflow="fold", min_width=26)
    for case, one in rows:
        due = Text(clock(one.due), style_of(one))
        if one.due and zone is not UTC:
            due.append(f"\n{one.due.astimezone(zone):%Y-%m-%d %H:%M %Z}")
        stands = Text(one.words(), style_of(one))
        if one.met_at:
            stands.append(f"\n{clock(one.met_at)}")
        duty = Text.assemble(f"{one.duty.slug} ({one.duty.cite})", (f"\n{one.duty.title}", "dim"))
        table.add_row(due, stands, *([Text(visible(case or ""))] if with_case else []), duty)
    return table


def _remarks(found: Sequence[Deadline]) -> Iterator[RenderableType]:
    from rich.text import Text

    shown = [one for one in found if one.open]
    for duty in dict.fromkeys(one.duty for one in shown if one.provisional):
        text = f"{duty.slug} counts from the latest time for {duty.after} until that is done."
        yield Text(text, style="dim")
    for duty, day in dict.fromkeys((one.duty, one.rest_day) for one in shown if one.rest_day):
        text = f"{duty.slug} ends on a {day}. {duty.rule}"
        yield Text(text, style="dim")
