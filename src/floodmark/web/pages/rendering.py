"""A page as an answer: its language, its frame, and what caches may do with it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse

from floodmark.web.site import Site
from floodmark.web.texts import Texts, languages, negotiated, texts


def spoken(request: Request) -> Texts:
    """The language of whoever asks: `?language=`, then `Accept-Language`, then English."""
    return texts(negotiated(request.query_params.get("language"), request.headers.get("accept-language")))


def page(
    site: Site,
    request: Request,
    template: str,
    *,
    status: int = 200,
    synthetic: bool = False,
    **values: Any,
) -> HTMLResponse:
    """A page that extends `base.html`.

    Args:
        site: the server's parts; templates have its `settings`.
        request: asks for it.
        template: below `templates`.
        status: of the answer.
        synthetic: whether it shows made-up data, which every such page says at its top.
        values: what else the template needs.
    """
    words = spoken(request)
    chosen = request.query_params.get("language") == words.language
    html = words.render(
        template,
        settings=site.settings,
        language=words.language,
        languages=[(code, texts(code).name) for code in languages()],
        here=here(request.scope["path"]),
        static=static_address,
        link=_Links(words.language if chosen else None),
        synthetic=synthetic,
        **values,
    )
    return HTMLResponse(
        html,
        status,
        {"Content-Language": words.language, "Vary": "Accept-Language", "Cache-Control": "no-cache"},
    )


def here(path: str) -> str:
    """A path as a page may link to it: of this server, whatever was asked for.

    >>> here("/leaks/acme-2026"), here("//evil.example/x"), here("/a?b")
    ('/leaks/acme-2026', '/evil.example/x', '/a%3Fb')
    """
    return "/" + quote(path.lstrip("/"), errors="replace")


@cache
def static_address(name: str) -> str:
    """Where a static file is, with a mark of its content, so that it may be cached for ever."""
    content = files("floodmark.web").joinpath("static", name).read_bytes()
    return f"/static/{quote(name)}?v={hashlib.sha256(content).hexdigest()[:12]}"


class _Links:
    """Addresses of pages, which keep a language that somebody chose by hand: nothing else remembers it."""

    def __init__(self, language: str | None) -> None:
        self._language = language

    def __call__(self, path: str) -> str:
        return path if self._language is None else f"{path}?language={self._language}"
