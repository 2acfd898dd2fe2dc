"""The XML of a sheet to its filled cells, tag by tag: right for whatever a parser of XML can read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.kinds.xlsx_cells import (
    LAST_COLUMN,
    MOST_CELLS,
    MOST_ROWS,
    TOO_LONG,
    Cells,
    column_of,
    kind_of,
    style_of,
)
from floodmark.dumps.kinds.xlsx_package import Read
from floodmark.dumps.kinds.xlsx_part import DamagedPart
from floodmark.dumps.kinds.xlsx_xml import Attributes, DamagedXml, Scan

MOST_CHARACTERS = 1 << 25


def by_events(read: Read) -> Iterator[Cells]:
    """The filled cells of a sheet, in blocks of up to about 50,000 rows; nothing is raised for damage.

    Args:
        read: reads the sheet's part from its beginning.

    Raises:
        LimitExceeded: it unpacks to far more than a sheet does.
    """
    sheet = _Sheet()
    scan = Scan(read, sheet.start, sheet.end, sheet.text)
    whole = True
    try:
        while scan.step():
            if sheet.full:
                yield sheet.block(ended=False)
    except (DamagedXml, DamagedPart):
        whole = False
    yield sheet.block(ended=True, whole=whole)


class _Sheet:
    """Collects the cells of a sheet as its XML goes by."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._kinds: list[int] = []
        self._styles: list[int] = []
        self._values: list[str] = []
        self._row = self._column = -1
        self._kind = self._style = 0
        self._parts: list[str] = []
        self._length = self._characters = 0
        self._said = self._aside = self._open = False

    @property
    def full(self) -> bool:
        """Whether it is time to hand out a block."""
        many = len(self._rows) > MOST_CELLS or self._characters > MOST_CHARACTERS
        return self._row >= MOST_ROWS or many

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else column_of(reference)
            self._kind = kind_of(attributes.get("t", "n"))
            self._style = style_of(attributes.get("s", "0"))
            self._parts, self._length = [], 0
        elif name == "v" or (name == "t" and not self._aside):
            self._said = True
        elif name == "row":
            self._row += 1
            self._column = -1
            self._open = True
        elif name == "rPh":
            self._aside = True

    def text(self, piece: str) -> None:
        if self._said:
            self._length += len(piece)
            if self._length <= LINE_LIMIT:
                self._parts.append(piece)

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self._said = False
        elif name == "c":
            self._keep()
        elif name == "row":
            self._open = False
        elif name == "rPh":
            self._aside = False

    def _keep(self) -> None:
        if self._length == 0 or not self._open:
            return
        too_long = self._length > LINE_LIMIT
        self._rows.append(self._row)
        self._columns.append(self._column if 0 <= self._column < LAST_COLUMN else LAST_COLUMN)
        self._kinds.append(TOO_LONG if too_long else self._kind)
        self._styles.append(self._style)
        self._values.append("" if too_long else "".join(self._parts))
        self._characters += 0 if too_long else self._length

    def block(self, ended: bool, whole: bool = True) -> Cells:
        """The rows that are complete; the one that is still open begins the next block."""
        height = self._row + 1 if ended or not self._open else self._row
        count = int(np.searchsorted(self._rows, height)) if self._rows else 0
        cells = Cells(
            np.array(self._rows[:count], np.int64),
            np.array(self._columns[:count], np.int64),
            np.array(self._kinds[:count], np.uint8),
            np.array(self._styles[:count], np.int64),
            pl.Series(self._values[:count], dtype=pl.String),
            height,
            whole,
        )
        self._rows = [row - height for row in self._rows[count:]]
        for kept in (self._columns, self._kinds, self._styles, self._values):
            del kept[:count]
        self._row -= height
        self._characters = sum(map(len, self._values))
        return cells
