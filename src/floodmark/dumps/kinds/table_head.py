"""Where the records of a sheet begin: titles and notes above them, and the row that names the columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from floodmark.dumps.columns import infer_header
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample_records import SampleRecord
from floodmark.dumps.table_top import CELLS, TOP, find_top

LOOKED_AT = 1000
FULL_ENOUGH = 0.6


@dataclass(frozen=True)
class Head:
    """The top of a table.

    Attributes:
        preamble: filled rows above the header or the first record.
        names: what the header calls the columns, or None where there is none.
    """

    preamble: int
    names: list[str] | None


def head_of(rows: pl.DataFrame, given: Overrides) -> Head:
    """The head of a table.

    Args:
        rows: String columns, the first rows of the table that are not blank.
        given: what is known of it.

    Examples:
        >>> top = pl.DataFrame({"a": ["Members 2021", "Name", "Ada", "Bob"], "b": ["", "E-mail", "a@b.example", ""]})
        >>> head_of(top, Overrides())
        Head(preamble=1, names=['Name', 'E-mail'])
    """
    top = rows.head(LOOKED_AT)
    filled = top.select(pl.sum_horizontal(pl.all() != "")).to_series().to_numpy()
    usual = float(np.quantile(filled, 0.75)) if len(filled) else 0.0
    full = np.flatnonzero(filled >= FULL_ENOUGH * usual)
    first = (
        int(full[0]) if given.preamble is None and len(full) else min(given.preamble or 0, rows.height - 1)
    )
    names = [str(cell) for cell in top.row(first)] if 0 <= first < top.height else []
    header = given.header
    if header is None:
        header = bool(names) and infer_header(names, top.slice(first + 1))
        if not header and (row := _above_data(top)) is not None and given.preamble in (None, row):
            return Head(row, [str(cell) for cell in top.row(row)])
    # Without a header to vouch for it, only a line of text above wide rows is a title.
    title = bool(first) and int(filled[:first].max()) == 1 and usual >= 3
    keep_top = not header and given.preamble is None and not title
    return Head(0 if keep_top else first, names if header else None)


def _above_data(top: pl.DataFrame) -> int | None:
    """Number of a row of words above columns of numbers, dates or addresses; None where there is none."""
    rows = top.head(2 * TOP + CELLS // max(top.width, 1)).rows()
    found = find_top([SampleRecord(at, 1, list(row)) for at, row in enumerate(rows)], top.width)
    return found.header.line if found.header else None
