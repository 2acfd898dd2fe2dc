"""The addresses of the decision service.

| address | who asks |
| --- | --- |
| `/nginx` | nginx's `auth_request`, of the request that it says in X-Original-URI and X-Original-Method |
| `/envoy/…` | Envoy's `ext_authz` over HTTP, with the request's own method, path, headers and body behind the prefix |
| `POST /v1/decisions` | any program, of identifiers in JSON |
| `/healthz`, `/metrics` | whoever watches it |

The service believes whoever asks; so it listens to this machine alone, or at a Unix socket.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from floodmark.guard.guard import Guard
from floodmark.guard.logs import Proxies
from floodmark.guard.middleware_asked import LOCAL, Asked, MappedLookup, Received, Scope, asked_by
from floodmark.guard.middleware_bodies import BadBody, Receive, Send
from floodmark.guard.middleware_door import Decided, Door, Fail
from floodmark.guard.middleware_refusals import GuardFailed, LookupRefused, LookupTooLong
from floodmark.web.deciding import asked_in_json
from floodmark.web.deciding.answers import Answer, allowed, as_json, refused, refused_to_nginx, send_answer
from floodmark.web.deciding.metrics import MEDIA_TYPE, Metrics

ENVOY = "/envoy"
MOST_DELAYED = 1_000


class Misasked(LookupRefused):
    """A web server asks without saying for what request."""

    slug = "misasked"
    status = 403
    hint = "Compare the example: X-Original-URI and X-Original-Method are needed."


class Deciding:
    """The decision service, as an ASGI application.

    Args:
        guard: that decides.
        lookup: where requests have their identifiers.
        trusted_proxies: networks that are believed which address a client has, besides this machine and those of the
            mapping's `[client]`.
        honours: what the application behind does itself where it is told: `coarsen`, `challenge`.
        fail: whether a request is answered that the guard fails to decide on.
        before: called before each decision, such as to look for a newer allow-list.
        clock: seconds since 1970 UTC.
        sleep: waits so many seconds.

    Attributes:
        door: with its counts.
    """

    def __init__(
        self,
        guard: Guard,
        lookup: MappedLookup,
        *,
        trusted_proxies: Iterable[str] = (),
        honours: Iterable[str] = (),
        fail: Fail = "closed",
        before: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.door = Door(guard, fail=fail, honours=honours, clock=clock)
        self._lookup = lookup
        named = Proxies.of((*LOCAL, *trusted_proxies)).networks
        self._proxies = Proxies((*named, *lookup.mapping.log.proxies.networks))
        self._before = before
        self._sleep = sleep
        self._delayed = 0
        self._metrics = Metrics(self.door)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path == "/nginx":
            answer = await self._decided(scope, receive, self._of_nginx, refused_to_nginx)
        elif path == ENVOY or path.startswith(ENVOY + "/"):
            answer = await self._decided(scope, receive, self._of_envoy, refused)
        elif path == "/v1/decisions":
            answer = await self._in_json(scope, receive)
        elif path == "/healthz":
            answer = as_json({"alive": True})
        elif path == "/metrics":
            answer = Answer(200, {"content-type": MEDIA_TYPE}, self._metrics.text())
        else:
            answer = as_json({"detail": "No page has this address."}, 404)
        await send_answer(send, answer, head=scope["method"] == "HEAD")

    async def _of_nginx(self, received: Received) -> Asked | None:
        target, method = received.header("x-original-uri"), received.header("x-original-method")
        if not target or not method:
            raise Misasked("Which request this is about was not said.")
        asked = self._lookup.asked(received, method.upper(), target)
        if asked is not None and not asked.texts and self._lookup.in_body(method.upper(), target):
            self.door.counts["unseen"] += 1
        return asked

    async def _of_envoy(self, received: Received) -> Asked | None:
        scope = received.scope
        if not scope["raw_path"].startswith(ENVOY.encode()):
            raise Misasked("Which request this is about was not said.")
        scope["path"] = scope["path"].removeprefix(ENVOY) or "/"
        scope["raw_path"] = scope["raw_path"].removeprefix(ENVOY.encode()) or b"/"
        return await asked_by(self._lookup, received)

    async def _decided(
        self,
        scope: Scope,
        receive: Receive,
        look: Callable[[Received], Awaitable[Asked | None]],
        to_refuse: Callable[[LookupRefused], Answer],
    ) -> Answer:
        """Decide on the request that a web server asks for."""
        received = Received(scope, receive, self._proxies)
        try:
            self._before()
            asked = await look(received)
            decided = None if asked is None else self.door.decide(asked, received.address)
        except BadBody:
            refusal: LookupRefused = LookupTooLong("The body is longer than those of lookups.")
            return allowed() if self.door.shadow else to_refuse(refusal)
        except LookupRefused as refusal:
            return allowed() if self.door.shadow else to_refuse(refusal)
        except Exception as error:  # of whatever kind: the service goes on
            self.door.failed(error)
            failed = GuardFailed("This cannot be decided now.")
            return allowed() if self.door.open else to_refuse(failed)
        if decided is None:
            return allowed()
        return await self._acted(decided, to_refuse)

    async def _acted(self, decided: Decided, to_refuse: Callable[[LookupRefused], Answer]) -> Answer:
        """Act on a decision, unless it is one of shadow."""
        decision, count = decided.decision, len(decided.identifiers)
        if decision.shadow:
            self.door.observe(decided, [None] * count)
            return allowed()
        if (refusal := self.door.refusal(decision, count)) is not None:
            return to_refuse(refusal)
        if decision.delay:
            if self._delayed >= MOST_DELAYED:
                return to_refuse(GuardFailed("Too many requests wait."))
            self._delayed += 1
            try:
                await self._sleep(decision.delay)
            finally:
                self._delayed -= 1
        self.door.observe(decided, [None] * count)
        return allowed(decision.action)

    async def _in_json(self, scope: Scope, receive: Receive) -> Answer:
        """Decide on identifiers that a program tells in JSON; it acts on the decision itself."""
        if scope["method"] != "POST":
            return Answer(405, {"allow": "POST"})
        received = Received(scope, receive, self._proxies)
        try:
            self._before()
            asked = asked_in_json.read(await received.body())
            decided = self.door.decide(asked, "")
        except BadBody:
            return refused(LookupTooLong("The body is too long."))
        except LookupRefused as refusal:
            return refused(refusal)
        except Exception as error:
            self.door.failed(error)
            return refused(GuardFailed("This cannot be decided now."))
        self.door.observe(decided, [None] * len(decided.identifiers))
        return as_json(asked_in_json.told(decided.decision))
