"""Whether cells fit their column's type, asked of millions of cells.

Most cells pass a test that costs a few nanoseconds; only the others are shown to the type's recogniser.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import recogniser

MOST_KNOWN = 10_000


def fits(cell: pl.Expr, kind: FieldType) -> pl.Expr:
    """Whether a cell is empty or can be of its column's type, as an expression."""
    check = recogniser(kind)
    assert check is not None  # noqa: S101  only asked of checkable types
    return (cell == "") | check(cell).fill_null(False)


@dataclass(frozen=True)
class Checked:
    """A column to check.

    Attributes:
        name: its name.
        type: its type, which has a recogniser.
        known: cells that are known to fit, when the column has few different ones.
    """

    name: str
    type: FieldType
    known: pl.Series | None = None


def known_cells(cells: pl.Series, kind: FieldType) -> pl.Series | None:
    """The different cells of a sample that fit their type, where they are few enough to be looked up.

    Args:
        cells: a column of the sample.
        kind: its type, which has a recogniser.

    Returns:
        Different cells, or None where the sample shows that most cells of the file will be others.
    """
    filled = cells.filter(cells != "")
    different = filled.unique()
    if kind.identifier_kind is not None or len(different) > min(MOST_KNOWN, 0.5 * len(filled)):
        return None
    return different.filter(different.to_frame("cell").select(fits(pl.col("cell"), kind)).to_series())


def _surely(column: Checked) -> pl.Expr:
    """A cheap test that only cells of the type, or empty ones, pass; it may miss some."""
    cell = pl.col(column.name)
    empty = cell == ""
    if column.known is not None:
        return empty | cell.is_in(column.known.implode())
    if column.type in (FieldType.PHONE, FieldType.PROFILE_ID):
        number = pl.when(cell.str.len_bytes() <= 20).then(cell.cast(pl.UInt64, strict=False))
        low, high = (10**6, 10**15) if column.type is FieldType.PHONE else (1, 10**19)
        signed = cell.str.starts_with("+") if column.type is FieldType.PROFILE_ID else pl.lit(False)
        return empty | (number.is_between(low, high) & ~signed).fill_null(False)
    return empty


def misfits(cells: pl.DataFrame, columns: list[Checked]) -> NDArray[np.uint8]:
    """How many of these columns' cells do not fit, for every row.

    Args:
        cells: String columns.
        columns: the columns to look at.
    """
    counts = np.zeros(cells.height, np.uint8)
    if not columns or not cells.height:
        return counts
    doubtful = cells.select((~_surely(column)).alias(column.name) for column in columns)
    some = doubtful.select(pl.all().any()).row(0)
    for column, any_doubt in zip(columns, some, strict=True):
        if not any_doubt:
            continue
        left = doubtful[column.name].arg_true()
        few = cells.get_column(column.name).gather(left).to_frame()
        wrong = ~few.select(fits(pl.col(column.name), column.type)).to_series().to_numpy()
        counts[left.to_numpy()[wrong]] += 1
    return counts


def misfit_count(cells: pl.Series, kind: FieldType, known: pl.Series | None = None) -> int:
    """How many cells of a column do not fit its type; 0 for types that cannot be checked."""
    if recogniser(kind) is None:
        return 0
    return int(misfits(cells.to_frame(), [Checked(cells.name, kind, known)]).sum())
