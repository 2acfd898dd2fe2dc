"""What the guard sees of requests, however they are sent, and what it hands on."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard import Asked, GuardMiddleware, MappedLookup, Policy, Received
from floodmark.guard.logs import Mapping, Proxies
from floodmark.guard.logs.log_form import LogForm

from .asgi import ask
from .guarding import (
    MAPPING,
    NUMBERS,
    SIGNED_IN,
    echo,
    guard_of,
    policy,
    sync,
    wrapped,
)


def test_the_body_comes_to_the_application_as_it_was_sent_however_it_was_cut() -> None:
    app = wrapped(guard_of(policy(50)))
    body = json.dumps({"phones": NUMBERS[:9], "more": "\u00e9" * 50}).encode()
    for pieces in (
        [body],
        [body[:1], body[1:40], b"", body[40:]],
        [body[at : at + 1] for at in range(len(body))],
    ):
        answer = ask(app, "/sync", method="POST", headers=SIGNED_IN, body=pieces)
        assert answer.json["body"].encode("latin-1") == body
        assert answer.json["told"]


def test_what_is_no_lookup_streams_through_untouched() -> None:
    app = wrapped(guard_of(policy()))
    answer = ask(app, "/upload", method="PUT", body=[b"x" * 700_000, b"y" * 700_000])
    assert len(answer.json["body"]) == 1_400_000
    assert not answer.json["told"]
    assert app.door.counts["requests"] == 0


def test_a_body_that_is_too_long_is_refused_and_in_shadow_passes_whole() -> None:
    body = [b'{"phones": ["' + b"1" * 300, b"2" * 300 + b'"]}']
    app = wrapped(guard_of(policy()), most_body=400)
    assert ask(app, "/sync", method="POST", body=body).status == 413
    app = wrapped(guard_of(Policy()), most_body=400)
    answer = ask(app, "/sync", method="POST", body=body)
    assert (answer.status, answer.json["body"].encode()) == (200, b"".join(body))


def test_a_client_that_goes_before_its_body_ends_leaves_nothing_behind() -> None:
    app = wrapped(guard_of(policy()))
    answer = ask(app, "/sync", method="POST", body=[b'{"phones": ["+4474'], gone=True)
    assert answer.messages == []
    assert app.door.counts == {}


def test_a_body_that_only_the_application_could_read_is_refused() -> None:
    app = wrapped(guard_of(policy()))
    body = json.dumps({"phones": NUMBERS[:1]}).encode()
    for headers, sent, status in (
        ({"content-encoding": "gzip"}, body, 415),
        ({"content-encoding": "identity"}, body, 200),
        ({}, b'{"phones": [', 400),
        ({}, b"{}", 200),
        ({}, b"", 200),
    ):
        assert ask(app, "/sync", method="POST", headers=headers, body=sent).status == status
    form = b"phone=%2B447400123456"
    for kind, status in (
        ("application/x-www-form-urlencoded; charset=utf-8", 200),
        ("multipart/form-data", 415),
    ):
        assert ask(app, "/form", method="POST", headers={"content-type": kind}, body=form).status == status


def test_more_identifiers_than_the_mapping_takes_are_refused() -> None:
    mapping = Mapping(MAPPING.endpoints, most=10)
    app = GuardMiddleware(echo, guard_of(policy(50)), MappedLookup(mapping))
    assert sync(app, NUMBERS[:10]).status == 200
    assert sync(app, NUMBERS[:11]).status == 413


def test_a_text_that_is_longer_than_identifiers_is_refused_and_one_that_can_be_none_costs_nothing() -> None:
    guard = guard_of(policy(1))
    app = wrapped(guard)
    assert ask(app, "/users/" + "a" * 1_025).status == 400
    assert [ask(app, f"/users/{'%20' * number}").status for number in range(1, 6)] == [200] * 5
    assert guard.counters.none == 5


def test_a_head_is_a_get() -> None:
    app = wrapped(guard_of(policy(1)))
    assert [ask(app, f"/users/{name}", method="HEAD").status for name in "ab"] == [200, 429]


def test_the_last_header_counts_as_a_proxy_wrote_it_and_forwarded_addresses_only_of_trusted_proxies() -> None:
    guard = guard_of(policy(1))
    app = wrapped(guard, trusted_proxies=["10.0.0.0/8"])
    forged = {"x-forwarded-for": "198.51.100.1, 192.0.2.7"}
    assert ask(app, "/users/a", client="10.1.1.1", headers=forged).status == 200
    forged = {"x-forwarded-for": "198.51.100.2, 192.0.2.7"}  # another lie before what the proxy saw
    assert ask(app, "/users/b", client="10.1.1.1", headers=forged).status == 429
    assert ask(app, "/users/b", client="203.0.113.9", headers={"x-forwarded-for": "192.0.2.8"}).status == 200
    assert ask(app, "/users/c", client="203.0.113.9", headers={"x-forwarded-for": "192.0.2.9"}).status == 429
    assert ask(app, "/users/d", client=None).status == 200


def test_proxies_of_the_mapping_are_trusted_too() -> None:
    mapping = Mapping(MAPPING.endpoints, log=LogForm(proxies=Proxies.of(["private"])))
    app = GuardMiddleware(echo, guard_of(policy(1)), MappedLookup(mapping))
    asked = [("/users/a", "192.0.2.7"), ("/users/b", "192.0.2.7"), ("/users/b", "192.0.2.8")]
    answers = [ask(app, path, client="10.1.1.1", headers={"x-forwarded-for": said}) for path, said in asked]
    assert [answer.status for answer in answers] == [200, 429, 200]


def test_an_address_that_is_longer_than_is_looked_at_is_refused() -> None:
    app = wrapped(guard_of(policy()))
    assert ask(app, "/users/a?" + "x" * (1 << 16)).status == 413
    assert ask(app, "/other?" + "x" * (1 << 16)).status == 200


def test_a_part_that_nobody_says_leaves_the_address_that_the_server_saw() -> None:
    app = GuardMiddleware(echo, guard_of(policy(1)), MappedLookup(MAPPING, {"address": "x-real-ip"}))
    assert [ask(app, f"/users/{name}", client="192.0.2.1").status for name in "ab"] == [200, 429]
    assert ask(app, "/users/b", client="192.0.2.2").status == 200
    assert ask(app, "/users/c", client="192.0.2.2", headers={"x-real-ip": "192.0.2.3"}).status == 200


def test_a_server_that_gives_the_decoded_path_alone_is_understood_as_well() -> None:
    seen: list[str] = []

    def lookup(received: Received) -> Asked | None:
        seen.append(received.target)
        return MappedLookup(MAPPING).asked(received, "GET", received.target)

    async def run(path: str) -> None:
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"q=1"}
        await GuardMiddleware(echo, guard_of(policy()), lookup)(scope, receive, send)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    asyncio.run(run("/users/a?b%c"))
    assert seen == ["/users/a%3Fb%25c?q=1"]


@given(
    target=st.text(max_size=30).map(lambda text: "/users/" + text),
    headers=st.lists(
        st.tuples(st.sampled_from(["x-account", "x-forwarded-for", "content-type"]), st.binary(max_size=20))
    ),
    body=st.binary(max_size=60)
    | st.sampled_from([b'{"phones": 3}', b'{"phones": [null, 7, {}, "\\ud800"]}', b"[" * 5_000]),
    path=st.sampled_from(["/users/x", "/sync", "/form", "/"]),
)
def test_whatever_is_sent_is_answered_without_an_error(
    target: str, headers: Any, body: bytes, path: str
) -> None:
    app = wrapped(guard_of(policy(5)))

    async def run() -> list[int]:
        statuses: list[int] = []
        for raw, method in ((target.encode("utf-8", "surrogatepass"), "GET"), (path.encode(), "POST")):
            scope = {
                "type": "http", "method": method, "path": raw.decode("utf-8", "replace"), "raw_path": raw,
                "query_string": body[:20], "headers": headers, "client": ("203.0.113.7", 1),
            }  # fmt: skip

            async def receive() -> dict[str, Any]:
                return {"type": "http.request", "body": body, "more_body": False}

            async def send(message: Any) -> None:
                statuses.append(message.get("status", 0))

            await app(scope, receive, send)
        return statuses

    assert set(asyncio.run(run())) <= {0, 200, 404, 400, 413, 415, 429}
    assert app.door.counts["failed"] == 0
