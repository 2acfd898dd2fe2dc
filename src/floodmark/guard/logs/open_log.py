"""An open log file that is written to: whole lines of it, and whether it is still the same."""

from __future__ import annotations

import os
from typing import BinaryIO

from floodmark.dumps.chunks import LINE_LIMIT

READ_SIZE = 4 << 20
HEAD = 256  # bytes at the beginning of a file by which it is known again


class OpenLog:
    """A file that is read as it grows.

    Args:
        file: open for reading; closed with this.
        offset: from which to read.

    Attributes:
        inode: of the file.
        fresh: whether the last look found anything new.
        too_long: lines that were passed over because nobody has lines as long.
    """

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self.inode = os.fstat(file.fileno()).st_ino
        self.fresh = True
        self.too_long = 0
        self._file = file
        self._offset = offset
        self._held = b""
        self._passing = False
        self._head = self.first(min(HEAD, offset))

    @classmethod
    def at_end(cls, file: BinaryIO) -> OpenLog:
        """The file from the end of the last whole line that is there."""
        size = os.fstat(file.fileno()).st_size
        start = max(0, size - LINE_LIMIT)
        return cls(file, start + os.pread(file.fileno(), LINE_LIMIT, start).rfind(b"\n") + 1)

    @property
    def done(self) -> int:
        """Bytes up to the end of the last line that was given out."""
        return self._offset - len(self._held)

    @property
    def head(self) -> bytes:
        """The first bytes, as far as they were read."""
        return self._head

    @property
    def changed(self) -> int:
        """When it was last written to, nanoseconds since 1970."""
        return os.fstat(self._file.fileno()).st_mtime_ns

    @property
    def rest(self) -> bytes:
        """What was begun of a line, and not ended."""
        return self._held

    @property
    def size(self) -> int:
        """Bytes of the file now."""
        return os.fstat(self._file.fileno()).st_size

    def first(self, size: int) -> bytes:
        """The first bytes of the file."""
        return os.pread(self._file.fileno(), size, 0)

    def was_cut(self) -> bool:
        """Whether the file is shorter than it was, or begins otherwise: it was cut down and written anew."""
        return self.size < self._offset or self.first(len(self._head)) != self._head

    def again(self) -> None:
        """Read the same file from its beginning."""
        self._offset, self._held, self._passing, self._head = 0, b"", False, b""

    def read(self, size: int = READ_SIZE) -> bytes:
        """Whole lines that are new, at most about `size` bytes."""
        data = os.pread(self._file.fileno(), size, self._offset)
        self.fresh = bool(data)
        self._offset += len(data)
        if data and len(self._head) < HEAD:
            self._head = self.first(min(HEAD, self._offset))
        stop = data.rfind(b"\n") + 1
        if not stop:
            self._hold(data)
            return b""
        first = data.find(b"\n") + 1 if self._passing else 0
        lines, self._held = self._held + data[first:stop], data[stop:]
        self._passing = False
        return lines

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _hold(self, data: bytes) -> None:
        """Keep the beginning of a line, or pass it over where it is too long."""
        if not self._passing:
            self._held += data
        if len(self._held) > LINE_LIMIT:
            self.too_long += 1
            self._held, self._passing = b"", True
