"""Sessions of analysts who signed in: a random token in the browser, its hash here.

A session ends 30 minutes after it was last used and 12 hours after it began, whichever comes first, and with every
change of the analyst's secrets. To be used is written down once a minute at most, so that reading pages stays cheap.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from floodmark.notices import read_moment, stamp
from floodmark.register.database import WorkspaceBusy, WorkspaceUnwritable
from floodmark.register.tables import sessions
from floodmark.register.workspace import Workspace

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED = timedelta(minutes=1)  # the most by which the time of the last use is behind
SET_BACK = timedelta(minutes=2)  # of the clock, past which no session counts
MOST = 10  # of one analyst at a time
TOKEN_BYTES = 32
_TOKEN = re.compile(rf"[0-9a-f]{{{2 * TOKEN_BYTES}}}")


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        analyst: name.
        csrf: that the session's own forms carry, 64 hexadecimal digits.
        made_at: when it began.
        expires_at: when it ends at the latest.
    """

    analyst: str
    csrf: str
    made_at: datetime
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Session(analyst={self.analyst!r})"


def begin_session(
    connection: Connection,
    analyst: str,
    now: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """Begin a session; what has ended is removed, and so are the oldest where an analyst has too many.

    Args:
        connection: of a transaction that writes.
        analyst: name.
        now: with time zone.
        random: that many random bytes.

    Returns:
        The token for the browser, 64 hexadecimal digits.
    """
    connection.execute(
        delete(sessions).where(
            or_(sessions.c.expires_at <= stamp(now), sessions.c.seen_at <= stamp(now - IDLE))
        )
    )
    theirs = select(sessions.c.sha256).where(sessions.c.analyst == analyst)
    newest = theirs.order_by(sessions.c.made_at.desc()).limit(MOST - 1)
    connection.execute(
        delete(sessions).where(sessions.c.analyst == analyst, sessions.c.sha256.not_in(newest))
    )
    token = random(TOKEN_BYTES).hex()
    row = {
        "sha256": _hash(token),
        "analyst": analyst,
        "csrf": random(TOKEN_BYTES).hex(),
        "made_at": stamp(now),
        "seen_at": stamp(now),
        "expires_at": stamp(now + LONGEST),
    }
    connection.execute(insert(sessions).values(row))
    return token


def find_session(workspace: Workspace, token: str, now: datetime) -> Session | None:
    """The session of a token, whose clock starts anew; None for one that ended or never was.

    Args:
        workspace: of this thread alone.
        token: anything that a browser may send.
        now: with time zone.
    """
    if not _TOKEN.fullmatch(token):
        return None
    with workspace.connect() as connection:
        row = connection.execute(select(sessions).where(sessions.c.sha256 == _hash(token))).one_or_none()
    if row is None:
        return None
    seen, ends = read_moment(row.seen_at), read_moment(row.expires_at)
    if not seen - SET_BACK <= now < min(seen + IDLE, ends):
        return None
    if now - seen >= NOTED:
        # Somebody who saves holds the register for seconds, and a disk can be full: then a later page notes it.
        with suppress(WorkspaceBusy, WorkspaceUnwritable), workspace.writing("sign-in") as connection:
            later = (sessions.c.sha256 == row.sha256) & (sessions.c.seen_at < stamp(now))
            connection.execute(update(sessions).where(later).values(seen_at=stamp(now)))
    return Session(row.analyst, row.csrf, read_moment(row.made_at), ends)


def end_session(connection: Connection, token: str) -> None:
    """End the session of a token, if there is one."""
    connection.execute(delete(sessions).where(sessions.c.sha256 == _hash(token)))


def end_sessions(connection: Connection, analyst: str) -> int:
    """End all sessions of an analyst.

    Returns:
        How many there were, those among them that had run out unnoticed.
    """
    return connection.execute(delete(sessions).where(sessions.c.analyst == analyst)).rowcount


def live_sessions(connection: Connection, now: datetime) -> dict[str, int]:
    """How many sessions each analyst has who has any."""
    live = (sessions.c.expires_at > stamp(now)) & (sessions.c.seen_at > stamp(now - IDLE))
    counted = select(sessions.c.analyst, func.count()).where(live).group_by(sessions.c.analyst)
    return dict(iter(connection.execute(counted)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
