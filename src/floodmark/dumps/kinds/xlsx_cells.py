"""The filled cells of some rows of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

MOST_ROWS = 50_000
MOST_CELLS = 400_000
LAST_COLUMN = 16_384
# What a cell says that it holds (ECMA-376 part 1, 18.18.11); anything else is taken for a number.
KINDS = ("n", "s", "b", "e", "str", "inlineStr", "d")
NUMBER, SHARED, BOOLEAN, ERROR, FORMULA, INLINE, ISO = range(len(KINDS))
TOO_LONG = len(KINDS)


@dataclass(frozen=True)
class Cells:
    """Filled cells of some rows, row after row; arrays of one length.

    Attributes:
        rows: int64, the row of each cell, counted from 0 in the block.
        columns: int64, its column, from 0; `LAST_COLUMN` where it is none that a sheet can have.
        kinds: uint8, one of the numbers above.
        styles: int64, its style.
        values: String, as written in the XML.
        height: rows of the block, those without a filled cell with them.
        whole: False where the part is damaged after these rows.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    styles: NDArray[np.int64]
    values: pl.Series
    height: int
    whole: bool = True


def joined(parts: Sequence[Cells]) -> Cells:
    """Several blocks as one, the later rows after the earlier ones."""
    if len(parts) == 1:
        return parts[0]
    above = np.cumsum([0, *(part.height for part in parts)])
    return Cells(
        np.concatenate([part.rows + top for part, top in zip(parts, above, strict=False)]),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.kinds for part in parts]),
        np.concatenate([part.styles for part in parts]),
        pl.concat([part.values for part in parts]),
        int(above[-1]),
        parts[-1].whole,
    )


def kind_of(said: str) -> int:
    """Number of what a cell says that it holds."""
    return KINDS.index(said) if said in KINDS else NUMBER


def style_of(said: str) -> int:
    """Number of a cell's style; 0 where it says none that can be."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0


def column_of(reference: str) -> int:
    """Column of a reference such as `AB12`, from 0; -1 where there is none.

    Examples:
        >>> column_of("A1"), column_of("AB12"), column_of("XFD1"), column_of("12")
        (0, 27, 16383, -1)
    """
    column = 0
    for letter in reference[:4].upper():
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column - 1
