"""Clients over real sockets that are too many, or too many of one address: they keep nobody else out."""

from __future__ import annotations

import asyncio
import resource
import threading
from contextlib import ExitStack, suppress
from ipaddress import ip_network

import pytest

from floodmark.web.connections import Door
from floodmark.web.patience import Awaited, Patience

from ..hot.served import served
from .clients import GET, LONG, POST, Told, connected, ordinary, to_the_end

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def descriptors():
    """As many descriptors as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("descriptors")
@pytest.mark.parametrize("begun", [b"", b"GET /v1/sna", POST + b"Content-Length: 99\r\n\r\n{", GET])
def test_thousands_that_hold_connections_keep_nobody_out(published, tmp_path, begun):
    patience = Told(most=200, most_of_block=25)
    with served(published.folder, tmp_path, patience=patience) as site, ExitStack() as stack:
        for number in range(1000):
            one = stack.enter_context(connected(site, f"127.0.{number % 16}.{number % 251 + 1}"))
            with suppress(OSError):
                one.sendall(begun)
            assert number % 250 or ordinary(site)
        assert ordinary(site)
        assert len(site.server.server_state.connections) <= 201


@pytest.mark.usefixtures("descriptors")
def test_one_address_with_all_of_its_connections_keeps_not_even_itself_out(published, tmp_path):
    patience = Told(most=400, most_of_block=50)
    with served(published.folder, tmp_path, patience=patience) as site, ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connected(site)).sendall(b"GET /")
        assert ordinary(site)
        assert len(site.server.server_state.connections) <= 51
        with connected(site, "127.0.0.9") as stranger:
            stranger.sendall(GET)
            assert stranger.recv(100).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("client", "block"),
    [
        (("192.0.2.7", 1), b"4\xc0\x00\x02\x07"),
        (("::ffff:192.0.2.7", 1), b"4\xc0\x00\x02\x07"),
        (("2001:db8:0:1234::1", 1), b"6\x20\x01\x0d\xb8\x00\x00\x12"),
        (("10.0.0.1", 1), None),
        (("::ffff:10.0.0.1", 1), None),
        (None, None),
        (("", 0), None),
    ],
)
def test_connections_are_counted_by_block_but_for_proxies(client, block):
    assert Door(Patience(), [ip_network("10.0.0.0/8")])._block(client) == block


@pytest.mark.usefixtures("descriptors")
def test_those_who_never_read_keep_nobody_out(published, tmp_path):
    path = f"/v1/snapshots/{published.snapshot.id}/buckets.bin"
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with (
        served(published.folder, tmp_path, patience=Told(most=40, most_of_block=10)) as site,
        ExitStack() as stack,
    ):
        for number in range(100):
            stack.enter_context(connected(site, f"127.0.0.{number % 20 + 2}", receive=4096)).sendall(head)
        assert ordinary(site)


def test_who_is_worked_for_is_not_given_up_for_newcomers_nor_for_taking_long(published, tmp_path):
    goes_on = threading.Event()
    working = threading.Semaphore(0)

    async def works(scope, receive, send):
        working.release()
        while not goes_on.is_set():
            await asyncio.sleep(0.01)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"done"})

    patience = Told(most=3, most_of_block=2)
    with served(published.folder, tmp_path, patience=patience, then=works) as site, ExitStack() as stack:
        busy = [
            stack.enter_context(connected(site, source)) for source in ("127.0.0.1", "127.0.0.1", "127.0.0.2")
        ]
        for one in busy:
            one.sendall(b"GET /work HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert working.acquire(timeout=LONG)
        for source in ("127.0.0.1", "127.0.0.3"):
            with connected(site, source) as refused:
                answer = to_the_end(refused)
                assert answer.startswith(b"HTTP/1.1 503 ") and b"too-many-connections" in answer
        patience.is_over(*Awaited)
        patience.passes()
        patience.told.clear()
        goes_on.set()
        assert all(to_the_end(one).endswith(b"done") for one in busy)
