"""Threads for what would hold up everybody else: a few for each kind of client.

Of what waits for them no client has much. Otherwise whoever asks often enough would have all places, and the others be
sent away.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, TypeVar

from floodmark.web.problems import Refusal

Found = TypeVar("Found")


class TooBusy(Refusal):
    """More is waiting to be evaluated than the server takes on."""

    slug: ClassVar[str] = "too-busy"
    status: ClassVar[int] = 503
    headers: Mapping[str, str] = {"retry-after": "1"}
    hint = "Ask again in a moment; nothing was taken from your budget."


class Lane:
    """Threads of one kind of client; used from one event loop.

    Args:
        name: of the threads.
        threads: how many.
        most: requests that may be in it.
        most_of_one: of them, of one client.
    """

    def __init__(self, name: str, threads: int, most: int, most_of_one: int) -> None:
        self._threads = ThreadPoolExecutor(threads, name)
        self._most = most
        self._most_of_one = most_of_one
        self._pending: Counter[Hashable] = Counter()
        self._of_all = 0

    async def run(self, client: Hashable, work: Callable[[], Found]) -> Found:
        """Do something in a thread.

        Args:
            client: whose it is.
            work: what is to be done.

        Raises:
            TooBusy: too much is waiting already, of this client or of all.
        """
        if self._of_all >= self._most or self._pending[client] >= self._most_of_one:
            raise TooBusy("Too many evaluations are waiting.")
        self._pending[client] += 1
        self._of_all += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._of_all -= 1
            self._pending[client] -= 1
            if not self._pending[client]:
                del self._pending[client]
