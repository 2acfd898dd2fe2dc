"""Changes of a case: opening, correcting, tying, noting, meeting a duty, closing.

Every function takes the connection of a transaction that writes; whoever opened it commits. Times are arguments.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Connection, delete, insert, select, update

from floodmark.errors import FloodmarkError, UsageError
from floodmark.notices import duty_of, stamp
from floodmark.register.cases import CLOSED, EXEMPT, LEAK, OPEN, STATEMENT, Case, get_case
from floodmark.register.free_text import HoldsIdentifier, clean
from floodmark.register.identifier_search import identifier_in
from floodmark.register.leaks import get_leak
from floodmark.register.slugs import SLUG, check_slug
from floodmark.register.statements import get_statement
from floodmark.register.tables import case_links, case_notes, case_steps, cases

LATER = ("assessment",)  # kinds that a case will tie together one day
LONGEST_TITLE = 200
LONGEST_AUTHOR = 80


class CaseExists(UsageError):
    """A case with this slug is there already; exit code 2."""

    slug: ClassVar[str] = "case-exists"
    hint = "Choose another slug, or look at the one that is there with: floodmark case show SLUG"


class CaseClosed(FloodmarkError):
    """A closed case takes notes only."""

    slug: ClassVar[str] = "case-closed"
    hint = "Reopen it first with: floodmark case reopen SLUG"


class NotLinkable(FloodmarkError):
    """Things of this kind cannot be tied to a case yet, or this one is not tied to it."""

    slug: ClassVar[str] = "not-linkable"
    hint = "See what is tied with: floodmark case show SLUG"


class DutyMet(FloodmarkError):
    """A duty that was met cannot be said not to bind."""

    slug: ClassVar[str] = "duty-met"
    hint = "Take that back first, and note why, with: floodmark case done SLUG DUTY --undo"


class DutyExempt(FloodmarkError):
    """A duty that does not bind cannot be met."""

    slug: ClassVar[str] = "duty-exempt"
    hint = "Take that back first, and note why, with: floodmark case exempt SLUG DUTY --undo"


class ImpossibleTime(UsageError):
    """A time of a case is in the future, or before the case's own beginning; exit code 2."""

    slug: ClassVar[str] = "impossible-time"
    hint = "Check the date and the offset from UTC."


def open_case(connection: Connection, slug: str, title: str, aware: datetime, now: datetime) -> None:
    """Begin a case.

    Args:
        connection: of a transaction that writes.
        slug: lower-case letters, digits and hyphens, at most 64; unique.
        title: one line.
        aware: when somebody became aware, with time zone; not in the future.
        now: with time zone.

    Raises:
        CaseExists: the slug is in use.
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
        raise CaseExists("A case with this slug is there already.")
    row = {"slug": slug, "title": title, "status": OPEN, "aware_at": stamp(aware), "opened_at": stamp(now)}
    connection.execute(insert(cases).values(row))


def edit_case(
    connection: Connection, slug: str, now: datetime, title: str | None = None, aware: datetime | None = None
) -> None:
    """Correct the title of an open case or the time of becoming aware, which leaves a note of the old time.

    Raises:
        CaseNotFound, CaseClosed: as they say.
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
        kind: `leak` or `statement`; `assessment` is refused so far.
        reference: slug of a leak, number of a statement.
        now: with time zone.

    Raises:
        LeakNotFound, StatementNotFound: no such leak is saved, no such statement recorded.
        NotLinkable: things of this kind cannot be tied yet.
        CaseNotFound, CaseClosed: as they say.
    """
    case = _open(connection, slug)
    if kind in LATER:
        raise NotLinkable(
            f"This version ties no {kind}s to a case.",
            "Tie its leak, and write a note.",
        )
    if kind == LEAK:
        get_leak(connection, reference if SLUG.fullmatch(reference) else "")
    elif kind == STATEMENT:
        get_statement(connection, reference)
    else:
        raise UsageError("A case ties leaks, statements and assessments.")
    if (kind, reference) not in case.links:
        _tie(connection, slug, kind, reference, now)


def unlink(connection: Connection, slug: str, kind: str, reference: str) -> None:
    """Untie something from an open case.

    Raises:
        NotLinkable: it was not tied.
        CaseNotFound, CaseClosed: as they say.
    """
    if (kind, reference) not in _open(connection, slug).links:
        raise NotLinkable("It is not tied to this case.")
    _untie(connection, slug, kind, reference)


def add_note(connection: Connection, slug: str, text: str, now: datetime, author: str = "") -> None:
    """Write a note; a closed case takes one too.

    Raises:
        CaseNotFound: there is none.
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
        NoSuchDuty, CaseNotFound, CaseClosed: as they say.
        ImpossibleTime: `at` lies in the future or before becoming aware.
        DutyExempt: it was said not to bind.
    """
    case = _open(connection, slug)
    duty = duty_of(duty).slug
    if duty in case.exempt:
        raise DutyExempt("That duty was said not to bind in this case.")
    _not_after(at, now, "The time at which the duty was met")
    if at < case.aware_at:
        raise ImpossibleTime("The duty would have been met before anybody became aware.")
    unmark_done(connection, slug, duty)
    row = {"case_slug": slug, "duty": duty, "done_at": stamp(at)}
    connection.execute(insert(case_steps).values(row))


def unmark_done(connection: Connection, slug: str, duty: str) -> None:
    """Let the clock of a duty run again.

    Raises:
        NoSuchDuty, CaseNotFound, CaseClosed: as they say.
    """
    _open(connection, slug)
    rows = (case_steps.c.case_slug == slug) & (case_steps.c.duty == duty_of(duty).slug)
    connection.execute(delete(case_steps).where(rows))


def set_exempt(connection: Connection, slug: str, duty: str, exempt: bool, now: datetime) -> None:
    """Say that a duty does not bind in this case, or that it does after all.

    Raises:
        NoSuchDuty, CaseNotFound, CaseClosed: as they say.
        DutyMet: it was met, so that it did.
    """
    case = _open(connection, slug)
    duty = duty_of(duty).slug
    if exempt and duty in case.met:
        raise DutyMet("That duty was met in this case.")
    if duty in case.exempt and not exempt:
        _untie(connection, slug, EXEMPT, duty)
    elif duty not in case.exempt and exempt:
        _tie(connection, slug, EXEMPT, duty, now)


def close_case(connection: Connection, slug: str, now: datetime) -> None:
    """Close a case: its clocks stand still from now on.

    Raises:
        CaseNotFound, CaseClosed: as they say.
    """
    _open(connection, slug)
    connection.execute(update(cases).where(cases.c.slug == slug).values(status=CLOSED, closed_at=stamp(now)))


def reopen_case(connection: Connection, slug: str) -> None:
    """Open a closed case again: its clocks run as if it had never been closed.

    Raises:
        CaseNotFound: there is none.
    """
    get_case(connection, slug)
    connection.execute(update(cases).where(cases.c.slug == slug).values(status=OPEN, closed_at=None))


def _open(connection: Connection, slug: str) -> Case:
    case = get_case(connection, slug)
    if case.status != OPEN:
        raise CaseClosed("The case is closed.")
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
