"""Analysts: who may sign in to the pages that are not public, and how it stands with each.

A name that nobody has is treated as the row with the empty name, whose secrets nobody knows: the same is read, computed
and written for it, so that neither words nor time tell who is an analyst.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from argon2 import Parameters
from sqlalchemy import Connection, delete, insert, select, update

from floodmark.errors import FloodmarkError, UsageError
from floodmark.notices import read_moment, stamp
from floodmark.register.identifier_search import identifier_in
from floodmark.register.key_secrets import Secret
from floodmark.register.one_time_codes import SECRET_BYTES
from floodmark.register.passwords import COST, hashed
from floodmark.register.sessions import end_sessions
from floodmark.register.sign_in_key import NONCE_BYTES, SignInKey
from floodmark.register.tables import analysts
from floodmark.register.workspace import Workspace

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


@dataclass(frozen=True)
class Secrets:
    """What an analyst signs in with, and what the register keeps of it.

    Attributes:
        totp: secret of the authenticator, 20 bytes; shown once.
        kept: columns of the register.
    """

    totp: bytes = field(repr=False)
    kept: dict[str, Any] = field(repr=False)


def check_new(connection: Connection, name: str) -> None:
    """See that a name can be given to somebody.

    Raises:
        BadAnalystName: it cannot be one.
        AnalystExists: somebody has it.
    """
    if not NAME.fullmatch(name) or identifier_in(name):
        raise BadAnalystName("That cannot be an analyst's name.")
    if _known(connection, name):
        raise AnalystExists("There is an analyst of this name.")


def new_secrets(
    key: SignInKey,
    name: str,
    password: Secret,
    *,
    cost: Parameters = COST,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> Secrets:
    """Secrets of an analyst, made outside of any transaction, since hashing takes a while.

    Args:
        key: the server's.
        name: of the analyst.
        password: as `passwords.new_password` gives it.
        cost: of the hash.
        random: that many random bytes.

    Raises:
        TooLittleMemory: for the hash.
    """
    totp = random(SECRET_BYTES)
    kept = {
        "password": hashed(password, key, cost=cost, random=random),
        "totp": key.seal(name, totp, nonce=random(NONCE_BYTES)),
        "totp_step": 0,
        "failures": 0,
        "locked_until": None,
    }
    return Secrets(totp, kept)


def add_analyst(
    workspace: Workspace,
    key: SignInKey,
    name: str,
    password: Secret,
    *,
    now: datetime,
    cost: Parameters = COST,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> bytes:
    """Add an analyst.

    Args:
        workspace: where.
        key: the server's.
        name: of the analyst.
        password: as `passwords.new_password` gives it.
        now: with time zone.
        cost: of the hash.
        random: that many random bytes.

    Returns:
        The authenticator's secret, to be shown once.

    Raises:
        BadAnalystName, AnalystExists: of the name.
        TooLittleMemory: for the hash.
    """
    with workspace.connect() as connection:
        check_new(connection, name)
    made = new_secrets(key, name, password, cost=cost, random=random)
    nobody = _nobody(key, cost, random)
    with workspace.writing("analysts") as connection:
        check_new(connection, name)
        _put(connection, NOBODY, nobody, now)
        _put(connection, name, made, now)
    return made.totp


def reset_analyst(
    workspace: Workspace,
    key: SignInKey,
    name: str,
    password: Secret,
    *,
    now: datetime,
    cost: Parameters = COST,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> tuple[bytes, int]:
    """Give an analyst new secrets: the old ones are void, sessions end, and every browser is unknown again.

    Args:
        workspace: where.
        key: the server's.
        name: of the analyst.
        password: as `passwords.new_password` gives it.
        now: with time zone.
        cost: of the hash.
        random: that many random bytes.

    Returns:
        The authenticator's secret, to be shown once, and how many sessions ended.

    Raises:
        AnalystNotFound: there is none.
        TooLittleMemory: for the hash.
    """
    with workspace.connect() as connection:
        _check_known(connection, name)
    made = new_secrets(key, name, password, cost=cost, random=random)
    nobody = _nobody(key, cost, random)
    with workspace.writing("analysts") as connection:
        _check_known(connection, name)
        _put(connection, NOBODY, nobody, now)
        _put(connection, name, made, now)
        return made.totp, end_sessions(connection, name)


def remove_analyst(connection: Connection, name: str) -> None:
    """Remove an analyst, whose sessions end.

    Args:
        connection: of a transaction that writes.
        name: of the analyst.

    Raises:
        AnalystNotFound: there is none.
    """
    _check_known(connection, name)
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
    row = connection.execute(select(analysts).where(analysts.c.name == name)).one_or_none()
    if row is None or name == NOBODY:
        raise AnalystNotFound("There is no analyst of this name.")
    return _read(row)


def _nobody(key: SignInKey, cost: Parameters, random: Callable[[int], bytes]) -> Secrets:
    """Secrets that nobody knows, made anew each time, so that they are of the key and the cost of now."""
    return new_secrets(key, NOBODY, Secret(bytearray(random(SECRET_BYTES))), cost=cost, random=random)


def _put(connection: Connection, name: str, made: Secrets, now: datetime) -> None:
    values = {**made.kept, "changed_at": stamp(now)}
    if _known(connection, name):
        connection.execute(update(analysts).where(analysts.c.name == name).values(values))
    else:
        connection.execute(insert(analysts).values(name=name, made_at=stamp(now), **values))


def _known(connection: Connection, name: str) -> bool:
    return connection.execute(select(analysts.c.name).where(analysts.c.name == name)).first() is not None


def _check_known(connection: Connection, name: str) -> None:
    if name == NOBODY or not _known(connection, name):
        raise AnalystNotFound("There is no analyst of this name.")


def _read(row: Any) -> Analyst:
    return Analyst(
        row.name,
        read_moment(row.made_at),
        read_moment(row.changed_at),
        row.failures,
        read_moment(row.locked_until) if row.locked_until else None,
    )
