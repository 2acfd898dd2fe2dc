"""Connections over real sockets: clients that are slow, half gone, too many, or make no sense."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket
import threading
import time
from array import array
from contextlib import ExitStack, contextmanager, suppress
from fcntl import ioctl
from ipaddress import ip_network

import pytest

from floodmark.exposure.check import check
from floodmark.web.connections import Door
from floodmark.web.patience import Patience
from floodmark.web.serving import UNSENT
from floodmark.web.settings import Limits

from ...exposure.check.published import EMAIL, NOW, ROOT, publish
from ..hot.served import served
from ..hot.test_evaluate import body, left

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
HASTY = Patience(head=0.3, body=0.3, next=0.3, taking=0.3, end=0.3)
GET = b"GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
ALONE = {"Connection": "close"}  # a connection that is kept may be closed just as it is used again
SIOCOUTQNSD = 0x894B  # tcp(7): bytes that were not sent yet
LONG = 30  # seconds after which a test has failed


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A snapshot directory, of which nothing may be changed."""
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture
def hasty(published, tmp_path):
    """A server without patience."""
    with served(published.folder, tmp_path, patience=HASTY) as found:
        yield found


@contextmanager
def connected(site, source="127.0.0.1", receive=None):
    with socket.socket() as made:
        made.settimeout(LONG)
        if receive is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        made.bind((source, 0))
        made.connect(("127.0.0.1", site.port))
        yield made


def to_the_end(connection):
    """All that comes until the server closes, or breaks off."""
    found = bytearray()
    with suppress(ConnectionError):
        while piece := connection.recv(1 << 20):
            found += piece
    return bytes(found)


def trickle(connection, data, pause=0.02):
    """Send a byte at a time until the server has had enough; what it says then."""
    with suppress(OSError):
        for at in range(len(data)):
            connection.sendall(data[at : at + 1])
            connection.settimeout(pause)
            with suppress(TimeoutError):
                return connection.recv(1 << 20)
    connection.settimeout(LONG)
    return to_the_end(connection)


def ordinary(site):
    """An ordinary check from this machine succeeds."""
    found = check(EMAIL, source=site.address, root_key=ROOT.public, clock=lambda: NOW)
    return [leak.slug for leak in found.identifiers[0].leaks] == ["first"]


# Those who send slowly


def test_headers_that_trickle_in_are_not_waited_for(hasty):
    with connected(hasty) as one:
        answer = trickle(one, GET[:-2] + b"X-Slow: " + b"a" * 5000)
    assert answer.startswith(b"HTTP/1.1 408 Request timeout\r\n")
    assert b'"type":"/problems/request-timeout"' in answer and b"connection: close" in answer


def test_a_connection_without_a_word_is_closed_without_one(hasty):
    with connected(hasty) as one:
        assert to_the_end(one) == b""


def test_a_body_that_trickles_in_is_not_waited_for_and_costs_nothing(hasty):
    before = left(hasty.post(json=body(), headers=ALONE))
    with connected(hasty) as one:
        one.sendall(POST + b"Content-Length: 5000\r\n\r\n")
        answer = trickle(one, b" " * 5000)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert left(hasty.post(json=body(), headers=ALONE)) == before - 1


