"""How many copies values have: a histogram and the number of equal pairs, from sorted distinct counts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from floodmark.triage.statistics.profile import CopyCounts

WIDEST = 65  # powers of two that a 64-bit count can reach
SINGLES = 4  # counts below it have a bin of their own


@dataclass
class CopyCounter:
    """Counts values by how often they occur.

    With C equal pairs among n values, an upper bound on the multiplicity of rows follows (`pairs`).

    Examples:
        >>> counter = CopyCounter()
        >>> counter.add(np.array([1, 1, 2, 5, 9], dtype=np.uint64))
        >>> found = counter.finish("phone")
        >>> found.total, found.distinct, found.pairs, found.copies
        (18, 5, 47, [[1, 2], [2, 1], [4, 1], [8, 1]])
    """

    distinct: int = 0
    total: int = 0
    most: int = 0
    _pairs: int = 0
    _few: NDArray[np.int64] = field(default_factory=lambda: np.zeros(SINGLES, np.int64))
    _many: NDArray[np.int64] = field(default_factory=lambda: np.zeros(WIDEST, np.int64))

    def add(self, counts: NDArray[np.uint64]) -> None:
        """Count the copies of one block of distinct values.

        Args:
            counts: copies of each, at least 1, shape (n,).
        """
        if not counts.size:
            return
        self.distinct += counts.size
        more = counts[counts > 1]
        self._few[1] += counts.size - more.size
        self.total += counts.size - more.size + int(more.sum())
        self.most = max(self.most, int(more.max(initial=1)))
        self._pairs += _pairs(more)
        few = more[more < SINGLES]
        self._few += np.bincount(few.astype(np.intp), minlength=SINGLES)
        many = more[more >= SINGLES]
        self._many += np.bincount(np.frexp(many.astype(np.float64))[1] - 1, minlength=WIDEST)

    def finish(self, kind: str) -> CopyCounts:
        """The histogram, of values of one kind."""
        few = [[copies, int(values)] for copies, values in enumerate(self._few) if values]
        many = [[1 << power, int(values)] for power, values in enumerate(self._many) if values]
        return CopyCounts(kind, self.total, self.distinct, self._pairs, few + many)


def _pairs(counts: NDArray[np.uint64]) -> int:
    """Sum of c (c - 1) / 2, exact where 64 bits would not hold it."""
    most = np.uint64(1 << 32)
    pairs = counts[counts < most]
    pairs = pairs * (pairs - np.uint64(1)) // np.uint64(2)
    low, high = pairs & (most - np.uint64(1)), pairs >> np.uint64(32)
    few: list[int] = counts[counts >= most].tolist()
    return int(low.sum()) + (int(high.sum()) << 32) + sum(count * (count - 1) // 2 for count in few)
