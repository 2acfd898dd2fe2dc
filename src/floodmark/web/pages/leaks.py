"""The page `/leaks`: every leak that private checks are answered from."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from floodmark.web.conditional import conditional
from floodmark.web.pages.rendering import page
from floodmark.web.site import Site


def router(site: Site) -> APIRouter:
    """Answers `/leaks`."""
    routes = APIRouter(include_in_schema=False)
    catalogue = site.catalogue

    def leaks(request: Request) -> Response:
        shown = catalogue.public().values()
        snapshot = catalogue.snapshot()
        made = page(
            site,
            request,
            "leaks.html",
            synthetic=any(leak.synthetic for leak in shown),
            leaks=shown,
            snapshot=snapshot,
        )
        return conditional(request, made)

    routes.add_route("/leaks", leaks, methods=["GET"])
    return routes
