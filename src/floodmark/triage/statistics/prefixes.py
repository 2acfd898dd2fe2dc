"""Distinct numbers by leading digits, in blocks as small as a bounded table allows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from floodmark.triage.runs import BLOCK_SIZE
from floodmark.triage.statistics.profile import PrefixCounts

Values = NDArray[np.uint64]
MOST_BLOCKS = 10_000
FLOOR = 5
_NONE = np.empty(0, np.uint64)


@dataclass
class PrefixCounter:
    """Counts ascending numbers in blocks of 10,000, then of 100,000 and so on whenever there are too many blocks.

    Args:
        most: blocks kept at most.

    Examples:
        >>> counter = PrefixCounter(most=2)
        >>> counter.add(np.array([447700900001, 447700900002, 447700910000, 447700990000], dtype=np.uint64))
        >>> counter.finish(floor=2)
        PrefixCounts(size=100000, floor=2, blocks=[[4477009, 4]], other_blocks=0, other_numbers=0)
    """

    most: int = MOST_BLOCKS
    size: int = BLOCK_SIZE
    _blocks: Values = field(default_factory=_NONE.copy)
    _counts: Values = field(default_factory=_NONE.copy)

    def add(self, values: Values) -> None:
        """Count a block of distinct numbers, ascending and above all that were added before."""
        self._put(values // np.uint64(self.size), np.ones(values.size, np.uint64))
        while self._blocks.size > self.most:
            self.size *= 10
            blocks, self._blocks = self._blocks // np.uint64(10), _NONE
            counts, self._counts = self._counts, _NONE
            self._put(blocks, counts)

    def finish(self, floor: int = FLOOR) -> PrefixCounts:
        """Blocks with at least `floor` numbers, and the sum of the others."""
        full = self._counts >= floor
        return PrefixCounts(
            size=self.size,
            floor=floor,
            blocks=np.column_stack([self._blocks[full], self._counts[full]]).tolist(),
            other_blocks=int((~full).sum()),
            other_numbers=int(self._counts[~full].sum()),
        )

    def _put(self, blocks: Values, counts: Values) -> None:
        blocks = np.concatenate([self._blocks, blocks])
        if not blocks.size:
            return
        starts = np.flatnonzero(np.append(True, blocks[1:] != blocks[:-1]))
        self._counts = np.add.reduceat(np.concatenate([self._counts, counts]), starts)
        self._blocks = blocks[starts]
