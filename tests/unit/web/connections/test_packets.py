"""However requests are cut into packets, and whatever comes in their place: the same answers, and never a failure."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..hot.served import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
SOMETIMES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
BASE = b"e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"
ASKED = b'{"epoch":2,"elements":["%s"]}' % BASE
REQUESTS = [
    b"GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n",
    b"HEAD /v1/snapshots/%s/7 HTTP/1.1\r\nHost: x\r\n\r\n" % (b"0a" * 16),
    b"GET /v1/snapshots/%s/buckets.bin HTTP/1.1\r\nHost: x\r\nRange: bytes=5-900\r\n\r\n" % (b"0a" * 16),
    b"OPTIONS /v1/evaluate HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    % (len(ASKED), ASKED),
    b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\n{}}\r\n0\r\n\r\n",
    b"DELETE /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n",
]
LAST = b"GET /v1/snapshots/none/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def site(published, tmp_path_factory):
    with served(published.folder, tmp_path_factory.mktemp("budgets")) as found:
        yield found


def answers(site, packets):
    """All that comes back, without the time."""
    found = bytearray()
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):  # of a server that has refused what it read and closed
            for packet in packets:
                one.sendall(packet)
            one.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while piece := one.recv(1 << 16):
                found += piece
    return re.sub(rb"date: [^\r]*\r\n", b"", bytes(found))


@SOMETIMES
@given(
    chosen=st.lists(st.sampled_from(REQUESTS), max_size=6), cuts=st.sets(st.integers(1, 1500), max_size=12)
)
def test_packets_end_where_they_like(site, chosen, cuts):
    whole = b"".join([*chosen, LAST])
    alone = b"".join(
        re.sub(rb"connection: close\r\n", b"", answers(site, [_closing(request)]))
        for request in [*chosen, LAST]
    )
    ends = [0, *sorted(cut for cut in cuts if cut < len(whole)), len(whole)]
    packets = [whole[start:end] for start, end in pairwise(ends)]
    assert re.sub(rb"connection: close\r\n", b"", answers(site, packets)) == alone


def _closing(request):
    return request.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n", 1)


parts = [
    b"GET ",
    b"/",
    b"HTTP/1.1",
    b"HTTP/1.0",
    b"\r\n",
    b"\r\n\r\n",
    b"Host: x",
    b"Content-Length: 9",
    b":",
    b"\0",
]
words = st.sampled_from([*REQUESTS, *parts])


@SOMETIMES
@given(st.lists(words | st.binary(max_size=30), min_size=1, max_size=12))
def test_whatever_comes_is_answered_or_refused_and_breaks_nothing(site, said):
    found = answers(site, [b"".join(said)])
    statuses = {int(one) for one in re.findall(rb"HTTP/1\.1 (\d{3}) ", found)}
    assert not {status for status in statuses if status >= 500}
    assert site.ask("GET", "/v1/snapshot").status_code == 200
