"""The page `/`: the private check, or what this server does instead."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from floodmark.errors import FloodmarkError
from floodmark.exposure.snapshots import Snapshot
from floodmark.web.conditional import conditional
from floodmark.web.pages import static
from floodmark.web.pages.home_data import home_data
from floodmark.web.pages.rendering import page, spoken
from floodmark.web.site import Site


def router(site: Site) -> APIRouter:
    """Answers `/`, and what all pages load."""
    routes = APIRouter(include_in_schema=False)
    routes.include_router(static.router())

    @routes.get("/")
    @routes.head("/")
    def home(request: Request) -> Response:
        snapshot = _snapshot(site)
        made = page(
            site,
            request,
            "home.html",
            synthetic=snapshot is not None and any(leak.synthetic for leak in snapshot.leaks),
            snapshot=snapshot,
            data=home_data(site.settings, spoken(request)) if site.settings.pages else None,
        )
        return conditional(request, made)

    return routes


def _snapshot(site: Site) -> Snapshot | None:
    """What a check from this page looks in, where this server has it and may answer from it now."""
    if not site.settings.hosts_buckets:
        return None
    try:
        return site.published.current().snapshot
    except FloodmarkError:
        return None
