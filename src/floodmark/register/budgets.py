"""What was evaluated for whom: limits of a day by network address, and of an epoch by organisation, over restarts.

    >>> from dataclasses import dataclass
    >>> from ipaddress import ip_address
    >>> from tempfile import TemporaryDirectory
    >>> from datetime import UTC
    >>> @dataclass
    ... class Somebody:
    ...     address: IPv4Address | IPv6Address
    ...     organisation: None = None
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

import hashlib
import math
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from floodmark.register.address_blocks import blocks
from floodmark.register.budget_file import BudgetsUnavailable, open_file, transaction, unavailable

DAY = 86_400  # seconds
SALT_BYTES, HASH_BYTES = 32, 16
SERVER = b""  # under which all are counted

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


class Limits(Protocol):
    """Elements a day: of one address, of the network around it, of all without an API key."""

    @property
    def address(self) -> int: ...  # noqa: D102
    @property
    def network(self) -> int: ...  # noqa: D102
    @property
    def server(self) -> int: ...  # noqa: D102


class Organisation(Protocol):
    """Whoever has an API key: its id, the epoch that is asked in, and the elements of that epoch."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def epoch(self) -> int: ...  # noqa: D102
    @property
    def quota(self) -> int: ...  # noqa: D102


class Client(Protocol):
    """Whoever asks."""

    @property
    def address(self) -> IPv4Address | IPv6Address: ...  # noqa: D102
    @property
    def organisation(self) -> Organisation | None: ...  # noqa: D102


class Allowance(NamedTuple):
    """One limit as it stands: `name`, elements in a `window` of seconds, elements `left`, seconds until the `reset`."""

    name: str
    quota: int
    window: int | None
    left: int
    reset: int | None


