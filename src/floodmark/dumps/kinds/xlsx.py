"""Workbooks (xlsx): every sheet a table, its rows as a person would have typed them.

Sheets are streamed through an XML parser row by row; only the texts that cells share are held in memory, up to a limit.
A merged cell's value is in its first cell, as in every export; the values of formulas are those that were saved.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import RecordKind
from floodmark.dumps.kinds.shares import Fate, Shares
from floodmark.dumps.kinds.table_head import head_of
from floodmark.dumps.kinds.xlsx_cells import Cells, blocks
from floodmark.dumps.kinds.xlsx_formats import Format, formats
from floodmark.dumps.kinds.xlsx_package import DamagedPart, Package, Sheet
from floodmark.dumps.kinds.xlsx_strings import shared_strings
from floodmark.dumps.kinds.xlsx_values import texts_of
from floodmark.dumps.kinds.xlsx_xml import DamagedXml
from floodmark.dumps.overrides import Overrides
from floodmark.errors import NothingToRead, UnreadableInput

DENSE_CELLS = 2_000_000
LONGEST_NAME = 60
REVEALING = re.compile(r"@|\d{5}")


class XlsxReader:
    """Reads a workbook.

    Args:
        given: what is known of it; header and preamble hold for every sheet.
    """

    name: RecordKind = "xlsx"

    def __init__(self, given: Overrides | None = None) -> None:
        self._given = given or Overrides()

    def batches(self, file: BinaryIO) -> Iterator[Batch]:
        """Records, as `kinds.kind.TableReader` says; the name of a hidden sheet ends with `(hidden)`."""
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        package = Package(file, size)
        try:
            styles = formats(package.open(package.styles)) if package.has(package.styles) else ()
            texts = _texts(package)
        except (DamagedPart, DamagedXml) as error:
            raise UnreadableInput(
                "The texts or styles of this workbook are damaged", "Get it again."
            ) from error
        shares, last = Shares(size), None
        for sheet, table in zip(package.sheets, labels(package.sheets), strict=True):
            for batch in _Table(table, package, texts, styles, self._given, shares).batches(sheet):
                last = batch
                yield batch
        if last is None:
            raise NothingToRead("No sheet of this workbook has a filled cell")
        if shares.at < size:
            yield shares.rest(last)


def _texts(package: Package) -> pl.Series:
    if not package.has(package.strings):
        return pl.Series(dtype=pl.String)
    return shared_strings(package.open(package.strings))


def labels(sheets: list[Sheet]) -> list[str]:
    """Names of sheets made labels: printable, short, no two alike, none that could be an identifier.

    Examples:
        >>> labels([Sheet("People", "", False), Sheet("People", "", True), Sheet("a@b.example", "", False)])
        ['People', 'People (2) (hidden)', 'sheet 3']
    """
    seen: dict[str, int] = {}
    found = []
    for number, sheet in enumerate(sheets, 1):
        name = "".join(c for c in sheet.name if c.isprintable()).strip()[:LONGEST_NAME]
        name = f"sheet {number}" if not name or REVEALING.search(name) else name
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        found.append(f"{name} (hidden)" if sheet.hidden else name)
    return found


@dataclass
class _Table:
    """One sheet as it is read; the columns are settled by its first filled rows."""

    name: str
    package: Package
    texts: pl.Series
    styles: tuple[Format, ...]
    given: Overrides
    shares: Shares
    columns: list[str] | None = None
    first: int = 0
    named: bool = False

    def batches(self, sheet: Sheet) -> Iterator[Batch]:
        """Records of the sheet, and what becomes of its other rows."""
        blank = 0
        try:
            read = self.package.open(sheet.part)
        except DamagedPart:
            return
        for cells in blocks(read):
            if self.columns is None and not len(cells.rows):
                blank += cells.height
                continue
            yield from self._block(cells, blank)
            blank = 0

    def _block(self, cells: Cells, blank: int) -> Iterator[Batch]:
        texts = texts_of(cells, self.texts, self.styles, self.package.since_1904)
        if self.columns is None:
            self.first = int(cells.columns.min())
            self.columns = [f"column_{i + 1}" for i in range(int(cells.columns.max()) - self.first + 1)]
        width = len(self.columns)
        step = max(1, DENSE_CELLS // width)
        for top in range(0, max(cells.height, 1), step):
            rows = min(step, cells.height - top)
            low, high = np.searchsorted(cells.rows, [top, top + rows])
            frame, spoilt, empty = self._dense(cells, texts, slice(low, high), top, rows)
            yield self._batch(frame, spoilt, empty, blank if top == 0 else 0)
        if not cells.whole:
            frame = pl.DataFrame(schema=dict.fromkeys(self.columns, pl.String))
            fates: list[Fate] = [("quarantined", "damaged-sheet", 1)]
            yield self.shares.batch(frame, self.name, self.named, self.package.gone_through, fates)

    def _dense(
        self, cells: Cells, texts: pl.Series, which: slice, top: int, height: int
    ) -> tuple[pl.DataFrame, dict[str, NDArray[np.bool_]], NDArray[np.bool_]]:
        """A frame of all cells of some rows; the rows that are to be set aside, by reason; and those without a cell."""
        width = len(self.columns or ())
        rows, columns = cells.rows[which] - top, cells.columns[which] - self.first
        mine = texts.slice(which.start, which.stop - which.start)
        inside = (columns >= 0) & (columns < width)
        unknown = mine.is_null().to_numpy()
        spoilt = {
            "too-many-cells": _flags(rows[~inside], height),
            "unknown-cell": _flags(rows[unknown], height),
        }
        lengths = np.bincount(rows, mine.str.len_bytes().fill_null(0).to_numpy(), minlength=height)
        spoilt["line-too-long"] = lengths > LINE_LIMIT
        at = np.zeros(width * height, np.uint32)
        at[columns[inside] * height + rows[inside]] = np.flatnonzero(inside) + 1
        flat = pl.concat([pl.Series([""]), mine.fill_null("")]).gather(at)
        names = self.columns or ()
        frame = pl.DataFrame([flat.slice(i * height, height).alias(name) for i, name in enumerate(names)])
        return frame, spoilt, ~_flags(rows, height)

    def _batch(
        self, frame: pl.DataFrame, spoilt: dict[str, NDArray[np.bool_]], empty: NDArray[np.bool_], blank: int
    ) -> Batch:
        fates: list[Fate] = []
        kept = ~empty
        if not self.named and self.shares is not None and self.columns is not None and not self._settled:
            fates, kept = self._head(frame, kept)
            frame = frame.rename(dict(zip(frame.columns, self.columns, strict=True)))
        for reason, rows in spoilt.items():
            if count := int((rows & kept).sum()):
                fates.append(("quarantined", reason, count))
                kept &= ~rows
        if count := int(empty.sum()) + blank:
            fates.insert(0, ("skipped", "blank", count))
        return self.shares.batch(
            frame.filter(pl.Series(kept)), self.name, self.named, self.package.gone_through, fates
        )

    _settled: bool = False

    def _head(self, frame: pl.DataFrame, filled: NDArray[np.bool_]) -> tuple[list[Fate], NDArray[np.bool_]]:
        """Settle what the columns are called, and set aside the rows above the records."""
        self._settled = True
        head = head_of(frame.filter(pl.Series(filled)), self.given)
        fates: list[Fate] = [("skipped", "preamble", head.preamble)] if head.preamble else []
        if head.names is not None:
            fates.append(("skipped", "header", 1))
            self.columns, self.named = unique(head.names), True
        top = np.flatnonzero(filled)[: head.preamble + self.named]
        filled = filled.copy()
        filled[top] = False
        return fates, filled


def unique(names: list[str]) -> list[str]:
    """Names of columns, each different and none empty.

    Examples:
        >>> unique(["Name", "", "Name"])
        ['Name', 'column_2', 'Name_3']
    """
    found: list[str] = []
    for number, name in enumerate(names, 1):
        plain = name.strip() or f"column_{number}"
        while plain in found:
            plain = f"{plain}_{number}"
        found.append(plain)
    return found


def _flags(rows: NDArray[np.int64], height: int) -> NDArray[np.bool_]:
    flags = np.zeros(height, np.bool_)
    flags[rows] = True
    return flags
