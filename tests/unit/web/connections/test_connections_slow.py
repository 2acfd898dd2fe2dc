"""Clients over real sockets that send slowly, read slowly, or do neither: how long they are waited for."""

from __future__ import annotations

import time
from array import array
from contextlib import contextmanager, suppress
from fcntl import ioctl

import pytest

from floodmark.web.patience import Awaited
from floodmark.web.serving import UNSENT

from ..hot.served import served
from .clients import GET, LONG, POST, Told, connected, left_after_one, to_the_end, trickle, wait_until

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
SIOCOUTQNSD = 0x894B  # tcp(7): bytes that were not sent yet
SHORT = 0.3  # seconds


@pytest.fixture
def short_of(published, tmp_path):
    """A function that makes a server without patience for something."""

    @contextmanager
    def make(*awaited):
        patience = Told(**{what.value: SHORT for what in awaited})
        with served(published.folder, tmp_path, patience=patience) as found:
            yield found

    return make


@pytest.fixture
def told(published, tmp_path):
    """A server, and its patience."""
    patience = Told()
    with served(published.folder, tmp_path, patience=patience) as found:
        yield found, patience


# Those who send slowly


def test_headers_that_trickle_in_are_not_waited_for(short_of):
    with short_of(Awaited.HEAD) as site, connected(site) as one:
        answer = trickle(one, GET[:-2] + b"X-Slow: " + b"a" * 5000)
    assert answer.startswith(b"HTTP/1.1 408 Request timeout\r\n")
    assert b'"type":"/problems/request-timeout"' in answer and b"connection: close" in answer


def test_a_connection_without_a_word_is_closed_without_one(short_of):
    with short_of(Awaited.HEAD) as site, connected(site) as one:
        assert to_the_end(one) == b""


def test_a_body_that_trickles_in_is_not_waited_for_and_costs_nothing(short_of):
    with short_of(Awaited.BODY) as site:
        before = left_after_one(site)
        with connected(site) as one:
            one.sendall(POST + b"Content-Length: 5000\r\n\r\n")
            answer = trickle(one, b" " * 5000)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert left_after_one(site) == before - 1


def test_a_body_that_stops_is_not_waited_for(short_of):
    with short_of(Awaited.BODY) as site, connected(site) as one:
        one.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{")
        assert to_the_end(one).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_goes_on_after_its_answer_is_ended(short_of):
    with short_of(Awaited.BODY, Awaited.END) as site, connected(site) as one:
        one.sendall(b"POST /v1/snapshot HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        assert one.recv(1 << 16).startswith(b"HTTP/1.1 405 ")
        end = time.monotonic() + LONG
        with pytest.raises(ConnectionError):
            while time.monotonic() < end:
                one.sendall(b" " * 10_000)
                time.sleep(0.01)


def test_a_connection_that_asks_nothing_more_is_closed(short_of):
    with short_of(Awaited.NEXT) as site, connected(site) as one:
        one.sendall(GET + GET)
        answers = to_the_end(one)
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == 2


def test_headers_that_trickle_in_on_a_connection_that_asked_before_are_not_waited_for(told):
    site, patience = told
    with connected(site) as one:
        one.sendall(GET)
        assert one.recv(1 << 16).startswith(b"HTTP/1.1 200 OK\r\n")
        patience.told[Awaited.HEAD] = lambda: SHORT
        assert b"HTTP/1.1 408 " in trickle(one, GET[:-2] + b"X-Slow: " + b"a" * 5000)


# Those who read slowly


def test_who_does_not_read_an_answer_is_left(told, published):
    site, patience = told
    path = f"/v1/snapshots/{published.snapshot.id}/buckets.bin"
    with connected(site, receive=4096) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert one.recv(10)
        (held,) = site.server.server_state.connections
        wait_until(lambda: held.flow.write_paused)
        patience.is_over(Awaited.TAKING)
        wait_until(lambda: not site.server.server_state.connections)
        assert len(to_the_end(one)) < published.snapshot.buckets_bytes


def test_who_asks_again_and_again_and_reads_nothing_is_left(short_of):
    with short_of(*Awaited) as site, connected(site, receive=4096) as one:
        with suppress(OSError):
            for _ in range(200):
                one.settimeout(0.2)
                one.sendall(GET * 5000)
        wait_until(lambda: not site.server.server_state.connections)


def test_little_is_kept_by_the_system_for_who_does_not_read(told, published):
    site, _ = told
    path = f"/v1/snapshots/{published.snapshot.id}/buckets.bin"
    with connected(site, receive=4096) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert one.recv(10)
        (held,) = site.server.server_state.connections
        wait_until(lambda: held.flow.write_paused)
        unsent = array("i", [0])
        ioctl(held.transport.get_extra_info("socket").fileno(), SIOCOUTQNSD, unsent)
    assert 0 < unsent[0] <= 2 * UNSENT  # the last piece may lie over it


def test_who_reads_slowly_and_steadily_gets_all_of_it(told, published):
    site, patience = told
    path = f"/v1/snapshots/{published.snapshot.id}/buckets.bin"
    size, piece = 4_000_000, 600_000  # of which a part at least was not on its way yet
    head = (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: bytes=0-{size - 1}\r\n\r\n".encode()
    )
    with connected(site, receive=4096) as one:
        one.sendall(head)
        found = begun = 0
        while found < size:
            since, begun = time.monotonic(), found
            while found - begun < piece and (more := one.recv(16_000)):
                found += len(more)
            if not more:
                break
            # Who has taken nothing since the last piece was begun has to go.
            patience.told[Awaited.TAKING] = lambda since=since: time.monotonic() - since
            patience.passes()
        found += len(to_the_end(one))
    assert found > size
