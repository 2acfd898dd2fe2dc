"""Lines with the right number of cells whose cells stand a place too far to one side."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.fits import Checked, fits, misfits
from floodmark.dumps.plan import TIME_TYPES, WORD_TYPES, Plan

FEW = 50
# A number or an address where only words belong.
INTRUDER = r"^\+?[0-9]{6,}$|^\S+@\S+$|^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"


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
    suspects = np.flatnonzero(wrong)
    if not len(suspects):
        return suspects
    signs = (
        cells[suspects]
        .select(plan.kept("moved", lambda: _moved(plan)) | pl.Series(wrong[suspects] > 1))
        .to_series()
    )
    moved: NDArray[np.int64] = suspects[signs.to_numpy()]
    return moved


def _glued(known: pl.Series | None) -> str | None:
    """Pattern of a known cell with something stuck to it (`Quintamale`), for columns of few different cells."""
    words = (
        [re.escape(word) for word in known if len(word) > 2]
        if known is not None and len(known) <= FEW
        else []
    )
    return f"^(?:{'|'.join(words)}).|.(?:{'|'.join(words)})$" if words else None


def _moved(plan: Plan) -> pl.Expr:
    signs: list[pl.Expr] = [pl.lit(False)]
    for i in plan.strong:
        misfit = ~fits(pl.col(plan.names[i]), plan.types[i])
        if (glued := _glued(plan.known.get(i))) is not None:
            beside = [
                j for j in (i - 1, i, i + 1) if 0 <= j < len(plan.names) and (j == i or j not in plan.strong)
            ]
            signs.extend(misfit & pl.col(plan.names[j]).str.contains(glued) for j in beside)
        for j in (i - 1, i + 1):
            if not 0 <= j < len(plan.names):
                continue
            neighbour = pl.col(plan.names[j])
            would_fit = (neighbour != "") & fits(neighbour, plan.types[i])
            out_of_place = ~fits(neighbour, plan.types[j]) if j in plan.strong else pl.lit(True)
            signs.append(misfit & would_fit & out_of_place)
    # Beside a cell that does not fit, a number or an address where only words belong is another sign.
    for name, kind in zip(plan.names, plan.types, strict=True):
        if kind in WORD_TYPES:
            signs.append(pl.col(name).str.contains(INTRUDER))
    return pl.any_horizontal(signs)
