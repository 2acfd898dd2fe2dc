"""Drawing charts for whoever asks: one at a time, each once, in a thread of its own, so that other pages wait for none.

A drawing takes a processor for up to a second, and anybody can ask for all. Who waits for one takes up no thread.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from floodmark.web.problems import Refusal

MOST_KEPT = 2_048  # drawings
MOST_PENDING = 32  # different drawings that are waited for


class DrawingBusy(Refusal):
    """More charts are asked for at once than are drawn."""

    slug: ClassVar[str] = "drawing-busy"
    status: ClassVar[int] = 503
    headers: Mapping[str, str] = {"retry-after": "5"}
    hint = "Load the page again in a moment."


class Drawer:
    """Draws in one thread, and keeps what it drew; asked by one event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "draw")
        self._drawn: OrderedDict[Hashable, tuple[Hashable, asyncio.Future[str]]] = OrderedDict()
        self._pending = 0

    async def get(self, name: Hashable, mark: Hashable, draw: Callable[[], str]) -> str:
        """The drawing that has this name and mark; one that failed is tried again.

        Args:
            name: what tells it from others.
            mark: what changes when it is to be drawn anew.
            draw: draws it.

        Raises:
            DrawingBusy: too many others are waited for.
        """
        known = self._drawn.get(name)
        if known is None or known[0] != mark:
            known = self._drawn[name] = (mark, self._begun(name, draw))
        self._drawn.move_to_end(name)
        while len(self._drawn) > MOST_KEPT:
            self._drawn.popitem(last=False)
        return await asyncio.shield(known[1])  # which goes on for the others where one of them has gone

    def _begun(self, name: Hashable, draw: Callable[[], str]) -> asyncio.Future[str]:
        if self._pending >= MOST_PENDING:
            raise DrawingBusy("Too many charts are asked for at once.")
        self._pending += 1
        drawing = asyncio.get_running_loop().run_in_executor(self._thread, draw)

        def ended(found: asyncio.Future[str]) -> None:
            self._pending -= 1
            failed = found.cancelled() or found.exception() is not None
            if failed and self._drawn.get(name, (None, None))[1] is found:
                del self._drawn[name]

        drawing.add_done_callback(ended)
        return drawing
