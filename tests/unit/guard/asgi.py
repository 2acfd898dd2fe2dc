"""Asking an ASGI application without a server, message by message."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote


@dataclass
class Answered:
    """What an application sent."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.messages[0]["status"]

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def scope_of(method: str, target: str, headers: dict[str, str], client: str | None) -> dict[str, Any]:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": None if client is None else (client, 40_000),
        "server": ("127.0.0.1", 80),
    }


def ask(
    app: Any,
    target: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | Sequence[bytes] = b"",
    client: str | None = "203.0.113.7",
    gone: bool = False,
) -> Answered:
    """Ask once; with `gone`, the client goes before the end of the body."""
    return asyncio.run(_ask(app, scope_of(method, target, headers or {}, client), _messages(body, gone)))


def _messages(body: bytes | Sequence[bytes], gone: bool) -> list[dict[str, Any]]:
    pieces = [body] if isinstance(body, bytes) else list(body)
    found: list[dict[str, Any]] = [
        {"type": "http.request", "body": piece, "more_body": gone or at + 1 < len(pieces)}
        for at, piece in enumerate(pieces)
    ]
    return [*found, {"type": "http.disconnect"}] if gone else found


def talk(app: Any, scope: dict[str, Any], messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What an application says in another protocol than HTTP, to so many messages."""
    return asyncio.run(_ask(app, scope, messages)).messages


async def _ask(app: Any, scope: dict[str, Any], messages: Iterable[dict[str, Any]]) -> Answered:
    answered, rest = Answered(), iter(messages)

    async def receive() -> dict[str, Any]:
        for message in rest:
            return message
        await asyncio.Event().wait()  # nothing more comes
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        answered.messages.append(message)

    await app(scope, receive, send)
    return answered
