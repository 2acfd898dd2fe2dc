"""Pages asked for in this process, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from floodmark.web.published import PublishedSnapshot
from floodmark.web.settings import Settings
from floodmark.web.site import Site

from ...exposure.check.published import NOW, ROOT


@contextmanager
def site_of(folder: Path, clock: datetime = NOW, **settings: Any) -> Iterator[Site]:
    """A server of a snapshot directory, which evaluates nothing."""
    with PublishedSnapshot(folder, ROOT.public, lambda: clock) as published:
        yield Site(
            settings=Settings(root_key=ROOT.public, **settings),
            clock=lambda: clock.astimezone(UTC),
            published=published,
            evaluator=None,
            budget=None,
            workspace=None,
        )


def asked(routes: APIRouter, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """What is answered."""
    app = FastAPI(openapi_url=None)
    app.include_router(routes)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://check.example.org") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(ask())


class Page(HTMLParser):
    """A page's elements, in order: names with attributes, and the text of scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(dict(attributes)) == len(attributes), f"an attribute twice: {tag}"
        self.elements.append((tag, dict(attributes)))
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)

    def all(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [str(found[attribute]) for _, found in self.elements if attribute in found]

    def data(self) -> dict[str, Any]:
        """What the page's script is given."""
        found: dict[str, Any] = json.loads("".join(self.scripts))
        return found
