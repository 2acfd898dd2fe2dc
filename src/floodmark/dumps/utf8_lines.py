"""Lines of a block of text, and which of them are valid UTF-8, at once for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Offsets = NDArray[np.int64]
TURN = 256  # bytes that are copied by a mask while one stretch of them is cut out by itself
STRETCH = 1 << 14  # bytes that are decoded at a time, and again from behind a line that is not valid
MANY = 16  # one line in so many that is not valid: all of them are then told by arrays


def is_utf8(data: bytes) -> bool:
    """Whether all of the data is valid UTF-8, told at memory speed and without an error for where it is not."""
    if data.isascii():
        return True
    try:
        pl.Series([data], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return True


def line_end(data: bytes) -> bytes:
    """The byte that ends lines of a block: LF, or CR where it has no LF."""
    return b"\n" if b"\n" in data else b"\r"


def line_edges(data: bytes, end: bytes | None = None) -> Offsets:
    """Where lines begin, and last where the data ends.

    Args:
        data: some text in an encoding that has line ends where ASCII has them.
        end: the byte that ends a line; `line_end` of the data where it is a whole block.
    """
    end = end or line_end(data)
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == end[0]) + 1
    edges = np.concatenate([[0], breaks])
    return edges if edges[-1] == len(data) else np.append(edges, len(data))


def whole_lines(data: bytes) -> int:
    """Size of the whole lines that the data begins with, by the same line ends."""
    return data.rfind(line_end(data)) + 1


def kept(data: bytes, edges: Offsets, which: NDArray[np.bool_]) -> tuple[bytes, Offsets]:
    """Some of the lines, one after the other, and their edges."""
    sizes = np.diff(edges)
    edge = np.zeros(1, np.bool_)
    turns = np.flatnonzero(np.concatenate([edge, which]) != np.concatenate([which, edge]))
    if len(turns) * TURN < len(data):
        runs = zip(edges[turns[::2]].tolist(), edges[turns[1::2]].tolist(), strict=True)
        lines = b"".join([data[start:end] for start, end in runs])
    else:
        lines = np.frombuffer(data, np.uint8)[np.repeat(which, sizes)].tobytes()
    return lines, np.concatenate([[0], np.cumsum(sizes[which])])


@dataclass(frozen=True)
class HighBytes:
    """The bytes of some text that are not ASCII.

    Attributes:
        at: int64, their offsets.
        values: uint8, the bytes.
        wrong: bool, which of them belong to no valid character of UTF-8 (RFC 3629, section 4).
    """

    at: Offsets
    values: Bytes
    wrong: NDArray[np.bool_]

    @classmethod
    def of(cls, data: bytes) -> HighBytes:
        """Those of a text, in one pass."""
        buffer = np.frombuffer(data, np.uint8)
        at = np.flatnonzero(buffer >= 0x80)
        values = buffer[at]
        return cls(at, values, _wrong(at, values))

    def lines(self, edges: Offsets) -> Offsets:
        """Number of the line that each is in."""
        return np.searchsorted(edges, self.at, side="right") - 1


def valid_lines(data: bytes, edges: Offsets) -> NDArray[np.bool_]:
    """Which lines are valid UTF-8: fast where most are, linear in the data however many are not.

    Args:
        data: some lines.
        edges: as of `line_edges`.
    """
    valid = np.ones(len(edges) - 1, np.bool_)
    if data.isascii():
        return valid
    view, at, left = memoryview(data), 0, 1 + len(valid) // MANY
    while at < len(data) and left:
        stop = int(edges[min(int(np.searchsorted(edges, at + STRETCH)), len(valid))])
        try:
            str(view[at:stop], "utf-8")
            at = stop
        except UnicodeDecodeError as error:
            line = int(np.searchsorted(edges, at + error.start, side="right")) - 1
            valid[line] = False
            at, left = int(edges[line + 1]), left - 1
    if at < len(data):
        found = HighBytes.of(data)
        valid[found.lines(edges)[found.wrong]] = False
    return valid


def high_and_valid(data: bytes, edges: Offsets) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which lines are not ASCII, and which lines are valid UTF-8.

    Args:
        data: some lines.
        edges: as of `line_edges`.
    """
    high: NDArray[np.bool_] = np.maximum.reduceat(np.frombuffer(data, np.uint8), edges[:-1]) >= 0x80
    return high, valid_lines(data, edges)


def _wrong(at: Offsets, values: Bytes) -> NDArray[np.bool_]:
    """Which of the bytes that are not ASCII, by their offsets, do not belong to a valid character."""
    count = len(at)
    goes_on = (values & 0xC0) == 0x80
    more = np.zeros(count, np.int8)
    more[values >= 0xC2] = 1
    more[values >= 0xE0] = 2
    more[values >= 0xF0] = 3
    wrong = (values > 0xF4) | ((values & 0xFE) == 0xC0)
    covered = np.zeros(count, np.bool_)
    for step in range(1, min(3, count - 1) + 1):
        needs = more >= step
        near = np.zeros(count, np.bool_)
        near[: count - step] = at[step:] == at[: count - step] + step
        follows = near.copy()
        follows[: count - step] &= goes_on[step:]
        wrong |= needs & ~follows
        covered[step:] |= (needs & near)[: count - step]
    # The last bytes of all have nothing after them.
    wrong |= more >= np.arange(count, 0, -1)
    wrong |= goes_on != covered
    # Second bytes that would be a longer form than needed, a surrogate, or beyond Unicode.
    second = np.append(values[1:], np.uint8(0))
    wrong |= (values == 0xE0) & (second < 0xA0) | (values == 0xED) & (second > 0x9F)
    return np.asarray(
        wrong | (values == 0xF0) & (second < 0x90) | (values == 0xF4) & (second > 0x8F), np.bool_
    )
