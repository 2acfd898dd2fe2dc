"""Whether a server may have evaluated what it did not answer, on which an organisation's budget depends."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager, suppress

import pytest

from floodmark.exposure.check import AsyncHttpEvaluator, ServerFailed
from floodmark.exposure.check.evaluation import blind_one
from floodmark.exposure.check.refusals import refusal

from .published import drawn

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


class Hour:
    """The clock of an event loop, on which an hour passes when it is told to: no deadline is over before."""

    def __init__(self) -> None:
        self._passed = 0

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        time, self._wake = loop.time, loop.call_soon_threadsafe
        loop.time = lambda: time() + self._passed  # type: ignore[method-assign]

    def passes(self) -> None:
        """For any thread."""
        self._passed = 3600
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            self._wake(lambda: None)


def failure(address: str, hour: Hour | None = None) -> ServerFailed:
    """The error with which an evaluation of one element ends."""

    async def ask() -> None:
        if hour:
            hour.start()
        async with aclosing(AsyncHttpEvaluator(address)) as evaluator:
            await evaluator.evaluate(1, [blind_one(b"email:ada@example.org", drawn(1)).element])

    with pytest.raises(ServerFailed) as caught:
        asyncio.run(ask())
    return caught.value


@contextmanager
def listening(answer: bytes | None, heard: Callable[[], None] = lambda: None) -> Iterator[str]:
    """Whoever connects is read from once and told this; None to say nothing. Gives host and port."""
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            connection, _ = server.accept()
            with connection, suppress(OSError):  # the client has gone
                if over.is_set() or not connection.recv(1 << 16):
                    return
                heard()
                if answer is None:
                    over.wait(60)
                else:
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            with socket.socket() as last:
                last.connect_ex(server.getsockname())
            thread.join()


def test_nothing_is_sent_where_nobody_listens():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert not failure(f"http://127.0.0.1:{closed.getsockname()[1]}").sent


def test_nothing_is_sent_to_who_does_not_speak_tls():
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as place:
        assert not failure(f"https://{place}").sent


def test_what_a_server_got_and_did_not_answer_was_sent():
    hour = Hour()
    with listening(None, hour.passes) as place:
        error = failure(f"http://{place}", hour)
    assert error.sent and "in time" in error.message


def test_what_a_server_got_before_it_left_was_sent():
    with listening(b"") as place:
        assert failure(f"http://{place}").sent


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"", None])
def test_nothing_is_sent_through_a_proxy_that_opens_no_tunnel(monkeypatch, answer):
    """What the proxy is asked names the server alone."""
    hour = Hour()
    with listening(answer, hour.passes if answer is None else lambda: None) as place:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{place}")
        assert not failure("https://check.example.org", hour).sent


@pytest.mark.parametrize(
    ("status", "sent"), [(202, True), (204, True), (301, False), (404, False), (500, False)]
)
def test_a_refusal_says_that_nothing_was_done_and_another_success_does_not(status, sent):
    error = refusal(status, None)
    assert isinstance(error, ServerFailed) and error.sent == sent
