"""What was evaluated for whom: limits of a day by network address, and of an epoch by organisation, over restarts.

    >>> from dataclasses import dataclass
    >>> from ipaddress import ip_address
    >>> from tempfile import TemporaryDirectory
    >>> from datetime import UTC
    >>> @dataclass
    ... class Somebody:
    ...     address: IPv4Address | IPv6Address
    ...     organisation: None = None
    ...     exempt: bool = False
    >>> @dataclass
    ... class Few:
    ...     address: int = 2
    ...     network: int = 100
    ...     server: int = 1000
    >>> noon, somebody = datetime(2026, 1, 31, 12, tzinfo=UTC), Somebody(ip_address("203.0.113.7"))
    >>> with TemporaryDirectory() as folder, BudgetLedger.open(Path(folder) / "budgets.sqlite", Few()) as ledger:
    ...     [ledger.spend(somebody, 1, noon).granted for _ in range(3)]
    ...     ledger.spend(somebody, 1, noon).retry_after
    [True, True, False]
    43200

Days are those of UTC. The ledger's day never goes back: with a clock that was set back, the later day's budgets go on
until the clock is there. Addresses are kept as hashes under a salt that is drawn for the day, and removed with it.

The file is of a handful of processes, each with a ledger of its own that it opened itself.
"""

from __future__ import annotations

import math
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

from floodmark.register.budget_day import DAY, BudgetDay, day_of
from floodmark.register.budget_file import (
    BUSY_SECONDS,
    BudgetsUnavailable,
    check_private,
    is_busy,
    open_file,
    transaction,
    unavailable,
    waiting,
)
from floodmark.register.budget_terms import Allowance, Client, Limits, Organisation, Verdict

Found = TypeVar("Found")

_SPEND = """
    INSERT INTO spent (who, elements, quota)
    SELECT asked.column1, ?1, asked.column2
    FROM day CROSS JOIN (VALUES (?2, ?3), (?4, ?5), (?6, ?7)) AS asked WHERE day.number = ?8
    ON CONFLICT (who) DO UPDATE SET elements = elements + excluded.elements, quota = excluded.quota
    RETURNING who, elements"""
_SPENT = (
    "SELECT who, elements FROM spent WHERE who IN (?, ?, ?) UNION ALL SELECT NULL, (SELECT number FROM day)"
)
_GIVE_BACK = "UPDATE spent SET elements = max(elements - ?, 0) WHERE who IN (?, ?, ?)"
_FORGET = "DELETE FROM spent WHERE elements = 0 AND who IN (?, ?, ?)"
_SPEND_EPOCH = """
    INSERT INTO organisations (key, epoch, elements, quota) VALUES (?, ?, ?, ?)
    ON CONFLICT (key, epoch) DO UPDATE SET elements = elements + excluded.elements, quota = excluded.quota
    RETURNING elements"""
_SPENT_EPOCH = "SELECT elements FROM organisations WHERE key = ? AND epoch = ?"
_GIVE_BACK_EPOCH = "UPDATE organisations SET elements = max(elements - ?, 0) WHERE key = ? AND epoch = ?"


