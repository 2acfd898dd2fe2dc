"""How often somebody may fail to sign in, by where it comes from, and how many attempts are worked on at once.

>>> from datetime import UTC, datetime, timedelta
>>> attempts, now = Attempts(), datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
>>> [attempts.begin(b"one", now) for _ in range(7)]
[0, 0, 0, 0, 0, 0, 2]
>>> attempts.begin(b"one", now + timedelta(seconds=2)), attempts.begin(b"other", now)
(0, 0)

The first failures cost nothing; each one after makes the next attempt wait, twice as long each time and a quarter of an
hour at most. This is kept in memory: it slows down whoever has few addresses, and what has to hold over restarts, by
name, is in the register (`register.signing_in`).
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 5  # failures
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)  # after the last wait
MOST_KEPT = 20_000  # sources; past them the one that was idle for longest is forgotten


@dataclass
class _Source:
    failures: int
    waits_until: datetime


class Attempts:
    """Attempts that failed, by source; several threads may ask."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._sources: OrderedDict[bytes, _Source] = OrderedDict()

    def begin(self, source: bytes, now: datetime) -> int:
        """Count an attempt as a failure, until `succeeded` says otherwise.

        Args:
            source: an address block, or a browser.
            now: with time zone.

        Returns:
            0, or the seconds after which there may be one; then none was counted.
        """
        with self._lock:
            found = self._sources.get(source)
            if found is None or now - found.waits_until > FORGOTTEN:
                found = self._sources[source] = _Source(0, now)
            self._sources.move_to_end(source)
            while len(self._sources) > self._most:
                self._sources.popitem(last=False)
            # A wait that is longer than any comes of a clock that was set back.
            if now < found.waits_until <= now + LONGEST_WAIT:
                return math.ceil((found.waits_until - now).total_seconds())
            found.failures += 1
            found.waits_until = now + _wait(found.failures)
            return 0

    def succeeded(self, source: bytes, now: datetime) -> None:
        """Take the attempt back that `begin` counted last; those that failed before it still count."""
        with self._lock:
            found = self._sources.get(source)
            if found is not None:
                found.failures = max(0, found.failures - 1)
                found.waits_until = now


def _wait(failures: int) -> timedelta:
    if failures <= FREE:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE, 20)), LONGEST_WAIT)


class Full(Exception):
    """Nobody more is let in now."""


class Gate:
    """Lets few in at once, in a minute and altogether wait.

    So the memory that passwords take to hash is bounded, and so is how often the register is written to by whoever has
    as many addresses as it likes: other commands wait for it, too.

    Args:
        at_once: who may be in.
        waiting: who may wait outside.
        a_minute: who may come in a minute; as many may come together.
    """

    def __init__(self, at_once: int = 2, waiting: int = 8, a_minute: int = 120) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._there = 0
        self._a_minute = a_minute
        self._tickets = float(a_minute)
        self._counted_at: datetime | None = None

    @asynccontextmanager
    async def passed(self, now: datetime) -> AsyncIterator[None]:
        """Be in.

        Args:
            now: with time zone.

        Raises:
            Full: there are too many outside, or too many came in the last minute.
        """
        self._count(now)
        if self._there >= self._most or self._tickets < 1:
            raise Full
        self._tickets -= 1
        self._there += 1
        try:
            async with self._room:
                yield
        finally:
            self._there -= 1

    def _count(self, now: datetime) -> None:
        """Make tickets for the time that has passed."""
        passed = 0.0 if self._counted_at is None else (now - self._counted_at).total_seconds()
        self._tickets = min(self._a_minute, self._tickets + max(passed, 0.0) * self._a_minute / 60)
        self._counted_at = now