def test_a_body_that_stops_is_not_waited_for(hasty):
    with connected(hasty) as one:
        one.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{")
        assert to_the_end(one).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_goes_on_after_its_answer_is_ended(hasty):
    with connected(hasty) as one:
        one.sendall(b"POST /v1/snapshot HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        assert one.recv(1 << 16).startswith(b"HTTP/1.1 405 ")
        ended = False
        for _ in range(1000):
            try:
                one.sendall(b" " * 10_000)
            except OSError:
                ended = True
                break
            time.sleep(0.01)
    assert ended


def test_a_connection_that_asks_nothing_more_is_closed(hasty):
    with connected(hasty) as one:
        one.sendall(GET + GET)
        answers = to_the_end(one)
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == 2


def test_headers_that_trickle_in_on_a_connection_that_asked_before_are_not_waited_for(hasty):
    with connected(hasty) as one:
        one.sendall(GET)
        assert one.recv(1 << 16).startswith(b"HTTP/1.1 200 OK\r\n")
        time.sleep(0.05)
        assert b"HTTP/1.1 408 " in trickle(one, GET[:-2] + b"X-Slow: " + b"a" * 5000)


# Those who read slowly


def test_who_does_not_read_an_answer_is_left(hasty, published):
    path = f"/v1/snapshots/{published.snapshot.id}/buckets.bin"
    with connected(hasty, receive=4096) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert one.recv(10)
        wait_until(lambda: not hasty.server.server_state.connections)
        assert len(to_the_end(one)) < published.snapshot.buckets_bytes


def test_who_asks_again_and_again_and_reads_nothing_is_left(hasty):
    with connected(hasty, receive=4096) as one:
        with suppress(OSError):
            for _ in range(200):
                one.settimeout(0.2)
                one.sendall(GET * 5000)
        wait_until(lambda: not hasty.server.server_state.connections)


def test_little_is_kept_by_the_system_for_who_does_not_read(published, tmp_path):
    path = f"/v1/snapshots/{published.snapshot.id}/buckets.bin"
    with served(published.folder, tmp_path) as site, connected(site, receive=4096) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert one.recv(10)
        (held,) = site.server.server_state.connections
        wait_until(lambda: held.flow.write_paused)
        unsent = array("i", [0])
        ioctl(held.transport.get_extra_info("socket").fileno(), SIOCOUTQNSD, unsent)
    assert 0 < unsent[0] <= 2 * UNSENT  # the last piece may lie over it


def test_who_reads_slowly_and_steadily_gets_all_of_it(published, tmp_path):
    path = f"/v1/snapshots/{published.snapshot.id}/buckets.bin"
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: bytes=0-3999999\r\n\r\n".encode()
    patience = Patience(taking=2, end=2)
    with served(published.folder, tmp_path, patience=patience) as site, connected(site, receive=4096) as one:
        one.sendall(head)
        size = 0
        while piece := one.recv(16_000):
            size += len(piece)
            time.sleep(0.002)
    assert size > 4_000_000


# Those who are too many


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
    patience = Patience(most=400, most_of_block=50)
    with served(published.folder, tmp_path, patience=patience) as site, ExitStack() as stack:
        for number in range(2000):
            one = stack.enter_context(connected(site, f"127.0.{number % 16}.{number % 251 + 1}"))
            with suppress(OSError):
                one.sendall(begun)
            assert number % 500 or ordinary(site)
        assert ordinary(site)
        assert len(site.server.server_state.connections) <= 401


@pytest.mark.usefixtures("descriptors")
def test_one_address_with_all_of_its_connections_keeps_not_even_itself_out(published, tmp_path):
    patience = Patience(most=400, most_of_block=50)
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
        served(published.folder, tmp_path, patience=Patience(most=40, most_of_block=10)) as site,
        ExitStack() as stack,
    ):
        for number in range(100):
            stack.enter_context(connected(site, f"127.0.0.{number % 20 + 2}", receive=4096)).sendall(head)
        assert ordinary(site)


def test_who_is_worked_for_is_not_given_up_for_newcomers(published, tmp_path):
    goes_on = threading.Event()
    working = threading.Semaphore(0)

    async def works(scope, receive, send):
        working.release()
        while not goes_on.is_set():
            await asyncio.sleep(0.01)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"done"})

    patience = Patience(head=0.5, body=0.5, next=0.5, taking=0.5, end=0.5, most=3, most_of_block=2)
    with served(published.folder, tmp_path, patience=patience, then=works) as site, ExitStack() as stack:
        busy = [
            stack.enter_context(connected(site, source)) for source in ("127.0.0.1", "127.0.0.1", "127.0.0.2")
        ]
        for one in busy:
            one.sendall(b"GET /work HTTP/1.1\r\nHost: x\r\n\r\n")
            assert working.acquire(timeout=LONG)
        for source in ("127.0.0.1", "127.0.0.3"):
            with connected(site, source) as refused:
                answer = to_the_end(refused)
                assert answer.startswith(b"HTTP/1.1 503 ") and b"too-many-connections" in answer
        time.sleep(1)  # longer than there is patience for anybody who is waited for
        goes_on.set()
        assert all(to_the_end(one).endswith(b"done") for one in busy)


