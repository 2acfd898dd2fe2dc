"""The page `/about`: who runs this, how a check works and what it reveals, what it is answered from, how to opt out."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from floodmark.errors import FloodmarkError
from floodmark.exposure.snapshots import Snapshot
from floodmark.web.conditional import conditional
from floodmark.web.pages.rendering import page
from floodmark.web.site import Site


def router(site: Site) -> APIRouter:
    """Answers `/about`, also while nothing can be checked."""
    routes = APIRouter(include_in_schema=False)
    root_key = site.settings.root_key.hex()

    def about(request: Request) -> Response:
        snapshot = _snapshot(site)
        made = page(
            site,
            request,
            "about.html",
            synthetic=snapshot is not None and snapshot.synthetic,
            snapshot=snapshot,
            root_key=" ".join(root_key[place : place + 8] for place in range(0, len(root_key), 8)),
        )
        return conditional(request, made)

    routes.add_route("/about", about, methods=["GET"])
    return routes


def _snapshot(site: Site) -> Snapshot | None:
    """What checks are answered from; None where that is nothing now."""
    try:
        return site.catalogue.snapshot()
    except FloodmarkError:
        return None
