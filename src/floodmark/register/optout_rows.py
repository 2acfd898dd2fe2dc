"""What the register keeps of requests for codes: for each recipient the last code, and how many went out in a day.

Both are rows of one table. The row that counts has a kind of its own, such as `phone.day`, no code, the number of codes
in `attempts`, and ends a day after the first. Rows are removed when they have ended.

Every function takes the connection of a transaction that writes; whoever opened it commits. Times have a time zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from floodmark.notices import read_moment, stamp
from floodmark.register.tables import optout_requests, workspace

LIFETIME = timedelta(minutes=30)  # of a code
ATTEMPTS = 5  # at a code
PAUSE = timedelta(minutes=2)  # between two codes to one recipient
DAILY = 5  # codes to one recipient in a day
DAY = timedelta(days=1)
NO_CODE = "." * 64  # fits no code


@dataclass(frozen=True)
class Recipient:
    """To whom codes go: kind of identifier, and its digest as 16 hexadecimal digits."""

    kind: str
    digest: str = field(repr=False)

    @property
    def day(self) -> Recipient:
        """Key of the row that counts the day's codes."""
        return Recipient(f"{self.kind}.day", self.digest)


Kept = dict[str, Any]
"""The values of a row by the names of its columns."""


def clear(connection: Connection, now: datetime) -> None:
    """Remove rows that have ended, and those of a clock that has since been set back."""
    ended = optout_requests.c.expires_at <= stamp(now)
    connection.execute(
        delete(optout_requests).where(ended | (optout_requests.c.sent_at > stamp(now + PAUSE)))
    )


def keep(connection: Connection, to: Recipient, code: str, now: datetime) -> list[Kept] | None:
    """Keep a code that is about to be sent, in place of an earlier one, and count it.

    Args:
        connection: of a transaction that writes.
        to: its recipient.
        code: what is kept of it.
        now: with time zone.

    Returns:
        What was kept before, for `take_back`; None when nothing may be sent, because a code went to this recipient a
        moment ago or too many did in a day.
    """
    before, counted = _read(connection, to), _read(connection, to.day)
    if before is not None and abs(now - read_moment(before["sent_at"])) < PAUSE:
        return None
    if counted is not None and counted["attempts"] >= DAILY:
        return None
    first = min(now, read_moment(counted["sent_at"])) if counted else now
    number = counted["attempts"] + 1 if counted else 1
    _write(connection, to, _row(to, code, 0, now, LIFETIME))
    _write(connection, to.day, _row(to.day, "", number, first, DAY))
    return [row for row in (before, counted) if row is not None]


def take_back(connection: Connection, to: Recipient, code: str, before: list[Kept]) -> None:
    """Undo `keep` for a code that did not go out, unless another was kept meanwhile."""
    found = _read(connection, to)
    if found is None or found["code"] != code:
        return
    for here in (to, to.day):
        connection.execute(delete(optout_requests).where(_is(here)))
    for row in before:
        connection.execute(insert(optout_requests).values(row))


def spend_attempt(connection: Connection, to: Recipient, now: datetime) -> str:
    """Count an attempt at the recipient's code; where there is nothing to count, a write is made that takes as long.

    Returns:
        What is kept of the code; `NO_CODE` where there is none, or none that lives.
    """
    found = _read(connection, to)
    if found is None or found["attempts"] >= ATTEMPTS:
        for _ in range(2):  # there and back, since SQLite writes no page for a value that stays the same
            connection.execute(update(workspace).values(wipe_due=~workspace.c.wipe_due))
        return NO_CODE
    connection.execute(update(optout_requests).where(_is(to)).values(attempts=found["attempts"] + 1))
    alive = read_moment(found["sent_at"]) - PAUSE <= now < read_moment(found["expires_at"])
    return str(found["code"]) if alive else NO_CODE


def remove(connection: Connection, to: Recipient) -> None:
    """Remove a code that was used; it stays counted."""
    connection.execute(delete(optout_requests).where(_is(to)))


def _is(to: Recipient) -> ColumnElement[bool]:
    return (optout_requests.c.kind == to.kind) & (optout_requests.c.digest == to.digest)


def _read(connection: Connection, to: Recipient) -> Kept | None:
    found = connection.execute(select(optout_requests).where(_is(to))).mappings().one_or_none()
    return None if found is None else dict(found)


def _row(to: Recipient, code: str, attempts: int, first: datetime, life: timedelta) -> Kept:
    times = {"sent_at": stamp(first), "expires_at": stamp(first + life)}
    return {"kind": to.kind, "digest": to.digest, "code": code, "attempts": attempts, **times}


def _write(connection: Connection, to: Recipient, row: Kept) -> None:
    connection.execute(delete(optout_requests).where(_is(to)))
    connection.execute(insert(optout_requests).values(row))
