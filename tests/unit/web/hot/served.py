"""A server of a snapshot in this process, in a thread of its own, on a real port."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from floodmark.exposure.check import LocalEvaluator
from floodmark.register.budgets import BudgetLedger
from floodmark.register.workspace import Workspace
from floodmark.web.hot import HotEndpoints
from floodmark.web.patience import Patience
from floodmark.web.published import PublishedSnapshot
from floodmark.web.serving import Server, address_of, listening, server
from floodmark.web.settings import Limits, Settings
from floodmark.web.site import Site

from ...exposure.check.published import KEY, NOW, ROOT

LONG = 60  # seconds after which a test has failed
AMPLE = Limits(address=10_000, network=10_000, server=100_000)


async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
    """Whatever comes after the hot endpoints."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
    await send({"type": "http.response.body", "body": b"elsewhere"})


@dataclass
class Served:
    """A server that runs, and what it is made of."""

    address: str
    site: Site
    server: Server
    client: httpx.Client = field(repr=False)

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.client.request(method, self.address + path, **options)

    def post(self, **options: Any) -> httpx.Response:
        return self.ask("POST", "/v1/evaluate", **options)


def site_of(
    published: PublishedSnapshot, clock: Callable[[], datetime], budget: Any, evaluator: Any, **settings: Any
) -> Site:
    """A site of a snapshot that was published."""
    return Site(
        settings=Settings(port=0, root_key=ROOT.public, **settings),
        clock=clock,
        published=published,
        evaluator=evaluator,
        budget=budget,
        workspace=None,
    )


@contextmanager
def served(
    place: Path | Workspace,
    budgets: Path,
    *,
    clock: Callable[[], datetime] = lambda: NOW,
    limits: Limits = AMPLE,
    patience: Patience | None = None,
    every: float = 0.02,
    evaluator: Any = None,
    budget: Any = None,
    then: Any = elsewhere,
    root: bytes = ROOT.public,
    **settings: Any,
) -> Iterator[Served]:
    """A server for as long as the block runs."""
    with (
        PublishedSnapshot(place, root, clock, every=every) as published,
        BudgetLedger.open(budgets / "budgets.sqlite", limits) as ledger,
    ):
        site = site_of(
            published, clock, budget or ledger, evaluator or LocalEvaluator(KEY), limits=limits, **settings
        )
        with (
            running(HotEndpoints(site, then), site, patience, every) as (address, made),
            httpx.Client(timeout=LONG) as client,
        ):
            yield Served(address, site, made, client)


@contextmanager
def running(
    app: Any, site: Site, patience: Patience | None = None, every: float = 0.02
) -> Iterator[tuple[str, Server]]:
    """An application that is served, for as long as the block runs."""
    listens = threading.Event()
    with listening(site.settings) as bound:
        made = server(app, site.settings, lambda sentence: listens.set(), patience, every)
        thread = threading.Thread(target=made.run, args=([bound],))
        thread.start()
        try:
            assert listens.wait(LONG)
            yield address_of(bound), made
        finally:
            made.should_exit = True
            thread.join()
