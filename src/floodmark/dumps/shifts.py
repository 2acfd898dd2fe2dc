"""Lines with the right number of cells whose cells stand a place too far to one side."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.fits import Checked, fits, misfits
from floodmark.dumps.plan import TIME_TYPES, WORD_TYPES, Plan
from floodmark.identifiers import FieldType

FEW = 50
NUMBERED = frozenset({FieldType.PHONE, FieldType.PROFILE_ID})
# A number or an address where only words belong.
INTRUDER = r"^\+?[0-9]{6,}$|^\S+@\S+$|^[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,4}"
NUMBER = r"^\+?[0-9]{6,}$"
DATE = r"^[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,4}"


def moved_lines(cells: pl.DataFrame, plan: Plan, sure: set[int]) -> NDArray[np.int64]:
    """Numbers of the lines whose cells look moved.

    A cell that does not fit its column is only a bad cell. It is a sign of a shift when a second one does not fit
    either, when the next cell to the left or right would fit and does not belong where it stands, when another
    column's cell is stuck to it or to its neighbour, or when a number or an address stands where words belong.

    Args:
        cells: the columns, a row a line.
        plan: the grammar's plan.
        sure: columns whose cells are known to fit.
    """
    known = {i for i in sure if plan.types[i] in TIME_TYPES}
    checked = [
        Checked(plan.names[i], plan.types[i], plan.known.get(i)) for i in plan.strong if i not in known
    ]
    wrong = misfits(cells, checked)
    suspects = np.flatnonzero((wrong > 0) | _strangers(cells, plan))
    if not len(suspects):
        return suspects
    facts, signs = plan.kept("moved", lambda: _moved(plan))
    seen = cells[suspects].with_columns(**facts)
    found = seen.select(signs | pl.Series(wrong[suspects] > 1)).to_series()
    moved: NDArray[np.int64] = suspects[found.to_numpy()]
    return moved


def _few_words(known: pl.Series | None) -> str:
    """The known cells of a column that has few, as alternatives of a pattern; empty where they are many."""
    words = [word for word in known if len(word) > 2] if known is not None and len(known) <= FEW else []
    return "|".join(map(re.escape, words))


def _stuck_or_torn(plan: Plan, column: int, words: str) -> list[pl.Expr]:
    """Signs that a known cell is stuck to something (`Quintamale`), or was torn in two (`M`, `arried`)."""
    signs: list[pl.Expr] = []
    cell = pl.col(plan.names[column])
    for j in (column - 1, column, column + 1):
        if 0 <= j < len(plan.names) and (j == column or j not in plan.strong):
            signs.append(pl.col(plan.names[j]).str.contains(f"^(?:{words}).|.(?:{words})$"))
    if column > 0:
        signs.append(pl.concat_str([pl.col(plan.names[column - 1]), cell]).str.contains(f"(?:{words})$"))
    if column + 1 < len(plan.names):
        signs.append(pl.concat_str([cell, pl.col(plan.names[column + 1])]).str.contains(f"^(?:{words})"))
    return signs


def _moved(plan: Plan) -> tuple[dict[str, pl.Expr], pl.Expr]:
    """What has to be known of the cells first, and the signs that ask for it.

    Each fact is asked for by many signs. Spelled out in all of them it would cost 30 ms a chunk to read the expression.
    """
    facts: dict[str, pl.Expr] = {}

    def fitting(column: int, kind: FieldType) -> pl.Expr:
        name = f"\0fits {column} {kind.name}"  # as no column is named
        facts[name] = fits(pl.col(plan.names[column]), kind)
        return pl.col(name)

    signs: list[pl.Expr] = [pl.lit(False)]
    strong = [(pl.col(plan.names[i]), plan.types[i]) for i in plan.strong]
    some_misfit = pl.any_horizontal([pl.lit(False), *(~fitting(i, plan.types[i]) for i in plan.strong)])
    for i in plan.strong:
        cell = pl.col(plan.names[i])
        misfit = ~fitting(i, plan.types[i])
        if words := _few_words(plan.known.get(i)):
            # A piece of a known cell can be a word of its own: beside another misfit it need not be one itself.
            strange = misfit | (some_misfit & (cell != "") & ~cell.str.contains(f"^(?:{words})$"))
            signs.extend(strange & sign for sign in _stuck_or_torn(plan, i, words))
        for j in (i - 1, i + 1):
            if not 0 <= j < len(plan.names):
                continue
            neighbour = pl.col(plan.names[j])
            would_fit = (neighbour != "") & fitting(j, plan.types[i])
            out_of_place = ~fitting(j, plan.types[j]) if j in plan.strong else pl.lit(True)
            signs.append(misfit & would_fit & out_of_place)
    # A number, date or address where only words belong is a sign beside a cell that does not fit, and where the
    # column that it could come from is empty.
    no_number = pl.any_horizontal([pl.lit(False), *(cell == "" for cell, kind in strong if kind in NUMBERED)])
    no_date = pl.any_horizontal([pl.lit(False), *(cell == "" for cell, kind in strong if kind in TIME_TYPES)])
    for name, kind in zip(plan.names, plan.types, strict=True):
        if kind in WORD_TYPES:
            cell = pl.col(name)
            signs.append(some_misfit & cell.str.contains(INTRUDER))
            signs.append((no_number & cell.str.contains(NUMBER)) | (no_date & cell.str.contains(DATE)))
    return facts, pl.any_horizontal(signs)


def _strangers(cells: pl.DataFrame, plan: Plan) -> NDArray[np.bool_]:
    """Lines with a cell that begins like a number where words belong: a cheap first look, for all lines."""
    words = [pl.col(name) for name, kind in zip(plan.names, plan.types, strict=True) if kind in WORD_TYPES]
    begins = [((cell >= "0") & (cell < ":")) | cell.str.starts_with("+") for cell in words]
    found: NDArray[np.bool_] = (
        cells.select(stranger=pl.any_horizontal([pl.repeat(False, pl.len()), *begins])).to_series().to_numpy()
    )
    return found
