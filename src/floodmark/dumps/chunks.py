"""Cutting a stream of text into chunks of whole lines, in bounded memory whatever the lines are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.accounting import Span
from floodmark.dumps.utf8_lines import valid_lines

CHUNK_SIZE = 16 << 20
LINE_LIMIT = 1 << 20
LONE_CR = re.compile(rb"\r(?!\n)")


@dataclass(frozen=True)
class Chunk:
    """Whole lines of a text, or the account of one line too long to hold.

    Attributes:
        start: offset of the first byte in the text.
        data: the bytes, ending with a line end except perhaps at the end of the text; lone carriage returns
            are line feeds here when they end lines.
        oversize: set instead of `data` for a line longer than the chunk size.
        tables: names of the tables that it has records of; `("",)` where a text is one table without a name.
        state: what its reader has to know of the text before it; never changed once set.
    """

    start: int
    data: bytes
    oversize: Span | None = None
    tables: tuple[str, ...] = ("",)
    state: object = None


@dataclass(frozen=True)
class Lines:
    """Where the lines of a chunk lie; three int64 arrays of one length.

    Attributes:
        starts: offset of each line's first byte within the chunk.
        ends: offset just past its last byte, without the line end.
        nexts: offset of the next line.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    nexts: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of lines."""
        return len(self.starts)


def cut(
    read: Callable[[int], bytes], start: int, newline: str, quote: str | None, size: int = CHUNK_SIZE
) -> Iterator[Chunk]:
    """Chunks of about `size` bytes from `read`, each ending where a line (or a quoted record) ends.

    Args:
        read: returns up to so many bytes; nothing at the end.
        start: offset in the text of the first byte that `read` returns.
        newline: `lf`, `crlf`, `cr` or `mixed` (`Grammar.newline`).
        quote: quoting character, within which a line end does not end a record.
        size: bytes wanted in a chunk.
    """
    end = b"\r" if newline == "cr" else b"\n"
    held = b""
    while True:
        fresh = read(size - len(held) if len(held) < size else size)
        data = held + fresh
        if newline == "mixed":
            # A final CR may be half of a CRLF: leave it for the next round.
            tail = data[-1:] if fresh and data.endswith(b"\r") else b""
            data = LONE_CR.sub(b"\n", data[: len(data) - len(tail)])
        else:
            tail = b""
        if not fresh:
            if data:
                yield Chunk(start, data)
            return
        stop = data.rfind(end) + 1
        if stop == 0 and len(data) >= size:
            span, rest = _swallow(read, start, data + tail, end, newline)
            yield Chunk(start, b"", span)
            start, held = start + span.size, rest
            continue
        if quote is not None and stop:
            stop = _outside_quotes(data, stop, quote.encode(), end)
        if stop:
            yield Chunk(start, data[:stop])
            start += stop
        held = data[stop:] + tail


def _swallow(
    read: Callable[[int], bytes], start: int, data: bytes, end: bytes, newline: str
) -> tuple[Span, bytes]:
    """Count a line that does not fit a chunk to its end; returns its span and what follows it."""
    length = len(data)
    if newline == "mixed" and data.endswith(b"\r"):
        data = LONE_CR.sub(b"\n", _completed(read, data))
        if stop := data.find(end, length - 1) + 1:
            return Span("quarantined", "line-too-long", start, stop), data[stop:]
        length = len(data)
    while True:
        data = read(CHUNK_SIZE)
        if newline == "mixed":
            data = LONE_CR.sub(b"\n", _completed(read, data))
        stop = data.find(end) + 1
        if stop or not data:
            length += stop
            return Span("quarantined", "line-too-long", start, length), data[stop:]
        length += len(data)


def _completed(read: Callable[[int], bytes], data: bytes) -> bytes:
    """The data with what follows a final carriage return, which may be half of a line end."""
    while data.endswith(b"\r") and (more := read(1)):
        data += more
    return data


def _outside_quotes(data: bytes, stop: int, quote: bytes, end: bytes) -> int:
    """Move the cut back to before a line whose quote is still open, if that line begins near the end."""
    if data.count(quote, 0, stop) % 2 == 0:
        return stop
    cut_at = stop
    floor = max(0, stop - LINE_LIMIT)
    while cut_at > floor:
        line_start = data.rfind(end, 0, cut_at - 1) + 1
        if data.count(quote, line_start, cut_at) % 2:
            return line_start or stop
        cut_at = line_start
    return stop


def find_lines(data: bytes, newline: str) -> Lines:
    """Line table of a chunk.

    Args:
        data: whole lines.
        newline: as in `cut`.
    """
    buffer = np.frombuffer(data, np.uint8)
    end = 13 if newline == "cr" else 10
    breaks = np.flatnonzero(buffer == end)
    if len(buffer) and buffer[-1] != end:
        breaks = np.append(breaks, len(buffer))
    nexts = np.minimum(breaks + 1, len(buffer))
    starts = np.empty_like(breaks)
    starts[:1] = 0
    starts[1:] = breaks[:-1] + 1
    ends = breaks.copy()
    if newline != "cr" and len(ends):
        # One carriage return before the line feed belongs to the line end.
        carriage = (ends > starts) & (buffer[np.maximum(ends - 1, 0)] == 13)
        ends -= carriage
    return Lines(starts, ends, nexts)


def invalid_lines(data: bytes, lines: Lines) -> NDArray[np.bool_]:
    """Which lines are not valid UTF-8, or hold a NUL. Linear in the data, however many are bad."""
    bad = np.zeros(len(lines), np.bool_)
    if b"\x00" in data:
        buffer = np.frombuffer(data, np.uint8)
        bad[np.searchsorted(lines.nexts, np.flatnonzero(buffer == 0), side="right")] = True
    edges = np.concatenate([[0], lines.nexts])
    return bad | ~valid_lines(data, edges)
