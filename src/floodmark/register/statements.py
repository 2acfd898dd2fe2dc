"""What somebody said of a leak, who and when, and where that can be read: a dated claim with its source.

>>> partial_date("2021-04"), partial_date("2021-13"), partial_date("04/2021")
('2021-04', None, None)

A statement is public where its leak is, so it holds no identifier. Times are arguments.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from floodmark.errors import FloodmarkError, UsageError
from floodmark.register.free_text import clean
from floodmark.register.leak_words import UnfitDate, clean_link
from floodmark.register.leaks import get_leak
from floodmark.assessment.statements.kinds import KINDS, SPEAKER_KINDS
from floodmark.register.tables import statements

LONGEST_SPEAKER = 120
LONGEST_SOURCE = 300
LONGEST_TEXT = 4_000
MOST_STATEMENTS = 500  # of one leak, all of which a page shows
_PARTIAL = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_DATE_HINT = "Write what is known of it: 2021, 2021-04 or 2021-04-03."


class StatementNotFound(FloodmarkError):
    """The workspace has no statement with this number."""

    slug = "statement-not-found"
    hint = "List the statements with their numbers: floodmark statement list"


class NoSource(UsageError):
    """A statement without a source says nothing that anybody could check; exit code 2."""

    slug = "no-source"
    hint = "Give a link with --url, or say in words where it was read or heard with --source."


class TooManyStatements(FloodmarkError):
    """A leak has as many statements as are kept."""

    slug = "too-many-statements"
    hint = "Remove those that say the same with: floodmark statement remove NUMBER"


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A statement as somebody records it.

    Dates are what is known of a day: `2021`, `2021-04` or `2021-04-03`.

    Attributes:
        kind: one of `KINDS`.
        speaker_kind: one of `SPEAKER_KINDS`.
        speaker: who said it: a body, a role or the name of a seller's account.
        said_on: when it was said.
        text: what was said, in the words of whoever records it or quoted.
        source_url: a page that bears it out; empty where there is none.
        source: where else it can be found, in words; empty where the link is enough.
        learnt_on: when it became known, where that was later, as with a memo that came out.
    """

    kind: str
    speaker_kind: str
    speaker: str
    said_on: str
    text: str
    source_url: str = ""
    source: str = ""
    learnt_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class Statement(Saying):
    """A statement as the register keeps it.

    Attributes:
        id: its number.
        leak: slug of the leak that it is about.
        recorded_at: ISO 8601, UTC.
    """

    id: int
    leak: str
    recorded_at: str


def add_statement(connection: Connection, leak: str, said: Saying, now: datetime) -> Statement:
    """Record a statement about a leak.

    Args:
        connection: of a transaction that writes.
        leak: its slug.
        said: the statement; its texts are made safe to show.
        now: with time zone; nothing can have been said after it, but for a day of time zones.

    Raises:
        LeakNotFound: there is none of this slug.
        UsageError: a kind is none.
        NoSource: it names neither a link nor another source.
        UnfitText, HoldsIdentifier, UnfitDate, UnfitSource: of one of its parts; the message names it.
        TooManyStatements: the leak has as many as are kept.
    """
    get_leak(connection, leak)
    now = now.astimezone(UTC)
    row = _cleaned(said, now.date()) | {
        "leak_slug": leak,
        "recorded_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if len(list_statements(connection, leak)) >= MOST_STATEMENTS:
        raise TooManyStatements(f"A leak keeps {MOST_STATEMENTS:,} statements at most.")
    number = connection.execute(insert(statements).values(row)).inserted_primary_key
    if number is None:
        raise RuntimeError("a row that was inserted has a number")
    return get_statement(connection, number[0])


def list_statements(connection: Connection, leak: str | None = None) -> list[Statement]:
    """Statements about one leak or about all, in the order in which they were said.

    A year or a month stands before the days in it. A leak that is not there has none.
    """
    query = select(statements).order_by(statements.c.said_on, statements.c.id)
    if leak is not None:
        query = query.where(statements.c.leak_slug == leak)
    return [_statement(row) for row in connection.execute(query).mappings()]


def get_statement(connection: Connection, number: int) -> Statement:
    """One statement by its number.

    Raises:
        StatementNotFound: there is none.
    """
    found = connection.execute(select(statements).where(statements.c.id == number)).mappings().one_or_none()
    if found is None:
        raise StatementNotFound("The workspace has no statement with this number.")
    return _statement(found)


def remove_statement(connection: Connection, number: int) -> Statement:
    """Take a statement out of the register.

    Returns:
        The statement that was there.

    Raises:
        StatementNotFound: there is none.
    """
    found = get_statement(connection, number)
    connection.execute(delete(statements).where(statements.c.id == number))
    return found


def partial_date(text: str) -> str | None:
    """A year, a month or a day of the calendar as it is written, or None where it is none of them."""
    text = text.strip()
    return text if _PARTIAL.fullmatch(text) and _first_day(text) is not None else None


def _first_day(partial: str) -> date | None:
    try:
        return date.fromisoformat(partial + "-01-01"[len(partial) - 4 :])
    except ValueError:
        return None


def _cleaned(said: Saying, today: date) -> dict[str, Any]:
    row = asdict(said)
    _one_of(said.kind, KINDS, "kind of statement")
    _one_of(said.speaker_kind, SPEAKER_KINDS, "kind of speaker")
    row["speaker"] = clean(said.speaker, "The name of who said it", LONGEST_SPEAKER, lines=False)
    row["text"] = clean(said.text, "What was said", LONGEST_TEXT)
    row["source_url"] = clean_link(said.source_url)
    row["source"] = (
        clean(said.source, "The source", LONGEST_SOURCE, lines=False) if said.source.strip() else ""
    )
    if not (row["source_url"] or row["source"]):
        raise NoSource("A statement needs its source.")
    row["said_on"] = _date(said.said_on, today, "on which it was said")
    row["learnt_on"] = None
    if said.learnt_on:
        row["learnt_on"] = learnt = _date(said.learnt_on, today, "on which it became known")
        common = min(len(learnt), len(row["said_on"]))
        if learnt[:common] < row["said_on"][:common]:
            raise UnfitDate("Nobody learns of a statement before it is made.", "Check the two dates.")
    return row


def _date(text: str, today: date, what: str) -> str:
    found = partial_date(text)
    first = found and _first_day(found)
    if not found or not first:
        raise UnfitDate(f"The date {what} cannot be read.", _DATE_HINT)
    if first > today + timedelta(days=1):
        raise UnfitDate(f"The date {what} lies in the future.", _DATE_HINT)
    return found


def _one_of(text: str, known: tuple[str, ...], what: str) -> None:
    if text not in known:
        raise UsageError(f"There is no such {what}.", f"It is one of: {', '.join(known)}.")


def _statement(row: Any) -> Statement:
    values = dict(row)
    return Statement(leak=values.pop("leak_slug"), **values)
