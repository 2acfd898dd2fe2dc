"""Which address of the protocol a request is for; all others go on to the pages and the rest of the API."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from floodmark.web.hot.buckets import BucketsEndpoint
from floodmark.web.hot.evaluate import EvaluateEndpoint
from floodmark.web.hot.open_to_all import OPEN, answer_preflight
from floodmark.web.hot.snapshot import SnapshotEndpoint
from floodmark.web.problems import MethodRefused, NothingHere, Refusal, problem, send_problem
from floodmark.web.site import Site

SNAPSHOT, SNAPSHOTS, EVALUATE = "/v1/snapshot", "/v1/snapshots/", "/v1/evaluate"
READ = ("GET", "HEAD", "OPTIONS")


class HotEndpoints:
    """The addresses of protocol 1, before everything else that a server has.

    What the server's role leaves to another has no address here.

    Args:
        site: the server's parts.
        then: answers what is none of these.
    """

    def __init__(self, site: Site, then: ASGIApp) -> None:
        settings = site.settings
        self._then = then
        self._snapshot = SnapshotEndpoint(site.published) if settings.hosts_buckets else None
        self._buckets = BucketsEndpoint(site.published) if settings.hosts_buckets else None
        self._evaluate = EvaluateEndpoint(site) if settings.evaluates else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path.startswith(SNAPSHOTS) or path in (SNAPSHOT, EVALUATE):
            try:
                await self._answer(path, scope, receive, send)
            except Refusal as error:
                await send_problem(send, problem(error), OPEN)
        else:
            await self._then(scope, receive, send)

    async def _answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at one of these addresses.

        Raises:
            Refusal: there is nothing there, or not in this way.
        """
        method = scope["method"]
        endpoint: ASGIApp | None = self._snapshot if path == SNAPSHOT else self._buckets
        allowed: tuple[str, ...] = READ
        if path == EVALUATE:
            endpoint, allowed = self._evaluate, ("POST", "OPTIONS")
        if endpoint is None:
            raise NothingHere("Another server does this part.", "Ask whoever runs this one for its address.")
        if method not in allowed:
            raise MethodRefused(*allowed)
        if method == "OPTIONS":
            await answer_preflight(send, allowed)
            return
        await endpoint(scope, receive, send)
