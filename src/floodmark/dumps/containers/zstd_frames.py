"""The text of a zstd file: all frames, one after the other (RFC 8878)."""

from __future__ import annotations

from collections.abc import Callable

import zstandard

from floodmark.dumps.containers.feed import Feed
from floodmark.errors import FloodmarkError, LimitExceeded, UnreadableInput

MAX_WINDOW = 1 << 27
# Four bytes can stand for a block of 128 KiB: small pieces bound what comes out at once, smaller ones where it is much.
SMALLEST, LARGEST = 1 << 6, 1 << 11
MUCH = 1 << 19


class ZstdReader:
    """Bytes out of zstd frames.

    Args:
        raw: the compressed bytes.
        name: subject of messages.
    """

    def __init__(self, raw: Callable[[int], bytes], name: str) -> None:
        self._feed = Feed(raw)
        self._name = name
        self._expand = self._frame()
        self._ready = b""
        self._at = 0
        self._step = SMALLEST
        self._started = False

    @staticmethod
    def _frame() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj()

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end.

        Raises:
            UnreadableInput: a frame is damaged or cut off.
            LimitExceeded: it looks further back than anyone's memory should have to go.
        """
        while self._at >= len(self._ready):
            self._step = SMALLEST if len(self._ready) > MUCH else min(2 * self._step, LARGEST)
            piece = self._feed.piece(self._step)
            if not piece:
                if self._started:
                    raise self._damaged("cut off")
                return b""
            try:
                self._ready, self._at = self._expand.decompress(piece), 0
            except zstandard.ZstdError as error:
                raise self._trouble(error) from error
            self._started = not self._expand.eof
            if self._expand.eof:
                self._feed.give_back(len(self._expand.unused_data))
                self._expand = self._frame()
        data = self._ready[self._at : self._at + size]
        self._at += len(data)
        return data

    def _trouble(self, error: zstandard.ZstdError) -> FloodmarkError:
        if "memory" in str(error):
            return LimitExceeded(
                f"{self._name} is a zstd file that wants more than {MAX_WINDOW >> 20} MiB of memory",
                "Decompress it with `zstd -d --long=31`, and read what comes out.",
            )
        return self._damaged("damaged")

    def _damaged(self, how: str) -> UnreadableInput:
        return UnreadableInput(
            f"{self._name} is a zstd file that is {how}",
            "Get the file again; `zstd -t` tells where it breaks.",
        )
