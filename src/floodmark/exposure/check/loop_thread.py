"""An event loop in a thread of its own, for callers that block, and that may have a loop of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import wait
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")
WAKE = 0.1  # seconds


class LoopThread:
    """Runs coroutines one after another.

    Examples:
        >>> loop = LoopThread()
        >>> loop.run(asyncio.sleep(0, "done"))
        'done'
        >>> loop.close()
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="floodmark-check", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """The coroutine's result; an interrupt of the caller cancels it."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            # A signal may reach another thread than the one that waits, and wakes nobody who waits without end.
            while not future.done():
                wait([future], timeout=WAKE)
            return future.result()
        finally:
            future.cancel()

    def close(self) -> None:
        """Stop the loop; once."""
        self.run(self._loop.shutdown_asyncgens())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
