r"""Lines of a log, some at a time, in bounded memory whatever the lines are.

>>> import io
>>> [(block.lines.to_list(), dict(block.fates)) for block in blocks(io.BytesIO(b"one\r\n\ntw\xff\nthree\n").read)]
[(['one', 'three'], {'not-utf-8': 1, 'blank': 1})]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from floodmark.dumps.chunks import LINE_LIMIT, Chunk, cut, find_lines, invalid_lines
from floodmark.dumps.utf8_lines import is_utf8, kept

BLOCK_SIZE = 16 << 20


@dataclass(frozen=True)
class Block:
    """Some lines.

    Attributes:
        lines: String, without nulls: those that can be read.
        fates: of the others, how many were `blank`, `not-utf-8` (or held a NUL) or `too-long`.
    """

    lines: pl.Series
    fates: Counter[str]


def blocks(read: Callable[[int], bytes], size: int = BLOCK_SIZE) -> Iterator[Block]:
    """Lines of a text, in blocks.

    Args:
        read: returns up to so many bytes; nothing at the end.
        size: bytes wanted in a block.
    """
    for chunk in cut(read, 0, "lf", None, size):
        yield _block(chunk)


def block_of(data: bytes) -> Block:
    """The lines of some bytes."""
    return _block(Chunk(0, data))


def _block(chunk: Chunk) -> Block:
    if chunk.oversize is not None:
        return Block(pl.Series([], dtype=pl.String), Counter({"too-long": 1}))
    data, fates = chunk.data, Counter[str]()
    if b"\x00" in data or not is_utf8(data):
        data = _readable(data, fates)
    lines = pl.read_lines(data).to_series() if data else pl.Series([], dtype=pl.String)
    sizes = lines.str.len_bytes()
    longest = sizes.max()
    if sizes.min() == 0 or (isinstance(longest, int) and longest > LINE_LIMIT):
        blank, long = lines.str.strip_chars() == "", sizes > LINE_LIMIT
        fates["blank"] += int(blank.sum())
        fates["too-long"] += int((long & ~blank).sum())
        lines = lines.filter(~(blank | long))
    return Block(lines.rechunk(), +fates)


def _readable(data: bytes, fates: Counter[str]) -> bytes:
    """The lines that are UTF-8 and without NUL."""
    lines = find_lines(data, "lf")
    long = lines.ends - lines.starts > LINE_LIMIT
    bad = invalid_lines(data, lines)
    fates["too-long"] += int(long.sum())
    fates["not-utf-8"] += int((bad & ~long).sum())
    edges = np.concatenate([lines.starts[:1], lines.nexts])
    return kept(data, edges, ~(bad | long))[0]
