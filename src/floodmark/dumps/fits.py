"""Whether cells fit their column's type, asked of millions of cells.

Most cells pass a test that costs a few nanoseconds; only the others are shown to the type's recogniser.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import recogniser
from floodmark.identifiers.vocabulary import spellings


def fits(cell: pl.Expr, kind: FieldType) -> pl.Expr:
    """Whether a cell is empty or can be of its column's type, as an expression."""
    check = recogniser(kind)
    assert check is not None  # noqa: S101  only asked of checkable types
    return (cell == "") | check(cell).fill_null(False)


def _surely(name: str, kind: FieldType) -> pl.Expr:
    """A cheap test that only cells of the type, or empty ones, pass; it may miss some."""
    cell = pl.col(name)
    empty = cell == ""
    if kind in (FieldType.PHONE, FieldType.PROFILE_ID):
        number = cell.cast(pl.UInt64, strict=False)
        low, high = (10**6, 10**15) if kind is FieldType.PHONE else (1, 10**19)
        return empty | number.is_between(low, high).fill_null(False)
    if kind in (FieldType.GENDER, FieldType.RELATIONSHIP):
        words = spellings("gender" if kind is FieldType.GENDER else "relationship")
        return empty | cell.is_in(sorted({form for word in words for form in (word, word.capitalize(), word.title())}))
    return empty


def misfits(cells: pl.DataFrame, columns: list[tuple[str, FieldType]]) -> NDArray[np.uint8]:
    """How many of these columns' cells do not fit, for every row.

    Args:
        cells: String columns.
        columns: names and types of the columns to look at; each type has a recogniser.
    """
    counts = np.zeros(cells.height, np.uint8)
    if not columns or not cells.height:
        return counts
    sure = cells.select(_surely(name, kind).alias(name) for name, kind in columns)
    for name, kind in columns:
        if sure[name].all():
            continue
        left = (~sure[name]).arg_true()
        wrong = ~cells.select(pl.col(name).gather(left)).select(fits(pl.col(name), kind)).to_series().to_numpy()
        counts[left.to_numpy()[wrong]] += 1
    return counts


def misfit_count(cells: pl.Series, kind: FieldType) -> int:
    """How many cells of a column do not fit its type; 0 for types that cannot be checked."""
    if recogniser(kind) is None:
        return 0
    return int(misfits(cells.to_frame(), [(cells.name, kind)]).sum())
