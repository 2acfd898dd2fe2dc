"""Whether a server lives, and whether it is ready to answer checks: for whoever watches it or puts it to work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from floodmark.errors import FloodmarkError
from floodmark.web.site import Site

FRESH = 1.0  # seconds for which a look is good, so that looking often costs nothing


def router(site: Site, monotonic: Callable[[], float] = time.monotonic) -> APIRouter:
    """`/healthz` and `/readyz`.

    Args:
        site: the server's parts.
        monotonic: seconds that never go back.
    """
    found = APIRouter(include_in_schema=False)
    readiness = Readiness(site, monotonic)

    @found.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> Response:
        return _answer(200, {"alive": True})

    @found.api_route("/readyz", methods=["GET", "HEAD"])
    def readyz() -> Response:
        checks = readiness.checks()
        ready = all(told == "ok" for told in checks.values())
        return _answer(200 if ready else 503, {"ready": ready, "checks": checks})

    return found


class Readiness:
    """What a server needs in order to answer, part by part.

    Args:
        site: the server's parts.
        monotonic: seconds that never go back.
    """

    def __init__(self, site: Site, monotonic: Callable[[], float]) -> None:
        self._site = site
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._checks: dict[str, str] = {}

    def checks(self) -> dict[str, str]:
        """For each part `ok`, or the slug of what is wrong with it."""
        with self._lock:
            now = self._monotonic()
            if now - self._looked_at >= FRESH:
                self._checks, self._looked_at = self._look(), now
            return self._checks

    def _look(self) -> dict[str, str]:
        checks: dict[str, Callable[[], None]] = {"snapshot": self._check_snapshot}
        if self._site.settings.evaluates:
            checks |= {"key": self._check_key, "budgets": self._check_budgets}
        return {name: _told(check) for name, check in checks.items()}

    def _check_snapshot(self) -> None:
        self._site.published.current()

    def _check_key(self) -> None:
        """See that what evaluates has the key that the snapshot was sealed under."""
        snapshot, evaluator = self._site.published.current().snapshot, self._site.evaluator
        if evaluator is None or (evaluator.epoch, evaluator.public_key) != (
            snapshot.epoch,
            snapshot.public_key,
        ):
            raise OtherKey("The snapshot is sealed under another key than the one that evaluates here.")

    def _check_budgets(self) -> None:
        if self._site.budget is not None:
            self._site.budget.begin_day(self._site.clock())


class OtherKey(FloodmarkError):
    """The key that evaluates is not the one that the snapshot's leaks are sealed under."""

    slug = "other-key"
    hint = "Serve the snapshot of this key's epoch, or load the key of the snapshot's."


def _told(check: Callable[[], None]) -> str:
    try:
        check()
    except FloodmarkError as error:
        return error.slug
    except Exception:
        return FloodmarkError.slug
    return "ok"


def _answer(status: int, told: dict[str, object]) -> Response:
    return JSONResponse(told, status, {"cache-control": "no-store"})
