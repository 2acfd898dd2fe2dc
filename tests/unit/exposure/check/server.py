"""A server on this machine that hosts a snapshot, evaluates, keeps what it is sent, and lies when told to."""

from __future__ import annotations

import json
import re
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from floodmark.exposure.check import Evaluated, EvaluationKey, LocalEvaluator
from floodmark.exposure.oprf import Element

from .published import KEY, Published

Answer = Iterable[bytes]


@dataclass(frozen=True)
class Request:
    """One request as it came, and the number of the connection on which it did."""

    head: bytes
    body: bytes
    connection: int

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n")[0].decode()

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def part(self) -> str:
        """Of the protocol: snapshot, evaluate or buckets."""
        path = self.line.split()[1]
        return "buckets" if path.endswith("/buckets.bin") else path.rsplit("/", 1)[-1]

    @property
    def range(self) -> tuple[int, int]:
        first, last = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["range"]).groups()
        return int(first), int(last)


def response(status: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    """A response in one piece."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ["\r\n".join([*lines, "", ""]).encode() + body]


def shares(answer: Evaluated, **changed: object) -> bytes:
    """An evaluator's answer in JSON."""
    share = {"share": 1, "elements": [one.hex() for one in answer.elements], "proof": answer.proof.hex()}
    return json.dumps([share | changed]).encode()


@dataclass
class Server:
    """What is served, and what was asked.

    Attributes:
        address: of it.
        published: the snapshot.
        key: of the evaluator.
        requests: in the order in which they came.
        lies: for a part of the protocol, who answers instead.
        stopping: set when the test is over.
        sent: bytes that were handed to the network.
        connections: how many there were.
        open: how many there are.
        taken: from where connections came.
    """

    published: Published
    key: EvaluationKey = KEY
    address: str = ""
    requests: list[Request] = field(default_factory=list)
    lies: dict[str, Callable[[Request], Answer]] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    sent: int = 0
    connections: int = 0
    open: int = 0
    taken: set[tuple[str, int]] = field(default_factory=set)
    counting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def wait_until_left(self) -> None:
        """Wait until no connection is open, so that nothing that was asked is still to be noted."""
        place = urlsplit(self.address)
        with socket.create_connection(
            (place.hostname, place.port)
        ) as last:  # taken after all that wait to be
            mine = last.getsockname()
            while mine not in self.taken:
                time.sleep(0.01)
        while self.open:
            time.sleep(0.01)

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.lies.get(request.part, self.honest)(request)

    def honest(self, request: Request) -> Answer:
        """What a server that follows the protocol answers."""
        return {"snapshot": self.snapshot, "evaluate": self.evaluate, "buckets": self.bucket}[request.part](
            request
        )

    def snapshot(self, request: Request) -> Answer:
        return response("200 OK", (self.published.folder / "v1" / "snapshot").read_bytes())

    def evaluate(self, request: Request) -> Answer:
        return response("200 OK", shares(self.evaluated(request)), {"Content-Type": "application/json"})

    def evaluated(self, request: Request, key: EvaluationKey | None = None) -> Evaluated:
        asked = json.loads(request.body)
        elements = [Element(bytes.fromhex(one)) for one in asked["elements"]]
        return LocalEvaluator(key or self.key).evaluate(asked["epoch"], elements)

    def bucket(self, request: Request) -> Answer:
        first, last = request.range
        return response("206 Partial Content", self.bytes_of(first, last), self.range_header(first, last))

    def bytes_of(self, first: int, last: int) -> bytes:
        snapshot = self.published.snapshot
        with (self.published.folder / f"v1/snapshots/{snapshot.id}/buckets.bin").open("rb") as file:
            file.seek(first)
            return file.read(last - first + 1)

    def range_header(self, first: int, last: int) -> dict[str, str]:
        return {"Content-Range": f"bytes {first}-{last}/{self.published.snapshot.buckets_bytes}"}


@contextmanager
def serving(
    published: Published, key: EvaluationKey = KEY, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """A server, for as long as the block runs; https with a context."""
    server = Server(published, key)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with server.counting:
                server.connections += 1
                self.number = server.connections
            try:
                self.serve()
            finally:
                with server.counting:
                    server.open -= 1

        def serve(self) -> None:
            with suppress(OSError):  # the client has gone
                while not server.stopping.is_set() and (request := self.read()):
                    for piece in server.answer(request):
                        if server.stopping.is_set():
                            return
                        self.wfile.write(piece)
                        server.sent += len(piece)

        def read(self) -> Request | None:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = self.rfile.readline()
                if not line:
                    return None
                head += line
            length = re.search(rb"(?i)^content-length: (\d+)\r$", head, re.MULTILINE)
            return Request(head, self.rfile.read(int(length[1])) if length else b"", self.number)

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def process_request(self, request: Any, client_address: Any) -> None:
            with server.counting:
                server.open += 1
                server.taken.add(client_address)
            super().process_request(request, client_address)

    with Threads(("127.0.0.1", 0), Handler) as listening:
        server.address = f"http{'s' if tls else ''}://127.0.0.1:{listening.server_address[1]}"
        if tls:
            listening.socket = tls.wrap_socket(listening.socket, server_side=True)
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            listening.shutdown()
            thread.join()
