"""A chunk cut at every delimiter, with the exact number of cells of each line.

Polars does the cutting. It pads short lines and drops what is too much, without saying so; the exact count comes
from lengths: a line's cells, delimiters and quotes must add up to the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

# Bytes that can stand in for a longer delimiter: the ASCII separators and other unused controls.
STAND_INS = tuple(bytes([b]) for b in (0x1F, 0x1E, 0x1D, 0x1C, 1, 2, 3, 4, 5, 6, 0x0E, 0x0F, 0x10, 0x11))


@dataclass(frozen=True)
class RawCells:
    """Cells of some lines.

    Attributes:
        frame: String columns, a row a line; short lines are padded with empty cells.
        counts: exact number of cells of each line, int64; more than the frame is wide means at least so many.
    """

    frame: pl.DataFrame
    counts: NDArray[np.int64]


def stand_in(data: bytes, delimiter: str) -> tuple[bytes, bytes | None]:
    """The data with a one-byte delimiter, and that byte; None where every candidate byte occurs in the data."""
    wanted = delimiter.encode()
    if len(wanted) == 1:
        return data, wanted
    byte = next((candidate for candidate in STAND_INS if candidate not in data), None)
    return (data.replace(wanted, byte) if byte and wanted else data), byte


def cut_cells(
    data: bytes,
    lengths: NDArray[np.int64],
    delimiter: bytes,
    width: int,
    newline: str,
    quote: str | None = None,
) -> RawCells | None:
    """Cut lines at a one-byte delimiter.

    Args:
        data: the lines, valid UTF-8 without NUL, each with its line end.
        lengths: bytes of each line without its line end.
        delimiter: one byte.
        width: columns wanted.
        newline: as in a grammar.
        quote: quoting character; quoted cells are unquoted.

    Returns:
        The cells, or None when the lines seen are not the lines given (only possible with quotes).
    """
    schema = {str(i): pl.String for i in range(width)}
    if not len(lengths):
        return RawCells(pl.DataFrame(schema=schema), np.zeros(0, np.int64))
    frame = pl.read_csv(
        data,
        separator=delimiter.decode(),
        has_header=False,
        quote_char=quote,
        schema=schema,
        truncate_ragged_lines=True,
        missing_columns="insert",
        extra_columns="ignore",
        empty_string_is_null=False,
        eol_char="\r" if newline == "cr" else "\n",
    )
    if frame.height != len(lengths):
        return None
    spelled = frame.select(pl.sum_horizontal(pl.all().str.len_bytes().cast(pl.Int64))).to_series().to_numpy()
    if quote is not None:
        spelled = spelled + _quotes_removed(data, lengths, frame, quote)
    missing = spelled + (width - 1) - lengths
    return RawCells(frame, np.where(missing >= 0, width - missing, width + 1))


def _quotes_removed(
    data: bytes, lengths: NDArray[np.int64], frame: pl.DataFrame, quote: str
) -> NDArray[np.int64]:
    """Quote characters of each line that are not in its cells.

    Two around a quoted cell, and one of every doubled pair; so the difference of the counts is what is missing.
    """
    marks = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(quote))
    kept = frame.select(pl.sum_horizontal(pl.all().str.count_matches(quote, literal=True).cast(pl.Int64)))
    # Lines (or quoted records of several lines) lie one after the other, with one line end or none at the end.
    steps = _line_ends(data, lengths)
    found = np.bincount(np.searchsorted(steps, marks, side="right"), minlength=len(lengths))[: len(lengths)]
    removed: NDArray[np.int64] = found - kept.to_series().to_numpy()
    return removed


def _line_ends(data: bytes, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offset just past each line's line end, given the lengths without it; line ends are one or two bytes."""
    spare = len(data) - int(lengths.sum())
    if spare in (len(lengths), len(lengths) - 1):
        return np.cumsum(lengths + 1)
    if spare in (2 * len(lengths), 2 * len(lengths) - 2):
        return np.cumsum(lengths + 2)
    raise AssertionError("lines are joined with one kind of line end")


def cells_one_by_one(texts: list[str], delimiter: str, quote: str | None, width: int) -> RawCells:
    """The same for a few records, one by one; any delimiter, and quotes that Polars does not take."""
    rows = [row_of(text, delimiter, quote) for text in texts]
    counts = np.array([len(row) for row in rows], np.int64)
    padded = [(row + [""] * width)[:width] for row in rows]
    return RawCells(
        pl.DataFrame(padded, schema={str(i): pl.String for i in range(width)}, orient="row"), counts
    )


def row_of(text: str, delimiter: str, quote: str | None) -> list[str]:
    """Cells of one record, leniently: a quote that does not enclose a whole cell is ordinary text.

    Examples:
        >>> row_of('"a, b",5" pipe,', ",", '"')
        ['a, b', '5" pipe', '']
    """
    if not delimiter:
        return [text]
    if quote is None or quote not in text:
        return text.split(delimiter)
    cells: list[str] = []
    at = 0
    pattern = _cell_pattern(delimiter, quote)
    while True:
        found = pattern.match(text, at)
        assert found is not None  # noqa: S101  the pattern matches the empty text
        enclosed = found.group(1)
        cells.append(found.group(2) if enclosed is None else enclosed.replace(quote * 2, quote))
        if found.end() == len(text):
            return cells
        at = found.end() + len(delimiter)


@cache
def _cell_pattern(delimiter: str, quote: str) -> re.Pattern[str]:
    q, d = re.escape(quote), re.escape(delimiter)
    return re.compile(rf"{q}((?:[^{q}]|{q}{q})*+){q}(?={d}|\Z)|((?:(?!{d}).)*)", re.DOTALL)
