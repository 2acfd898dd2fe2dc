"""Cases: an incident's leaks, notes and the duties it starts, with their deadlines.

Every function takes a SQLAlchemy connection; whoever opened it commits. Times are arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar

from sqlalchemy import Connection, delete, insert, select, update

from floodmark.errors import FloodmarkError, UsageError
from floodmark.notices import Deadline, deadlines, duty_of, read_moment, stamp, urgency
from floodmark.register.free_text import HoldsIdentifier, clean
from floodmark.register.identifier_search import identifier_in
from floodmark.register.slugs import check_slug
from floodmark.register.tables import case_links, case_notes, case_steps, cases, leaks

OPEN, CLOSED = "open", "closed"
LEAK = "leak"
LATER = ("statement", "assessment")  # kinds that a case will tie together when there are tables of them
EXEMPT = "exempt-duty"  # a link to a duty that does not bind
LONGEST_TITLE = 200
LONGEST_AUTHOR = 80


class NoSuchCase(FloodmarkError):
    """The workspace has no case with this slug."""

    slug: ClassVar[str] = "no-such-case"
    hint = "List the cases with: floodmark case list"


class CaseTaken(UsageError):
    """A case with this slug is there already; exit code 2."""

    slug: ClassVar[str] = "case-taken"
    hint = "Choose another slug, or look at the one that is there with: floodmark case show SLUG"


class CaseIsClosed(FloodmarkError):
    """A closed case takes notes only."""

    slug: ClassVar[str] = "case-closed"
    hint = "Reopen it first with: floodmark case reopen SLUG"


class NotLinkable(FloodmarkError):
    """What should be tied to a case is not in the workspace, or cannot be tied to one yet."""

    slug: ClassVar[str] = "not-linkable"
    hint = "List the leaks of the workspace with: floodmark leaks"


class ImpossibleTime(UsageError):
    """A time of a case is in the future, or before the case's own beginning; exit code 2."""

    slug: ClassVar[str] = "impossible-time"
    hint = "Check the date and the offset from UTC."


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
        return deadlines(self.aware_at, self.closed_at or now, self.met, self.exempt, zone)


@dataclass(frozen=True)
class CaseDeadline:
    """A clock of one of several cases."""

    case: str
    title: str
    deadline: Deadline


def open_case(connection: Connection, slug: str, title: str, aware: datetime, now: datetime) -> None:
    """Begin a case.

    Args:
        connection: of a transaction that writes.
        slug: lower-case letters, digits and hyphens, at most 64; unique.
        title: one line.
        aware: when somebody became aware, with time zone; not in the future.
        now: with time zone.

    Raises:
        CaseTaken: the slug is in use.
        ImpossibleTime: `aware` lies in the future.
        BadSlug: it is none.
        HoldsIdentifier, UnfitText: of the slug or the title.
    """
    check_slug(slug, "case")
    if identifier_in(slug):
        raise HoldsIdentifier("The slug seems to hold a phone number or another long number.")
    _not_after(aware, now, "The time of becoming aware")
    title = clean(title, "The title", LONGEST_TITLE, lines=False)
    if connection.execute(select(cases.c.slug).where(cases.c.slug == slug)).first():
        raise CaseTaken("A case with this slug is there already.")
    row = {"slug": slug, "title": title, "status": OPEN, "aware_at": stamp(aware), "opened_at": stamp(now)}
    connection.execute(insert(cases).values(row))


def get_case(connection: Connection, slug: str) -> Case:
    """One case with all that it ties together.

    Raises:
        NoSuchCase: there is none.
    """
    for case in _read(connection, slug):
        return case
    raise NoSuchCase("The workspace has no such case.")


def list_cases(connection: Connection) -> list[Case]:
    """All cases, by the time of becoming aware, latest first."""
    return sorted(_read(connection), key=lambda case: (case.aware_at, case.slug), reverse=True)


def edit_case(
    connection: Connection, slug: str, now: datetime, title: str | None = None, aware: datetime | None = None
) -> None:
    """Correct the title of an open case or the time of becoming aware, which leaves a note of the old time.

    Raises:
        NoSuchCase, CaseIsClosed: as they say.
        ImpossibleTime: `aware` lies in the future or after something that was done.
        HoldsIdentifier, UnfitText: of the title.
    """
    case = _open(connection, slug)
    if title is not None:
        title = clean(title, "The title", LONGEST_TITLE, lines=False)
        connection.execute(update(cases).where(cases.c.slug == slug).values(title=title))
    if aware is not None and stamp(aware) != stamp(case.aware_at):
        _not_after(aware, now, "The time of becoming aware")
        if any(aware > done for done in case.met.values()):
            raise ImpossibleTime("A duty of this case was met before that time.")
        connection.execute(update(cases).where(cases.c.slug == slug).values(aware_at=stamp(aware)))
        text = f"Became aware: corrected from {stamp(case.aware_at)} to {stamp(aware)}."
        add_note(connection, slug, text, now)


def link(connection: Connection, slug: str, kind: str, reference: str, now: datetime) -> None:
    """Tie something to an open case; again does nothing.

    Args:
        connection: of a transaction that writes.
        slug: the case.
        kind: `leak`; `statement` and `assessment` are refused as long as the workspace keeps none.
        reference: slug of a leak.
        now: with time zone.

    Raises:
        NotLinkable: no such leak, or a kind that cannot be tied yet.
        NoSuchCase, CaseIsClosed: as they say.
    """
    case = _open(connection, slug)
    if kind in LATER:
        raise NotLinkable(
            f"This version keeps no {kind}s, so none can be tied to a case.",
            "Tie its leak, and write a note.",
        )
    if kind != LEAK:
        raise UsageError("A case ties leaks, statements and assessments.")
    if not connection.execute(select(leaks.c.slug).where(leaks.c.slug == reference)).first():
        raise NotLinkable("The workspace has no such leak.")
    if (kind, reference) not in case.links:
        _tie(connection, slug, kind, reference, now)


