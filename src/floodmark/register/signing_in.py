"""One attempt to sign in: first the code, then the password, in an order that gives nothing to guess at.

`begin` is one transaction: it counts the attempt before anything is compared, looks at the code and uses it up. So of
two attempts with one code one wins, and a kill gives no attempt back. Only a right code reaches `finish`, which hashes
the password: whoever has no code makes the server spend no memory, learns nothing of a password that somebody else
lost, and cannot try two passwords with one code.

Failures from browsers that are not known make the next such attempt wait, twice as long each time and a quarter of an
hour at most. Browsers that signed the analyst in before do not wait for them, so failing on purpose keeps nobody out.
Nor does any browser in the hour after an analyst was added or given new secrets, when none is known: whoever waits for
that hour at the door would otherwise keep out who was just let in.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from argon2 import Parameters
from sqlalchemy import Connection, select, update

from floodmark.notices import read_moment, stamp
from floodmark.register import one_time_codes, passwords
from floodmark.register.analysts import NAME, NOBODY
from floodmark.register.key_secrets import Secret
from floodmark.register.known_browsers import browser_of, mark_browser
from floodmark.register.sessions import begin_session, end_session
from floodmark.register.sign_in_key import SignInKey, SignInKeyDamaged
from floodmark.register.tables import analysts
from floodmark.register.workspace import Workspace

FREE = 5  # failures that nobody waits for
LONGEST_WAIT = timedelta(minutes=15)
FORGIVEN = timedelta(days=1)  # after the last wait, failures are forgotten
FRESH = timedelta(hours=1)  # after a change of secrets, in which nobody waits
_NONE = bytes(one_time_codes.SECRET_BYTES)


@dataclass(frozen=True)
class Attempt:
    """An attempt that was counted.

    Attributes:
        name: of the analyst; empty for a name that nobody has.
        kept: what is kept of the password.
        changed_at: when the analyst's secrets were last changed.
        known: whether the analyst signed in from this browser before.
        code_right: whether the code was one of now, not used before, and no wait was on.
        waits: whether a wait was on.
        lost: whether the analyst's secret was sealed under another key, so that no code is right.
    """

    name: str
    kept: str = field(repr=False)
    changed_at: str
    known: bool
    code_right: bool
    waits: bool = False
    lost: bool = False


@dataclass(frozen=True)
class SignedIn:
    """What a browser is given.

    Attributes:
        analyst: name.
        token: of the session.
        mark: by which the browser is known from now on.
    """

    analyst: str
    token: str = field(repr=False)
    mark: str = field(repr=False)


def begin(
    workspace: Workspace, key: SignInKey, name: str, code: str, mark: str, now: datetime
) -> Attempt | None:
    """Count an attempt, look at its code and use it up.

    Args:
        workspace: of this thread alone.
        key: the server's.
        name: as typed.
        code: as typed.
        mark: of the browser, or anything that one may send.
        now: with time zone.

    Returns:
        None where nobody was ever added.
    """
    typed = name.strip().lower()
    with workspace.writing("sign-in") as connection:
        row = _row(connection, typed if NAME.fullmatch(typed) else NOBODY)
        if row is None:
            return None
        browser = browser_of(key, mark, row.name, now)
        known = browser is not None and browser.changed_at == row.changed_at
        fresh = timedelta() <= now - read_moment(row.changed_at) < FRESH
        waits = not known and not fresh and _waits(row, now)
        secret = _secret(key, row)
        step = one_time_codes.step_of(secret or _NONE, code, now, row.totp_step)
        right = bool(secret) and step is not None and not waits
        changed = {"totp_step": step} if right else {}
        if not known:
            changed |= _counted(row, now, locks=not fresh and not waits)
        if changed:
            connection.execute(update(analysts).where(analysts.c.name == row.name).values(changed))
        return Attempt(row.name, row.password, row.changed_at, known, right, waits, not secret)


def finish(
    workspace: Workspace,
    key: SignInKey,
    attempt: Attempt,
    password: Secret,
    now: datetime,
    *,
    before: str = "",
    cost: Parameters = passwords.COST,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> SignedIn | None:
    """Look at the password of an attempt whose code was right, and begin a session.

    Args:
        workspace: of this thread alone.
        key: the server's.
        attempt: as `begin` gave it.
        password: as typed, in normal form.
        now: with time zone.
        before: token of the session that the browser had, which ends.
        cost: of hashes; one that was kept at another is made anew.
        random: that many random bytes.

    Returns:
        None where the password is wrong, the code was not right, or the secrets were changed meanwhile.

    Raises:
        TooLittleMemory: for the hash.
    """
    if not attempt.code_right:
        return None
    if not passwords.fits(attempt.kept, password, key) or attempt.name == NOBODY:
        return None
    changed: dict[str, Any] = {} if attempt.known else {"failures": 0, "locked_until": None}
    if passwords.outdated(attempt.kept, cost):
        changed["password"] = passwords.hashed(password, key, cost=cost, random=random)
    same = (analysts.c.name == attempt.name) & (analysts.c.password == attempt.kept)
    with workspace.writing("sign-in") as connection:
        if connection.execute(select(analysts.c.name).where(same)).first() is None:
            return None
        if changed:
            connection.execute(update(analysts).where(same).values(changed))
        end_session(connection, before)
        token = begin_session(connection, attempt.name, now, random)
    return SignedIn(attempt.name, token, mark_browser(key, attempt.name, attempt.changed_at, now, random))


def _row(connection: Connection, name: str) -> Any:
    """The analyst's row, or nobody's; both are read whoever is asked for."""
    rows = {
        row.name: row
        for row in connection.execute(select(analysts).where(analysts.c.name.in_((name, NOBODY))))
    }
    return rows.get(name, rows.get(NOBODY))


def _secret(key: SignInKey, row: Any) -> bytes:
    try:
        return key.unseal(row.name, row.totp)
    except SignInKeyDamaged:
        return b""


def _waits(row: Any, now: datetime) -> bool:
    """Whether browsers that are not known are refused; a wait longer than any there is comes of a clock set back."""
    until = read_moment(row.locked_until) if row.locked_until else now
    return now < until <= now + LONGEST_WAIT


def _counted(row: Any, now: datetime, *, locks: bool) -> dict[str, Any]:
    """The attempt as a failure, until it is known better. It counts during a wait too, and makes none longer."""
    last = read_moment(row.locked_until) if row.locked_until else now
    failures = 1 if now - last > FORGIVEN else row.failures + 1
    if not locks or failures <= FREE:
        return {"failures": failures}
    wait = min(timedelta(seconds=2 ** min(failures - FREE, 20)), LONGEST_WAIT)
    return {"failures": failures, "locked_until": stamp(now + wait)}
