"""A stream of bytes that can be looked into before it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Literal, Protocol

Pull = Callable[[int], bytes]
Kind = Literal["text", "xlsx", "parquet"]
PIECE = 1 << 20


class Source(Protocol):
    """The bytes of one member, to be read once.

    Attributes:
        text_read: bytes read so far.
        kind: "text", or what else it is by its first bytes.
    """

    text_read: int
    kind: Kind

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only near the end, none at the end."""

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read; fewer than `size` only where there are no more."""

    def file(self) -> BinaryIO:
        """All bytes as a file to seek in, before anything was read; it is closed with the member."""

    def reopen(self) -> Source | None:
        """The same text from its start once more, to be closed by who asked; None where that takes all before it."""

    def close(self) -> None:
        """Let go of it."""


class Stream:
    """Bytes pulled from somewhere.

    Args:
        pull: gives at most as many bytes as asked for, none at the end.
    """

    def __init__(self, pull: Pull) -> None:
        self._pull = pull
        self._held = b""
        self._at = 0

    def some(self, size: int) -> bytes:
        """At most `size` bytes, as many as are at hand; none at the end."""
        if self._at < len(self._held):
            data = self._held[self._at : self._at + size]
            self._at += len(data)
            if self._at >= len(self._held):
                self._held, self._at = b"", 0
            return data
        return self._pull(size) if size > 0 else b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        parts: list[bytes] = []
        wanted = size
        while wanted > 0 and (part := self.some(wanted)):
            parts.append(part)
            wanted -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read; fewer than `size` only where there are no more."""
        got = len(self._held) - self._at
        if got < size:
            parts = [self._held[self._at :]]
            while got < size and (part := self._pull(size - got)):
                parts.append(part)
                got += len(part)
            self._held, self._at = b"".join(parts), 0
        return self._held[self._at : self._at + size]

    def pass_over(self, size: int | None = None) -> int:
        """Read and drop `size` bytes, or all that is left; how many there were."""
        passed = 0
        while size is None or passed < size:
            data = self.some(PIECE if size is None else min(PIECE, size - passed))
            if not data:
                break
            passed += len(data)
        return passed
