"""Drawing charts for whoever asks: one at a time, each once, and no more waited for than leaves room for other pages.

A drawing takes a processor for up to a second, and anybody can ask for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping
from typing import ClassVar

from floodmark.web.kept import Kept
from floodmark.web.pages.charts import Drawing
from floodmark.web.problems import Refusal

MOST_DRAWINGS = 2_048  # kept
MOST_WAITING = 16  # threads that wait for a drawing, of forty that answer pages


class DrawingBusy(Refusal):
    """More charts are asked for at once than are drawn."""

    slug: ClassVar[str] = "drawing-busy"
    status: ClassVar[int] = 503
    headers: Mapping[str, str] = {"retry-after": "2"}
    hint = "Load the page again in a moment."


class Drawer:
    """Draws one chart at a time, and each once."""

    def __init__(self) -> None:
        self._kept = Kept(MOST_DRAWINGS)
        self._one = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def get(self, name: Hashable, mark: Hashable, draw: Drawing) -> str:
        """The drawing that has this name and mark.

        Raises:
            DrawingBusy: too many are waited for.
        """
        if not self._waiting.acquire(blocking=False):
            raise DrawingBusy("Too many charts are asked for at once.")
        try:
            return self._kept.get(name, mark, lambda: self._alone(draw))
        finally:
            self._waiting.release()

    def _alone(self, draw: Drawing) -> str:
        with self._one:
            return draw()
