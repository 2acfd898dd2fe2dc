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
        before = _SPACE[buffer[begins]] & (begins < ends)
        after = _SPACE[buffer[ends - 1]] & (begins < ends)
        if not (before.any() or after.any()):
            break
        begins += before
        ends -= after & (begins < ends)
    head, second = buffer[begins] | 0x20, buffer[np.minimum(begins + 1, len(buffer) - 1)]
    size = ends - begins
    marked = (head == ord("n")) & (size > 2) & (second == QUOTE)
    begins += marked
    string = (buffer[begins] == QUOTE) & (size > 0)
    whole, free = _strings(marks, begins, ends, string)
    null = _are_null(buffer, begins, (size == 4) & (head == ord("n")) & ~marked)
    hexadecimal = (size > 1) & (second | 0x20 == ord("x"))
    word = _WORD[buffer[begins]] & free & ~hexadecimal & ~_SPACE[buffer[ends - 1]]
    good: Mask = np.logical_and.reduce(np.where(string, whole, null | word | (size == 0)), axis=1)
    return _Cells(begins + string, np.where(null, begins, ends - string)), good


def _strings(marks: Marks, begins: Offsets, ends: Offsets, string: Mask) -> tuple[Mask, Mask]:
    """Which of the cells that begin with a quote are one string, and which cells have no string in them."""
    if np.array_equal(marks.opens, begins[string]) and np.array_equal(marks.closes, ends[string] - 1):
        return string, ~string
    at = np.searchsorted(marks.opens, begins)
    pairs = min(len(marks.opens), len(marks.closes))
    if not pairs:
        return np.zeros_like(string), np.ones_like(string)
    within = np.minimum(at, pairs - 1)
    whole = (marks.opens[within] == begins) & (marks.closes[within] == ends - 1)
    return whole, np.searchsorted(marks.opens, ends) == at


def _are_null(buffer: Bytes, begins: Offsets, likely: Mask) -> Mask:
    """Which of the cells that are likely to be NULL are."""
    null = likely.copy()
    at = begins[likely]
    null[likely] = (buffer[at[:, None] + np.arange(1, 4)] | 0x20 == list(b"ull")).all(axis=1)
    return null


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
