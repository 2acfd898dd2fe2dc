"""The guard around applications of several frameworks, with lookups of their own, and when something fails."""

from __future__ import annotations

import json
import logging
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute

from floodmark.guard import Asked, GuardMiddleware, MappedLookup, Policy
from floodmark.guard.middleware import NAME

from .asgi import ask, talk
from .guarding import (
    KEY,
    MAPPING,
    NUMBERS,
    Broken,
    echo,
    guard_of,
    policy,
    wrapped,
)


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
