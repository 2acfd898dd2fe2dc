"""Running an application: one process, one event loop, until it is told to stop."""

from __future__ import annotations

import gc
import logging
import math
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, cast

import uvicorn
from starlette.types import ASGIApp

from floodmark.errors import FloodmarkError
from floodmark.web.connections import EVERY, Connection, Door
from floodmark.web.patience import Patience
from floodmark.web.settings import Settings

GRACE = 10  # seconds for which requests may go on after a server was told to stop
BACKLOG = 2048
OTHERS = 256  # descriptors beside those of connections
# Copies of the socket that is listened at. uvloop takes one new connection of each in a turn of its loop, and turns are
# long when many ask: with one socket, a hundred connections a second that come and go keep others out for seconds.
COPIES = 15
# Bytes of answers that the system holds unsent for a connection. It would take megabytes of whoever does not read; what
# is on its way is not limited by this, so that long ways cost no speed.
UNSENT = 128 << 10

Ready = Callable[[str], None]


class CannotListen(FloodmarkError):
    """The address of the settings cannot be listened at."""

    slug: ClassVar[str] = "cannot-listen"
    hint = "Is another program there already? Choose another address or port."


class Server(uvicorn.Server):
    """A server that says when it listens, and at which port.

    Args:
        config: what it runs and how.
        ready: told where it listens, in a sentence.
    """

    def __init__(self, config: uvicorn.Config, ready: Ready) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM as the order to stop, and not, as uvicorn does, as a death once it has stopped."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {told: signal.signal(told, self.handle_exit) for told in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for told, handler in before.items():
                signal.signal(told, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started and sockets:
            self._ready(f"Listening at {address_of(sockets[0])}")


def run(app: ASGIApp, settings: Settings, ready: Ready = lambda sentence: None) -> None:
    """Serve until SIGINT or SIGTERM: then no connection is taken any more, and what was asked is answered.

    Args:
        app: what to serve.
        settings: where to listen.
        ready: told where it listens, in a sentence, when connections are taken.

    Raises:
        CannotListen: it cannot listen there.
    """
    patience = Patience()
    patience = replace(patience, most=min(patience.most, descriptors(patience.most + OTHERS) - OTHERS))
    # What uvicorn writes has another form than our log, and may quote what was asked.
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # What is there by now stays; collections need not look through all of the program while requests wait.
    gc.collect()
    gc.freeze()
    with listening(settings) as bound, ExitStack() as stack:
        copies = [stack.enter_context(bound.dup()) for _ in range(COPIES)]
        server(app, settings, ready, patience).run([bound, *copies])


def server(
    app: ASGIApp,
    settings: Settings,
    ready: Ready = lambda sentence: None,
    patience: Patience | None = None,
    every: float = EVERY,
) -> Server:
    """A server that was not started yet.

    Args:
        app: what to serve.
        settings: for the proxies that are trusted.
        ready: told where it listens, in a sentence, when connections are taken.
        patience: that it has with clients.
        every: seconds between looks at who has to go.
    """
    waits = patience or Patience()
    door = Door(waits, settings.trusted_proxies, every)
    config = uvicorn.Config(
        app,
        http=cast(Any, partial(Connection, door)),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=math.ceil(waits.next) + 1,  # ours is sooner
        timeout_graceful_shutdown=GRACE,
    )
    return Server(config, ready)


def descriptors(wanted: int) -> int:
    """How many descriptors the process may have, of as many as it wants and the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def address_of(bound: socket.socket) -> str:
    """The address of a socket, as a client on this machine writes it."""
    if bound.family == socket.AF_UNIX:
        return f"unix:{bound.getsockname()}"
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listening(settings: Settings) -> socket.socket:
    """A socket at the address of the settings.

    Raises:
        CannotListen: it cannot be had.
    """
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen("The address to listen at is none of this machine.") from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)  # of its connections, too
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise CannotListen(f"Port {settings.port} cannot be listened at: {error.strerror}.") from error
    return bound
