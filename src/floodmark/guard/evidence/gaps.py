"""Neighbours: whether an actor asks for identifiers next to those that it has asked for.

Of an identifier and the m that the actor asked for before it in the same block of B, let d be the distance to the
nearest. Were all of them drawn at random, `v = 1 - (1 - 2 d / B)^m` would be about uniform; `s v^(s - 1)` has mean 1
over a uniform v and is large where v is small (Shafer, Testing by betting, JRSS A 184, 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Gaps:
    """How gaps between neighbours are scored.

    Attributes:
        exponents: s of `s v^(s - 1)`.
        cap: most that one identifier may be worth.
    """

    exponents: tuple[float, ...] = (0.1, 0.3, 0.5)
    cap: float = 20.0

    def log_factors(self, distances: Whole, earlier: Whole, sizes: Whole) -> Floats:
        """Logarithms of `min(cap, s v^(s - 1))`, 0 for the first of a block.

        Args:
            distances: to the nearest earlier identifier, shape (n,).
            earlier: identifiers before it in the block, shape (n,).
            sizes: of the block, shape (n,).

        Returns:
            Shape (len(exponents), n).
        """
        inside = np.clip(1.0 - 2.0 * distances / sizes, 0.0, 1.0)
        with np.errstate(divide="ignore"):
            log_v = np.log(-np.expm1(earlier * np.log(inside)))
        powers = np.array(self.exponents)[:, None]
        factors = np.minimum(np.log(self.cap), np.log(powers) + (powers - 1.0) * log_v[None, :])
        return np.where(earlier[None, :] > 0, factors, 0.0)


def nearest_earlier(groups: Whole, positions: Whole) -> tuple[Whole, Whole]:
    """Distance to the nearest earlier position of the same group, and how many are earlier.

    Every pair of ranks differs first, from the top, in one binary digit: at each digit all pairs whose earlier rank
    has a 0 there and whose later one has a 1 are looked at in one sort. That makes n log n steps and no loop over rows.

    Args:
        groups: number of the group, in order of time within each, shape (n,).
        positions: shape (n,).

    Returns:
        Distances, 0 where nothing is earlier, and numbers of earlier ones, both of shape (n,).
    """
    total = len(groups)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(_firsts(groups[order]))
    sizes = np.diff(np.append(starts, total))
    ranks = np.empty(total, np.int64)
    ranks[order] = np.arange(total) - np.repeat(starts, sizes)
    large = np.empty(total, np.int64)
    large[order] = np.repeat(sizes, sizes)
    found = np.full(total, np.iinfo(np.int64).max)
    for digit in range(int(sizes.max(initial=1) - 1).bit_length()):
        rows = np.flatnonzero(large > 1 << digit)
        half = ranks[rows] >> digit
        sort = np.lexsort((positions[rows], half >> 1, groups[rows]))
        rows, half = rows[sort], half[sort]
        cells = np.cumsum(_firsts(groups[rows], half >> 1), dtype=np.int64)
        for step in (1, -1):
            _look_back(found, rows[::step], cells[::step], (half[::step] & 1) == 1, positions)
    return np.where(ranks > 0, found, 0), ranks


def _firsts(*keys: Whole) -> NDArray[np.bool_]:
    """Where one of the keys differs from that of the row before."""
    first = np.ones(len(keys[0]), bool)
    first[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return first


def _look_back(found: Whole, rows: Whole, cells: Whole, later: NDArray[np.bool_], positions: Whole) -> None:
    """Lower `found` of each later row to the distance to the last earlier row before it in the same cell."""
    last = np.maximum.accumulate(np.where(later, -1, np.arange(len(rows))))
    good = later & (last >= 0)
    good[good] = cells[last[good]] == cells[good]
    at = rows[good]
    found[at] = np.minimum(found[at], np.abs(positions[at] - positions[rows[last[good]]]))