class BudgetLedger:
    """Budgets in a file; made by `open`, for any number of threads.

    Args:
        connection: to the file.
        path: where the file is.
        limits: of a day.
        random: gives so many random bytes.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, limits: Limits, random: Callable[[int], bytes]
    ) -> None:
        self._connection = connection
        self._path = path
        self._file = _identity(path.stat())
        self._limits = limits
        self._day = BudgetDay(connection, random)
        self._lock = threading.Lock()
        self._patient = True

    @classmethod
    def open(
        cls, path: Path, limits: Limits, *, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> BudgetLedger:
        """The ledger in a file, which is made if it does not exist.

        Args:
            path: of the file; two more lie beside it while it is open.
            limits: elements a day.
            random: gives so many random bytes.

        Raises:
            BudgetsUnavailable: it cannot be used.
        """
        with unavailable():
            return cls(open_file(path), path, limits, random)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock, unavailable():
            self._connection.close()

    def spend(self, client: Client, elements: int, now: datetime) -> Verdict:
        """Take so many elements of every limit that bears on the client, or none of any.

        Args:
            client: who asks; one with an organisation has the organisation's budget and no other, and one that is
                exempt shares the server's with all.
            elements: at least 1.
            now: with time zone.

        Raises:
            BudgetsUnavailable: nobody knows what was spent; nothing is granted.
        """
        day = day_of(now)
        _check(elements)
        return self._done(lambda: self._spend(client, elements, day, now))

    def spend_at_once(self, client: Client, elements: int, now: datetime) -> Verdict | None:
        """Do as `spend`, if nobody has to be waited for and no day to be begun; otherwise nothing.

        Args:
            client: as `spend` has it.
            elements: at least 1.
            now: with time zone.

        Raises:
            BudgetsUnavailable: nobody knows what was spent; nothing is granted.
        """
        day = day_of(now)
        _check(elements)
        if not self._lock.acquire(blocking=False):
            return None
        try:
            with unavailable():
                self._look()
                if client.organisation is None and not self._day.is_turned(day):
                    return None
                return self._spend(client, elements, day, now)
        except BudgetsUnavailable as error:
            if isinstance(error.__cause__, sqlite3.Error) and is_busy(error.__cause__):
                return None
            raise
        finally:
            self._lock.release()

    def give_back(self, client: Client, elements: int, now: datetime) -> None:
        """Undo a `spend` whose elements were not evaluated.

        Args:
            client: as it was given to `spend`.
            elements: as many as were granted.
            now: as it was given to `spend`: of a day that is over, nothing is given back.

        Raises:
            BudgetsUnavailable: it stays spent.
        """
        day = day_of(now)
        _check(elements)
        self._done(lambda: self._give_back(client, elements, day))

    def begin_day(self, now: datetime) -> None:
        """See that the file can be written, and forget the day before if a new one has begun.

        Args:
            now: with time zone.

        Raises:
            BudgetsUnavailable: it cannot be, or its day is later than tomorrow.
        """
        day = day_of(now)
        self._done(lambda: self._begin_day(day))
        if self._day.number > day + 1:
            raise BudgetsUnavailable(
                f"The budgets are of a day {self._day.number - day:,} days ahead: a clock was wrong, then or now.",
                "Set the clock; if it was ahead then, move budgets.sqlite away: all that was spent is forgotten.",
            )

    def _done(self, work: Callable[[], Found]) -> Found:
        """Do something with the file, one thread at a time, if it is still the one that was opened.

        Who finds it locked waits for a second, and then nobody does before the lock is gone: a program that holds it
        must not hold up a server's every request.

        Args:
            work: is done again where it found the file locked, and did nothing.
        """
        with self._lock, unavailable():
            self._look()
            try:
                found = work()
            except sqlite3.OperationalError as error:
                if not (is_busy(error) and self._patient):
                    raise
                self._patient = False
                with waiting(self._connection, BUSY_SECONDS):
                    found = work()
            self._patient = True
            return found

    def _look(self) -> None:
        """See that the file is the one that was opened, and nobody else's."""
        about = os.stat(self._path)  # noqa: PTH116  # on every request, and twice as fast
        if _identity(about) != self._file:  # another one would be a second budget
            raise BudgetsUnavailable(
                "The file of the budgets was moved or replaced while it was in use.",
                "Start the server anew.",
            )
        check_private(about)

    def _spend(self, client: Client, elements: int, day: int, now: datetime) -> Verdict:
        if client.organisation is not None:
            return self._spend_epoch(client.organisation, elements)
        return self._spend_day(client, elements, day, now)

    def _give_back(self, client: Client, elements: int, day: int) -> None:
        if client.organisation is not None:
            whose = (client.organisation.key, client.organisation.epoch)
            self._connection.execute(_GIVE_BACK_EPOCH, (elements, *whose))
            return
        with transaction(self._connection):
            if self._day.look() and self._day.number == day:
                who = self._day.who(client.address, client.exempt)
                self._connection.execute(_GIVE_BACK, (elements, *who))
                # Or requests that fail would fill the disk: rows are few because each has cost something.
                self._connection.execute(_FORGET, who)

    def _begin_day(self, day: int) -> None:
        self._day.turn(day)
        if self._connection.execute("UPDATE day SET tried = 1 - tried").rowcount != 1:
            raise BudgetsUnavailable("The file of the budgets has lost its day.")

    def _spend_day(self, client: Client, elements: int, day: int, now: datetime) -> Verdict:
        server = self._limits.server
        quotas = (server,) * 3 if client.exempt else (self._limits.address, self._limits.network, server)
        spent: dict[bytes, int] | None = None
        while spent is None:  # again only after another process has begun a day
            self._day.turn(day)
            who = self._day.who(client.address, client.exempt)
            granted, spent = self._take(who, quotas, elements)
        reset = math.ceil((self._day.number + 1) * DAY - now.timestamp())
        allowances = [
            Allowance(name, quota, DAY, max(quota - spent.get(one, 0), 0), reset)
            for name, quota, one in zip(("address", "network", "server"), quotas, who, strict=True)
        ]
        allowances = allowances[2:] if client.exempt else sorted(allowances, key=_left)
        possible = elements <= min(quotas)
        return Verdict(granted, tuple(allowances), reset if possible and not granted else None)

    def _take(
        self, who: tuple[bytes, bytes, bytes], quotas: tuple[int, int, int], elements: int
    ) -> tuple[bool, dict[bytes, int] | None]:
        """Whether the elements were taken, and what is spent now; None where the ledger's day is another by now."""
        (address, network, server), (few, more, most) = who, quotas
        try:
            values = (elements, address, few, network, more, server, most, self._day.number)
            rows = self._connection.execute(_SPEND, values).fetchall()
        except sqlite3.IntegrityError:
            *rows, (_, day) = self._connection.execute(_SPENT, who).fetchall()
            if day == self._day.number:
                return False, dict(rows)
            rows = []
        if rows:
            return True, dict(rows)
        self._day.take_over()
        return False, None

    def _spend_epoch(self, organisation: Organisation, elements: int) -> Verdict:
        key, epoch, quota = organisation.key, organisation.epoch, organisation.quota
        granted = True
        try:
            rows = self._connection.execute(_SPEND_EPOCH, (key, epoch, elements, quota)).fetchall()
        except sqlite3.IntegrityError:
            granted = False
            rows = self._connection.execute(_SPENT_EPOCH, (key, epoch)).fetchall()
        spent = rows[0][0] if rows else 0
        left = max(quota - spent, 0)
        return Verdict(granted, (Allowance("organisation", quota, None, left, None),), None)


def _identity(about: os.stat_result) -> tuple[int, int]:
    return about.st_dev, about.st_ino


def _left(allowance: Allowance) -> int:
    return allowance.left


def _check(elements: int) -> None:
    if elements < 1:
        raise ValueError("budgets are spent in whole elements, at least one")