class Verdict(NamedTuple):
    """Whether elements were granted, how every limit stands now, and after how many seconds to come again."""

    granted: bool
    allowances: tuple[Allowance, ...]
    retry_after: int | None


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
        self._file = _identity(path)
        self._limits = limits
        self._random = random
        self._lock = threading.Lock()
        self._day = -1  # before any
        self._salt = b""
        self._wipe_due = True  # perhaps by whoever was killed before

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
            client: who asks; one with an organisation has the organisation's budget and no other.
            elements: at least 1.
            now: with time zone.

        Raises:
            BudgetsUnavailable: nobody knows what was spent; nothing is granted.
        """
        day = _day_of(now)
        _check(elements)
        with self._lock, unavailable():
            self._check_there()
            if client.organisation is not None:
                return self._spend_epoch(client.organisation, elements)
            return self._spend_day(client.address, elements, day, now)

    def give_back(self, client: Client, elements: int, now: datetime) -> None:
        """Undo a `spend` whose elements were not evaluated.

        Args:
            client: as it was given to `spend`.
            elements: as many as were granted.
            now: as it was given to `spend`: of a day that is over, nothing is given back.

        Raises:
            BudgetsUnavailable: it stays spent.
        """
        day = _day_of(now)
        _check(elements)
        with self._lock, unavailable():
            if client.organisation is not None:
                whose = (client.organisation.key, client.organisation.epoch)
                self._connection.execute(_GIVE_BACK_EPOCH, (elements, *whose))
                return
            with transaction(self._connection):
                if self._read_day() and self._day == day:
                    who = self._who(client.address)
                    self._connection.execute(_GIVE_BACK, (elements, *who))
                    # Or requests that fail would fill the disk: rows are few because each has cost something.
                    self._connection.execute(_FORGET, who)

    def begin_day(self, now: datetime) -> None:
        """See that the file can be written, and forget the day before if a new one has begun.

        Args:
            now: with time zone.

        Raises:
            BudgetsUnavailable: it cannot be, or its day is later than tomorrow.
        """
        day = _day_of(now)
        with self._lock, unavailable():
            self._check_there()
            self._turn(day)
            self._connection.execute("UPDATE day SET tried = 1 - tried")
            if self._day > day + 1:
                raise BudgetsUnavailable(
                    f"The budgets are of a day {self._day - day:,} days ahead: a clock was wrong, then or now.",
                    "Set the clock; if it was ahead then, move budgets.sqlite away: all that was spent is forgotten.",
                )

    def _spend_day(
        self, address: IPv4Address | IPv6Address, elements: int, day: int, now: datetime
    ) -> Verdict:
        quotas = (self._limits.address, self._limits.network, self._limits.server)
        spent: dict[bytes, int] | None = None
        while spent is None:  # again only after another process has begun a day
            self._turn(day)
            who = self._who(address)
            granted, spent = self._take(who, quotas, elements)
        reset = math.ceil((self._day + 1) * DAY - now.timestamp())
        allowances = [
            Allowance(name, quota, DAY, max(quota - spent.get(one, 0), 0), reset)
            for name, quota, one in zip(("address", "network", "server"), quotas, who, strict=True)
        ]
        allowances.sort(key=_left)
        wait = reset if not granted and elements <= min(quotas) else None
        return Verdict(granted, tuple(allowances), wait)

    def _take(
        self, who: tuple[bytes, bytes, bytes], quotas: tuple[int, int, int], elements: int
    ) -> tuple[bool, dict[bytes, int] | None]:
        """Whether the elements were taken, and what is spent now; None where the ledger's day is another by now."""
        (address, network, server), (few, more, most) = who, quotas
        try:
            values = (elements, address, few, network, more, server, most, self._day)
            rows = self._connection.execute(_SPEND, values).fetchall()
        except sqlite3.IntegrityError:
            *rows, (_, day) = self._connection.execute(_SPENT, who).fetchall()
            if day == self._day:
                return False, dict(rows)
            rows = []
        if rows:
            return True, dict(rows)
        if not self._read_day():
            raise BudgetsUnavailable("The file of the budgets has lost its day.")
        self._wipe_due = True
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

    def _who(self, address: IPv4Address | IPv6Address) -> tuple[bytes, bytes, bytes]:
        block, network = blocks(address)
        return self._hash(block), self._hash(network), SERVER

    def _hash(self, block: bytes) -> bytes:
        return hashlib.blake2b(block, key=self._salt, digest_size=HASH_BYTES).digest()

    def _turn(self, day: int) -> None:
        """See that the ledger's day is this one, or a later one."""
        if self._day < day:
            with transaction(self._connection):
                if not self._read_day() or self._day < day:
                    self._connection.execute("DELETE FROM spent")
                    self._connection.execute("DELETE FROM day")
                    row = (day, self._random(SALT_BYTES))
                    self._connection.execute("INSERT INTO day (id, number, salt) VALUES (1, ?, ?)", row)
            self._read_day()
            self._wipe_due = True
        if self._wipe_due:
            self._wipe()

    def _read_day(self) -> bool:
        """Read the day and its salt; False where there is none yet."""
        found = self._connection.execute("SELECT number, salt FROM day").fetchone()
        if found is not None:
            self._day, self._salt = found
        return found is not None

    def _wipe(self) -> None:
        """Put the log's pages into the file and cut it to nothing, since the salt of the day before is still in it."""
        self._connection.execute("PRAGMA busy_timeout = 0")  # somebody reads: the next call tries again
        try:
            with suppress(sqlite3.OperationalError):
                busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._wipe_due = bool(busy)
        finally:
            self._connection.execute("PRAGMA busy_timeout = 1000")

    def _check_there(self) -> None:
        """See that the file is the one that was opened; another one would be a second budget."""
        if _identity(self._path) != self._file:
            raise BudgetsUnavailable(
                "The file of the budgets was moved or replaced while it was in use.", "Start the server anew."
            )


def _identity(path: Path) -> tuple[int, int]:
    about = os.stat(path)  # noqa: PTH116  # on every request, and twice as fast
    return about.st_dev, about.st_ino


def _left(allowance: Allowance) -> int:
    return allowance.left


def _day_of(now: datetime) -> int:
    if now.tzinfo is None:
        raise ValueError("a time carries its time zone")
    return int(now.timestamp() // DAY)


def _check(elements: int) -> None:
    if elements < 1:
        raise ValueError("budgets are spent in whole elements, at least one")
