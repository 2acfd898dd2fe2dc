"""A stream of bytes that can be looked into before it is read."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import BinaryIO, Literal, Protocol

from floodmark.errors import FloodmarkError

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


class Stream:
    """Bytes pulled from somewhere.

    Args:
        pull: gives at most as many bytes as asked for, none at the end.
        least: bytes to ask for at a time, where asking costs more than the bytes.
    """

    def __init__(self, pull: Pull, least: int = 1) -> None:
        self._pull = pull
        self._least = least
        self._held = b""
        self._at = 0
        self._failure: FloodmarkError | None = None

    def some(self, size: int) -> bytes:
        """At most `size` bytes, as many as are at hand; none at the end."""
        if self._at >= len(self._held):
            if size >= self._least or size <= 0:
                return self._pulled(size) if size > 0 else b""
            self._held, self._at = self._pulled(self._least), 0
        data = self._held[self._at : self._at + size]
        self._at += len(data)
        if self._at >= len(self._held):
            self._held, self._at = b"", 0
        return data

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end, or before damage, which the next read tells of."""
        return _gathered(b"", size, self.some)

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read; fewer than `size` only where there are no more."""
        if len(self._held) - self._at < size:
            self._held = _gathered(self._held[self._at :], max(size, self._least), self._pulled)
            self._at = 0
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

    def _pulled(self, size: int) -> bytes:
        if self._failure is not None:
            raise copy(self._failure)  # whoever catches it may add what it is about
        try:
            return self._pull(size)
        except FloodmarkError as error:
            self._failure = copy(error)
            raise


def _gathered(held: bytes, size: int, pull: Pull) -> bytes:
    """What is held and more up to `size`; an error is raised only where there is nothing to give."""
    parts, got = [held] if held else [], len(held)
    while got < size:
        try:
            part = pull(size - got)
        except FloodmarkError:
            if not parts:
                raise
            break
        if not part:
            break
        parts.append(part)
        got += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
