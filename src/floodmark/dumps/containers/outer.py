"""The file itself: read once in order by whoever watches it, and from anywhere by archives that need it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from floodmark.dumps.containers.labels import shown_as
from floodmark.dumps.containers.regular import Fingerprint, Watcher, open_regular
from floodmark.errors import InputChanged, UnreadableInput

READ_SIZE = 1 << 20


class Outer:
    """An open file.

    Args:
        path: a regular file.
        watch: told of every raw byte once and in order.
        advance: told how many raw bytes more are done with; adds up to the size.

    Attributes:
        size: bytes of the file when it was opened.
        done: raw bytes that `advance` was told of.

    Raises:
        NothingToRead: there is no such file.
        UnreadableInput: it cannot be opened, or is no regular file.
    """

    def __init__(
        self, path: Path, watch: Watcher | None = None, advance: Callable[[int], None] | None = None
    ) -> None:
        self.path = path
        self._watch = watch
        self._advance = advance
        self._file = open_regular(path)
        self._before = Fingerprint.of(self._file)
        self.size = self._before.size
        self.done = 0
        self._at = 0

    def read(self, size: int) -> bytes:
        """The next raw bytes in order, shown to the watcher; none at the end."""
        data = self.pread(self._at, size)
        self._at += len(data)
        if data and self._watch is not None:
            self._watch(data)
        self.reached(self._at)
        return data

    def pread(self, offset: int, size: int) -> bytes:
        """Raw bytes from anywhere; fewer only at the end.

        Raises:
            UnreadableInput: the system cannot read them.
        """
        # Never past the size at opening, so that a file that grows without end is still read to an end.
        size = min(size, self.size - offset)
        try:
            return os.pread(self._file.fileno(), size, offset) if size > 0 else b""
        except OSError as error:
            raise UnreadableInput(f"Cannot read {shown_as(self.path.name)}: {error.strerror}") from error

    def reached(self, offset: int) -> None:
        """Count the raw bytes up to here as done with."""
        offset = min(offset, self.size)
        if offset > self.done:
            if self._advance is not None:
                self._advance(offset - self.done)
            self.done = offset

    def finish(self) -> None:
        """Show the watcher what is left, and check for changes.

        Raises:
            InputChanged: size, time or identity of the file differ from when it was opened.
        """
        while self.read(READ_SIZE):
            pass
        try:
            replaced = self.path.stat().st_ino != self._before.inode
        except OSError:
            replaced = True
        if replaced or Fingerprint.of(self._file) != self._before or self._at != self.size:
            raise InputChanged(f"{shown_as(self.path.name)} changed while it was read")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
