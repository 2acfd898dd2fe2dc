"""`/v1/leaks` and what is below it: the leaks, what was counted in them, and what was said of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from floodmark.errors import FloodmarkError
from floodmark.web.api import answers, said_answers
from floodmark.web.api.profile_answers import Profile, answered
from floodmark.web.authorisation import Authorisation
from floodmark.web.catalogue import Catalogue
from floodmark.web.conditional import conditional
from floodmark.web.problems import NothingHere
from floodmark.web.shown_leaks import ShownLeak
from floodmark.web.site import Site

OPEN = {"cache-control": "no-cache", "vary": "Authorization", "access-control-allow-origin": "*"}
PRIVATE = {"cache-control": "private, no-store", "vary": "Authorization"}
LEAKS = "/v1/leaks"
LEAK = "/v1/leaks/{slug}"
PROFILE = "/v1/leaks/{slug}/profile"
STATEMENTS = "/v1/leaks/{slug}/statements"


class NotHeld(NothingHere):
    """This server has the leak's index alone, and not the register that would say more of it."""

    slug: ClassVar[str] = "not-held"
    hint = "Ask the server of whoever keeps the register."


def router(site: Site) -> APIRouter:
    """Answers `/v1/leaks` and what is below it.

    Args:
        site: the server's parts.
    """
    routes = APIRouter()
    catalogue, authorisation = site.catalogue, Authorisation(site)

    def reads_all(request: Request) -> bool:
        return authorisation.api_key(request.scope, "read") is not None

    def found(request: Request) -> ShownLeak:
        return catalogue.find(request.path_params["slug"], reads_all=reads_all(request))

    made: dict[str, Callable[[Request], BaseModel]] = {
        LEAKS: lambda request: _leaks(catalogue, reads_all(request)),
        LEAK: lambda request: answers.Leak.model_validate(found(request)),
        PROFILE: lambda request: _profile(catalogue, found(request)),
        STATEMENTS: lambda request: _statements(catalogue, found(request)),
    }
    for path, make in made.items():
        routes.add_route(path, _answering(make), methods=["GET"])
    return routes


def _answering(make: Callable[[Request], BaseModel]) -> Callable[[Request], Response]:
    """A handler, which Starlette runs in a thread, and which answers HEAD as it does GET."""

    def answer(request: Request) -> Response:
        private = "authorization" in request.headers
        headers = PRIVATE if private else OPEN
        body = make(request).model_dump_json().encode()
        return conditional(request, Response(body, headers=headers, media_type="application/json"))

    return answer


def _leaks(catalogue: Catalogue, everything: bool) -> answers.Leaks:
    try:
        snapshot = catalogue.snapshot()
    except FloodmarkError:
        if not everything:
            raise
        snapshot = None
    shown = catalogue.everything() if everything else catalogue.public()
    return answers.Leaks(
        snapshot=None
        if snapshot is None
        else answers.SnapshotFacts(
            id=snapshot.id,
            number=snapshot.number,
            made_at=f"{snapshot.made_at:%Y-%m-%dT%H:%M:%SZ}",
            expires_at=f"{snapshot.expires_at:%Y-%m-%dT%H:%M:%SZ}",
            epoch=snapshot.epoch,
        ),
        leaks=[answers.Leak.model_validate(one) for one in shown.values()],
    )


def _profile(catalogue: Catalogue, leak: ShownLeak) -> Profile:
    found = catalogue.profile(leak)
    if found is None:
        raise NotHeld("This server holds no profile of this leak.")
    return answered(leak.slug, *found)


def _statements(catalogue: Catalogue, leak: ShownLeak) -> said_answers.Statements:
    found = catalogue.timeline(leak)
    if found is None:
        raise NotHeld("This server holds no statements of this leak.")
    return said_answers.answered(found)
