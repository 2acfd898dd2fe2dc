"""The pages below `/analyst`: what the register holds that is not public, for whoever signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from floodmark.errors import FloodmarkError
from floodmark.register.api_keys import read_api_keys
from floodmark.register.budget_standing import Standing, read_standing
from floodmark.register.cases import (
    LEAK,
    STATEMENT,
    CaseDeadline,
    deadlines_by_leak,
    get_case,
    list_cases,
    running,
)
from floodmark.register.leaks import Leak, get_leak, list_leaks
from floodmark.register.profiles import saved_profile
from floodmark.register.sessions import Session
from floodmark.register.statements import list_statements
from floodmark.register.workspace import Workspace
from floodmark.reports import labels
from floodmark.triage.profile import Profile
from floodmark.web.pages.clocks import length, moment
from floodmark.web.pages.numbers import percent, size
from floodmark.web.pages.rendering import page, spoken
from floodmark.web.pages.said import amount, claimed
from floodmark.web.sign_in import PRIVATE, NobodyCanSignIn, signed_in
from floodmark.web.site import Site

Handler: TypeAlias = Callable[[Request], Response]


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
    """Answers `/analyst` and what is below it.

    Raises:
        NobodyCanSignIn: there is no register.
    """
    if site.workspace is None:
        raise NobodyCanSignIn("Analysts cannot sign in to this server.")
    pages = AnalystPages(site, site.workspace)
    routes = APIRouter(include_in_schema=False)
    routes.add_route("/analyst", pages.for_analysts(pages.overview), methods=["GET"])
    routes.add_route("/analyst/leaks/{slug}", pages.for_analysts(pages.leak), methods=["GET"])
    routes.add_route("/analyst/cases/{slug}", pages.for_analysts(pages.case), methods=["GET"])
    return routes


class AnalystPages:
    """The handlers.

    Args:
        site: the server's parts.
        workspace: its register.
    """

    def __init__(self, site: Site, workspace: Workspace) -> None:
        self._site = site
        self._folder = workspace.folder

    def for_analysts(self, handler: Callable[[Request, Session], Response]) -> Handler:
        """A handler that sends whoever is not signed in to where that is done, and keeps its answer from caches."""

        def guarded(request: Request) -> Response:
            session = signed_in(request, self._site)
            if session is None:
                onward = quote(request.url.path, safe="/")
                return RedirectResponse(f"/sign-in?next={onward}", 303, PRIVATE)
            answer = handler(request, session)
            answer.headers.update(PRIVATE)
            return answer

        return guarded

    def overview(self, request: Request, session: Session) -> Response:
        """Clocks, cases, leaks, API keys and budgets."""
        now = self._site.clock()
        workspace = Workspace.open(self._folder)
        with workspace.connect() as connection:
            clocks = deadlines_by_leak(connection, now)
            saved, cases = list_leaks(connection), list_cases(connection)
            keys = [(key, key.state(now)) for key in read_api_keys(connection)]
        public = self._public()
        return self._page(
            request,
            session,
            "analyst.html",
            synthetic=any(leak.synthetic for leak in saved),
            leaks=[ListedLeak(leak, leak.slug in public, clocks.get(leak.slug, ())) for leak in saved],
            cases=cases,
            clocks=running(cases, now),
            keys=keys,
            standing=self._standing(),
        )

    def leak(self, request: Request, session: Session) -> Response:
        """One leak, with its whole profile."""
        workspace, slug = Workspace.open(self._folder), request.path_params["slug"]
        with workspace.connect() as connection:
            found = get_leak(connection, slug)
            clocks = deadlines_by_leak(connection, self._site.clock()).get(slug, ())
        return self._page(
            request,
            session,
            "analyst_leak.html",
            synthetic=found.synthetic,
            leak=found,
            public=slug in self._public(),
            clocks=clocks,
            timeline=self._site.catalogue.whole_timeline(found),
            amount=partial(amount, spoken(request)),
            claimed=claimed,
            profile=_profile(workspace, slug),
            column_name=labels.column_name,
        )

    def case(self, request: Request, session: Session) -> Response:
        """One case, with every duty."""
        with Workspace.open(self._folder).connect() as connection:
            found = get_case(connection, request.path_params["slug"])
            titles = {leak.slug: leak for leak in list_leaks(connection)}
            numbers = {reference for kind, reference in found.links if kind == STATEMENT}
            said = [one for one in list_statements(connection) if one.id in numbers] if numbers else []
        tied = [titles[reference] for kind, reference in found.links if kind == LEAK and reference in titles]
        return self._page(
            request,
            session,
            "analyst_case.html",
            synthetic=any(leak.synthetic for leak in tied),
            case=found,
            deadlines=found.deadlines(self._site.clock()),
            leaks=tied,
            said=said,
            saved=titles,
        )

    def _page(self, request: Request, session: Session, template: str, **values: Any) -> Response:
        words = spoken(request)
        return page(
            self._site,
            request,
            template,
            session=session,
            moment=partial(moment, words),
            length=partial(length, words),
            percent=partial(percent, words),
            size=partial(size, words),
            **values,
        )

    def _public(self) -> Mapping[str, object]:
        try:
            return self._site.catalogue.public()
        except FloodmarkError:  # nothing may be answered from now
            return {}

    def _standing(self) -> Standing | FloodmarkError | None:
        try:
            return read_standing(self._folder / "budgets.sqlite")
        except FloodmarkError as error:
            return error


def _profile(workspace: Workspace, slug: str) -> Profile | FloodmarkError:
    try:
        return saved_profile(workspace, slug)
    except FloodmarkError as error:
        return error
