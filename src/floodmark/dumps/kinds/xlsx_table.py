"""A sheet's filled cells to records: columns settled by its first rows, every other row accounted for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.fates import Batch
from floodmark.dumps.kinds.row_cuts import row_cuts
from floodmark.dumps.kinds.shares import Fate, Shares
from floodmark.dumps.kinds.table_head import head_of
from floodmark.dumps.kinds.xlsx_cells import TOO_LONG, Cells
from floodmark.dumps.overrides import Overrides

DENSE_CELLS = 2_000_000  # cells of a batch, empty ones with them
MOST_COLUMNS = 10_000
WIDEST_GAP = 100  # columns without a filled cell, within a table

Rows = NDArray[np.bool_]


class SheetTable:
    """One sheet as it is read.

    Args:
        name: of the table.
        given: what is known of it.
        shares: gives batches their bytes.

    Attributes:
        begun: whether a filled cell was seen.
    """

    def __init__(self, name: str, given: Overrides, shares: Shares) -> None:
        self.begun = False
        self._name = name
        self._given = given
        self._shares = shares
        self._first = 0
        self._columns: list[str] = []
        self._named = False
        # Rows above the records that are still to come, and blank rows that no batch told of yet.
        self._preamble = self._header = self._blank = 0

    def batches(self, cells: Cells, texts: pl.Series, upto: int) -> Iterator[Batch]:
        """Records of the next rows.

        Args:
            cells: the rows' filled cells.
            texts: their texts; null where one cannot be known.
            upto: bytes of the file gone through by now.
        """
        if not self.begun:
            if not len(cells.rows):
                self._blank += cells.height
                return
            self._settle(cells, texts)
        lengths = np.bincount(cells.rows, texts.str.len_bytes().fill_null(0).to_numpy(), cells.height)
        begun, most = self._shares.at, max(1, DENSE_CELLS // len(self._columns))
        for top, stop in row_cuts(lengths.astype(np.int64), most):
            frame, reasons, empty = self._dense(cells, texts, top, stop - top)
            reasons["line-too-long"] |= lengths[top:stop] > LINE_LIMIT
            yield self._batch(frame, reasons, empty, begun + (upto - begun) * stop // cells.height)

    def damaged(self, upto: int) -> Batch:
        """The rest of a sheet that cannot be read any further."""
        frame = pl.DataFrame(schema=dict.fromkeys(self._columns, pl.String))
        return self._shares.batch(frame, self._name, self._named, upto, [("quarantined", "damaged-table", 1)])

    def _settle(self, cells: Cells, texts: pl.Series) -> None:
        """Decide by the first rows which columns there are and what they are called."""
        self.begun = True
        self._first = int(cells.columns.min())
        used = np.unique(cells.columns)
        gaps = np.flatnonzero(np.diff(used) > WIDEST_GAP)
        # A lone cell far to the right is no column.
        final = int(used[gaps[0]] if len(gaps) else used[-1])
        width = min(final - self._first + 1, MOST_COLUMNS)
        self._columns = [f"column_{number}" for number in range(1, width + 1)]
        frame, _, empty = self._dense(cells, texts, 0, min(cells.height, max(1, DENSE_CELLS // width)))
        head = head_of(frame.filter(pl.Series(~empty)), self._given)
        self._preamble = head.preamble
        if head.names is not None:
            self._columns, self._named, self._header = unique(head.names), True, 1

    def _dense(
        self, cells: Cells, texts: pl.Series, top: int, height: int
    ) -> tuple[pl.DataFrame, dict[str, Rows], Rows]:
        """All cells of some rows, the rows to be set aside by reason, and the rows without a filled cell."""
        low, high = (int(place) for place in np.searchsorted(cells.rows, [top, top + height]))
        rows, columns = cells.rows[low:high] - top, cells.columns[low:high] - self._first
        mine, width = texts.slice(low, high - low), len(self._columns)
        inside = (columns >= 0) & (columns < width)
        long = cells.kinds[low:high] == TOO_LONG
        reasons = {
            "line-too-long": _any(rows[long], height),
            "unknown-cell": _any(rows[mine.is_null().to_numpy()], height),
            "too-many-cells": _any(rows[~inside], height),
        }
        at = np.zeros(width * height, np.uint32)
        at[columns[inside] * height + rows[inside]] = np.flatnonzero(inside) + 1
        flat = pl.concat([pl.Series([""]), mine.fill_null("")]).gather(at)
        columns_of = [flat.slice(i * height, height).alias(name) for i, name in enumerate(self._columns)]
        return pl.DataFrame(columns_of), reasons, ~_any(rows, height)

    def _batch(self, frame: pl.DataFrame, reasons: dict[str, Rows], empty: Rows, upto: int) -> Batch:
        fates: list[Fate] = []
        if blank := self._blank + int(empty.sum()):
            fates.append(("skipped", "blank", blank))
        self._blank = 0
        left = np.flatnonzero(~empty)
        above, left = left[: self._preamble], left[self._preamble :]
        self._preamble -= len(above)
        header, left = left[: self._header], left[self._header :]
        self._header -= len(header)
        fates += [("skipped", "preamble", len(above))] if len(above) else []
        fates += [("skipped", "header", 1)] if len(header) else []
        for reason, rows in reasons.items():
            if count := int(rows[left].sum()):
                fates.append(("quarantined", reason, count))
                left = left[~rows[left]]
        return self._shares.batch(frame[left], self._name, self._named, upto, fates)


def unique(names: list[str]) -> list[str]:
    """Names of columns, each different and none empty.

    Examples:
        >>> unique(["Name", "", "Name"])
        ['Name', 'column_2', 'Name_3']
    """
    found: dict[str, None] = {}
    for number, name in enumerate(names, 1):
        plain = name.strip() or f"column_{number}"
        while plain in found:
            plain = f"{plain}_{number}"
        found[plain] = None
    return list(found)


def _any(rows: NDArray[np.int64], height: int) -> Rows:
    flags = np.zeros(height, np.bool_)
    flags[rows] = True
    return flags
