"""Statements as the register keeps them: what somebody said of a leak or an incident, cut into assertions.

A statement is public where its leak is, so it holds no identifier. Times are arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, true

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Saying, Statement
from floodmark.assessment.statements.values import UnfitAssertion, assertion, values
from floodmark.errors import FloodmarkError, UsageError
from floodmark.register.cases import STATEMENT
from floodmark.register.database import RegisterDamaged
from floodmark.register.incidents import get_incident
from floodmark.register.slugs import SLUG
from floodmark.register.statement_room import TooManyStatements, TooManyTables, check_room
from floodmark.register.statement_words import NoSource, cleaned, partial_date
from floodmark.register.tables import assertions, case_links, statements

__all__ = [
    "AlreadyRecorded",
    "NoSource",
    "Saying",
    "Statement",
    "StatementNotFound",
    "TooManyStatements",
    "TooManyTables",
    "add_statement",
    "get_statement",
    "list_statements",
    "partial_date",
    "remove_statement",
    "remove_statements",
]

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_PARTS = (
    "kind",
    "speaker_kind",
    "speaker",
    "said_on",
    "text",
    "source_url",
    "source",
    "learnt_on",
    "offer",
    "sample",
    "drawn",
)


class StatementNotFound(FloodmarkError):
    """The workspace has no statement with this number."""

    slug = "statement-not-found"
    hint = "List the statements with their numbers: floodmark statement list"


class AlreadyRecorded(UsageError):
    """A statement of the register says the same of the same in every part; exit code 2."""

    slug = "already-recorded"
    hint = "Another source of it is a statement of its own, with that source."


def add_statement(connection: Connection, about: str, said: Saying, now: datetime) -> Statement:
    """Record a statement about a leak or an incident.

    Args:
        connection: of a transaction that writes.
        about: its slug.
        said: the statement; its texts are made safe to show.
        now: with time zone; nothing can have been said after it, but for a day of time zones.

    Raises:
        IncidentNotFound: there is neither a leak nor an incident of this slug.
        UsageError: a kind is none.
        NoSource: it names neither a link nor another source.
        UnfitText, HoldsIdentifier, UnfitDate, UnfitSource, UnfitSample, UnfitAssertion: of one of its parts; the
            message names it.
        AlreadyRecorded: one that is there says the same in every part.
        TooManyStatements, TooManyTables: as many are there as are kept.
    """
    get_incident(connection, about)
    now = now.astimezone(UTC)
    said = cleaned(said, now.date())
    if (there := _same(connection, about, said)) is not None:
        raise AlreadyRecorded(f"That is recorded already: statement {there}.")
    check_room(connection, about, [said])
    row = {name: getattr(said, name) for name in _PARTS}
    row |= {"about": about, "recorded_at": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    made = connection.execute(insert(statements).values(row)).inserted_primary_key
    if made is None:
        raise RuntimeError("a row that was inserted has a number")
    parts = [
        {"statement_id": made[0], "position": place, "kind": one.kind, "value": values(one)}
        for place, one in enumerate(said.assertions)
    ]
    if parts:
        connection.execute(insert(assertions), parts)
    return get_statement(connection, str(made[0]))


def list_statements(connection: Connection, about: str | None = None) -> list[Statement]:
    """Statements about one leak or incident or about all, in the order in which they were said.

    A year or a month stands before the days in it. What is not there has none.

    Raises:
        RegisterDamaged: a row holds what Floodmark does not write.
    """
    if about is None:
        return _read(connection, true())
    return _read(connection, statements.c.about == about) if SLUG.fullmatch(about) else []


def get_statement(connection: Connection, number: str) -> Statement:
    """One statement by its number.

    Raises:
        StatementNotFound: there is none.
        RegisterDamaged: its row holds what Floodmark does not write.
    """
    if _NUMBER.fullmatch(number):
        for one in _read(connection, statements.c.id == int(number)):
            return one
    raise StatementNotFound("The workspace has no statement with this number.")


def remove_statement(connection: Connection, number: str) -> Statement:
    """Take a statement out of the register, with its assertions and what ties it to cases.

    Returns:
        The statement that was there.

    Raises:
        StatementNotFound: there is none.
    """
    found = get_statement(connection, number)
    remove_statements(connection, [found])
    return found


def remove_statements(connection: Connection, found: Iterable[Statement]) -> None:
    """Take statements out, with their assertions and what ties them to cases; their numbers are not given again."""
    for one in found:
        number = int(one.id)
        tied = (case_links.c.kind == STATEMENT) & (case_links.c.reference == one.id)
        connection.execute(delete(case_links).where(tied))
        connection.execute(delete(assertions).where(assertions.c.statement_id == number))
        connection.execute(delete(statements).where(statements.c.id == number))


def _same(connection: Connection, about: str, said: Saying) -> str | None:
    """The number of a statement about the same that says the same in every part."""
    alike = (statements.c.about == about) & (statements.c.said_on == said.said_on)
    alike &= (statements.c.speaker == said.speaker) & (statements.c.text == said.text)
    found = _read(connection, alike)
    names = (*_PARTS, "assertions")
    return next(
        (one.id for one in found if all(getattr(one, name) == getattr(said, name) for name in names)), None
    )


def _read(connection: Connection, which: ColumnElement[bool]) -> list[Statement]:
    """Statements with their assertions, in two queries."""
    parts = (
        select(assertions.c.statement_id, assertions.c.value)
        .join(statements, statements.c.id == assertions.c.statement_id)
        .where(which)
        .order_by(assertions.c.statement_id, assertions.c.position)
    )
    query = select(statements).where(which).order_by(statements.c.said_on, statements.c.id)
    claimed: dict[int, list[Assertion]] = {}
    try:
        for number, value in connection.execute(parts):
            claimed.setdefault(number, []).append(assertion(value))
        rows = connection.execute(query).mappings().all()
    except (UnfitAssertion, ValueError) as error:
        raise RegisterDamaged("register.sqlite holds an assertion that cannot be read.") from error
    return [_statement(row, tuple(claimed.get(row["id"], ()))) for row in rows]


def _statement(row: Any, claimed: tuple[Assertion, ...]) -> Statement:
    found = dict(row) | {"id": str(row["id"])}
    return Statement(**found, assertions=claimed)
