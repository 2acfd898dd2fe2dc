"""The text of bzip2, xz and older lzma files: all streams one after the other."""

from __future__ import annotations

import bz2
import lzma

from floodmark.dumps.containers.feed import Feed
from floodmark.dumps.containers.stream import Pull
from floodmark.errors import FloodmarkError, LimitExceeded, UnreadableInput

STEP, SMALL_STEP, SMALL = 1 << 13, 1 << 6, 1 << 15
MEMORY = 1 << 28  # bytes that one xz stream may want; `xz -9` makes files that want 65 MiB

Decompressor = bz2.BZ2Decompressor | lzma.LZMADecompressor


class BlockStreams:
    """Bytes out of compressed streams.

    Args:
        raw: the compressed bytes.
        what: name of the format, for messages.
    """

    def __init__(self, raw: Pull, what: str) -> None:
        self._feed = Feed(raw)
        self._what = what
        self._expand = self._fresh()
        self._started = False
        self._given = 0

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end.

        Raises:
            UnreadableInput: the stream is damaged or cut off.
            LimitExceeded: it wants too much memory.
        """
        while True:
            if self._expand.eof:
                self._feed.give_back(len(self._expand.unused_data))
                self._expand = self._fresh()
                self._started = self._feed.pass_zeros()
                if not self._started:
                    return b""
            data = self._feed.piece() if self._expand.needs_input else b""
            if not data and self._expand.needs_input:
                if self._started:
                    raise self._damaged("cut off")
                return b""
            self._started = True
            try:
                # A call that meets damage gives nothing of what it had: little is lost of a little at a time.
                step = SMALL_STEP if self._given < SMALL else STEP
                text = self._expand.decompress(data, min(step, size))
            except (OSError, EOFError, lzma.LZMAError, MemoryError) as error:
                raise self._trouble(error) from error
            if text:
                self._given += len(text)
                return text

    def _fresh(self) -> Decompressor:
        if self._what == "bzip2":
            return bz2.BZ2Decompressor()
        form = lzma.FORMAT_XZ if self._what == "xz" else lzma.FORMAT_ALONE
        return lzma.LZMADecompressor(form, memlimit=MEMORY)

    def _trouble(self, error: Exception) -> FloodmarkError:
        if isinstance(error, MemoryError) or "emory" in str(error):
            return LimitExceeded(
                f"This {self._what} stream wants more than {MEMORY >> 20} MiB of memory",
                f"Decompress it with `{self._what}` where there is enough, and read what comes out.",
            )
        return self._damaged("damaged")

    def _damaged(self, how: str) -> UnreadableInput:
        return UnreadableInput(
            f"This {self._what} stream is {how}",
            f"Get it again; `{self._what} -t` tells whether it is whole.",
        )
