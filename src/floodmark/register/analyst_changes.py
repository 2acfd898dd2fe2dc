"""Analysts added and given new secrets: what is kept of a password and of an authenticator, and what is shown once.

Hashing takes a while, so secrets are made before the register is held, and names are looked at before and within.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from argon2 import Parameters
from sqlalchemy import Connection, insert, update

from floodmark.notices import stamp
from floodmark.register.analysts import NOBODY, check_known, check_new, is_known
from floodmark.register.key_secrets import Secret
from floodmark.register.one_time_codes import SECRET_BYTES
from floodmark.register.passwords import COST, hashed
from floodmark.register.sessions import end_sessions
from floodmark.register.sign_in_key import NONCE_BYTES, SignInKey
from floodmark.register.tables import analysts
from floodmark.register.workspace import Workspace


@dataclass(frozen=True)
class Secrets:
    """What an analyst signs in with, and what the register keeps of it.

    Attributes:
        totp: secret of the authenticator, 20 bytes; shown once.
        kept: columns of the register.
    """

    totp: bytes = field(repr=False)
    kept: dict[str, Any] = field(repr=False)


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
        check_known(connection, name)
    made = new_secrets(key, name, password, cost=cost, random=random)
    nobody = _nobody(key, cost, random)
    with workspace.writing("analysts") as connection:
        check_known(connection, name)
        _put(connection, NOBODY, nobody, now)
        _put(connection, name, made, now)
        return made.totp, end_sessions(connection, name)


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


def _nobody(key: SignInKey, cost: Parameters, random: Callable[[int], bytes]) -> Secrets:
    """Secrets that nobody knows, made anew each time, so that they are of the key and the cost of now."""
    return new_secrets(key, NOBODY, Secret(bytearray(random(SECRET_BYTES))), cost=cost, random=random)


def _put(connection: Connection, name: str, made: Secrets, now: datetime) -> None:
    values = {**made.kept, "changed_at": stamp(now)}
    if is_known(connection, name):
        connection.execute(update(analysts).where(analysts.c.name == name).values(values))
    else:
        connection.execute(insert(analysts).values(name=name, made_at=stamp(now), **values))
