"""Bytes of zip members of method 14: a raw LZMA stream behind a header of its own (APPNOTE.TXT, section 5.8.8)."""

from __future__ import annotations

import lzma

from floodmark.dumps.containers.block_streams import MEMORY
from floodmark.dumps.containers.feed import Feed
from floodmark.dumps.containers.stream import Pull, Stream
from floodmark.errors import LimitExceeded, UnreadableInput

HEADER_SIZE = (
    9  # version of its writer (2), size of the rest (2), which is lc, lp and pb (1) and the dictionary (4)
)


class ZipLzma:
    """Bytes out of one member.

    Args:
        raw: its compressed bytes.
        size: bytes that come out; a stream without an end mark ends there.
    """

    def __init__(self, raw: Pull, size: int) -> None:
        self._raw = Stream(raw)
        self._feed = Feed(self._raw.some)
        self._left = size
        self._expand: lzma.LZMADecompressor | None = None

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end.

        Raises:
            UnreadableInput: the stream is damaged or cut off.
            LimitExceeded: it wants too much memory.
        """
        if self._expand is None:
            self._expand = self._begun()
        while self._left and not self._expand.eof:
            data = self._feed.piece() if self._expand.needs_input else b""
            if not data and self._expand.needs_input:
                raise _damaged()
            try:
                text = self._expand.decompress(data, size)
            except (lzma.LZMAError, EOFError) as error:
                raise _damaged() from error
            if text:
                self._left = max(0, self._left - len(text))
                return text
        return b""

    def _begun(self) -> lzma.LZMADecompressor:
        header = self._raw.read(HEADER_SIZE)
        if len(header) < HEADER_SIZE or header[2:4] != b"\5\0":
            raise _damaged()
        rest, lc = divmod(header[4], 9)
        pb, lp = divmod(rest, 5)
        dictionary = max(4096, int.from_bytes(header[5:9], "little"))
        if pb > 4 or lc + lp > 4:
            raise _damaged()
        if dictionary > MEMORY:
            raise LimitExceeded(
                f"This member wants more than {MEMORY >> 20} MiB of memory",
                "Unpack it where there is enough, and read what comes out.",
            )
        filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}]
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)


def _damaged() -> UnreadableInput:
    return UnreadableInput(
        "This member of a zip archive is damaged", "Get it again; `unzip -t` tells which are."
    )
