"""The pages `/problems` and `/problems/{slug}`: what the types of problems mean that this server answers with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from floodmark.errors import FloodmarkError
from floodmark.web.conditional import conditional
from floodmark.web.pages.rendering import page
from floodmark.web.problems import INTERNAL, NothingHere, Refusal
from floodmark.web.public_words import WORDS
from floodmark.web.site import Site


def known() -> Mapping[str, int]:
    """The status of every type of problem, by slug, in the order of the alphabet."""
    found = {kind.slug: kind.status for kind in _refusals(Refusal)}
    others = {slug: words.status for slug, words in WORDS.items()}
    return dict(sorted({**found, **others, FloodmarkError.slug: INTERNAL}.items()))


def router(site: Site) -> APIRouter:
    """Answers `/problems` and what is below it."""
    routes = APIRouter(include_in_schema=False)

    def problems(request: Request) -> Response:
        return conditional(request, page(site, request, "problems.html", problems=known()))

    def problem(request: Request) -> Response:
        slug = request.path_params["slug"]
        if slug not in known():
            raise NothingHere("There is no such type of problem.")
        return conditional(request, page(site, request, "problems.html", problems={slug: known()[slug]}))

    routes.add_route("/problems", problems, methods=["GET"])
    routes.add_route("/problems/{slug}", problem, methods=["GET"])
    return routes


def _refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    """A kind of refusal and those that are kinds of it."""
    yield kind
    for other in kind.__subclasses__():
        yield from _refusals(other)
