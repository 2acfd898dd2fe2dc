"""Looking after the budgets while nobody asks, so that what a day kept is gone soon after it is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from floodmark.errors import FloodmarkError
from floodmark.web.budget import Budget

EVERY = 60.0  # seconds


@contextmanager
def days_kept(budget: Budget, clock: Callable[[], datetime], every: float = EVERY) -> Iterator[None]:
    """A thread that begins each day of a budget on time, for as long as the block runs.

    What it finds amiss, `/readyz` finds as well.

    Args:
        budget: what is looked after.
        clock: gives the time, with time zone.
        every: seconds between looks.
    """
    ending = threading.Event()

    def look() -> None:
        while not ending.wait(every):
            with suppress(FloodmarkError):
                budget.begin_day(clock())

    thread = threading.Thread(target=look, name="days", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
