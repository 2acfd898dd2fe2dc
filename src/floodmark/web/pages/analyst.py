"""The pages `/analyst`: what the register holds that is not public, for whoever signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from floodmark.register.cases import CaseDeadline, deadlines_by_leak, list_cases, running
from floodmark.register.leaks import Leak, list_leaks
from floodmark.register.workspace import Workspace
from floodmark.web.pages.rendering import page
from floodmark.web.sign_in import PRIVATE, NobodyCanSignIn, signed_in
from floodmark.web.site import Site


@dataclass(frozen=True)
class ListedLeak:
    """A leak in the list.

    Attributes:
        leak: what is known of it.
        public: whether it is in the snapshot.
        clocks: of the open cases that it belongs to, most pressing first.
    """

    leak: Leak
    public: bool
    clocks: Sequence[CaseDeadline]


def router(site: Site) -> APIRouter:
    """Answers `/analyst`.

    Raises:
        NobodyCanSignIn: there is no register.
    """
    if site.workspace is None:
        raise NobodyCanSignIn("Analysts cannot sign in to this server.")
    folder = site.workspace.folder
    routes = APIRouter(include_in_schema=False)

    @routes.get("/analyst")
    @routes.head("/analyst")
    def overview(request: Request) -> Response:
        session = signed_in(request, site)
        if session is None:
            return to_sign_in(request)
        now = site.clock()
        with Workspace.open(folder).connect() as connection:
            clocks = deadlines_by_leak(connection, now)
            saved, cases = list_leaks(connection), list_cases(connection)
        shown = site.catalogue.everything()
        listed = [
            ListedLeak(leak, leak.slug in shown and shown[leak.slug].public, clocks.get(leak.slug, ()))
            for leak in saved
        ]
        answer = page(
            site,
            request,
            "analyst.html",
            synthetic=any(leak.synthetic for leak in saved),
            session=session,
            leaks=listed,
            cases=cases,
            clocks=running(cases, now),
        )
        answer.headers.update(PRIVATE)
        return answer

    return routes


def to_sign_in(request: Request) -> Response:
    """Send whoever is not signed in to where that is done, and then back."""
    return RedirectResponse(f"/sign-in?next={quote(request.url.path, safe='/')}", 303, PRIVATE)
