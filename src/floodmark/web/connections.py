"""Connections of HTTP/1.1 that nobody can hold for ever, however slowly they send or read.

uvicorn's own protocol waits for a request's end, and for an answer to be taken, as long as it takes. This one gives up
what `patience` gives up: with 408 where a request had begun, and otherwise without a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from floodmark.guard.address_blocks import blocks
from floodmark.web.addresses import NOWHERE, client_address
from floodmark.web.patience import Awaited, Patience, Waiting
from floodmark.web.problems import Refusal
from floodmark.web.raw_answers import as_bytes
from floodmark.web.request_heads import HeadTooLong, check_head
from floodmark.web.settings import Network

EVERY = 1.0  # seconds
MOST_TOGETHER = 64  # requests that come before the first of them is answered


class RequestTooSlow(Refusal):
    """A request did not come to its end in time."""

    slug: ClassVar[str] = "request-timeout"
    status: ClassVar[int] = 408
    hint = "Send it again, on a new connection."


class TooManyConnections(Refusal):
    """The server works for as many as it can."""

    slug: ClassVar[str] = "too-many-connections"
    status: ClassVar[int] = 503
    hint = "Try again in a moment."


class Door:
    """All connections of a server: who is let in, who is waited for, who has to go.

    Args:
        patience: how long and for how many.
        trusted: networks of proxies, which bring clients of many addresses.
        every: seconds between looks at who has to go.
    """

    def __init__(self, patience: Patience, trusted: Sequence[Network], every: float = EVERY) -> None:
        self.patience = patience
        self.waiting = Waiting["Connection"](patience)
        self._trusted = trusted
        self._every = every
        self._overdue: set[Connection] = set()
        self._timer: asyncio.TimerHandle | None = None

    def admit(self, connection: Connection) -> bool:
        """Let a connection in, if anybody can go for it."""
        given_up = self.waiting.admit(connection, self._block(connection.client), connection.loop.time())
        if given_up is connection:
            return False
        if given_up is not None:
            given_up.drop()
        if self._timer is None:
            self._timer = connection.loop.call_later(self._every, self._look, connection.loop)
        return True

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        overdue = set(self.waiting.overdue(loop.time()))
        # Whatever they sent while the process stood still has been read between two looks.
        for one in overdue & self._overdue:
            one.give_up()
        self._overdue = overdue
        self._timer = loop.call_later(self._every, self._look, loop) if len(self.waiting) else None

    def _block(self, client: tuple[str, int] | None) -> bytes | None:
        address = client_address({"client": client, "headers": ()}, ())
        if address == NOWHERE or any(address in network for network in self._trusted):
            return None
        return blocks(address)[0]


class Connection(HttpToolsProtocol):
    """One connection.

    Args:
        door: of the server.
        config: as uvicorn gives it.
        server_state: as uvicorn gives it.
        app_state: as uvicorn gives it.
        _loop: as uvicorn gives it.
    """

    def __init__(
        self,
        door: Door,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._door = door
        self._waiting = door.waiting
        self._outside = 0  # bytes that came since a head began, or behind a piece of a body
        self._told = 0  # bytes of a head, and of what follows its body, that the parser has read
        self._in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let it in, or turn it away."""
        super().connection_made(transport)
        if not self._door.admit(self):
            self._refuse(TooManyConnections("There are too many connections."))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._waiting.left(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came, if it is not too much."""
        if self._in_head and not self._outside:
            self._waiting.waits(self, Awaited.HEAD, self.loop.time())
        self._outside += len(data)
        self._unset_keepalive_if_required()
        self._parse(data)
        if self._outside > self._door.patience.head_bytes:
            self._refuse(_too_long())

    def eof_received(self) -> bool:  # type: ignore[override]
        """End what was asked, whole, by a client that has nothing more to say; otherwise close."""
        if not self._busy or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        return True

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._told = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a part of the first line.

        Raises:
            HeadTooLong: there is too much of it.
        """
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, if it is one; behind the body it is a trailer, which nobody here asks for.

        Trailers must not become headers (RFC 9110, section 6.5.1): a proxy that looks at headers lets them pass.

        Raises:
            HeadTooLong: there are too many.
        """
        self._count(len(name) + len(value) + len(b": \r\n"))
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Wait for its body.

        Raises:
            Refusal: it cannot be answered, or too many came before any was; the parser stops there.
        """
        if (
            len(self.pipeline) >= MOST_TOGETHER
        ):  # all of a packet's, which are thousands, would be kept in memory
            raise Refusal("Too many requests came together.")
        check_head(self.headers, self.parser.get_http_version(), upgrade=self.parser.should_upgrade())
        self._in_head = False
        self._outside = 0
        self._waiting.waits(self, Awaited.BODY, self.loop.time())
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._outside = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Work for it."""
        self._waiting.works(self)
        super().on_message_complete()
        self._in_head = True
        self._outside = 0

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the end."""
        super().on_response_complete()
        self._answered()

    def pause_writing(self) -> None:
        """Wait until the answer is taken."""
        super().pause_writing()
        self._waiting.waits(self, Awaited.TAKING, self.loop.time())

    def resume_writing(self) -> None:
        """Go on with the answer, most of which was taken."""
        super().resume_writing()
        if self._busy:
            self._waiting.works(self)
        else:
            self._answered()

    def give_up(self) -> None:
        """End a wait that was too long."""
        what = self._waiting.awaited(self)
        if (
            what in (Awaited.HEAD, Awaited.NEXT) and self._busy
        ):  # a pipelined request waits, and not we for it
            self._waiting.waits(self, what, self.loop.time())
        elif what is Awaited.BODY or (what is Awaited.HEAD and self._outside):
            self._refuse(RequestTooSlow("The request did not come to its end in time."))
        elif what is Awaited.NEXT and self.transport.get_write_buffer_size() == 0:
            self.transport.close()
        else:
            self.drop()

    def drop(self) -> None:
        """Break off."""
        self._waiting.left(self)
        self.transport.abort()

    @property
    def _busy(self) -> bool:
        """Whether an answer is being made."""
        return self.cycle is not None and not self.cycle.response_complete

    def _parse(self, data: bytes) -> None:
        """Have the parser read what came, and go on behind requests for another protocol as if they were none."""
        rest = memoryview(data)
        while rest:
            try:
                self.parser.feed_data(rest)
                return
            except httptools.HttpParserUpgrade as asked:
                rest = rest[asked.args[0] :]
            except httptools.HttpParserError as error:
                self._refuse(error.__context__ if isinstance(error.__context__, Refusal) else _no_request())
                return

    def _count(self, size: int) -> None:
        self._told += size
        if self._told > self._door.patience.head_bytes:
            raise _too_long()

    def _answered(self) -> None:
        if self.transport.is_closing():
            self._waiting.waits(self, Awaited.END, self.loop.time())
        elif not self.pipeline and self._in_head:
            self._waiting.waits(self, Awaited.NEXT, self.loop.time())

    def _refuse(self, error: Refusal) -> None:
        """Say why and close; nothing is said into an answer that has begun."""
        if self.transport.is_closing():
            return
        if not self._busy or not self.cycle.response_started:
            self.transport.write(as_bytes(error))
        if self._busy:  # whoever makes an answer need not go on
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()
        self._waiting.waits(self, Awaited.END, self.loop.time())


def _too_long() -> Refusal:
    return HeadTooLong("The head of the request is too long.")


def _no_request() -> Refusal:
    return Refusal("What came is no request.", "Ask as HTTP/1.1 is written, one request after another.")
