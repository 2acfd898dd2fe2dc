"""Every way to place a line's raw cells into columns, counted for many lines at once.

A line with more raw cells than columns has some column that is wider than one cell. How many ways there are to
choose the widths, so that each cell fits its column, is counted by dynamic programming over (columns placed, extra
cells used), with one NumPy operation for all lines; where there is exactly one way, it is read off backwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.fits import fits
from floodmark.dumps.plan import NUMBER_TYPES, TIME_TYPES, URL_TYPES, Plan, cell_of
from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import date_shape, recogniser

Mask = NDArray[np.bool_]
TIME_WIDTHS = (2, 3, 4)
FEW = 50
# A text cell that holds one of these has swallowed another column.
INTRUDER = r"^\+?[0-9]{6,}$|^\S+@\S+$|[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,4}"


@dataclass(frozen=True)
class Placed:
    """The lines that can be placed in exactly one way.

    Attributes:
        one: which lines these are.
        several: which lines can be placed in more ways than one.
        solid: that no joined piece of a text is empty: else a stray delimiter could as well be its neighbour's.
        widths: raw cells of each column, shape (lines, columns), int8; meaningful where `one`.
    """

    one: Mask
    several: Mask
    solid: Mask
    widths: NDArray[np.int8]


class Placer:
    """What is known of the raw cells of some lines, and the ways to place them.

    Args:
        raw: String columns named by their number, a row a line.
        most: raw cells of the longest of these lines; more than the plan has columns.
        plan: the grammar's plan.
    """

    def __init__(self, raw: pl.DataFrame, most: int, plan: Plan) -> None:
        self.plan = plan
        self.most = most
        self.text = {
            i for i, kind in enumerate(plan.types) if i not in plan.strong and recogniser(kind) is None
        }
        # In a repair, a column of few different cells takes only those that the sample knows.
        self.few = [i for i, cells in plan.known.items() if len(cells) <= FEW and i in plan.strong]
        facts = raw.select(**plan.kept(f"facts {most}", self._facts))
        self.facts: dict[str, Mask] = {name: facts[name].to_numpy() for name in facts.columns}

    def _facts(self) -> dict[str, pl.Expr]:
        """One Boolean expression per fact: named by what it says, the first raw cell, and the width."""
        plan = self.plan
        found: dict[str, pl.Expr] = {}
        extra = self.most - len(plan.names)
        for at in range(self.most):
            here = range(max(0, at - extra), min(at + 1, len(plan.names)))  # columns that can begin there
            kinds = {plan.types[i] for i in here}
            strong = {plan.types[i] for i in plan.strong if i in here}
            cell = cell_of(at, 1, plan.delimiter)
            empty = cell == ""
            found[f"filled {at}"] = ~empty
            found[f"intruder {at}"] = cell.str.contains(INTRUDER)
            found.update({f"{kind.name} {at} 1": fits(cell, kind) for kind in strong - TIME_TYPES})
            found.update(
                {
                    f"known {i} {at}": empty | cell.is_in(plan.known[i].implode())
                    for i in self.few
                    if i in here
                }
            )
            if strong & TIME_TYPES:
                found[f"time {at} 1"] = empty | date_shape(cell)
            for width in range(2, min(extra + 1, self.most - at) + 1):
                wide = cell_of(at, width, plan.delimiter)
                if plan.protected is not None:
                    found[f"whole {at} {width}"] = wide.str.contains(f"^(?:{plan.protected})$")
                    rest = wide.str.replace_all(plan.protected, "")
                    found[f"covered {at} {width}"] = ~rest.str.contains(plan.delimiter, literal=True)
                if width in TIME_WIDTHS and TIME_TYPES & kinds:
                    found[f"time {at} {width}"] = date_shape(wide)
                if URL_TYPES & kinds:
                    found[f"query {at} {width}"] = wide.str.contains(r"^\S+\?\S*$")
        return found

    def place(self, how: str, extra: int, rows: NDArray[np.int64]) -> Placed:
        """Ways to place some of the lines.

        Args:
            how: what may make a column wider: `whole`, a cell that is a protected text; `covered`, one in which
                protected texts cover the delimiters; `stray`, besides these a stray delimiter in a text column.
            extra: raw cells of these lines beyond the columns.
            rows: numbers of the lines.
        """
        columns = len(self.plan.names)
        ways = np.zeros((columns + 1, extra + 1, len(rows)), np.int32)
        ways[0, 0] = 1
        allowed: list[dict[tuple[int, int], Mask]] = []
        for column in range(columns):
            here: dict[tuple[int, int], Mask] = {}
            for used in range(extra + 1):
                for more in range(extra - used + 1):
                    mask = self._may(column, column + used, more + 1, how)
                    if mask is not None:
                        here[used, more] = mask[rows]
                        ways[column + 1, used + more] += ways[column, used] * mask[rows]
            np.minimum(ways[column + 1], 2, out=ways[column + 1])
            allowed.append(here)
        total = ways[columns, extra]
        widths = _trace(ways, allowed)
        return Placed(total == 1, total > 1, self._solid(widths, rows), widths)

    def _may(self, column: int, at: int, width: int, how: str) -> Mask | None:
        """Which lines allow a column to have so many raw cells from `at` on; None where no line does."""
        kind = self.plan.types[column]
        name = "time" if kind in TIME_TYPES else kind.name
        if width == 1:
            fitting = self.facts[f"{name} {at} 1"] if column in self.plan.strong else self._always
            if how == "stray" and column in self.few:
                fitting = fitting & self.facts[f"known {column} {at}"]
            # A repair leaves no number, address or date in a column where there is no telling that it belongs.
            return (
                fitting if how != "stray" or kind in NUMBER_TYPES else fitting & ~self.facts[f"intruder {at}"]
            )
        if kind in TIME_TYPES:
            return self.facts.get(f"time {at} {width}")
        explained = self.facts.get(f"{'whole' if how == 'whole' else 'covered'} {at} {width}")
        if how != "whole" and kind in URL_TYPES:
            query = self.facts[f"query {at} {width}"]
            explained = query if explained is None else explained | query
        if how != "stray" or column not in self.text:
            return explained
        stray = self._stray(at, width, kind)
        return stray if explained is None else explained | stray

    def _stray(self, at: int, width: int, kind: FieldType) -> Mask:
        if kind is FieldType.PASSWORD:
            return self._always
        intruded: Mask = np.any([self.facts[f"intruder {at + piece}"] for piece in range(width)], axis=0)
        return ~intruded

    @property
    def _always(self) -> Mask:
        return np.ones(len(self.facts["filled 0"]), np.bool_)

    def _solid(self, widths: NDArray[np.int8], rows: NDArray[np.int64]) -> Mask:
        """That no joined piece of a text is empty; a password alone may begin and end with anything."""
        good = np.ones(len(rows), np.bool_)
        ends = np.cumsum(widths, axis=1)
        empty = np.stack([~self.facts[f"filled {at}"][rows] for at in range(self.most)], axis=1)
        before = np.concatenate([np.zeros((len(rows), 1), np.int64), np.cumsum(empty, axis=1)], axis=1)
        each = np.arange(len(rows))
        for column in self.text:
            if self.plan.types[column] is not FieldType.PASSWORD:
                last = ends[:, column]
                first = last - widths[:, column]
                good &= (widths[:, column] == 1) | (before[each, last] == before[each, first])
        return good


def _trace(ways: NDArray[np.int32], allowed: list[dict[tuple[int, int], Mask]]) -> NDArray[np.int8]:
    """Widths on a way, read off backwards: the way, for lines that have exactly one."""
    extra, height = ways.shape[1] - 1, ways.shape[2]
    widths = np.ones((height, len(allowed)), np.int8)
    at = np.full(height, extra)
    for column in range(len(allowed) - 1, -1, -1):
        chosen = np.zeros(height, np.int64)
        for (used, more), mask in allowed[column].items():
            chosen[mask & (at == used + more) & (ways[column, used] > 0)] = more
        widths[:, column] += chosen.astype(np.int8)
        at = at - chosen
    return widths
