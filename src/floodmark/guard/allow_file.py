"""An allow-list that is read again when its file changes, so that a running guard heeds what was just added.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     file = AllowFile(Path(folder) / "allow.json", "0123456789abcdef")
...     before = file.of(Actor(account=7), 0.0)
...     AllowList().with_one("account", 7, "Own", 0.0, 60.0).write(file.path, file.key_id)
...     before, file.of(Actor(account=7), 1.0), file.of(Actor(account=7), 9.0).reason
(None, None, 'Own')
"""

from __future__ import annotations

from pathlib import Path

from floodmark.guard.actors import Actor
from floodmark.guard.allow import Allowance, AllowList
from floodmark.guard.keyed_json import GuardFileError

EVERY = 5.0
"""Seconds between two looks at the file."""


class AllowFile:
    """The allow-list in a file, looked at again every `EVERY` seconds of the times that it is asked about.

    A file that is damaged later changes nothing: the list stays as it was read last.

    Args:
        path: of the file, which need not exist.
        key_id: of the digest key.

    Attributes:
        path: as given.
        key_id: as given.

    Raises:
        GuardFileError: the file is damaged, or made under another digest key.
    """

    def __init__(self, path: Path, key_id: str) -> None:
        self.path = path
        self.key_id = key_id
        self._mark = _mark(path)
        self._list = AllowList.read(path, key_id)
        self._looked: float | None = None

    def of(self, actor: Actor, at: float) -> Allowance | None:
        """As `AllowList.of`."""
        if self._looked is None:
            self._looked = at
        elif abs(at - self._looked) >= EVERY:
            self._looked = at
            self._look()
        return self._list.of(actor, at)

    def _look(self) -> None:
        mark = _mark(self.path)
        if mark == self._mark:
            return
        self._mark = mark
        try:
            self._list = AllowList.read(self.path, self.key_id)
        except GuardFileError:
            return


def _mark(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is replaced; None where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size
