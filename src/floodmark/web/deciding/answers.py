"""Answers of the decision service, in the forms that nginx and Envoy act on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from floodmark.guard.decision import Action
from floodmark.guard.middleware_bodies import Send
from floodmark.guard.middleware_refusals import MEDIA_TYPE, LookupRefused

STATUS = "x-floodmark-status"
ACTION = "x-floodmark-action"
_TO_NGINX = 403
_UNAUTHORISED = 401


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer.

    Attributes:
        status: of it.
        headers: in lower case, besides length and caching.
        body: of it.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


_ALLOWED = Answer(200)


def allowed(action: Action = Action.ALLOW) -> Answer:
    """That a request may be answered; `coarsen` and a challenge that the application makes are named."""
    return _ALLOWED if action in (Action.ALLOW, Action.DELAY) else Answer(200, {ACTION: str(action)})


def refused(refusal: LookupRefused) -> Answer:
    """That it may not, as a client is told."""
    body = json.dumps(refusal.problem()).encode()
    return Answer(refusal.status, {"content-type": MEDIA_TYPE, **refusal.headers}, body)


def refused_to_nginx(refusal: LookupRefused) -> Answer:
    """That it may not, as `auth_request` understands it: 401 or 403, and in a header the status that is meant."""
    answer = refused(refusal)
    status = _UNAUTHORISED if answer.status == _UNAUTHORISED else _TO_NGINX
    return replace(answer, status=status, headers={STATUS: str(refusal.status), **answer.headers})


def as_json(table: Mapping[str, Any], status: int = 200) -> Answer:
    """A table in JSON."""
    return Answer(status, {"content-type": "application/json"}, json.dumps(table).encode())


async def send_answer(send: Send, answer: Answer, *, head: bool = False) -> None:
    """Send an answer.

    Args:
        send: of the ASGI server.
        answer: to be sent.
        head: whether only its head is asked for.
    """
    headers = {**answer.headers, "content-length": str(len(answer.body)), "cache-control": "no-store"}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
