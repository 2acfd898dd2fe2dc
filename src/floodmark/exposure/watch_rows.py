r"""From lines to cells: delimiters, quoted cells, and lines that quotes make a mess of.

>>> cut = RowCutter(",")
>>> rows = cut.rows(1, pl.Series(["a,b", '"c,d",e', '"f', 'g",h', '"lost,i', "j,k"]), last=True)
>>> [rows.record(row) for row in range(len(rows))], rows.lines.tolist(), rows.open_quotes
([['a', 'b'], ['c,d', 'e'], ['f\ng', 'h'], ['j', 'k']], [1, 2, 3, 6], (5,))

A cell that begins with a quote may hold line ends (RFC 4180), within `MOST_LINES` lines and only where the record then
has as many cells as others. Any other open quote spoils its own line alone, never the lines after it.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

DELIMITERS = (",", ";", "\t", "|")
MOST_LINES = 50
QUOTE = '"'
LOOKED_AT = 500
Numbers = NDArray[np.int64]
# Told apart by identity from records, which they are not.
OPEN: list[str] = ["open"]
BROKEN: list[str] = ["broken"]


@dataclass(frozen=True)
class Rows:
    """Records of some lines, no two of which need have the same number of cells.

    Attributes:
        flat: cells of all records, one record after the other, String.
        starts: where each record's cells begin in `flat`, int64, shape (n,).
        widths: how many cells each has, int64, shape (n,).
        lines: number of the line where each begins, int64, shape (n,).
        open_quotes: numbers of the lines that an open quote spoils.
    """

    flat: pl.Series
    starts: Numbers
    widths: Numbers
    lines: Numbers
    open_quotes: tuple[int, ...] = ()

    @classmethod
    def of(cls, flat: pl.Series, widths: Numbers, lines: Numbers, open_quotes: tuple[int, ...] = ()) -> Rows:
        """Records whose cells stand one after the other without gaps."""
        return cls(flat, np.cumsum(widths) - widths, widths, lines, open_quotes)

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, index: int) -> pl.Series:
        """The cell of one column of every record, null where it has fewer cells; String, shape (n,)."""
        there = self.widths > index
        at = pl.Series(np.where(there, self.starts + index, 0))
        return self.flat.gather(at.set(pl.Series(~there), None))

    def filled(self) -> Rows:
        """The records that have a cell which is not blank."""
        counts = np.concatenate([[0], np.cumsum((self.flat.str.strip_chars() != "").to_numpy())])
        return self.only(counts[self.starts + self.widths] > counts[self.starts])

    def only(self, which: NDArray[np.bool_] | slice) -> Rows:
        """Some of the records, by mask or by place."""
        if not isinstance(which, slice) and which.all():
            return self
        return Rows(self.flat, self.starts[which], self.widths[which], self.lines[which], self.open_quotes)

    def record(self, row: int) -> list[str]:
        """The cells of one record."""
        return self.flat.slice(int(self.starts[row]), int(self.widths[row])).to_list()


def delimiter_of(lines: pl.Series) -> str | None:
    """The delimiter that gives most lines one number of cells, two or more; None for a list of one column.

    Args:
        lines: String, the first lines of a file.
    """
    filled = lines.filter(lines.str.strip_chars() != "").head(LOOKED_AT).to_list()
    best, best_share = None, 0.5
    for delimiter in DELIMITERS:
        # Line by line, so that an open quote spoils one line and not all.
        cut = (row for line in filled for row in csv.reader([line], delimiter=delimiter))
        lengths = Counter(len(row) for row in cut if row)
        if not lengths:
            continue
        cells, count = lengths.most_common(1)[0]
        share = count / sum(lengths.values())
        if cells > 1 and share > best_share:
            best, best_share = delimiter, share
    return best


@dataclass
class RowCutter:
    """Cuts lines into cells; what a block of lines leaves open is cut with the next one.

    Attributes:
        delimiter: text between two cells; None where a line is one cell.
    """

    delimiter: str | None
    _width: int = 0
    _held: list[str] = field(default_factory=list)

    def rows(self, first: int, lines: pl.Series, *, last: bool) -> Rows:
        """Records of the next lines.

        Args:
            first: number of the first of these lines.
            lines: String.
            last: whether no lines follow.
        """
        if self._held:
            lines = pl.concat([pl.Series(lines.name, self._held, dtype=pl.String), lines])
            first, self._held = first - len(self._held), []
        numbers = np.arange(first, first + lines.len())
        if self.delimiter is None:
            return Rows.of(
                lines.str.replace(r'^\s*"(.*)"\s*$', "$1"), np.ones(len(numbers), np.int64), numbers
            )
        quoted = lines.str.contains(QUOTE, literal=True)
        if not quoted.any():
            cells = lines.str.split(self.delimiter)
            self._learn(cells)
            return Rows.of(cells.explode(), cells.list.len().to_numpy().astype(np.int64), numbers)
        plain = ~quoted
        self._learn(lines.filter(plain).str.split(self.delimiter))
        found = self._quoted(first, lines.to_list(), last)
        return Rows.of(
            pl.Series([cell for _, cells in found.rows for cell in cells], dtype=pl.String),
            np.array([len(cells) for _, cells in found.rows], np.int64),
            np.array([number for number, _ in found.rows], np.int64),
            tuple(found.open_quotes),
        )

    def _learn(self, cells: pl.Series) -> None:
        """Remember the usual number of cells, of the first lines that tell."""
        if not self._width and cells.len():
            lengths = cells.head(LOOKED_AT).list.len()
            self._width = int(lengths.mode().max() or 0)  # type: ignore[arg-type]

    def _quoted(self, first: int, lines: list[str], last: bool) -> _Quoted:
        """All records of lines some of which have quotes."""
        assert self.delimiter is not None  # noqa: S101  the caller asked
        whole = self._one_each(lines)
        if whole is not None:
            return _Quoted(list(enumerate(whole, first)))
        found, at = _Quoted([]), 0
        while at < len(lines):
            row, taken = self._strict(lines[at : at + 1]), 1
            if row is OPEN:
                more = self._joined(lines[at : at + MOST_LINES])
                if more is None and not last and at + MOST_LINES > len(lines):
                    self._held = lines[at:]
                    break
                row, taken = more or (BROKEN, 1)
            if row is BROKEN:
                found.open_quotes.append(first + at)
            else:
                found.rows.append((first + at, row))
            at += taken
        return found

    def _one_each(self, lines: list[str]) -> list[list[str]] | None:
        """One record for every line; None where a quote leads from one line into the next."""
        assert self.delimiter is not None  # noqa: S101  the caller asked
        try:
            rows = list(csv.reader(lines, delimiter=self.delimiter))
        except csv.Error:  # a cell of more than 128 KiB, so one of several lines
            return None
        if len(rows) != len(lines) or (QUOTE in lines[-1] and self._strict(lines[-1:]) is OPEN):
            return None
        return rows

    def _joined(self, lines: list[str]) -> tuple[list[str], int] | None:
        """A record that begins on the first of these lines and ends on a later one, and its number of lines."""
        for count in range(2, len(lines) + 1):
            row = self._strict(lines[:count]) if QUOTE in lines[count - 1] else OPEN
            if row is BROKEN:
                return None
            if row is not OPEN:
                return (row, count) if len(row) == self._width or not self._width else None
        return None

    def _strict(self, lines: list[str]) -> list[str]:
        """The one record of these lines; `OPEN` where a quote still is, `BROKEN` where one is out of place."""
        text = [f"{line}\n" for line in lines[:-1]] + lines[-1:]
        try:
            rows = list(csv.reader(text, delimiter=self.delimiter or ",", strict=True))
        except csv.Error as error:
            return OPEN if "unexpected end" in str(error) else BROKEN
        return BROKEN if len(rows) > 1 else rows[0] if rows else []


@dataclass
class _Quoted:
    rows: list[tuple[int, list[str]]]
    open_quotes: list[int] = field(default_factory=list)
