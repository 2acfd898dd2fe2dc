"""Rows in parentheses to records."""

from __future__ import annotations

import numpy as np
import polars as pl

from floodmark.dumps.chunks import LINE_LIMIT, Lines
from floodmark.dumps.fates import QUARANTINED, REPAIRED, Fates
from floodmark.dumps.kinds.sql_patterns import Dialect
from floodmark.dumps.kinds.sql_regions import Rows
from floodmark.dumps.kinds.sql_values import value

INVALID = "invalid-utf-8-or-nul"


def rows_one_by_one(data: bytes, start: int, rows: Rows, dialect: Dialect) -> tuple[pl.DataFrame, Fates]:
    """Records of a region, cell by cell.

    Args:
        data: the chunk.
        start: its offset in the text.
        rows: the region.
        dialect: how strings are written.
    """
    fates = Fates(start, Lines(rows.starts, rows.ends, rows.ends))
    width = len(rows.places)
    order = [rows.places.index(i) if i in rows.places else -1 for i in range(len(rows.shape.columns))]
    columns: list[list[str]] = [[] for _ in order]
    marks: dict[str, list[int]] = {}
    for number, (opens, closes) in enumerate(zip(rows.opens.tolist(), rows.closes.tolist(), strict=True)):
        cells = dialect.cells.findall(data, opens, closes - 1)
        if len(cells) != width or closes - opens > 16 * LINE_LIMIT:
            reason = "too-few-cells" if len(cells) < width else "too-many-cells"
            marks.setdefault(reason, []).append(number)
            continue
        try:
            values = [value(cell, dialect) for cell in cells]
        except UnicodeDecodeError:
            values = None
        if values is None or any("\0" in text for text in values):
            marks.setdefault(INVALID, []).append(number)
            continue
        for column, at in zip(columns, order, strict=True):
            column.append(values[at] if at >= 0 else "")
    if -1 in rows.places:
        fates.mark(fates.fates == 0, REPAIRED, "unknown-column-dropped")
    for reason, numbers in marks.items():
        fates.mark(np.array(numbers, np.int64), QUARANTINED, reason)
    names = rows.shape.columns
    frame = pl.DataFrame(dict(zip(names, columns, strict=True)), schema=dict.fromkeys(names, pl.String))
    return frame, fates
