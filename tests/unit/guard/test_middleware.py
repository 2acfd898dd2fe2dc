"""The guard around applications: who is answered, who is refused, and what the application is told."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute

from floodmark.guard import Actor, Asked, Guard, GuardMiddleware, MappedLookup, Policy, Received
from floodmark.guard.allow import Allowance, AllowList
from floodmark.guard.budgets import Budgets
from floodmark.guard.decision import Action, Decision
from floodmark.guard.logs import Mapping, Proxies
from floodmark.guard.logs.log_form import LogForm
from floodmark.guard.middleware import NAME
from floodmark.identifiers.digests import DigestKey

from .asgi import Answered, ask, talk

KEY = DigestKey(bytes(range(32)))
MAPPING = Mapping.parse("""
[[endpoints]]
name = "users/show"
method = "GET"
path = "/users/{identifier}"
kind = "username"
hit = {status = 200}
[[endpoints]]
name = "contacts/sync"
method = "POST"
path = "/sync"
identifier = "body:phones[]"
kind = "phone"
[[endpoints]]
name = "users/form"
method = "POST"
path = "/form"
identifier = "form:phone"
kind = "phone"
""")
NUMBERS = [f"+4474001234{number:02}" for number in range(60)]
SIGNED_IN = {"x-account": "ada"}


def policy(burst: int = 2, more: str = "") -> Policy:
    return Policy.from_toml(
        f'shadow = false\n{more}\n[[limit]]\nlevel = "account"\nburst = {burst}\nper_hour = 1'
    )


def guard_of(made: Policy, **parts: Any) -> Guard:
    return Guard(made, KEY, Budgets(made.limits, memory=1 << 20), **parts)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the body that it was sent, and what it was told."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message["body"]
        more = message["more_body"]
    told = scope.get(NAME)
    found = {
        "body": body.decode("latin-1"),
        "told": told is not None,
        "refused": list(told.refused) if told else [],
    }
    if told is not None and scope["path"] == "/sync":
        found["granted"] = told.granted()
        told.existed(told.granted()[:1])
    status = 404 if scope["path"].endswith("nobody") else 200
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(found).encode()})


class Observing(Guard):
    """A guard that says what it was told of answers."""

    seen: list[Any]

    def observe(
        self, at: float, actor: Actor, endpoint: str, identifiers: Any, hits: Any = (), **more: Any
    ) -> None:
        self.seen.append((endpoint, len(identifiers), list(hits), more["kind"]))


class Broken(Guard):
    def decide(self, *told: Any) -> Decision:
        raise RuntimeError("ada.lovelace")


class Says(Guard):
    """A guard that decides what it is made to."""

    said: Decision

    def decide(self, *told: Any) -> Decision:
        return self.said


def says(decision: Decision, shadow: bool = False) -> Guard:
    found = Says(Policy(shadow=shadow), KEY)
    found.said = decision
    return found


def wrapped(guard: Guard, app: Any = echo, **options: Any) -> GuardMiddleware:
    return GuardMiddleware(app, guard, MappedLookup(MAPPING, {"account": "X-Account"}), **options)


def sync(app: Any, numbers: list[str], **options: Any) -> Answered:
    body = json.dumps({"phones": numbers}).encode()
    return ask(app, "/sync", method="POST", headers=SIGNED_IN, body=body, **options)


def test_new_identifiers_are_answered_until_the_budget_is_spent_and_old_ones_for_ever() -> None:
    app = wrapped(guard_of(policy()))
    statuses = [ask(app, f"/users/{name}", headers=SIGNED_IN).status for name in ("a", "b", "c", "a", "b")]
    assert statuses == [200, 200, 429, 200, 200]
    assert ask(app, "/users/c", headers={"x-account": "grace"}).status == 200


def test_a_refusal_is_a_problem_with_limits_in_headers_and_no_identifier() -> None:
    app = wrapped(guard_of(policy()), clock=lambda: 0.0)
    for name in ("one", "two"):
        ask(app, f"/users/{name}", headers=SIGNED_IN)
    answer = ask(app, "/users/lovelace", headers=SIGNED_IN)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "3600"
    assert answer.headers["ratelimit"] == '"account";r=0;t=3600'
    assert answer.headers["ratelimit-policy"] == '"account";q=2;w=7200'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json["type"] == "urn:floodmark:problem:lookups-spent"
    assert answer.json["status"] == answer.status == 429
    assert answer.json["refused"] == [0]
    assert b"lovelace" not in answer.body and b"ada" not in answer.body


def test_a_batch_beyond_the_budget_is_refused_whole_unless_the_application_answers_in_part() -> None:
    app = wrapped(guard_of(policy(3)))
    answer = sync(app, NUMBERS[:5])
    assert (answer.status, answer.json["refused"]) == (429, [3, 4])
    assert sync(app, NUMBERS[:3]).status == 200  # what was granted before is free


def test_an_application_that_answers_in_part_is_told_what_is_refused() -> None:
    app = wrapped(guard_of(policy(3)), honours=["partial"])
    answer = sync(app, NUMBERS[:5])
    assert (answer.status, answer.json["refused"], answer.json["granted"]) == (200, [3, 4], NUMBERS[:3])
    assert sync(app, NUMBERS[5:7]).status == 429  # nothing of it is granted


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


def test_in_shadow_every_byte_is_that_of_the_application_and_everything_is_counted() -> None:
    guard = guard_of(Policy(limits=policy(1).limits))
    app = wrapped(guard)
    for target in ("/users/a", "/users/b", "/users/nobody", "/other"):
        bare, guarded = ask(echo, target), ask(app, target, headers=SIGNED_IN)
        assert (guarded.status, guarded.headers) == (bare.status, bare.headers)
        assert guarded.json["refused"] == []
    assert sync(app, NUMBERS[:4]).json["granted"] == NUMBERS[:4]
    assert guard.counters.refused == 6


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


def test_a_text_that_is_longer_than_identifiers_is_refused_and_one_that_is_none_costs_nothing() -> None:
    guard = guard_of(policy(1))
    app = wrapped(guard)
    assert ask(app, "/users/" + "a" * 1_025).status == 400
    assert [ask(app, f"/users/two%20words{number}").status for number in range(5)] == [200] * 5
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


def test_the_guard_learns_which_identifiers_existed() -> None:
    guard = Observing(policy(9), KEY, Budgets(policy(9).limits, memory=1 << 20))
    guard.seen = []
    app = wrapped(guard, honours=["partial"])
    for target in ("/users/a", "/users/nobody"):
        ask(app, target, headers=SIGNED_IN)
    sync(app, NUMBERS[:9])
    assert guard.seen == [
        ("users/show", 1, [True], "username"),
        ("users/show", 1, [False], "username"),
        ("contacts/sync", 7, [True, *[False] * 6], "phone"),
    ]


def test_whoever_is_denied_is_answered_nothing_and_not_told_why() -> None:
    app = wrapped(says(Decision(Action.DENY, (0,))))
    answer = ask(app, "/users/a")
    assert (answer.status, answer.json["type"]) == (403, "urn:floodmark:problem:lookup-denied")
    assert set(answer.json) == {"type", "title", "status", "detail", "hint"}


@pytest.mark.parametrize(("action", "status"), [(Action.CHALLENGE, 401), (Action.COARSEN, 403)])
def test_what_an_application_does_not_honour_is_refused_in_its_stead(action: Action, status: int) -> None:
    decision = Decision(action, (0,) if action is Action.CHALLENGE else ())
    answer = ask(wrapped(says(decision)), "/users/a")
    assert answer.status == status
    assert ("www-authenticate" in answer.headers) == (status == 401)
    told: list[Action] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        told.append(scope[NAME].action)
        await echo(scope, receive, send)

    assert ask(wrapped(says(decision), app, honours=[str(action)]), "/users/a").status == 200
    assert told == [action]
    with pytest.raises(ValueError, match="sing"):
        wrapped(says(decision), honours=["sing"])


def test_an_application_tells_of_a_challenge_that_was_passed() -> None:
    guard = guard_of(policy())

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope[NAME].passed_challenge()
        await echo(scope, receive, send)

    ask(wrapped(guard, app), "/users/a", headers=SIGNED_IN)
    assert guard.counters.passed == 1


def test_an_answer_is_delayed_by_what_the_policy_says_and_a_crowd_is_not_kept() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    app = wrapped(says(Decision(Action.DELAY, delay=2.5)), sleep=sleep)
    assert (ask(app, "/users/a").status, slept) == (200, [2.5])
    app._delayed = 1_000
    assert ask(app, "/users/a").status == 503
    shadow = wrapped(says(Decision(Action.DELAY, delay=2.5, shadow=True), shadow=True), sleep=sleep)
    assert (ask(shadow, "/users/a").status, slept) == (200, [2.5])


def test_whoever_is_on_the_allow_list_is_never_limited() -> None:
    until = Allowance("account", Actor.of(KEY, account="ada").account, "an inquiry", 0.0, 1e12)
    app = wrapped(guard_of(policy(1), allowed=AllowList([until])))
    assert {ask(app, f"/users/{name}", headers=SIGNED_IN).status for name in "abcd"} == {200}


@pytest.mark.parametrize(("fail", "status"), [("open", 200), ("closed", 503)])
def test_a_guard_that_fails_answers_or_refuses_as_it_was_told(
    fail: Any, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    app = wrapped(Broken(policy(), KEY), fail=fail)
    with caplog.at_level(logging.INFO, "floodmark.guard"):
        assert [ask(app, "/users/ada.lovelace").status for _ in range(3)] == [status] * 3
    assert ask(app, "/other").status == 200
    assert app.door.counts["failed"] == 3
    assert len(caplog.records) == 1
    assert "lovelace" not in caplog.text and "RuntimeError" in caplog.text


def test_a_guard_that_fails_in_shadow_is_never_noticed() -> None:
    assert ask(wrapped(Broken(Policy(), KEY)), "/users/ada").status == 200


def test_a_lookup_of_ones_own_may_be_plain_or_awaited_and_may_fail() -> None:
    def plain(received: Any) -> Asked | None:
        return Asked("who", "username", [received.path[1:]]) if received.path != "/bad" else 1 / 0  # type: ignore[return-value]

    async def awaited(received: Any) -> Asked:
        return Asked(
            "who", "username", [(await received.body()).decode()], {"account": received.header("who")}
        )

    app = GuardMiddleware(echo, guard_of(policy(1)), plain)
    assert [ask(app, f"/{name}").status for name in ("a", "a", "b", "bad")] == [200, 200, 429, 503]
    app = GuardMiddleware(echo, guard_of(policy(1)), awaited)
    for name, status in (("x", 200), ("y", 429)):
        assert ask(app, "/", method="POST", headers={"who": "ada"}, body=name.encode()).status == status


def test_an_error_of_the_application_stays_one() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError("of the application")

    with pytest.raises(LookupError, match="of the application"):
        ask(wrapped(guard_of(policy())), "/users/a") if False else ask(
            wrapped(guard_of(policy()), app), "/users/a"
        )


def test_starlette_and_its_web_sockets_lifespan_and_streams_work_behind_it() -> None:
    began: list[str] = []

    async def show(request: StarletteRequest) -> JSONResponse:
        return JSONResponse({"refused": request.scope[NAME].refused})

    async def stream(request: StarletteRequest) -> StreamingResponse:
        size = 0
        async for piece in request.stream():
            size += len(piece)
        return StreamingResponse(iter([b"a", str(size).encode()]))

    async def socket(socket: Any) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()

    @asynccontextmanager
    async def lifespan(app: Any) -> Any:
        began.append("began")
        yield

    app = Starlette(
        routes=[
            Route("/users/{name}", show),
            Route("/stream", stream, methods=["POST"]),
            WebSocketRoute("/users/socket", socket),
        ],
        lifespan=lifespan,
    )
    app.add_middleware(
        GuardMiddleware, guard=guard_of(policy(1)), lookup=MappedLookup(MAPPING, {"account": "x-account"})
    )
    assert [ask(app, f"/users/{name}").status for name in "ab"] == [200, 429]
    assert ask(app, "/stream", method="POST", body=[b"x" * 90, b"x" * 9]).body == b"a99"
    said = talk(
        app,
        {
            "type": "websocket",
            "path": "/users/socket",
            "headers": [],
            "query_string": b"",
            "subprotocols": [],
        },
        [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "hello"}],
    )
    assert [message.get("text") for message in said] == [None, "hello", None]
    said = talk(app, {"type": "lifespan"}, [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    assert [message["type"] for message in said] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert began == ["began"]


def test_fastapi_reads_a_batch_and_answers_the_granted_part() -> None:
    app = FastAPI()
    app.add_middleware(
        GuardMiddleware, guard=guard_of(policy(2)), lookup=MappedLookup(MAPPING), honours=["partial"]
    )

    @app.post("/sync")
    async def answered(asked: dict[str, list[str]], request: Request) -> dict[str, list[str]]:
        return {"known": request.scope[NAME].granted(), "sent": asked["phones"]}

    typed = {"content-type": "application/json"}
    bodies = [json.dumps({"phones": numbers}).encode() for numbers in (NUMBERS[:4], NUMBERS[4:])]
    answer = ask(app, "/sync", method="POST", headers=typed, body=bodies[0])
    assert answer.json == {"known": NUMBERS[:2], "sent": NUMBERS[:4]}
    assert ask(app, "/sync", method="POST", headers=typed, body=bodies[1]).status == 429


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
