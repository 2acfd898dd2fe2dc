"""Rows in parentheses to records."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl

from floodmark.dumps.chunks import Lines
from floodmark.dumps.fates import ACCEPTED, QUARANTINED, REPAIRED, Fates
from floodmark.dumps.kinds.sql_columns import plain_rows
from floodmark.dumps.kinds.sql_patterns import Dialect
from floodmark.dumps.kinds.sql_regions import Offsets, Rows
from floodmark.dumps.kinds.sql_values import value

INVALID = "invalid-utf-8-or-nul"


PIECE = 1 << 21


def split_rows(data: bytes, start: int, rows: Rows, dialect: Dialect) -> tuple[pl.DataFrame, Fates]:
    """Records of a region.

    Args:
        data: the chunk.
        start: its offset in the text.
        rows: the region.
        dialect: how strings are written.
    """
    fates = Fates(start, Lines(rows.starts, rows.ends, rows.ends))
    if -1 in rows.places:
        fates.mark(fates.fates == ACCEPTED, REPAIRED, "unknown-column-dropped")
    texts = [data[a:b] for a, b in zip(rows.opens.tolist(), rows.closes.tolist(), strict=True)]
    width = len(rows.places)
    frames: list[pl.DataFrame] = []
    # In pieces, since what is known of each byte takes several times its room.
    edges = np.flatnonzero(np.diff((rows.closes - rows.opens).cumsum() // PIECE)) + 1
    for first, stop in pairwise([0, *edges.tolist(), len(texts)]):
        piece = texts[first:stop]
        found = plain_rows(piece, width, dialect.backslash)
        others = np.flatnonzero(~found.plain)
        if not len(others):
            frames.append(found.cells)
            continue
        cells, kept, marks = one_by_one([piece[i] for i in others.tolist()], width, dialect)
        for reason, numbers in marks.items():
            fates.mark(others[numbers] + first, QUARANTINED, reason)
        order = np.argsort(np.concatenate([np.flatnonzero(found.plain), others[kept]]), kind="stable")
        frames.append(pl.concat([found.cells, cells])[order])
    frame = pl.concat(frames)
    at = {place: str(i) for i, place in enumerate(rows.places) if place >= 0}
    columns = [
        (pl.col(at[i]) if i in at else pl.lit("")).alias(name) for i, name in enumerate(rows.shape.columns)
    ]
    return frame.select(columns), fates


def one_by_one(
    rows: list[bytes], width: int, dialect: Dialect
) -> tuple[pl.DataFrame, Offsets, dict[str, Offsets]]:
    """Cells of rows that are not plain: those that can be read, which these are, and the others by reason."""
    columns: list[list[str]] = []
    kept: list[int] = []
    marks: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        cells = dialect.cells.findall(row, 0, len(row) - 1)
        if len(cells) != width:
            reason = "too-few-cells" if len(cells) < width else "too-many-cells"
            marks.setdefault(reason, []).append(number)
            continue
        try:
            texts = [value(cell, dialect) for cell in cells]
        except UnicodeDecodeError:
            texts = ["\0"]
        if any("\0" in text for text in texts):
            marks.setdefault(INVALID, []).append(number)
            continue
        columns.append(texts)
        kept.append(number)
    frame = pl.DataFrame(columns, schema={str(i): pl.String for i in range(width)}, orient="row")
    return frame, np.array(kept, np.int64), {why: np.array(at, np.int64) for why, at in marks.items()}
