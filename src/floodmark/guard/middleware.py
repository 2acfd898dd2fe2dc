"""The guard around an ASGI application: identifiers are counted before the application looks them up.

    app = GuardMiddleware(app, guard, lookup=MappedLookup(Mapping.read(Path("api.toml")), {"account": "x-account"}))

It is plain ASGI and knows no framework. What is not a lookup passes untouched: other paths, web sockets, lifespans. In
shadow mode the guard decides, counts and learns, and no byte of any answer is another.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

from floodmark.guard.guard import Guard
from floodmark.guard.logs import Proxies
from floodmark.guard.middleware_asked import Lookup, MappedLookup, Received, Scope
from floodmark.guard.middleware_bodies import MOST, BadBody, Body, Message, Receive, Send
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
        body = Body(receive, self._most_body)
        told = await self._told(scope, body)
        refusal = told.refusal() if isinstance(told, Told) else told
        if refusal is not None and not self.door.shadow:
            await send_refusal(send, refusal)
        elif not isinstance(told, Told):
            await self.app(scope, body.again, send)
        elif not told.delay:
            await self._answer(told, scope, body, send)
        elif self._delayed >= MOST_DELAYED:
            await send_refusal(send, GuardFailed("Too many requests wait."))
        else:
            self._delayed += 1
            try:
                await self._sleep(told.delay)
            finally:
                self._delayed -= 1
            await self._answer(told, scope, body, send)

    async def _told(self, scope: Scope, body: Body) -> Told | LookupRefused | None:
        """What the application is to be told; None for what is no lookup, or cannot be decided on and is answered."""
        received = Received(scope, body, self._proxies)
        try:
            found = self._lookup(received)
            asked = await found if inspect.isawaitable(found) else found
            return (
                None if asked is None else Told(self.door, asked, self.door.decide(asked, received.address))
            )
        except LookupRefused as refusal:
            return refusal
        except BadBody as bad:
            return None if bad.gone else LookupTooLong("The body is longer than those of lookups.")
        except (
            Exception
        ) as error:  # of whatever kind: no request may take the application down with the guard
            self.door.failed(error)
            return None if self.door.open else GuardFailed("This cannot be answered now.")

    async def _answer(self, told: Told, scope: Scope, body: Body, send: Send) -> None:
        """Have the application answer, and see what it says."""
        status = size = 0

        async def seen(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app({**scope, NAME: told}, body.again, seen)
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
