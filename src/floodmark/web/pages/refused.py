"""A refusal as a page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from floodmark.web.pages.rendering import page
from floodmark.web.problems import Problem
from floodmark.web.site import Site


def refused(site: Site, request: Request, found: Problem) -> Response:
    """The page that says why there is no other.

    Args:
        site: the server's parts.
        request: that is refused.
        found: what to say.
    """
    made = page(site, request, "refused.html", status=found.status, problem=found)
    made.headers.update({"cache-control": "no-store", **found.headers})
    return made
