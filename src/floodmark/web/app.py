"""A server put together: what every answer carries, the protocol's endpoints, and the rest."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from floodmark.web.hot import HotEndpoints
from floodmark.web.pages import home
from floodmark.web.security import SecurityHeaders
from floodmark.web.site import Site


def application(site: Site) -> ASGIApp:
    """The ASGI application of a server.

    Args:
        site: its parts; they are closed by whoever made them.
    """
    framework = FastAPI(title="Floodmark", docs_url=None, redoc_url=None)
    framework.include_router(home.router(site))
    return SecurityHeaders(HotEndpoints(site, framework), site.settings)
