"""The text of a zstd file."""

from __future__ import annotations

from collections.abc import Callable

import zstandard

from floodmark.errors import UnreadableInput

READ_SIZE = 1 << 20
MAX_WINDOW = 1 << 27
ZSTD_PIECE = 2048


class ZstdReader:
    """All frames of a zstd file, one after the other (RFC 8878), with clear errors."""

    def __init__(self, raw: Callable[[int], bytes], name: str) -> None:
        self._raw = raw
        self._name = name
        self._expand = self._frame()
        self._pending = b""
        self._ready = b""
        self._started = False

    @staticmethod
    def _frame() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj()

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        while not self._ready:
            # A few bytes can stand for a block of 128 KiB: so few at a time bound what comes out at once.
            if not self._pending:
                self._pending = self._raw(READ_SIZE)
            if not self._pending:
                if self._started:
                    raise self._damaged("cut off")
                return b""
            piece, self._pending = self._pending[:ZSTD_PIECE], self._pending[ZSTD_PIECE:]
            try:
                self._ready = self._expand.decompress(piece)
            except zstandard.ZstdError as error:
                raise self._damaged("damaged") from error
            self._started = not self._expand.eof
            if self._expand.eof:
                self._pending = self._expand.unused_data + self._pending
                self._expand = self._frame()
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _damaged(self, how: str) -> UnreadableInput:
        return UnreadableInput(
            f"{self._name} is a zstd file that is {how}",
            "Get the file again; `zstd -t` tells where it breaks.",
        )
