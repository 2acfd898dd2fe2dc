"""Plain rows to records, all of them at once: their bytes are rewritten as lines and cells, which Polars then cuts.

A row is plain where every cell is one string without a mark before it, or a bare word. Rows that are not are left to
`sql_rows`, one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from floodmark.dumps.kinds.sql_marks import (
    COMMA,
    DOUBLE,
    OPEN,
    QUOTE,
    Bytes,
    Marks,
    Mask,
    Offsets,
    find_marks,
    table,
)
from floodmark.dumps.raw_cells import cut_cells
from floodmark.dumps.utf8_lines import is_utf8

# Bytes that stand for the end of a cell, and for line ends within one.
CELL, FEED, RETURN = b"\x1f\x1e\x1d"
_STANDS = (b"\x1f", b"\x1e", b"\x1d", b"\0")
# What an escaped letter stands for: itself unless said, 0 where the backslash stays.
_ESCAPED = np.arange(256, dtype=np.uint8)
_ESCAPED[list(b"nrtbfZ\n\r")] = (FEED, RETURN, 9, 8, 12, 26, FEED, RETURN)
_ESCAPED[list(b"0%_")] = 0
_SPACE = table(b" \t\r\n")
# How a number or a word begins: not `NULL`, `DEFAULT` and marks of strings, which are looked at more closely.
_WORD = table(b"0123456789+-.aAcCfFgGhHiIjJkKlLmMoOpPqQrRsStTuUvVwWyYzZ")
BLANKS = 3  # before or after a cell, that a plain row has at most


@dataclass(frozen=True)
class Plain:
    """Rows that were read at once.

    Attributes:
        cells: String columns named by their number, a row for each row that is plain.
        plain: which rows these are.
    """

    cells: pl.DataFrame
    plain: Mask


@dataclass(frozen=True)
class _Cells:
    """Cells of some rows, arrays of shape (rows, width): where the content of each begins and ends."""

    begins: Offsets
    ends: Offsets


def plain_rows(rows: list[bytes], width: int, backslash: bool) -> Plain:
    """Cells of the plain ones among rows.

    Args:
        rows: each from its opening parenthesis to its closing one.
        width: cells of a row; rows with more or fewer are not plain.
        backslash: whether a backslash escapes in strings.
    """
    text = b"".join(rows)
    none = Plain(
        pl.DataFrame(schema={str(i): pl.String for i in range(width)}), np.zeros(len(rows), np.bool_)
    )
    if width < 2 or any(stand in text for stand in _STANDS) or not is_utf8(text):
        return none
    closes = np.cumsum([len(row) for row in rows])
    opens = np.append(0, closes[:-1])
    buffer = np.frombuffer(text, np.uint8)
    marks = find_marks(buffer, backslash)
    commas = marks.at[(marks.kinds == COMMA) & (marks.depth == 1)]
    owner = np.searchsorted(opens, commas, side="right") - 1
    plain = np.bincount(owner, minlength=len(opens)) == width - 1
    odd = marks.at[(marks.kinds == DOUBLE) | ((marks.kinds == OPEN) & (marks.depth > 1))]
    plain[np.searchsorted(opens, odd, side="right") - 1] = False
    commas = commas[plain[owner]].reshape(-1, width - 1)
    cells, good = _contents(buffer, marks, opens[plain] + 1, commas, closes[plain] - 1)
    plain[np.flatnonzero(plain)[~good]] = False
    if not plain.any():
        return none
    cells = _Cells(cells.begins[good], cells.ends[good])
    lines = _rewritten(text, buffer, marks, cells, commas[good], closes[plain] - 1)
    return Plain(_cut(lines, width), plain)


def _contents(
    buffer: Bytes, marks: Marks, firsts: Offsets, commas: Offsets, lasts: Offsets
) -> tuple[_Cells, Mask]:
    """Where the contents of cells lie, and which rows have only cells that are plain."""
    begins = np.column_stack([firsts, commas + 1])
    ends = np.column_stack([commas, lasts])
    for _ in range(BLANKS):
        begins += _SPACE[buffer[begins]] & (begins < ends)
        ends -= _SPACE[buffer[ends - 1]] & (begins < ends)
    size = ends - begins
    head = buffer[begins] | 0x20
    begins += (head == ord("n")) & (size > 2) & (buffer[np.minimum(begins + 1, len(buffer) - 1)] == QUOTE)
    at = np.searchsorted(marks.opens, begins)
    string = buffer[begins] == QUOTE
    within = np.minimum(at, max(0, min(len(marks.opens), len(marks.closes)) - 1))
    if len(marks.closes):
        whole = (marks.opens[within] == begins) & (marks.closes[within] == ends - 1)
    else:
        whole = np.zeros(string.shape, np.bool_)
    null = (size == 4) & (head == ord("n"))
    for i, letter in enumerate(b"ull", start=1):
        null &= (buffer[np.minimum(begins + i, len(buffer) - 1)] | 0x20) == letter
    free = np.searchsorted(marks.opens, ends) == at
    hexadecimal = (size > 1) & ((buffer[np.minimum(begins + 1, len(buffer) - 1)] | 0x20) == ord("x"))
    word = _WORD[buffer[begins]] & free & ~hexadecimal & ~_SPACE[buffer[ends - 1]]
    good = np.where(string, whole, null | word | (size == 0)).all(axis=1)
    return _Cells(begins + string, np.where(null, begins, ends - string)), good


def _rewritten(
    text: bytes, buffer: Bytes, marks: Marks, cells: _Cells, commas: Offsets, lasts: Offsets
) -> bytes:
    """Rows as lines of cells: contents, with what was escaped, and one byte between them."""
    out = buffer.copy()
    for end, stand in ((b"\n", FEED), (b"\r", RETURN)):
        if end in text:
            out[buffer == end[0]] = stand
    edges = np.zeros(len(buffer) + 1, np.int8)
    edges[cells.begins.ravel()] += 1
    edges[cells.ends.ravel()] -= 1
    keep = np.cumsum(edges[:-1], dtype=np.int8).astype(np.bool_)
    keep[marks.doubled] = False
    if len(marks.escapes):
        after = _ESCAPED[buffer[np.minimum(marks.escapes + 1, len(buffer) - 1)]]
        gone = marks.escapes[after > 0]
        keep[gone] = False
        out[gone + 1] = after[after > 0]
    out[commas.ravel()] = CELL
    out[lasts] = 10
    keep[commas.ravel()] = True
    keep[lasts] = True
    return out[keep].tobytes()


def _cut(lines: bytes, width: int) -> pl.DataFrame:
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == 10)
    raw = cut_cells(lines, np.diff(ends, prepend=-1) - 1, bytes([CELL]), width, "lf")
    assert raw is not None and (raw.counts == width).all()  # noqa: S101  as they were written here
    return _restored(raw.frame) if FEED in lines or RETURN in lines else raw.frame


def _restored(frame: pl.DataFrame) -> pl.DataFrame:
    """The line ends within cells."""
    text = pl.col(pl.String)
    return frame.with_columns(
        text.str.replace_all(chr(FEED), "\n", literal=True).str.replace_all(chr(RETURN), "\r", literal=True)
    )
