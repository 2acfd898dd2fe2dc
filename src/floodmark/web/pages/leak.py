"""The page `/leaks/{slug}`: what is known of one leak, what was counted in it, and what was said of it."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from floodmark.errors import FloodmarkError
from floodmark.reports.svg_file import svg_file
from floodmark.triage.public_profile import PublicProfile
from floodmark.web.catalogue import ProfileUnsound
from floodmark.web.conditional import conditional
from floodmark.web.pages.chart_sizes import sizes
from floodmark.web.pages.charts import drawings
from floodmark.web.pages.drawer import Drawer
from floodmark.web.pages.numbers import percent, size
from floodmark.web.pages.palettes import palettes
from floodmark.web.pages.rendering import page, spoken
from floodmark.web.pages.said import amount, claimed, newest
from floodmark.web.problems import NothingHere
from floodmark.web.register_reading import Custody
from floodmark.web.shown_leaks import ShownLeak
from floodmark.web.sign_in import HOME, PRIVATE, signed_in
from floodmark.web.site import Site
from floodmark.web.texts import languages, texts

HOUR = "public, max-age=3600"


def router(site: Site) -> APIRouter:
    """Answers `/leaks/{slug}` and the charts below it."""
    routes = APIRouter(include_in_schema=False)
    catalogue, drawn = site.catalogue, Drawer()

    def leak(request: Request) -> Response:
        slug = request.path_params["slug"]
        try:
            shown = catalogue.find(slug)
        except FloodmarkError:
            # Only whoever is signed in is told that there is more: to all others it looks as if there were not.
            if signed_in(request, site) is None:
                raise
            catalogue.find(slug, reads_all=True)
            return RedirectResponse(f"{HOME}/leaks/{slug}", 303, PRIVATE)
        words = spoken(request)
        timeline = catalogue.timeline(shown)
        profile, custody, damaged = _profile(site, shown)
        made = page(
            site,
            request,
            "leak.html",
            synthetic=shown.synthetic,
            leak=shown,
            profile=profile,
            custody=custody,
            damaged=damaged,
            timeline=None if timeline is None else newest(timeline),
            recorded=0 if timeline is None else len(timeline.entries),
            amount=partial(amount, words),
            claimed=claimed,
            charts=set() if profile is None else set(drawings(profile, words)),
            chart_sizes={} if profile is None else sizes(profile, words),
            chart_at=partial(_address, shown, words.language),
            percent=partial(percent, words),
            size=partial(size, words),
        )
        return conditional(request, made)

    async def chart(request: Request) -> Response:
        shown, profile = await run_in_threadpool(found, request.path_params["slug"])
        language, theme = (request.query_params.get(name, "") for name in ("language", "theme"))
        language = language if language in languages() else languages()[0]
        name = request.path_params["name"]
        draw = None if profile is None else drawings(profile, texts(language)).get(name)
        if draw is None:
            raise NothingHere("There is no such chart.")
        drawing = await drawn.get((shown.slug, name, language), shown.saved_at, draw)
        palette = palettes().get(theme, palettes()["light"])
        content = await run_in_threadpool(svg_file, drawing, palette)
        made = Response(content, media_type="image/svg+xml", headers={"cache-control": HOUR})
        return conditional(request, made)

    def found(slug: str) -> tuple[ShownLeak, PublicProfile | None]:
        shown = catalogue.find(slug)
        return shown, _profile(site, shown)[0]

    routes.add_route("/leaks/{slug}", leak, methods=["GET"])
    routes.add_route("/leaks/{slug}/charts/{name}.svg", chart, methods=["GET"])
    return routes


def _profile(site: Site, leak: ShownLeak) -> tuple[PublicProfile | None, Custody | None, bool]:
    """What may be shown of a leak's profile, its custody, and whether there should be more than can be believed."""
    try:
        found = site.catalogue.profile(leak)
    except ProfileUnsound:
        return None, None, True
    return (None, None, False) if found is None else (*found, False)


def _address(leak: ShownLeak, language: str, name: str, theme: str) -> str:
    """Where a chart is; another address for every save, since it may be cached."""
    saved = "".join(filter(str.isdigit, leak.saved_at or ""))
    return f"/leaks/{leak.slug}/charts/{name}.svg?language={language}&theme={theme}&v={saved}"
