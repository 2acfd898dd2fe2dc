"""The outermost part of a server: counts every request, writes a line of it, and lets no error of ours get past.

`/metrics` is answered here, since here are the numbers: to this machine alone, unless the operator opens it.
"""

from __future__ import annotations

import secrets
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from floodmark.web.addresses import client_address
from floodmark.web.endpoint_classes import endpoint_class, method_class
from floodmark.web.logs import RequestLog, Seen
from floodmark.web.metrics import MEDIA_TYPE, Metrics
from floodmark.web.problems import UNSAID, MethodRefused, NothingHere, problem, send_problem
from floodmark.web.site import Site

METRICS = "/metrics"
# Whoever has one of these came through a proxy, and is not on this machine because the proxy is.
_PROXIED = frozenset({b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"forwarded", b"via"})


class Observed:
    """An application that is looked at from outside.

    Args:
        app: the application.
        site: the server's parts.
        log: where lines go; None for stderr.
    """

    def __init__(self, app: ASGIApp, site: Site, log: RequestLog | None = None) -> None:
        self._app = app
        self._open = site.settings.metrics_open
        self._log = log or RequestLog(site.clock)
        self._metrics = Metrics(site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        begun = perf_counter()
        self._metrics.under_way += 1
        try:
            await self._answer(scope, receive, answer)
        except Exception as error:
            self._log.failure(answer.request, error)
            if not answer.status:
                await send_problem(answer, problem(error, scope))
        finally:
            self._metrics.under_way -= 1
            endpoint = endpoint_class(scope["path"])
            seen = Seen(
                answer.request,
                method_class(scope["method"]),
                endpoint,
                answer.status,
                perf_counter() - begun,
                answer.size,
                scope.get(UNSAID),
            )
            self._metrics.count(seen)
            if endpoint == "evaluate" and answer.rate_limit is not None:
                self._metrics.count_refusal(answer.rate_limit)
            self._log.request(seen)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != METRICS:
            await self._app(scope, receive, send)
        elif not self._open and not _from_here(scope):
            await send_problem(send, problem(NothingHere("No page has this address.")))
        elif scope["method"] not in ("GET", "HEAD"):
            await send_problem(send, problem(MethodRefused("GET", "HEAD")))
        else:
            await _send_text(send, self._metrics.text(), body=scope["method"] == "GET")


class _Answer:
    """Sends an answer on, and remembers of it what is counted."""

    __slots__ = ("_send", "rate_limit", "request", "size", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.request = secrets.token_hex(8)
        self.status = 0
        self.size = 0
        self.rate_limit: bytes | None = None

    async def __call__(self, message: Message) -> None:
        """Send one part of it."""
        if message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        elif message["type"] == "http.response.start":
            self.status = message["status"]
            if self.status >= 400:
                headers = list(message.get("headers", ()))
                if self.status == 429:
                    self.rate_limit = next((value for name, value in headers if name == b"ratelimit"), None)
                message = {**message, "headers": [*headers, (b"request-id", self.request.encode())]}
        await self._send(message)


def _from_here(scope: Scope) -> bool:
    """Whether a request comes from this machine, and says of itself that it came by no proxy."""
    if any(name in _PROXIED for name, _ in scope["headers"]):
        return False
    return client_address(scope, ()).is_loopback


async def _send_text(send: Send, text: bytes, *, body: bool) -> None:
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text if body else b""})
