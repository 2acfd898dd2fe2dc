r"""A text in any encoding as a stream of UTF-8 that knows where each of its bytes came from.

Text that is UTF-8 already passes through uncopied but for one check. Lines that are damaged, or in another encoding
than their file, are repaired where that is sure, and otherwise stay what no reader takes for UTF-8.

>>> from io import BytesIO
>>> from floodmark.dumps.encodings import Encoding
>>> recoder = Recoder(BytesIO("Zoë;1\nAda;2\n".encode("cp1252")).read, Encoding("windows-1252", False))
>>> text = recoder.read(100)
>>> text.decode(), recoder.to_raw(np.array([text.index(b"Ada")])).tolist()
('Zoë;1\nAda;2\n', [6])
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from threading import Lock

import numpy as np

from floodmark.dumps.code_pages import code_page
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.line_ways import line_ways
from floodmark.dumps.raw_offsets import Offsets, RawOffsets, Stretch
from floodmark.dumps.utf8_lines import line_edges, whole_lines
from floodmark.dumps.ways import in_ways

BLOCK = 1 << 19
LONGEST_HELD = 1 << 20
CONTINUATION = bytes(range(0x80, 0xC0))


class Recoder:
    """Reads a text as UTF-8.

    One thread reads; others may ask about what was read.

    Args:
        read: returns up to so many bytes of the text as found, and nothing at its end.
        encoding: of the text.
        start: offset of the first byte that `read` returns, in the text as found and in the UTF-8 alike: the size of
            the byte order mark that stands before it, or 0.
    """

    def __init__(self, read: Callable[[int], bytes], encoding: Encoding, start: int = 0) -> None:
        page = code_page(encoding.name)
        self._read = read
        self._page = page
        self._ways = line_ways(page, encoding)
        self._decoder = codecs.getincrementaldecoder(page.codec)("floodmark-undecodable")
        self._offsets = RawOffsets(start)
        self._lock = Lock()
        self._held = b""
        self._done = False
        self._line_start = start
        self._ready = memoryview(b"")

    def read(self, size: int) -> bytes:
        """The next bytes of UTF-8, at most so many; nothing at the end of the text.

        They may end within a character or a line.
        """
        if len(self._ready) >= size:
            data, self._ready = bytes(self._ready[:size]), self._ready[size:]
            return data
        parts: list[bytes | memoryview] = [self._ready] if len(self._ready) else []
        have = len(self._ready)
        # What is held back of an unfinished line makes the answer a little short, which is no reason for another round.
        while have < size and (not have or have < size - size // 4):
            if not (part := self._next(size - have)):
                break
            parts.append(part)
            have += len(part)
        data = bytes(parts[0]) if len(parts) == 1 else b"".join(parts)
        self._ready = memoryview(data)[size:]
        return data if len(data) <= size else data[:size]

    def to_raw(self, offsets: Offsets) -> Offsets:
        """Offsets in the text as found of offsets in the UTF-8, none of which were forgotten or lie ahead.

        Args:
            offsets: int64, in any order; one within a character stands for the end of that character.
        """
        with self._lock:
            return self._offsets.to_raw(offsets)

    def changed(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """First byte, end and reason of every repaired line in a stretch of the UTF-8, in order."""
        with self._lock:
            return self._offsets.changed(start, end)

    def forget(self, before: int) -> None:
        """Let go of the mapping before an offset of the UTF-8, so that memory stays bounded."""
        with self._lock:
            self._offsets.forget(before)

    def _next(self, size: int) -> bytes:
        """More of the text, of any size; nothing at its end."""
        while not self._done or self._held:
            # An unfinished line grows by as much as it is long, so that its bytes are not copied again and again.
            data = self._read(max(size if self._page.family == "utf-8" else BLOCK, len(self._held)))
            self._done = not data
            if text := self._widened(data) if self._page.family == "wide" else self._lines(data):
                return text
        return b""

    def _widened(self, data: bytes) -> bytes:
        """Text of characters that all have two or four bytes."""
        size = len(self._held) + len(data)
        text = self._decoder.decode(data, final=self._done).encode("utf-8", "surrogatepass")
        self._held = b"" if self._done else self._decoder.getstate()[0]
        first = np.zeros(1, np.int64)
        with self._lock:
            self._offsets.add(
                Stretch(
                    self._offsets.end,
                    self._offsets.raw_end,
                    len(text),
                    size - len(self._held),
                    text,
                    first,
                    first,
                    first.astype(np.uint8),
                    self._ways.known,
                )
            )
        return text

    def _lines(self, data: bytes) -> bytes:
        """Text whose lines end as in ASCII."""
        if not self._held and data.isascii():
            return self._as_found(data)
        data = self._held + data
        if self._done or data.isascii():
            size = len(data)
        elif not (size := whole_lines(data)) and len(data) >= LONGEST_HELD:
            size = self._whole_characters(data)
        data, self._held = data[:size], data[size:]
        if self._ways.is_plain(data):
            return self._as_found(data)
        parts, at = [], 0
        while at < len(data):
            block = data[at : at + BLOCK]
            if at + BLOCK < len(data):
                block = block[: whole_lines(block) or self._whole_characters(block)]
            parts.append(self._as_found(block) if self._ways.is_plain(block) else self._block(block))
            at += len(block)
        return b"".join(parts)

    def _whole_characters(self, data: bytes) -> int:
        """Size of the characters that the data begins with, where the last may be cut off."""
        if self._page.family == "single":
            return len(data)
        self._decoder.reset()
        # In UTF-8 the last bytes tell; elsewhere one has to count from the beginning.
        self._decoder.decode(data[-4:].lstrip(CONTINUATION) if self._page.family == "utf-8" else data)
        return len(data) - len(self._decoder.getstate()[0]) or len(data)

    def _as_found(self, data: bytes) -> bytes:
        start = self._offsets.end
        with self._lock:
            self._offsets.add(Stretch(start, self._offsets.raw_end, len(data), len(data)))
        if broken := 1 + max(data.rfind(b"\n"), data.rfind(b"\r") if b"\n" not in data else -1):
            self._line_start = start + broken
        return data

    def _block(self, data: bytes) -> bytes:
        """Some lines, each in its own way."""
        edges = line_edges(data)
        ways = self._ways.choose(data, edges)
        known = self._ways.known
        if not ways.any() and known[0].convert is None:
            return self._as_found(data)
        start = self._offsets.end
        text, lines = in_ways(data, edges, ways, known)
        new = np.flatnonzero(np.diff(ways, prepend=255))
        repaired = np.flatnonzero(np.array([bool(way.reason) for way in known])[ways])
        changed = np.column_stack([lines[repaired], lines[repaired + 1]])
        changed[repaired == 0, 0] = self._line_start - start
        with self._lock:
            self._offsets.add(
                Stretch(
                    start,
                    self._offsets.raw_end,
                    len(text),
                    len(data),
                    text,
                    lines[new],
                    edges[new],
                    ways[new],
                    known,
                    changed,
                    ways[repaired],
                )
            )
        if text.endswith((b"\n", b"\r")):
            self._line_start = start + len(text)
        elif len(lines) > 2:
            self._line_start = start + int(lines[-2])
        return text
