"""The page `/`: the private check, or what this server does instead."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from floodmark.web.pages import static
from floodmark.web.pages.rendering import page
from floodmark.web.site import Site


def router(site: Site) -> APIRouter:
    """Answers `/`, and what all pages load."""
    routes = APIRouter(include_in_schema=False)
    routes.include_router(static.router())

    @routes.get("/")
    @routes.head("/")
    def home(request: Request) -> Response:
        return page(site, request, "home.html")

    return routes
