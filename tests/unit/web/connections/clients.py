"""Clients that do with a connection what they like, and a server's patience with them that a test changes."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from floodmark.exposure.check import check
from floodmark.web.patience import Awaited, Patience

from ...exposure.check.published import EMAIL, NOW, ROOT
from ..hot.served import Served
from ..hot.test_evaluate import body

GET = b"GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
LONG = 60  # seconds after which a test has failed


@dataclass(frozen=True, kw_only=True)
class Told(Patience):
    """Patience with everybody, but for what a test tells it.

    A client of a test may be kept from its processor at any moment, and for long: patience with it is short only while
    it does what it is to be given up for.

    Attributes:
        told: seconds of what is awaited, whenever they are asked for.
        asked: counts how often they were, which is at each look of the server.
    """

    head: float = LONG
    body: float = LONG
    next: float = LONG
    taking: float = LONG
    end: float = LONG
    told: dict[Awaited, Callable[[], float]] = field(default_factory=dict)
    asked: list[None] = field(default_factory=list)

    def seconds(self, what: Awaited) -> float:
        if what is Awaited.HEAD:
            self.asked.append(None)
        return self.told[what]() if what in self.told else super().seconds(what)

    def is_over(self, *awaited: Awaited) -> None:
        """Whoever is waited for has to go from now on."""
        self.told.update(dict.fromkeys(awaited, lambda: 0.0))

    def passes(self) -> None:
        """Ends when the server has looked at those who are there, as often as it takes for them to have to go."""
        enough = len(self.asked) + 4
        wait_until(lambda: len(self.asked) >= enough)


@contextmanager
def connected(site: Served, source: str = "127.0.0.1", receive: int | None = None) -> Iterator[socket.socket]:
    """A connection to a server."""
    with socket.socket() as made:
        made.settimeout(LONG)
        if receive is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        made.bind((source, 0))
        made.connect((urlsplit(site.address).hostname, site.port))
        yield made


def to_the_end(connection: socket.socket) -> bytes:
    """All that comes until the server closes, or breaks off."""
    found = bytearray()
    with suppress(ConnectionError):
        while piece := connection.recv(1 << 20):
            found += piece
    return bytes(found)


def trickle(connection: socket.socket, data: bytes, pause: float = 0.02) -> bytes:
    """Send a byte at a time until the server has had enough; what it says then."""
    with suppress(OSError):
        for at in range(len(data)):
            connection.sendall(data[at : at + 1])
            connection.settimeout(pause)
            with suppress(TimeoutError):
                return connection.recv(1 << 20)
    connection.settimeout(LONG)
    return to_the_end(connection)


def ordinary(site: Served) -> bool:
    """An ordinary check from this machine succeeds."""
    found = check(EMAIL, source=site.address, root_key=ROOT.public, clock=lambda: NOW)
    return [leak.slug for leak in found.identifiers[0].leaks] == ["first"]


def left_after_one(site: Served) -> int:
    """What an evaluation leaves of the budget; it comes in one packet, and is waited for at no point."""
    text = json.dumps(body()).encode()
    with connected(site) as one:
        one.sendall(POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
        return int(re.search(rb";r=(\d+)", to_the_end(one))[1])  # type: ignore[index]


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)
