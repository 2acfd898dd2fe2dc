"""Applications behind the guard, and guards that do as a test says."""

from __future__ import annotations

import json
from typing import Any

from floodmark.guard import Actor, Guard, GuardMiddleware, MappedLookup, Policy
from floodmark.guard.budgets import Budgets
from floodmark.guard.decision import Decision
from floodmark.guard.logs import Mapping
from floodmark.guard.middleware import NAME
from floodmark.identifiers.digests import DigestKey

from .asgi import Answered, ask

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
