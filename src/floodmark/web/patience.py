"""How long a server waits for clients, and for how many at once; who has to go when there are too many.

Whoever keeps the server waiting stands in a queue of what is waited for: the head of a request, its body, the next
request, that an answer is taken, that the connection ends. Whom the server works for stands in none, and is never given
up. Everything here is told the time and knows no network.

    >>> waiting = Waiting[str](Patience(most=2, most_of_block=2))
    >>> waiting.admit("one", b"a", 0.0), waiting.admit("other", b"b", 1.0)
    (None, None)
    >>> waiting.works("one")
    >>> waiting.admit("third", b"c", 2.0)  # has to wait for somebody to go: of those who keep us waiting, the longest
    'other'
    >>> waiting.left("other")
    >>> waiting.overdue(12.5)
    ['third']
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

One = TypeVar("One", bound=Hashable)


class Awaited(Enum):
    """What a client is waited for."""

    HEAD = "head"
    BODY = "body"
    NEXT = "next"
    TAKING = "taking"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds, bytes and connections that a server has for its clients.

    Attributes:
        head: seconds from a connection, or a request's first byte, to the end of its head.
        body: seconds from there to the end of its body.
        next: seconds to the next request on a connection; more than the 60 for which nginx keeps one.
        taking: seconds in which a client that reads slowly has to take the answer's next 48 KiB.
        end: seconds to take the rest of an answer when the connection is closed behind it.
        head_bytes: of a request's first line and its headers.
        most: connections at once.
        most_of_block: connections of one IPv4 address or IPv6 /56.
    """

    head: float = 10.0
    body: float = 20.0
    next: float = 75.0
    taking: float = 20.0
    end: float = 20.0
    head_bytes: int = 32 << 10
    most: int = 4_096
    most_of_block: int = 256

    def seconds(self, what: Awaited) -> float:
        """How long something is waited for."""
        return float(getattr(self, what.value))


class Waiting(Generic[One]):
    """Connections, and since when each of them keeps the server waiting.

    Args:
        patience: how much there is.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._queues: dict[Awaited, dict[One, float]] = {what: {} for what in Awaited}
        self._standing: dict[One, Awaited | None] = {}
        self._blocks: dict[bytes, set[One]] = {}
        self._block_of: dict[One, bytes] = {}

    def __len__(self) -> int:
        """How many connections there are."""
        return len(self._standing)

    def admit(self, one: One, block: bytes | None, now: float) -> One | None:
        """Take a connection in, which is waited for from now on.

        Args:
            one: the connection.
            block: that its client has; None for a proxy, which brings clients of all blocks.
            now: seconds.

        Returns:
            The connection that has to go for it: `one` itself where the server works for all others; None where
            there is room.
        """
        beside = self._blocks.get(block, set()) if block is not None else set()
        if len(beside) >= self._patience.most_of_block:
            goes = self._longest(beside)
        elif len(self._standing) >= self._patience.most:
            goes = self._first()
        else:
            goes = one
        if goes is None:
            return one
        self._standing[one] = None
        if block is not None:
            self._blocks.setdefault(block, set()).add(one)
            self._block_of[one] = block
        self.waits(one, Awaited.HEAD, now)
        return None if goes is one else goes

    def waits(self, one: One, what: Awaited, now: float) -> None:
        """The server waits for a connection from now on."""
        if one not in self._standing:
            return
        before = self._standing[one]
        if before is not None:
            del self._queues[before][one]
        self._standing[one] = what
        self._queues[what][one] = now

    def works(self, one: One) -> None:
        """The server works for a connection."""
        before = self._standing.get(one)
        if before is not None:
            del self._queues[before][one]
            self._standing[one] = None

    def awaited(self, one: One) -> Awaited | None:
        """What a connection is waited for; None where the server works for it, or it is gone."""
        return self._standing.get(one)

    def left(self, one: One) -> None:
        """A connection is no more."""
        self.works(one)
        self._standing.pop(one, None)
        block = self._block_of.pop(one, None)
        if block is not None:
            self._blocks[block].discard(one)
            if not self._blocks[block]:
                del self._blocks[block]

    def overdue(self, now: float) -> list[One]:
        """Connections that were waited for as long as there is patience; they stay until they are told to have left."""
        found: list[One] = []
        for what, queue in self._queues.items():
            limit = now - self._patience.seconds(what)
            for one, since in queue.items():
                if since > limit:
                    break
                found.append(one)
        return found

    def _first(self) -> One | None:
        """Who keeps the server waiting for longest."""
        fronts = [next(iter(queue.items())) for queue in self._queues.values() if queue]
        return min(fronts, key=lambda front: front[1])[0] if fronts else None

    def _longest(self, among: set[One]) -> One | None:
        """Who of some does."""
        standing = {one: self._standing[one] for one in among}
        since = {one: self._queues[what][one] for one, what in standing.items() if what is not None}
        return min(since, key=since.__getitem__) if since else None
