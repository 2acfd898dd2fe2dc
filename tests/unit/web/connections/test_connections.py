"""What comes over real sockets and makes no sense, or half of it: the server's own answers, and its end."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from contextlib import suppress
from ipaddress import ip_network

import pytest

from floodmark.web.settings import Limits

from ..hot.served import served
from ..hot.test_evaluate import body
from .clients import GET, LONG, POST, connected, ordinary, to_the_end, wait_until

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.77"])


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
def test_what_is_no_request_is_refused_with_a_problem(patient, data):
    with connected(patient) as one:
        one.sendall(data)
        answer = to_the_end(one)
    assert b'"type":"/problems/bad-request"' in answer and answer.count(b"HTTP/1.1 400 ") == 1
    assert ordinary(patient)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 60_000,
        b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 60_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 9_000,
    ],
)
def test_a_head_without_end_is_refused(patient, head):
    with connected(patient) as one:
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
def test_a_head_is_too_long_though_it_comes_in_one_packet_or_behind_another(patient, before, head):
    with connected(patient) as one:
        one.sendall(before + head)
        assert b"HTTP/1.1 431 " in to_the_end(one)


def test_a_long_head_that_ends_is_read(patient):
    assert patient.ask("GET", "/v1/snapshot", headers={"X-Long": "a" * 20_000}).status_code == 200


@pytest.mark.parametrize(
    "trailers", [b"a:b\r\n" * 10_000, b"a:" + b"b" * 60_000 + b"\r\n", b"a" * 60_000 + b":b\r\n"]
)
@pytest.mark.parametrize("size", [1_000, 60_100])
def test_what_follows_a_body_counts_with_its_head(patient, trailers, size):
    data = POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + trailers + b"\r\n"
    with connected(patient) as one:
        with suppress(OSError):
            for at in range(0, len(data), size):
                one.sendall(data[at : at + size])
        assert to_the_end(one).startswith(b"HTTP/1.1 431 ")


def test_a_body_in_many_small_chunks_is_read(patient):
    text = json.dumps(body(20)).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % one for one in text) + b"0\r\n\r\n"
    with connected(patient) as one:
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


def test_requests_that_come_together_are_answered_in_their_order(patient, published):
    asked = b"".join(
        f"GET /v1/snapshots/{published.snapshot.id}/{number} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        for number in range(50)
    )
    with connected(patient) as one:
        one.sendall(asked)
        answers = to_the_end(one).split(b"HTTP/1.1 200 OK\r\n")[1:]
    size = published.snapshot.answer_bytes
    path = published.folder / f"v1/snapshots/{published.snapshot.id}/buckets.bin"
    assert b"".join(answer[-size:] for answer in answers) == path.read_bytes()[: 50 * size]


def test_thousands_of_requests_that_come_together_are_not_kept(patient):
    with connected(patient) as one:
        one.sendall(GET * 5000)
        assert to_the_end(one).count(b"HTTP/1.1 200 OK") < 200


def test_who_has_nothing_more_to_say_is_still_answered(patient):
    text = b'{"epoch":1}'
    with connected(patient) as one:
        one.sendall(GET + POST + b"Content-Length: %d\r\n\r\n" % len(text) + text)
        one.shutdown(socket.SHUT_WR)
        answers = to_the_end(one)
    assert re.findall(rb"HTTP/1.1 (\d+) ", answers) == [b"200", b"400"]
    with connected(patient) as one:
        one.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(text))
        one.shutdown(socket.SHUT_WR)
        assert to_the_end(one) == b""


def test_who_asks_whether_to_go_on_is_told_so(patient):
    text = b'{"epoch":1}'
    with connected(patient) as one:
        one.sendall(POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(text))
        assert one.recv(1 << 16) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(text)
        assert to_the_end(one).startswith(b"HTTP/1.1 400 ")


def test_who_would_change_the_protocol_is_answered_in_this_one(patient):
    head = GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    with connected(patient) as one:
        one.sendall(head)
        assert to_the_end(one).startswith(b"HTTP/1.1 200 OK\r\n")


def test_what_comes_behind_one_who_would_change_the_protocol_is_answered_too(patient):
    other = GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    text = b'{"epoch":1}'
    with connected(patient) as one:
        one.sendall(other + GET + other + other + POST + b"Content-Length: %d\r\n\r\n" % len(text) + text)
        answers = to_the_end(one)
    assert re.findall(rb"HTTP/1.1 (\d+) ", answers) == [b"200"] * 4 + [b"400"]


@pytest.mark.parametrize("length", [b"Content-Length: 41", b"Transfer-Encoding: chunked"])
def test_a_body_is_never_taken_for_the_next_request(patient, length):
    head = POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + length + b"\r\n\r\n"
    with connected(patient) as one:
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
def test_a_request_is_for_one_host_and_in_no_coding_but_chunks(patient, headers, status):
    with connected(patient) as one:
        one.sendall(b"GET /v1/snapshot " + headers + b"\r\n")
        assert to_the_end(one).split(b" ")[1] == b"%d" % status


def test_what_no_application_answers_has_the_headers_of_security_too(patient):
    with connected(patient) as one:
        one.sendall(b"hello\r\n\r\n")
        answer = to_the_end(one)
    assert b"x-content-type-options: nosniff\r\n" in answer and b"\r\ncache-control: no-store\r\n" in answer
    assert b"content-security-policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n" in answer


def test_who_breaks_off_anywhere_leaves_nothing_behind(published, tmp_path):
    whole = POST + b"Content-Length: 12\r\n\r\n" + b'{"epoch": 1}'
    with served(published.folder, tmp_path) as site:
        for end in range(0, len(whole), 7):
            with connected(site) as one:
                one.sendall(whole[:end])
                one.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
                )  # a reset, no farewell
        assert ordinary(site)
        wait_until(lambda: not site.server.server_state.connections)


def test_a_server_that_is_told_to_stop_ends_what_it_works_for(published, tmp_path):
    working, goes_on = threading.Event(), threading.Event()

    async def works(scope, receive, send):
        working.set()
        while not goes_on.is_set():
            await asyncio.sleep(0.01)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"done"})

    # An address of its own: at the port of another, somebody else may listen as soon as this server has gone.
    with (
        served(published.folder, tmp_path, then=works, host="127.0.0.77") as site,
        connected(site) as one,
        connected(site) as idle,
    ):
        one.sendall(b"GET /work HTTP/1.1\r\nHost: x\r\n\r\n")
        assert working.wait(LONG)
        site.server.should_exit = True
        assert to_the_end(idle) == b""
        with pytest.raises(ConnectionRefusedError), connected(site):
            pass
        goes_on.set()
        assert to_the_end(one).endswith(b"done")