# Those who make no sense, or half of it


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_what_is_no_request_is_refused_with_a_problem(hasty, data):
    with connected(hasty) as one:
        one.sendall(data)
        answer = to_the_end(one)
    assert b'"type":"/problems/bad-request"' in answer and answer.count(b"HTTP/1.1 400 ") == 1
    assert ordinary(hasty)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 60_000,
        b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 60_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 9_000,
    ],
)
def test_a_head_without_end_is_refused(published, tmp_path, head):
    with served(published.folder, tmp_path) as site, connected(site) as one:
        with suppress(OSError):
            for at in range(0, len(head), 1000):
                one.sendall(head[at : at + 1000])
        assert b"head-too-long" in to_the_end(one)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 6_000 + b"\r\n",
    ],
)
@pytest.mark.parametrize("before", [b"", GET])
def test_a_head_is_too_long_though_it_comes_in_one_packet_or_behind_another(hasty, before, head):
    with connected(hasty) as one:
        one.sendall(before + head)
        assert b"HTTP/1.1 431 " in to_the_end(one)


def test_a_long_head_that_ends_is_read(hasty):
    assert hasty.ask("GET", "/v1/snapshot", headers={"X-Long": "a" * 20_000}).status_code == 200


@pytest.mark.parametrize(
    "trailers", [b"a:b\r\n" * 10_000, b"a:" + b"b" * 60_000 + b"\r\n", b"a" * 60_000 + b":b\r\n"]
)
@pytest.mark.parametrize("size", [1_000, 60_100])
def test_what_follows_a_body_counts_with_its_head(hasty, trailers, size):
    data = POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + trailers + b"\r\n"
    with connected(hasty) as one:
        with suppress(OSError):
            for at in range(0, len(data), size):
                one.sendall(data[at : at + size])
        assert to_the_end(one).startswith(b"HTTP/1.1 431 ")


def test_a_body_in_many_small_chunks_is_read(hasty):
    text = json.dumps(body(20)).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % one for one in text) + b"0\r\n\r\n"
    with connected(hasty) as one:
        one.sendall(POST + b"Padding: %s\r\nTransfer-Encoding: chunked\r\n\r\n" % (b"a" * 30_000) + chunks)
        assert to_the_end(one).startswith(b"HTTP/1.1 200 OK\r\n")


def test_what_follows_a_body_is_no_header(published, tmp_path):
    trailers = b"X-Forwarded-For: 198.51.100.%d\r\nAuthorization: Bearer fmk_made_up\r\n"
    text = json.dumps(body()).encode()
    head = POST + b"X-Forwarded-For: 192.0.2.7\r\nTransfer-Encoding: chunked\r\n\r\n"
    answers = b""
    with served(
        published.folder, tmp_path, limits=Limits(address=2), trusted_proxies=(ip_network("127.0.0.1"),)
    ) as site:
        for number in range(3):
            with connected(site) as one:
                one.sendall(head + b"%x\r\n%s\r\n0\r\n" % (len(text), text) + trailers % number + b"\r\n")
                one.shutdown(socket.SHUT_WR)
                answers += to_the_end(one)
    assert re.findall(rb"HTTP/1.1 (\d+) ", answers) == [b"200", b"200", b"429"]


def test_requests_that_come_together_are_answered_in_their_order(hasty, published):
    asked = b"".join(
        f"GET /v1/snapshots/{published.snapshot.id}/{number} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        for number in range(50)
    )
    with connected(hasty) as one:
        one.sendall(asked)
        answers = to_the_end(one).split(b"HTTP/1.1 200 OK\r\n")[1:]
    size = published.snapshot.answer_bytes
    path = published.folder / f"v1/snapshots/{published.snapshot.id}/buckets.bin"
    assert b"".join(answer[-size:] for answer in answers) == path.read_bytes()[: 50 * size]


def test_thousands_of_requests_that_come_together_are_not_kept(hasty):
    with connected(hasty) as one:
        one.sendall(GET * 5000)
        assert to_the_end(one).count(b"HTTP/1.1 200 OK") < 200


