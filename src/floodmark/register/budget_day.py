"""The day that a ledger of budgets is of: under which hashes its addresses stand, and how it goes when it is over.

The ledger's day never goes back, whatever a clock does: each day's budgets are there once.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from floodmark.guard.address_blocks import blocks
from floodmark.register.budget_file import BudgetsUnavailable, transaction, waiting

DAY = 86_400  # seconds
SALT_BYTES, HASH_BYTES = 32, 16
SERVER = b""  # under which all are counted


class BudgetDay:
    """The day as one process knows it; used by one thread at a time.

    Attributes:
        number: days since 1970, in UTC.

    Args:
        connection: to the ledger's file.
        random: gives so many random bytes.
    """

    def __init__(self, connection: sqlite3.Connection, random: Callable[[int], bytes]) -> None:
        self.number = -1  # before any
        self._salt = b""
        self._connection = connection
        self._random = random
        self._wipe_due = True  # perhaps by whoever was killed before

    def who(self, address: IPv4Address | IPv6Address, exempt: bool = False) -> tuple[bytes, bytes, bytes]:
        """Under what a client is counted on this day: hashes of its block and its network, and the server.

        Args:
            address: from which it asks.
            exempt: whether it is counted apart from its neighbours, who are not.
        """
        return hashes_of(address, self._salt, exempt)

    def turn(self, number: int) -> None:
        """See that it is this day, or a later one.

        Of the day before nothing stays: its rows and its salt are overwritten, in the log as well, as soon as nobody
        reads them any more.

        Raises:
            sqlite3.Error: the file cannot be written.
        """
        if self.number < number:
            with transaction(self._connection):
                if not self.look() or self.number < number:
                    self._connection.execute("DELETE FROM spent")
                    self._connection.execute("DELETE FROM day")
                    row = (number, self._random(SALT_BYTES))
                    self._connection.execute("INSERT INTO day (id, number, salt) VALUES (1, ?, ?)", row)
            self.take_over()
        if self._wipe_due:
            self._wipe()

    def is_turned(self, number: int) -> bool:
        """Whether `turn` has nothing to do."""
        return self.number >= number and not self._wipe_due

    def look(self) -> bool:
        """Read which day the file is of; False where it is of none yet."""
        found = self._connection.execute("SELECT number, salt FROM day").fetchone()
        if found is not None:
            self.number, self._salt = found
        return found is not None

    def take_over(self) -> None:
        """Go on with the day that the file is of now, though another process may have begun it.

        Raises:
            BudgetsUnavailable: it is of none, and was.
        """
        if not self.look():
            raise BudgetsUnavailable("The file of the budgets has lost its day.")
        self._wipe_due = True

    def _wipe(self) -> None:
        """Put the log's pages into the file and cut it to nothing: the salt of the day before is still in it."""
        # If somebody reads, the next call tries again.
        with waiting(self._connection, 0), suppress(sqlite3.OperationalError):
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._wipe_due = bool(busy)


def hashes_of(
    address: IPv4Address | IPv6Address, salt: bytes, exempt: bool = False
) -> tuple[bytes, bytes, bytes]:
    """Under what a client is counted: hashes of its block and its network, and the server.

    Args:
        address: from which it asks.
        salt: of the day.
        exempt: whether it is counted apart from its neighbours, who are not.
    """
    apart = b"exempt/" if exempt else b""
    block, network = (
        hashlib.blake2b(apart + one, key=salt, digest_size=HASH_BYTES).digest() for one in blocks(address)
    )
    return block, network, SERVER


def day_of(now: datetime) -> int:
    """The number of the day that a moment is in.

    Raises:
        ValueError: it has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("a time carries its time zone")
    return int(now.timestamp() // DAY)
