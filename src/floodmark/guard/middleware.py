"""The guard around an ASGI application: identifiers are counted before the application looks them up.

    app = GuardMiddleware(app, guard, lookup=MappedLookup(Mapping.read(Path("api.toml")), {"account": "x-account"}))

It is plain ASGI and knows no framework. What is not a lookup passes untouched: other paths, web sockets, lifespans. In
shadow mode the guard decides, counts and learns, and no byte of any answer is another.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

from floodmark.guard.guard import Guard
from floodmark.guard.logs import Proxies
from floodmark.guard.middleware_asked import Asked, Lookup, MappedLookup, Received, Scope
from floodmark.guard.middleware_bodies import MOST, BadBody, Message, Receive, Send
from floodmark.guard.middleware_door import Door, Fail
from floodmark.guard.middleware_refusals import (
    MEDIA_TYPE,
    GuardFailed,
    LookupRefused,
    LookupTooLong,
)
from floodmark.guard.middleware_told import Told

App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
NAME = "floodmark.guard"
"""Where a request's scope has its `Told`."""
MOST_DELAYED = 1_000
"""Requests that are delayed at once; more would fill the memory of whoever delays them."""


class GuardMiddleware:
    """The guard around an ASGI application.

    Args:
        app: that answers.
        guard: that decides; of one event loop.
        lookup: what a request asks about: a `MappedLookup`, or a function of your own.
        trusted_proxies: networks whose X-Forwarded-For is believed, such as `10.0.0.0/8`, `loopback` or `private`,
            besides those of a mapping's `[client]`.
        honours: what the application does itself where `scope["floodmark.guard"]` says so: `partial` (leaves refused
            identifiers out of its answer), `coarsen`, `challenge`. Of what is not named here, the whole request is
            refused instead.
        fail: whether a request is answered that the guard fails to decide on, `open`, or refused with 503, `closed`.
        most_body: bytes of a body that is looked into; a longer one to an endpoint of lookups is refused.
        clock: seconds since 1970 UTC.
        sleep: waits so many seconds.

    Attributes:
        door: with its counts.
    """

    def __init__(
        self,
        app: App,
        guard: Guard,
        lookup: Lookup,
        *,
        trusted_proxies: Iterable[str] = (),
        honours: Iterable[str] = (),
        fail: Fail = "closed",
        most_body: int = MOST,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.app = app
        self.door = Door(guard, fail=fail, honours=honours, clock=clock)
        self._lookup = lookup
        mapped = lookup.mapping.log.proxies.networks if isinstance(lookup, MappedLookup) else ()
        networks = (*Proxies.of(trusted_proxies).networks, *mapped)
        self._proxies = Proxies(networks) if networks else None
        self._most_body = most_body
        self._sleep = sleep
        self._delayed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand on whatever else comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received = Received(scope, receive, self._proxies, self._most_body)
        told: Told | LookupRefused | None
        try:
            asked = self._lookup(received)
            if asked is not None and not isinstance(asked, Asked):
                asked = await asked
            told = None if asked is None else self._decided(asked, received)
        except LookupRefused as refusal:
            told = refusal
        except BadBody as bad:
            told = None if bad.gone else LookupTooLong("The body is longer than those of lookups.")
        except Exception as error:  # whatever it is, it does not take the application down
            self.door.failed(error)
            told = None if self.door.open else GuardFailed("This cannot be answered now.")
        if isinstance(told, Told):
            await self._answer(told, received, send)
        elif told is None or self.door.shadow:
            await self.app(scope, received.receive, send)
        else:
            await send_refusal(send, told)

    def _decided(self, asked: Asked, received: Received) -> Told | LookupRefused:
        """What the application is told, or the client in its stead."""
        told = Told(self.door, asked, self.door.decide(asked, received.address))
        if told.decision.shadow:
            return told
        if told.delay and self._delayed >= MOST_DELAYED:
            return GuardFailed("Too many requests wait.")
        return self.door.refusal(told.decision, len(asked.texts)) or told

    async def _answer(self, told: Told, received: Received, send: Send) -> None:
        """Have the application answer, and see what it says."""
        status = size = 0

        async def seen(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        if told.delay:
            self._delayed += 1
            try:
                await self._sleep(told.delay)
            finally:
                self._delayed -= 1
        try:
            await self.app({**received.scope, NAME: told}, received.receive, seen)
        finally:
            told.answered(status, size)


async def send_refusal(send: Send, refusal: LookupRefused) -> None:
    """Answer with a problem.

    Args:
        send: of the ASGI server.
        refusal: what to say.
    """
    body = json.dumps(refusal.problem()).encode()
    told = {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **refusal.headers,
    }
    headers = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
