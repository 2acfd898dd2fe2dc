"""Many connections that ask a server, each again as soon as it has its answer; for benchmarks/serve*.py.

A connection that waits for a slow answer asks nothing meanwhile, so percentiles say how long somebody waits at this
many connections and not at a given rate.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import uvloop

LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)\r\n")


@dataclass
class Seen:
    """What became of a load.

    Attributes:
        seconds: of each answer, from its request.
        statuses: how often each was answered.
        wall: seconds that all of it took.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    wall: float = 0.0

    def quantile(self, part: float) -> float:
        """Seconds within which this part of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall


class Client(asyncio.Protocol):
    """One connection.

    Args:
        draw: gives the next request.
        seen: gets what became of it.
        until: time of the clock after which it asks no more.
        gone: told when it asks no more.
    """

    def __init__(
        self, draw: Callable[[], bytes], seen: Seen, until: float, gone: asyncio.Future[None]
    ) -> None:
        self._draw, self._seen, self._until, self._gone = draw, seen, until, gone
        self._came = b""
        self._whole = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._ask()

    def _ask(self) -> None:
        self._came, self._whole = b"", 0
        self._asked = time.perf_counter()
        self._transport.write(self._draw())

    def data_received(self, data: bytes) -> None:
        self._came += data
        if not self._whole and (end := self._came.find(b"\r\n\r\n")) >= 0:
            found = LENGTH.search(self._came)
            self._whole = end + 4 + (int(found[1]) if found else 0)
        if self._whole and len(self._came) >= self._whole:
            now = time.perf_counter()
            status = int(self._came[9:12])
            self._seen.seconds.append(now - self._asked)
            self._seen.statuses[status] = self._seen.statuses.get(status, 0) + 1
            if now < self._until:
                self._ask()
            else:
                self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._gone.done():
            self._gone.set_result(None)


def load(address: str, draw: Callable[[], bytes], seconds: float, connections: int = 64) -> Seen:
    """Ask for so many seconds.

    Args:
        address: `http://127.0.0.1:8080`.
        draw: gives a request, whole.
        seconds: to ask for.
        connections: that ask at once.
    """
    host, port = address.removeprefix("http://").split(":")

    async def run() -> Seen:
        loop, seen, start = asyncio.get_running_loop(), Seen(), time.perf_counter()
        gone = [loop.create_future() for _ in range(connections)]
        for one in gone:
            await loop.create_connection(
                lambda one=one: Client(draw, seen, start + seconds, one), host, int(port)
            )
        await asyncio.gather(*gone)
        seen.wall = time.perf_counter() - start
        return seen

    return uvloop.run(run())