def test_who_has_nothing_more_to_say_is_still_answered(hasty):
    text = b'{"epoch":1}'
    with connected(hasty) as one:
        one.sendall(GET + POST + b"Content-Length: %d\r\n\r\n" % len(text) + text)
        one.shutdown(socket.SHUT_WR)
        answers = to_the_end(one)
    assert re.findall(rb"HTTP/1.1 (\d+) ", answers) == [b"200", b"400"]
    with connected(hasty) as one:
        one.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(text))
        one.shutdown(socket.SHUT_WR)
        assert to_the_end(one) == b""


def test_who_asks_whether_to_go_on_is_told_so(hasty):
    text = b'{"epoch":1}'
    with connected(hasty) as one:
        one.sendall(POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(text))
        assert one.recv(1 << 16) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(text)
        assert to_the_end(one).startswith(b"HTTP/1.1 400 ")


def test_who_would_change_the_protocol_is_answered_in_this_one(hasty):
    head = GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    with connected(hasty) as one:
        one.sendall(head)
        assert to_the_end(one).startswith(b"HTTP/1.1 200 OK\r\n")


def test_what_comes_behind_one_who_would_change_the_protocol_is_answered_too(hasty):
    other = GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    text = b'{"epoch":1}'
    with connected(hasty) as one:
        one.sendall(other + GET + other + other + POST + b"Content-Length: %d\r\n\r\n" % len(text) + text)
        answers = to_the_end(one)
    assert re.findall(rb"HTTP/1.1 (\d+) ", answers) == [b"200"] * 4 + [b"400"]


@pytest.mark.parametrize("length", [b"Content-Length: 41", b"Transfer-Encoding: chunked"])
def test_a_body_is_never_taken_for_the_next_request(hasty, length):
    head = POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + length + b"\r\n\r\n"
    with connected(hasty) as one:
        one.sendall(head)
        with suppress(OSError):
            one.sendall(GET)
        answers = to_the_end(one)
    assert re.findall(rb"HTTP/1.1 (\d+) ", answers) == [b"400"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"HTTP/1.1\r\n", 400),
        (b"HTTP/1.1\r\nHost: x\r\nHost: x\r\n", 400),
        (b"HTTP/1.0\r\nHost: x\r\nHost: x\r\n", 400),
        (b"HTTP/1.0\r\n", 200),
        (b"HTTP/1.1\r\nHost:\r\nConnection: close\r\n", 200),
        (b"HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n", 501),
        (b"HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", 501),
    ],
)
def test_a_request_is_for_one_host_and_in_no_coding_but_chunks(hasty, headers, status):
    with connected(hasty) as one:
        one.sendall(b"GET /v1/snapshot " + headers + b"\r\n")
        assert to_the_end(one).split(b" ")[1] == b"%d" % status


def test_what_no_application_answers_has_the_headers_of_security_too(hasty):
    with connected(hasty) as one:
        one.sendall(b"hello\r\n\r\n")
        answer = to_the_end(one)
    assert b"x-content-type-options: nosniff\r\n" in answer and b"\r\ncache-control: no-store\r\n" in answer
    assert b"content-security-policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n" in answer


def test_who_breaks_off_anywhere_leaves_nothing_behind(hasty):
    whole = POST + b"Content-Length: 12\r\n\r\n" + b'{"epoch": 1}'
    for end in range(0, len(whole), 7):
        with connected(hasty) as one:
            one.sendall(whole[:end])
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, no farewell
    assert ordinary(hasty)
    hasty.client.close()
    wait_until(lambda: not hasty.server.server_state.connections)


def test_a_server_that_is_told_to_stop_ends_what_it_works_for(published, tmp_path):
    working = threading.Event()

    async def works(scope, receive, send):
        working.set()
        await asyncio.sleep(0.5)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"done"})

    with served(published.folder, tmp_path, then=works) as site, connected(site) as one:
        with connected(site) as idle:
            one.sendall(b"GET /work HTTP/1.1\r\nHost: x\r\n\r\n")
            assert working.wait(LONG)
            site.server.should_exit = True
            assert to_the_end(one).endswith(b"done")
            assert to_the_end(idle) == b""
        with pytest.raises(ConnectionRefusedError), connected(site):
            pass


def wait_until(true):
    for _ in range(LONG * 100):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to that")
