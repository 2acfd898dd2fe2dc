"""Where the decision service listens: a port of this machine, or a Unix socket."""

from __future__ import annotations

import gc
import logging
import os
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Self

from floodmark.errors import UsageError
from floodmark.guard.middleware_asked import LOCAL
from floodmark.web.serving import CannotListen, listening, server
from floodmark.web.settings import Settings

UNIX = "unix:"
_MODE = 0o660  # whoever may connect is believed


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen.

    Attributes:
        host: address of the machine; empty for a socket.
        port: at the address; 0 for any.
        path: of the socket; None for an address.
    """

    host: str = ""
    port: int = 0
    path: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach it."""
        if self.path is not None:
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @classmethod
    def of(cls, text: str) -> Self:
        """The place that is written `127.0.0.1:8091`, `[::1]:8091` or `unix:/run/floodmark/guard.sock`.

        Raises:
            UsageError: it is written otherwise.
        """
        if text.startswith(UNIX) and len(text) > len(UNIX):
            return cls(path=Path(text.removeprefix(UNIX)))
        host, _, port = text.rpartition(":")
        if not host or not port.isascii() or not port.isdecimal() or int(port) > 65_535:
            raise UsageError(
                "That is no place to listen at.", "Write 127.0.0.1:8091 or unix:/run/floodmark/guard.sock."
            )
        return cls(host.removeprefix("[").removesuffix("]"), int(port))


def run(app: Any, place: Place, ready: Callable[[str], None] = lambda sentence: None) -> None:
    """Serve until SIGINT or SIGTERM: then what was asked is answered.

    Args:
        app: an ASGI application.
        place: where to listen.
        ready: told where it listens, in a sentence, when connections are taken.

    Raises:
        CannotListen: it cannot listen there.
    """
    for name in ("uvicorn", "uvicorn.error"):  # which may quote what was asked
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    gc.collect()
    gc.freeze()
    settings = Settings(host=place.host, port=place.port, trusted_proxies=tuple(map(ip_network, LOCAL)))
    with _bound(place, settings) as bound:
        server(app, settings, ready).run([bound])


@contextmanager
def _bound(place: Place, settings: Settings) -> Iterator[socket.socket]:
    if place.path is None:
        with listening(settings) as bound:
            yield bound
        return
    with _unix(place.path) as bound:
        try:
            yield bound
        finally:
            with suppress(OSError):
                place.path.unlink()


def _unix(path: Path) -> socket.socket:
    """A socket at a path, in the place of one that nobody listens at any more."""
    bound = socket.socket(socket.AF_UNIX)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
            path.unlink()
        before = os.umask(0o777 & ~_MODE)
        try:
            bound.bind(str(path))
        finally:
            os.umask(before)
    except OSError as error:
        bound.close()
        why = error.strerror or "its path is too long"
        raise CannotListen(f"The socket cannot be listened at: {why}.") from error
    return bound


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as there:
        try:
            there.connect(str(path))
        except OSError:
            return False
        return True
