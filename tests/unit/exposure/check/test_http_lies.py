"""Servers that lie, stall, pour and point elsewhere: refused in a sentence, bounded, with nothing of it shown."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from datetime import timedelta

import pytest

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import AsyncHttpSource, BudgetSpent, HttpEvaluator, HttpSource, check

from .published import EMAIL, NOW, OTHER_KEY, ROOT, Root
from .server import response, shares

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
PARTS = ("snapshot", "evaluate", "buckets")
ORDINARY = {"snapshot": "200 OK", "evaluate": "200 OK", "buckets": "206 Partial Content"}
HOSTILE = "ada@example.org \x1b]0;pwned\x07 <script>"


def refused(server, deadline=60.0):
    """The error with which a check ends."""
    with (
        closing(HttpSource(server.address, deadline=deadline)) as source,
        closing(HttpEvaluator(server.address, deadline=deadline)) as evaluator,
        pytest.raises(FloodmarkError) as found,
    ):
        check(EMAIL, source=source, evaluator=evaluator, root_key=ROOT.public, clock=lambda: NOW)
    shown = f"{found.value.message} {found.value.hint} {found.value!r}"
    assert "ada" not in shown and "pwned" not in shown and "127.0.0.1" not in shown
    return found.value


@pytest.mark.parametrize(
    ("lie", "slug"),
    [
        (lambda server, request: shares(server.evaluated(request, OTHER_KEY)), "proof-failed"),
        (lambda server, request: shares(server.evaluated(request), proof="00" * 64), "proof-failed"),
        (lambda server, request: shares(server.evaluated(request), elements=["00" * 32]), "bad-element"),
        (lambda server, request: shares(server.evaluated(request), elements=["ff" * 32]), "bad-element"),
        (lambda server, request: shares(server.evaluated(request), elements=[]), "evaluation-broken"),
        (lambda server, request: shares(server.evaluated(request), share=2), "evaluation-broken"),
        (lambda server, request: shares(server.evaluated(request), key="00" * 32), "evaluation-broken"),
        (lambda server, request: request.body, "evaluation-broken"),
        (lambda server, request: b"\x00\xff{", "evaluation-broken"),
        (lambda server, request: HOSTILE.encode(), "evaluation-broken"),
        (lambda server, request: b"[" * 500, "evaluation-broken"),
    ],
)
def test_an_evaluation_that_lies_is_refused_and_no_bucket_asked_for(server, lie, slug):
    server.lies["evaluate"] = lambda request: response("200 OK", lie(server, request))
    assert refused(server).slug == slug
    assert [request.part for request in server.requests] == ["snapshot", "evaluate"]


def test_an_evaluation_of_before_is_refused(server):
    first = []

    def replay(request):
        first.append(server.evaluated(request))
        return response("200 OK", shares(first[0]))

    server.lies["evaluate"] = replay
    options = {"source": server.address, "root_key": ROOT.public, "clock": lambda: NOW}
    assert check(EMAIL, **options).found
    assert refused(server).slug == "proof-failed"


@pytest.mark.parametrize(
    ("lie", "slug"),
    [
        (lambda published: published.envelope(Root(8)), "wrong-root-key"),
        (lambda published: published.envelope(expires_at=NOW - timedelta(1) / 2), "snapshot-expired"),
        (lambda published: published.envelope(made_at=NOW + timedelta(2)), "snapshot-from-the-future"),
        (lambda published: published.envelope(public_key=OTHER_KEY.pair.public), "wrong-epoch"),
        (lambda published: published.envelope(epoch=2), "wrong-epoch"),
        (lambda published: published.envelope().replace(b'mode\\":1', b'mode\\":0'), "snapshot-broken"),
        (lambda published: HOSTILE.encode(), "snapshot-broken"),
        (lambda published: b"", "snapshot-broken"),
    ],
)
def test_a_snapshot_that_lies_is_refused_and_nothing_else_asked(server, lie, slug):
    server.lies["snapshot"] = lambda request: response("200 OK", lie(server.published))
    assert refused(server).slug == slug
    assert [request.part for request in server.requests] == ["snapshot"]


def ranged(change):
    """A lie about buckets, from a function of the server, the first byte and the last."""

    def lie(server):
        def answer(request):
            first, last = request.range
            return change(server, first, last)

        return answer

    return lie


def partly(server, first, last, body=None, status="206 Partial Content", **headers):
    body = server.bytes_of(first, last) if body is None else body
    return response(status, body, server.range_header(first, last) | headers)


def last_changed(body):
    return body[:-1] + bytes([body[-1] ^ 1])


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (lambda s, a, b: partly(s, a, b, status="200 OK"), "server-failed"),
        (lambda s, a, b: response("206 Partial Content", s.bytes_of(a, b)), "server-failed"),
        (lambda s, a, b: partly(s, a, b, s.bytes_of(a, b - 1)), "server-failed"),
        (lambda s, a, b: partly(s, a, b, s.bytes_of(a, b) + b"\0"), "server-failed"),
        (lambda s, a, b: partly(s, a, b, b""), "server-failed"),
        (lambda s, a, b: partly(s, a, b, **s.range_header(a + 1, b + 1)), "server-failed"),
        (lambda s, a, b: partly(s, a, b, **{"Content-Range": f"bytes {a}-{b}/*"}), "server-failed"),
        (lambda s, a, b: partly(s, a, b, **{"Content-Encoding": "gzip"}), "server-failed"),
        (lambda s, a, b: partly(s, a, b, s.bytes_of(0, b - a)), "answer-broken"),
        (lambda s, a, b: partly(s, a, b, bytes(b - a + 1)), "answer-broken"),
        (lambda s, a, b: partly(s, a, b, last_changed(s.bytes_of(a, b))), "answer-broken"),
    ],
)
def test_a_bucket_that_is_not_as_it_was_asked_for_is_refused(server, change, slug):
    server.lies["buckets"] = ranged(change)(server)
    assert refused(server).slug == slug


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"]
)
def test_no_redirect_is_followed_not_even_to_itself(server, part, status):
    server.lies[part] = lambda request: response(status, headers={"Location": f"{server.address}/elsewhere"})
    error = refused(server)
    assert error.slug == "server-failed" and "another address" in error.message
    assert not any("elsewhere" in request.line for request in server.requests)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "status", ["400 Bad", "403 No", "404 None", "413 Much", "500 Oh", "503 Later", "204 Empty"]
)
def test_a_refusal_is_told_by_its_status_and_its_text_is_not_shown(server, part, status):
    problem = json.dumps({"type": "about:blank", "title": HOSTILE, "detail": HOSTILE, "status": 400}).encode()
    headers = {"Content-Type": "application/problem+json", "X-More": "ada@example.org"}
    body = b"" if status.startswith("204") else problem
    server.lies[part] = lambda request: response(status, body, headers)
    error = refused(server)
    assert (error.slug, status[:3] in error.message) == ("server-failed", True)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3600", 3600),
        ("0", 0),
        ("-5", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("9" * 30, None),
        (None, None),
    ],
)
def test_a_spent_budget_says_how_long_to_wait(server, header, seconds):
    headers = {} if header is None else {"Retry-After": header}
    server.lies["evaluate"] = lambda request: response("429 Too Many Requests", HOSTILE.encode(), headers)
    error = refused(server)
    assert isinstance(error, BudgetSpent)
    assert error.retry_after == seconds


def test_another_live_epoch_is_told(server):
    server.lies["evaluate"] = lambda request: response("409 Conflict", HOSTILE.encode())
    assert refused(server).slug == "wrong-epoch"


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("chunked", [True, False])
def test_an_answer_that_does_not_end_is_not_read_on(server, part, chunked):
    def pouring(request):
        extra = "".join(
            f"{name}: {value}\r\n"
            for name, value in (server.range_header(*request.range) if part == "buckets" else {}).items()
        )
        how = "Transfer-Encoding: chunked" if chunked else "Connection: close"
        yield f"HTTP/1.1 {ORDINARY[part]}\r\n{how}\r\n{extra}\r\n".encode()
        piece = b" " * (1 << 16)
        while True:
            yield b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece

    server.lies[part] = pouring
    assert refused(server).slug == "server-failed"
    assert server.sent < (64 << 20) + (32 << 20)  # what is allowed, and what a network holds under way


@pytest.mark.parametrize("part", PARTS)
def test_a_length_beyond_any_is_not_read_at_all(server, part):
    def boasting(request):
        extra = server.range_header(*request.range) if part == "buckets" else {}
        lines = [f"HTTP/1.1 {ORDINARY[part]}", f"Content-Length: {4 << 30}"]
        lines += [f"{name}: {value}" for name, value in extra.items()]
        yield "\r\n".join([*lines, "", ""]).encode()
        while True:
            yield b" " * (1 << 16)

    server.lies[part] = boasting
    assert refused(server).slug == "server-failed"
    assert server.sent < 32 << 20


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("where", ["nothing", "headers", "body"])
def test_a_server_that_trickles_is_given_up(server, part, where):
    def trickling(request):
        if where == "body":
            extra = server.range_header(*request.range) if part == "buckets" else {}
            lines = [f"HTTP/1.1 {ORDINARY[part]}", "Transfer-Encoding: chunked"]
            yield "\r\n".join(
                [*lines, *(f"{name}: {value}" for name, value in extra.items()), "", ""]
            ).encode()
        elif where == "headers":
            yield b"HTTP/1.1 200 OK\r\n"
        while not server.stopping.wait(0.02):
            yield {"nothing": b"", "headers": b"X-More: 1\r\n", "body": b"1\r\n \r\n"}[where]

    server.lies[part] = trickling
    error = refused(server, deadline=0.3)
    assert error.slug == "server-failed" and "in time" in error.message


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/9.9 OK\r\n\r\n",
        b"\x16\x03\x01",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n",
    ],
)
def test_what_is_no_http_is_refused(server, raw):
    server.lies["snapshot"] = lambda request: [raw, b"\0" * (1 << 20)] if raw else []
    error = refused(server, deadline=0.5)
    assert error.slug == "server-failed"


def test_endless_headers_are_refused(server):
    def lines(request):
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X-More: " + b"1" * 4096 + b"\r\n"

    server.lies["snapshot"] = lines
    assert refused(server).slug == "server-failed"
    assert server.sent < 32 << 20


def test_a_cookie_is_not_sent_back(server):
    def baking(request):
        [piece] = server.honest(request)
        return [piece.replace(b"\r\n", b"\r\nSet-Cookie: id=1; Path=/; Max-Age=1000\r\n", 1)]

    for part in PARTS:
        server.lies[part] = baking
    check([EMAIL], source=server.address, root_key=ROOT.public, clock=lambda: NOW)
    assert len(server.requests) == 6
    assert not any("cookie" in request.headers for request in server.requests)


def test_the_environments_proxy_does_not_see_what_is_asked_of_this_machine(server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert check([EMAIL], source=server.address, root_key=ROOT.public, clock=lambda: NOW).found


@pytest.mark.parametrize("proxy", ["socks5h://127.0.0.1:9050", "gopher://127.0.0.1"])
def test_a_proxy_that_cannot_be_used_is_a_usage_error(monkeypatch, proxy):
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(FloodmarkError) as found:
        HttpSource("https://check.example.org")
    assert found.value.slug == "bad-address" and proxy not in str(found.value)


@pytest.mark.parametrize("proxy", ["http://[", "http://127.0.0.1:1", "nonsense:nonsense"])
def test_a_proxy_that_does_not_answer_is_no_bug(monkeypatch, proxy):
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(FloodmarkError) as found, closing(HttpSource("https://check.example.org")) as source:
        source.envelope()
    assert found.value.slug in ("bad-address", "server-failed") and proxy not in str(found.value)


def test_nobody_at_home_is_said(server):
    server.address = "http://127.0.0.1:1"
    assert refused(server).slug == "server-failed"


def test_an_interrupt_ends_a_request_that_waits(server):
    async def impatient():
        source = AsyncHttpSource(server.address)
        server.lies["snapshot"] = lambda request: iter(
            lambda: None if server.stopping.wait(0.02) else b"", None
        )
        task = asyncio.ensure_future(source.envelope())
        while not server.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await source.aclose()

    asyncio.run(impatient())
