"""Canonical phone numbers (`canon 1`): E.164 after a pinned table of renumberings."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import polars as pl

from floodmark.identifiers.numbering import Keys

_E164 = r"^\+([1-9][0-9]{6,14})$"


@dataclass(frozen=True)
class Renumbering:
    """All numbers of `digits` digits that start with `old` start with `new` since `since` (source in `source`)."""

    old: str
    digits: int
    new: str
    since: str
    source: str


@cache
def renumberings() -> tuple[Renumbering, ...]:
    """The pinned table, in file order; no number is met by two lines, nor is the result of one met by another."""
    file = resources.files("floodmark.identifiers") / "data" / "numbering_plan_renumbered.csv"
    with file.open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return tuple(
            Renumbering(row["old"], int(row["digits"]), row["new"], row["since"], row["source"])
            for row in rows
        )


def canonical(expr: pl.Expr | str) -> pl.Expr:
    """The canonical form of E.164 numbers, the one that is hashed.

    Depends on the pinned table alone, not on the version of the numbering plans.

    Args:
        expr: expression or column name; E.164 text (`+` and 7 to 15 digits), as `parse` gives it.

    Returns:
        E.164 text; null where the input is not E.164.
    """
    column = pl.col(expr) if isinstance(expr, str) else expr
    return column.map_batches(_canonical, return_dtype=pl.String, is_elementwise=True)


def _canonical(cells: pl.Series) -> pl.Series:
    digits = cells.cast(pl.String).str.extract(_E164).cast(pl.UInt64)
    renumbered = pl.Series(renumber(digits.fill_null(0).to_numpy()), dtype=pl.UInt64)
    frame = pl.DataFrame({"known": digits.is_not_null(), "number": renumbered})
    text = pl.concat_str(pl.lit("+"), pl.col("number").cast(pl.String))
    return frame.select(pl.when("known").then(text)).to_series().alias(cells.name)


def renumber(numbers: Keys) -> Keys:
    """Numbers (digits of E.164, dtype uint64, any shape) after the renumberings."""
    starts, shifts = ranges()
    found: npt.NDArray[np.intp] = np.searchsorted(starts, numbers, side="right") - 1
    return numbers + shifts[found]


@cache
def ranges() -> tuple[Keys, Keys]:
    """First integers of the renumbered ranges and of the gaps between them, with what to add modulo 2**64."""
    bounds = {0: 0}
    for one in sorted(renumberings(), key=lambda one: int(one.old) * 10 ** (one.digits - len(one.old))):
        free = one.digits - len(one.old)
        start, end = int(one.old) * 10**free, (int(one.old) + 1) * 10**free
        bounds[start] = (int(one.new) * 10**free - start) % 2**64
        bounds.setdefault(end, 0)
    starts = sorted(bounds)
    return np.array(starts, np.uint64), np.array([bounds[start] for start in starts], np.uint64)