def unlink(connection: Connection, slug: str, kind: str, reference: str) -> None:
    """Untie something from an open case.

    Raises:
        NotLinkable: it was not tied.
        NoSuchCase, CaseIsClosed: as they say.
    """
    if (kind, reference) not in _open(connection, slug).links:
        raise NotLinkable("It is not tied to this case.", "See what is with: floodmark case show SLUG")
    _untie(connection, slug, kind, reference)


def add_note(connection: Connection, slug: str, text: str, now: datetime, author: str = "") -> None:
    """Write a note; a closed case takes one too.

    Raises:
        NoSuchCase: there is none.
        HoldsIdentifier, UnfitText: of the text or the author.
    """
    get_case(connection, slug)
    author = clean(author, "The author", LONGEST_AUTHOR, lines=False) if author else ""
    row = {"case_slug": slug, "written_at": stamp(now), "author": author, "text": clean(text, "The note")}
    connection.execute(insert(case_notes).values(row))


def mark_done(connection: Connection, slug: str, duty: str, at: datetime, now: datetime) -> None:
    """Stop the clock of a duty; a second time replaces the first.

    Args:
        connection: of a transaction that writes.
        slug: the case.
        duty: slug of a duty.
        at: when it was met, with time zone; between becoming aware and now.
        now: with time zone.

    Raises:
        NoSuchDuty, NoSuchCase, CaseIsClosed: as they say.
        ImpossibleTime: `at` lies in the future or before becoming aware.
    """
    case = _open(connection, slug)
    duty = duty_of(duty).slug
    _not_after(at, now, "The time at which the duty was met")
    if at < case.aware_at:
        raise ImpossibleTime("The duty would have been met before anybody became aware.")
    unmark_done(connection, slug, duty)
    row = {"case_slug": slug, "duty": duty, "done_at": stamp(at)}
    connection.execute(insert(case_steps).values(row))


def unmark_done(connection: Connection, slug: str, duty: str) -> None:
    """Let the clock of a duty run again.

    Raises:
        NoSuchDuty, NoSuchCase, CaseIsClosed: as they say.
    """
    _open(connection, slug)
    rows = (case_steps.c.case_slug == slug) & (case_steps.c.duty == duty_of(duty).slug)
    connection.execute(delete(case_steps).where(rows))


def set_exempt(connection: Connection, slug: str, duty: str, exempt: bool, now: datetime) -> None:
    """Say that a duty does not bind in this case, or that it does after all.

    Raises:
        NoSuchDuty, NoSuchCase, CaseIsClosed: as they say.
    """
    case = _open(connection, slug)
    duty = duty_of(duty).slug
    if duty in case.exempt and not exempt:
        _untie(connection, slug, EXEMPT, duty)
    elif duty not in case.exempt and exempt:
        _tie(connection, slug, EXEMPT, duty, now)


def close_case(connection: Connection, slug: str, now: datetime) -> None:
    """Close a case: its clocks stand still from now on.

    Raises:
        NoSuchCase, CaseIsClosed: as they say.
    """
    _open(connection, slug)
    connection.execute(update(cases).where(cases.c.slug == slug).values(status=CLOSED, closed_at=stamp(now)))


def reopen_case(connection: Connection, slug: str) -> None:
    """Open a closed case again: its clocks run as if it had never been closed.

    Raises:
        NoSuchCase: there is none.
    """
    get_case(connection, slug)
    connection.execute(update(cases).where(cases.c.slug == slug).values(status=OPEN, closed_at=None))


def deadlines_of_leak(
    connection: Connection, slug: str, now: datetime, zone: tzinfo = UTC
) -> list[CaseDeadline]:
    """Clocks that run or have run out in the open cases of one leak, most pressing first."""
    return deadlines_by_leak(connection, now, zone).get(slug, [])


def deadlines_by_leak(
    connection: Connection, now: datetime, zone: tzinfo = UTC
) -> dict[str, list[CaseDeadline]]:
    """`deadlines_of_leak` of every leak that has any, in a fixed number of queries however many there are."""
    found: dict[str, list[CaseDeadline]] = {}
    for case in _read(connection):
        clocks = [CaseDeadline(case.slug, case.title, one) for one in case.deadlines(now, zone) if one.open]
        for kind, reference in case.links:
            if kind == LEAK and case.status == OPEN and clocks:
                found.setdefault(reference, []).extend(clocks)
    for clocks in found.values():
        clocks.sort(key=lambda one: urgency(one.deadline))
    return found


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


def _open(connection: Connection, slug: str) -> Case:
    case = get_case(connection, slug)
    if case.status != OPEN:
        raise CaseIsClosed("The case is closed.")
    return case


def _tie(connection: Connection, slug: str, kind: str, reference: str, now: datetime) -> None:
    row = {"case_slug": slug, "kind": kind, "reference": reference, "linked_at": stamp(now)}
    connection.execute(insert(case_links).values(row))


def _untie(connection: Connection, slug: str, kind: str, reference: str) -> None:
    same = (case_links.c.kind == kind) & (case_links.c.reference == reference)
    connection.execute(delete(case_links).where((case_links.c.case_slug == slug) & same))


def _not_after(moment: datetime, now: datetime, what: str) -> None:
    if moment > now:
        raise ImpossibleTime(f"{what} lies in the future.")
