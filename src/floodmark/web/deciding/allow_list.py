"""The allow-list of a guard that runs, as it is in its file by now."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from floodmark.errors import FloodmarkError
from floodmark.guard.allow import AllowList
from floodmark.guard.guard import Guard

EVERY = 5.0  # seconds between looks at the file


class NewestAllowList:
    """Takes a newer allow-list without a restart; of one that cannot be read the one before stays.

    Args:
        guard: that goes by it.
        path: of the file.
        failed: told what is wrong with a newer one.
        monotonic: seconds that never go back.
    """

    def __init__(
        self,
        guard: Guard,
        path: Path,
        failed: Callable[[FloodmarkError], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._guard = guard
        self._path = path
        self._failed = failed
        self._monotonic = monotonic
        self._looked = monotonic()
        self._seen = self._state()

    def __call__(self) -> None:
        """Look, if it is time."""
        now = self._monotonic()
        if now - self._looked < EVERY:
            return
        self._looked = now
        state = self._state()
        if state == self._seen:
            return
        self._seen = state
        try:
            self._guard.allowed = AllowList.read(self._path, self._guard.key.id)
        except FloodmarkError as error:
            self._failed(error)

    def _state(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_ino, found.st_size, found.st_mtime_ns)
