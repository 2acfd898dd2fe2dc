"""A server in this process that nothing listens for: asked straight, with the lines that it writes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from floodmark.exposure.check import LocalEvaluator
from floodmark.register.budgets import BudgetLedger
from floodmark.web import health
from floodmark.web.hot import HotEndpoints
from floodmark.web.logs import RequestLog
from floodmark.web.observed import Observed
from floodmark.web.published import PublishedSnapshot
from floodmark.web.settings import Limits, Settings
from floodmark.web.site import Site

from ...exposure.check.published import KEY, NOW, ROOT

HERE = ("127.0.0.1", 40_000)


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime = NOW
    seconds: float = 0.0

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Asked:
    """A server's parts, what it wrote, and a way to ask it."""

    site: Site
    clock: Clock
    written: list[bytes] = field(default_factory=list)
    app: Any = None

    def put_together(self, then: Any = None) -> None:
        """Its application, with something else behind the endpoints of the protocol."""
        routes = FastAPI(openapi_url=None)
        routes.include_router(health.router(self.site, lambda: self.clock.seconds))
        self.app = Observed(
            HotEndpoints(self.site, then or routes), self.site, RequestLog(self.clock, self.written.append)
        )

    def ask(
        self, method: str, path: str, client: tuple[str, int] | None = HERE, **options: Any
    ) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=client)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://example.org") as asking:
                return await asking.request(method, path, **options)

        return asyncio.run(once())

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written]

    def metrics(self) -> str:
        return self.ask("GET", "/metrics").text


@pytest.fixture
def made(published, tmp_path):
    """A function that makes a server, with other settings or parts."""
    opened: list[Any] = []

    def make(
        evaluator: Any = None,
        budget: Callable[[BudgetLedger], Any] = lambda ledger: ledger,
        limits: Limits | None = None,
        workspace: Any = None,
        **settings: Any,
    ) -> Asked:
        clock = Clock()
        snapshot = PublishedSnapshot(published.folder, ROOT.public, clock, every=60)
        ledger = BudgetLedger.open(tmp_path / "budgets.sqlite", limits or Limits())
        opened.extend((snapshot, ledger))
        site = Site(
            settings=Settings(root_key=ROOT.public, **settings),
            clock=clock,
            published=snapshot,
            evaluator=evaluator or LocalEvaluator(KEY),
            budget=budget(ledger),
            workspace=workspace,
        )
        if not site.settings.evaluates:
            site = replace(site, evaluator=None, budget=None)
        asked = Asked(site, clock)
        asked.put_together()
        return asked

    yield make
    for part in opened:
        part.close()


@pytest.fixture
def asked(made):
    """A server with the usual settings."""
    return made()
