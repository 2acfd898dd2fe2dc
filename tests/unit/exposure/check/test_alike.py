"""A hit and a miss are alike on the wire, byte by byte, and nothing on it is made of the identifier."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing

import pytest

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import HttpSource, check, check_async
from floodmark.exposure.check.asked import read

from .published import EMAIL, KEY, NOW, PHONE, ROOT, STRANGER, bucket_of
from .server import response
from .traces import SHORT, traces

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
HITS = [EMAIL, PHONE, "+44 20 7946 0100"]
MISSES = [STRANGER, "+44 20 7946 0999", "a@example.com", "x" * 60 + "@" + "long.example." * 14 + "org"]
ELEMENT = re.compile(rb'(?<=")[0-9a-f]{64}(?=")')
RANGE = re.compile(rb"(?<=bytes=)([0-9]+)-([0-9]+)(?=\r\n)")


def asked(server, *identifiers):
    """What was sent for a check, connection by connection, and whether anything was found."""
    server.requests.clear()
    server.connections = 0
    found = check(list(identifiers), source=server.address, root_key=ROOT.public, clock=lambda: NOW).found
    return list(server.requests), found


def without_chance(requests):
    """The bytes of requests, with as many other characters in place of the element and of the bytes of the bucket."""

    def same_length(match):
        return re.sub(rb"[0-9a-f]", b"_", match[0])

    return [
        (request.connection, RANGE.sub(same_length, ELEMENT.sub(same_length, request.raw)))
        for request in requests
    ]


def test_requests_are_the_same_bytes_in_the_same_order_for_a_hit_and_for_a_miss(server):
    captured = [asked(server, identifier) for identifier in HITS + MISSES]
    assert [found for _, found in captured] == [True] * len(HITS) + [False] * len(MISSES)
    first, *others = [without_chance(requests) for requests, _ in captured]
    assert all(other == first for other in others)
    assert [request.part for request in captured[0][0]] == ["snapshot", "evaluate", *["buckets"] * 4]


def test_what_stands_in_a_request_is_this_and_nothing_else(server):
    requests, _ = asked(server, EMAIL)
    host = server.address.removeprefix("http://").encode()
    usual = (
        b"Host: "
        + host
        + b"\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: keep-alive\r\nUser-Agent: floodmark\r\n"
    )
    bodies = [raw for _, raw in without_chance(requests)]

    def lines(raw):
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *others = head.split(b"\r\n")
        return first, sorted(others), body

    def expected(first, *more, body=b""):
        return first, sorted([*usual.strip().split(b"\r\n"), *more]), body

    path = f"/v1/snapshots/{server.published.snapshot.id}/buckets.bin".encode()
    blank = b'{"epoch": 1, "elements": ["' + b"_" * 64 + b'"]}'
    digits = b"_" * len(str(server.published.snapshot.buckets_bytes))
    assert [lines(raw) for raw in bodies] == [
        expected(b"GET /v1/snapshot HTTP/1.1"),
        expected(
            b"POST /v1/evaluate HTTP/1.1",
            b"Content-Type: application/json",
            b"Content-Length: %d" % len(blank),
            body=blank,
        ),
        *[expected(b"GET " + path + b" HTTP/1.1", b"Range: bytes=" + digits + b"-" + digits)] * 4,
    ]


def test_answers_are_as_long_for_a_hit_as_for_a_miss(server):
    sizes = set()
    for identifier in HITS + MISSES:
        requests, _ = asked(server, identifier)
        sizes.add(tuple(last - first + 1 for first, last in (request.range for request in requests[2:])))
    assert sizes == {(server.published.snapshot.answer_bytes,) * 4}


def test_several_are_asked_about_alike_however_many_are_found(server):
    captured = [
        without_chance(asked(server, *identifiers)[0])
        for identifiers in (HITS, MISSES[:3], [EMAIL, *MISSES[:2]], [EMAIL, EMAIL, EMAIL])
    ]
    assert all(other == captured[0] for other in captured[1:])


def test_a_request_for_any_bucket_is_as_long(server):
    with closing(HttpSource(server.address)) as source:
        for number in (0, 1, 9, 4095, 65535):
            source.bucket(server.published.snapshot, number)
    assert len({len(request.raw) for request in server.requests}) == 1
    size = server.published.snapshot.answer_bytes
    assert [request.range[0] for request in server.requests] == [n * size for n in (0, 1, 9, 4095, 65535)]


def test_an_event_loop_sends_the_same_bytes(server):
    requests, _ = asked(server, EMAIL)
    server.requests.clear()
    server.connections = 0
    asyncio.run(check_async(EMAIL, source=server.address, root_key=ROOT.public, clock=lambda: NOW))
    assert without_chance(server.requests) == without_chance(requests)


def without_random(server, requests):
    """All that was sent, less the element, the bytes of the buckets, the name of the snapshot and the port."""
    sent = b"\n".join(raw for _, raw in without_chance(requests))
    for random in (server.published.snapshot.id, server.address.removeprefix("http://")):
        sent = sent.replace(random.encode(), b"")
    return sent


@pytest.mark.parametrize("identifier", HITS[:2] + MISSES[:3])
def test_nothing_that_is_sent_is_made_of_the_identifier_but_by_chance_and_key(server, identifier):
    requests, _ = asked(server, identifier)
    sent = b"\n".join(request.raw for request in requests)
    lowered = sent.lower()
    # Four letters stand in random digits by chance, so what is short is looked for in what is not random.
    fixed = without_random(server, requests).lower()
    for trace in traces(identifier, KEY.pair.private):
        assert trace.lower() not in (fixed if len(trace) < SHORT else lowered)
    assert bucket_of(read(identifier).data) in [
        request.range[0] // server.published.snapshot.answer_bytes for request in requests[2:]
    ]


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("lie", ["500 Oh", "404 None", "tampered", "short"])
def test_a_bucket_that_fails_fails_alike_for_a_hit_and_a_miss(server, place, lie):
    asked_for = []

    def failing(request):
        asked_for.append(request)
        if len(asked_for) != place + 1:
            return server.honest(request)
        if lie[0].isdigit():
            return response(lie)
        first, last = request.range
        body = server.bytes_of(first, last)
        body = body[:-1] if lie == "short" else body[:-1] + bytes([body[-1] ^ 1])
        return response("206 Partial Content", body, server.range_header(first, last))

    server.lies["buckets"] = failing
    told = []
    for identifier in (EMAIL, STRANGER):
        asked_for.clear()
        with pytest.raises(FloodmarkError) as found:
            asked(server, identifier)
        error = found.value
        told.append((type(error), error.message, error.hint, without_chance(server.requests)))
    assert told[0] == told[1]
    assert len(told[0][3]) == (6 if lie == "tampered" else 3 + place)
