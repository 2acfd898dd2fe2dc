"""A proxy before a server that passes every byte on as it is, and keeps it: what truly goes over the wire."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)\r\n")
ICON = re.compile(r"GET /static/icon\.svg\?v=[0-9a-f]{12}")
ELEMENT = re.compile(rb'(?<=")[0-9a-f]{64}(?=")')
SNAPSHOT = re.compile(rb"[0-9a-f]{32}")


@dataclass
class Exchange:
    """One request and its answer.

    Attributes:
        request: its bytes.
        answer: bytes of the answer, as far as they came.
    """

    request: bytes
    answer: bytearray = field(default_factory=bytearray)

    @property
    def line(self) -> str:
        """Method and path."""
        return self.request.partition(b" HTTP/1.1\r\n")[0].decode()

    @property
    def of_icon(self) -> bool:
        """Whether it is for the icon of the page, which a browser fetches once, and when it likes."""
        return bool(ICON.fullmatch(self.line))

    @property
    def body(self) -> bytes:
        return self.request.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.answer[9:12])


@dataclass
class Recorder:
    """What went through.

    Attributes:
        address: of the proxy, in place of the server's.
        upstream: address of the server, which may become known later.
        exchanges: in the order in which requests were complete.
        strayed: bytes that belong to no request.
    """

    upstream: str | None = None
    address: str = ""
    exchanges: list[Exchange] = field(default_factory=list)
    strayed: bytearray = field(default_factory=bytearray)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def lines(self) -> list[str]:
        with self.lock:
            return [one.line for one in self.exchanges]

    def since(self, count: int) -> list[Exchange]:
        """What came after so many exchanges, but for the icon."""
        with self.lock:
            return [one for one in self.exchanges[count:] if not one.of_icon]

    def sent(self) -> bytes:
        """Every byte that came from clients."""
        with self.lock:
            return b"\n".join([*(one.request for one in self.exchanges), bytes(self.strayed)])


class Requests:
    """Cuts what comes on a connection into requests.

    Args:
        recorder: gets them.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._waiting = b""
        self.last: Exchange | None = None

    def take(self, data: bytes) -> None:
        """More bytes of the client's."""
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self._waiting[: end + 4])
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._waiting) < whole:
                return
            self.last = Exchange(self._waiting[:whole])
            self._waiting = self._waiting[whole:]
            with self._recorder.lock:
                self._recorder.exchanges.append(self.last)

    def left(self) -> bytes:
        """What was no whole request."""
        return self._waiting


@contextmanager
def recording(upstream: str | None = None) -> Iterator[Recorder]:
    """A recorder before a server, for as long as the block runs."""
    recorder = Recorder(upstream)
    open_ones: set[socket.socket] = set()
    over = threading.Event()

    def opened(*ones: socket.socket) -> bool:
        """Note what is to be closed in the end; False where that has come."""
        with recorder.lock:
            open_ones.update(ones)
            return not over.is_set()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            requests = Requests(recorder)
            host, port = recorder.upstream.removeprefix("http://").split(":")
            with socket.create_connection((host, int(port))) as server:
                if not opened(server, self.request):
                    return
                back = threading.Thread(target=self.answer, args=(server, requests))
                back.start()
                with suppress(OSError):
                    while data := self.request.recv(1 << 16):
                        # Before it goes on, so that no answer comes to a request that is not noted.
                        requests.take(data)
                        server.sendall(data)
                with suppress(OSError):
                    server.shutdown(socket.SHUT_WR)
                back.join()
            recorder.strayed += requests.left()

        def answer(self, server: socket.socket, requests: Requests) -> None:
            with suppress(OSError):
                while data := server.recv(1 << 16):
                    if requests.last:
                        requests.last.answer += data
                    self.request.sendall(data)
                self.request.shutdown(socket.SHUT_RDWR)

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = False
        allow_reuse_address = True

    with Threads(("127.0.0.1", 0), Handler) as listening:
        recorder.address = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield recorder
        finally:
            # First no more, then an end to those that there are: a browser that is still open opens another at once.
            listening.shutdown()
            thread.join()
            with recorder.lock:
                over.set()
                ending = [*open_ones]
            for one in ending:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
