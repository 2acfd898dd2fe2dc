"""The framework that pages and the JSON API run in, with every refusal as a problem or a page."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from floodmark.errors import FloodmarkError
from floodmark.web.api import leaks, openapi
from floodmark.web.pages.refused import refused
from floodmark.web.problems import MEDIA_TYPE, MethodRefused, NothingHere, Refusal, problem
from floodmark.web.site import Site

DATA = ("/v1/", "/openapi.json", "/healthz", "/readyz", "/metrics")
"""What is for programs, below which refusals are JSON; everywhere else they are pages."""


def framework(site: Site) -> FastAPI:
    """An application that answers the JSON API, to which pages are added.

    Args:
        site: the server's parts.
    """
    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)

    def refuse(request: Request, error: Exception) -> Response:
        found = problem(_known(error), request.scope)
        if request.url.path.startswith(DATA):
            headers = {"cache-control": "no-store", **found.headers}
            return Response(found.body(), found.status, headers, MEDIA_TYPE)
        return refused(site, request, found)

    for kind in (FloodmarkError, HTTPException, Exception):
        made.add_exception_handler(kind, refuse)
    made.include_router(leaks.router(site))
    made.include_router(openapi.router(site))
    return made


def _known(error: Exception) -> Exception:
    """An error of the framework as one of ours."""
    if not isinstance(error, HTTPException):
        return error
    if error.status_code == 404:
        return NothingHere("Nothing has this address.")
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return MethodRefused(*sorted(one.strip() for one in allowed.split(",")))
    return Refusal("The request cannot be understood.")
