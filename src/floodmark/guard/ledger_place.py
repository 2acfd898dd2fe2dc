"""A file of evidence that one process has to itself, where several share a state.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     one, other = LedgerPlace(Path(folder)), LedgerPlace(Path(folder))
...     names = one.path.name, other.path.name
...     one.close()
...     again = LedgerPlace(Path(folder))
...     names, again.path.name, [path.name for path in ledgers(Path(folder))]
(('evidence-0', 'evidence-1'), 'evidence-0', [])

Each process weighs what it sees itself. It takes the first place that is free, and so finds after a restart what one of
them had.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from floodmark.files import PRIVATE, OutputFailed
from floodmark.guard.keyed_json import GuardFileError

MOST = 64
"""Processes with one state, at most."""


class LedgerPlace:
    """A place in a folder, from now until it is closed or the process ends.

    Args:
        folder: of the state.

    Attributes:
        path: of the ledger, which need not exist.

    Raises:
        OutputFailed: the folder cannot be written to.
        GuardFileError: too many processes share the state.
    """

    def __init__(self, folder: Path) -> None:
        for number in range(MOST):
            self.path = folder / f"evidence-{number}"
            lock = folder / f"evidence-{number}.lock"
            try:
                self._lock = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
            except OSError as error:
                raise OutputFailed(f"{lock.name} could not be written.") from error
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(self._lock)
                continue
            return
        raise GuardFileError(
            f"{MOST} processes or more share this state",
            "Let fewer decide, or give them states of their own.",
        )

    def close(self) -> None:
        """Leave the place to others."""
        os.close(self._lock)


def ledgers(folder: Path) -> list[Path]:
    """All ledgers of a state."""
    return [path for number in range(MOST) if (path := folder / f"evidence-{number}").is_file()]
