"""Analysts: who may sign in to the pages that are not public, and how it stands with each.

A name that nobody has is treated as the row with the empty name, whose secrets nobody knows: the same is read, computed
and written for it, so that neither words nor time tell who is an analyst.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, delete, select

from floodmark.errors import FloodmarkError, UsageError
from floodmark.notices import read_moment
from floodmark.register.identifier_search import identifier_in
from floodmark.register.tables import analysts

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
NOBODY = ""


class BadAnalystName(UsageError):
    """That cannot be an analyst's name; exit code 2."""

    slug: ClassVar[str] = "bad-analyst-name"
    hint = (
        "Use small letters a-z, digits, dots, hyphens and underscores, 64 at most; no address and no number."
    )


class AnalystExists(FloodmarkError):
    """There is an analyst of this name."""

    slug: ClassVar[str] = "analyst-exists"
    hint = "Give new secrets with floodmark analysts reset NAME, or choose another name."


class AnalystNotFound(FloodmarkError):
    """There is no analyst of this name."""

    slug: ClassVar[str] = "analyst-not-found"
    hint = "List them with: floodmark analysts list"


@dataclass(frozen=True)
class Analyst:
    """One analyst, without secrets.

    Attributes:
        name: small letters, digits, dots, hyphens and underscores.
        made_at: when added.
        changed_at: when the secrets were last made anew.
        failures: attempts to sign in that failed since the last that did not, from browsers that are not known.
        locked_until: until when such browsers are refused; None for no such time.
    """

    name: str
    made_at: datetime
    changed_at: datetime
    failures: int = 0
    locked_until: datetime | None = None


def check_new(connection: Connection, name: str) -> None:
    """See that a name can be given to somebody.

    Raises:
        BadAnalystName: it cannot be one.
        AnalystExists: somebody has it.
    """
    if not NAME.fullmatch(name) or identifier_in(name):
        raise BadAnalystName("That cannot be an analyst's name.")
    if is_known(connection, name):
        raise AnalystExists("There is an analyst of this name.")


def remove_analyst(connection: Connection, name: str) -> None:
    """Remove an analyst, whose sessions end.

    Args:
        connection: of a transaction that writes.
        name: of the analyst.

    Raises:
        AnalystNotFound: there is none.
    """
    check_known(connection, name)
    connection.execute(delete(analysts).where(analysts.c.name == name))


def list_analysts(connection: Connection) -> list[Analyst]:
    """All analysts, by name."""
    rows = connection.execute(select(analysts).where(analysts.c.name != NOBODY).order_by(analysts.c.name))
    return [_read(row) for row in rows]


def get_analyst(connection: Connection, name: str) -> Analyst:
    """One analyst.

    Raises:
        AnalystNotFound: there is none.
    """
    check_known(connection, name)
    return _read(connection.execute(select(analysts).where(analysts.c.name == name)).one())


def is_known(connection: Connection, name: str) -> bool:
    """Whether there is a row of this name, nobody's among them."""
    # What is no name is not asked for: text that is not Unicode would not even reach the database.
    if name != NOBODY and not NAME.fullmatch(name):
        return False
    return connection.execute(select(analysts.c.name).where(analysts.c.name == name)).first() is not None


def check_known(connection: Connection, name: str) -> None:
    """See that there is an analyst of this name.

    Raises:
        AnalystNotFound: there is none.
    """
    if name == NOBODY or not is_known(connection, name):
        raise AnalystNotFound("There is no analyst of this name.")


def _read(row: Any) -> Analyst:
    return Analyst(
        row.name,
        read_moment(row.made_at),
        read_moment(row.changed_at),
        row.failures,
        read_moment(row.locked_until) if row.locked_until else None,
    )
