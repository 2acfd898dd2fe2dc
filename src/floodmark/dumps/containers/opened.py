"""The bytes of one member, as its reader gets them."""

from __future__ import annotations

import io
from typing import BinaryIO

from floodmark.dumps.containers.opening import Allowance
from floodmark.dumps.containers.seekable import Seekable, SeekableFile, Spool
from floodmark.dumps.containers.stream import Kind, Stream
from floodmark.dumps.secret_file import spool_directory


class Opened:
    """A `Source`.

    Args:
        stream: the bytes.
        allowance: told how many there are.
        kind: what they are by the first of them.
        whole: the same bytes to seek in, where they are so at hand.
    """

    def __init__(
        self,
        stream: Stream,
        allowance: Allowance,
        kind: Kind,
        whole: Seekable | None,
    ) -> None:
        self.kind: Kind = kind
        self.text_read = 0
        self._stream = stream
        self._allowance = allowance
        self._whole = whole
        self._spool: Spool | None = None

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only near the end, none at the end.

        Raises:
            UnreadableInput: a container around them is damaged or cut off here; what was good has been read.
            LimitExceeded: it expands as no text does.
        """
        data = self._stream.read(size)
        self.text_read += len(data)
        self._allowance.text(len(data))
        return data

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read; fewer than `size` only where there are no more."""
        return self._stream.peek(size)

    def file(self) -> BinaryIO:
        """All bytes as a file to seek in, before anything was read; it is closed with the member.

        Raises:
            SpoolFailed: they need temporary space, and there is none.
        """
        if self._whole is None:
            self._whole = self._spool = Spool(self.read, spool_directory())
        return io.BufferedReader(SeekableFile(self._whole))

    def close(self) -> None:
        """Give temporary space back."""
        if self._spool is not None:
            self._spool.close()
