"""Cases as the register holds them: an incident's leaks, notes, and the duties it starts with their deadlines.

Times are arguments; `case_changes` has what changes a case.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar

from sqlalchemy import Connection, select

from floodmark.errors import FloodmarkError
from floodmark.notices import Deadline, deadlines, read_moment, urgency
from floodmark.register.slugs import SLUG
from floodmark.register.tables import case_links, case_notes, case_steps, cases

OPEN, CLOSED = "open", "closed"
LEAK = "leak"
STATEMENT = "statement"
EXEMPT = "exempt-duty"  # a link to a duty that does not bind


class CaseNotFound(FloodmarkError):
    """The workspace has no case with this slug."""

    slug: ClassVar[str] = "case-not-found"
    hint = "List the cases with: floodmark case list"


@dataclass(frozen=True)
class Note:
    """A note of a case, as its user wrote it."""

    written_at: datetime
    author: str
    text: str


@dataclass(frozen=True)
class Case:
    """A case as the register holds it; times in UTC.

    Attributes:
        links: (kind, reference) of what it ties together, oldest first.
        notes: oldest first.
        met: by slug of a duty, when it was met.
        exempt: slugs of duties that do not bind.
    """

    slug: str
    title: str
    status: str
    aware_at: datetime
    opened_at: datetime
    closed_at: datetime | None = None
    links: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    met: Mapping[str, datetime] = field(default_factory=dict)
    exempt: frozenset[str] = frozenset()

    def deadlines(self, now: datetime, zone: tzinfo = UTC) -> list[Deadline]:
        """Every duty, most pressing first; of a closed case as they stood when it was closed."""
        return deadlines(self.aware_at, min(now, self.closed_at or now), self.met, self.exempt, zone)


@dataclass(frozen=True)
class CaseDeadline:
    """A clock of one of several cases."""

    case: str
    title: str
    deadline: Deadline


def get_case(connection: Connection, slug: str) -> Case:
    """One case with all that it ties together.

    Raises:
        CaseNotFound: there is none of this slug; the hint has those that come close.
    """
    # What is no slug is not asked for: text that is not Unicode would not even reach the database.
    for case in _read(connection, slug) if SLUG.fullmatch(slug) else ():
        return case
    known = list(connection.execute(select(cases.c.slug).order_by(cases.c.slug)).scalars())
    close = difflib.get_close_matches(slug, known, n=3)
    raise CaseNotFound(
        "The workspace has no such case.", f"Did you mean {' or '.join(close)}?" if close else None
    )


def list_cases(connection: Connection) -> list[Case]:
    """All cases, by the time of becoming aware, latest first."""
    return sorted(_read(connection), key=lambda case: (case.aware_at, case.slug), reverse=True)


def deadlines_of_leak(
    connection: Connection, slug: str, now: datetime, zone: tzinfo = UTC
) -> list[CaseDeadline]:
    """Clocks that run or have run out in the open cases of one leak, most pressing first."""
    return deadlines_by_leak(connection, now, zone).get(slug, [])


def deadlines_by_leak(
    connection: Connection, now: datetime, zone: tzinfo = UTC
) -> dict[str, list[CaseDeadline]]:
    """`deadlines_of_leak` of every leak that has any, in a fixed number of queries however many there are."""
    tied: dict[str, list[Case]] = {}
    for case in _read(connection):
        for kind, reference in case.links:
            if kind == LEAK:
                tied.setdefault(reference, []).append(case)
    found = {slug: running(cases, now, zone) for slug, cases in tied.items()}
    return {slug: clocks for slug, clocks in found.items() if clocks}


def running(found: Iterable[Case], now: datetime, zone: tzinfo = UTC) -> list[CaseDeadline]:
    """Clocks that run or have run out in those cases that are open, most pressing first."""
    clocks = [
        CaseDeadline(case.slug, case.title, one)
        for case in found
        if case.status == OPEN
        for one in case.deadlines(now, zone)
        if one.open
    ]
    return sorted(clocks, key=lambda one: (urgency(one.deadline), one.case))


def _read(connection: Connection, slug: str | None = None) -> list[Case]:
    """Cases with their parts, in four queries."""

    def rows(table: Any, key: Any, *order: Any) -> Any:
        query = select(table).order_by(*order)
        return connection.execute(query if slug is None else query.where(key == slug)).mappings()

    links: dict[str, list[tuple[str, str]]] = {}
    for row in rows(case_links, case_links.c.case_slug, case_links.c.linked_at, case_links.c.reference):
        links.setdefault(row["case_slug"], []).append((row["kind"], row["reference"]))
    notes: dict[str, list[Note]] = {}
    for row in rows(case_notes, case_notes.c.case_slug, case_notes.c.id):
        note = Note(read_moment(row["written_at"]), row["author"], row["text"])
        notes.setdefault(row["case_slug"], []).append(note)
    met: dict[str, dict[str, datetime]] = {}
    for row in rows(case_steps, case_steps.c.case_slug, case_steps.c.id):
        met.setdefault(row["case_slug"], {})[row["duty"]] = read_moment(row["done_at"])
    found = []
    for row in rows(cases, cases.c.slug, cases.c.slug):
        tied = links.get(row["slug"], [])
        found.append(
            Case(
                row["slug"],
                row["title"],
                row["status"],
                read_moment(row["aware_at"]),
                read_moment(row["opened_at"]),
                read_moment(row["closed_at"]) if row["closed_at"] else None,
                tuple(one for one in tied if one[0] != EXEMPT),
                tuple(notes.get(row["slug"], [])),
                met.get(row["slug"], {}),
                frozenset(reference for kind, reference in tied if kind == EXEMPT),
            )
        )
    return found
