"""Deflated bytes expanded up to the very byte at which they are damaged."""

from __future__ import annotations

import zlib


class Damaged(Exception):
    """The stream makes no sense from here on, or its checksum differs."""


class Inflate:
    """One deflated stream (RFC 1951), by itself or as a gzip member (RFC 1952).

    Args:
        wbits: as for `zlib.decompressobj`: -15 for the bare stream, 31 for gzip.
    """

    def __init__(self, wbits: int) -> None:
        self._inflate = zlib.decompressobj(wbits=wbits)
        self._damaged = False

    @property
    def eof(self) -> bool:
        """Whether it has ended."""
        return self._inflate.eof

    @property
    def left(self) -> bytes:
        """What was given to `expand` and is to be given to it again."""
        return self._inflate.unconsumed_tail

    @property
    def beyond(self) -> bytes:
        """What was given to it and stands behind its end."""
        return self._inflate.unused_data

    def expand(self, data: bytes, size: int) -> bytes:
        """At most `size` bytes; none where more is needed.

        Args:
            data: `left`, or where there is none the next bytes of the stream.
            size: bytes wanted.

        Raises:
            Damaged: nothing more can be made of it; what stood before was given.
        """
        if self._damaged:
            raise Damaged
        before = self._inflate.copy()
        try:
            return self._inflate.decompress(data, size)
        except zlib.error:
            self._damaged = True
        # zlib keeps what it had of this piece to itself: ask again for as much as goes well.
        parts, step = [], size
        while step:
            trial = before.copy()
            try:
                part = trial.decompress(data, step)
            except zlib.error:
                step //= 2
                continue
            if not part:
                break
            parts.append(part)
            before, data = trial, trial.unconsumed_tail
        if not parts:
            raise Damaged
        return b"".join(parts)
