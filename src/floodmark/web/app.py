"""A server put together: what every answer carries, what is observed, the protocol's endpoints, and the rest."""

from __future__ import annotations

from starlette.types import ASGIApp

from floodmark.web import health, sign_in
from floodmark.web.api.framework import framework
from floodmark.web.hot import HotEndpoints
from floodmark.web.observed import Observed
from floodmark.web.pages import about, analyst, home, leak, leaks, problems
from floodmark.web.security import SecurityHeaders
from floodmark.web.site import Site


def application(site: Site) -> ASGIApp:
    """The ASGI application of a server.

    Args:
        site: its parts; they are closed by whoever made them.
    """
    routes = framework(site)
    for part in (home, leaks, leak, about, problems, health):
        routes.include_router(part.router(site))
    if site.settings.analysts:
        for part in (sign_in, analyst):
            routes.include_router(part.router(site))
    return SecurityHeaders(Observed(HotEndpoints(site, routes), site), site.settings)
