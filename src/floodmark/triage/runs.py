"""What sorted distinct phone numbers show in one pass: runs of neighbours, last digits, full number blocks.

Each counter takes the ascending blocks of `DistinctSpool.finish` one after the other and keeps a state of
fixed size. They are sufficient statistics: a later test for generated numbers needs them, not the dump.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from floodmark.triage.profile import RunsProfile

Values = NDArray[np.uint64]
SHORTEST_RUN = 3
BLOCK_SIZE = 10_000


@dataclass
class RunCounter:
    """Counts runs of consecutive numbers (difference 1) over ascending blocks.

    Args:
        shortest: numbers that a run must have to be counted.

    Examples:
        >>> counter = RunCounter()
        >>> counter.add(np.array([5, 7, 8], dtype=np.uint64))
        >>> counter.add(np.array([9, 10, 20], dtype=np.uint64))
        >>> profile = counter.finish()
        >>> profile.runs, profile.longest, profile.in_runs
        (1, 4, 4)
    """

    shortest: int = SHORTEST_RUN
    _numbers: int = 0
    _longest: int = 0
    _last: int = 0
    _open: int = 0
    _runs: NDArray[np.int64] = field(default_factory=lambda: np.zeros(65, np.int64))
    _members: NDArray[np.int64] = field(default_factory=lambda: np.zeros(65, np.int64))

    def add(self, values: Values) -> None:
        """Count a block of distinct numbers, ascending and above all that were added before."""
        if not values.size:
            return
        ends = np.flatnonzero(np.diff(values) != 1) + 1
        lengths = np.diff(ends, prepend=0, append=values.size)
        self._numbers += values.size
        if self._open and int(values[0]) == self._last + 1:
            lengths[0] += self._open
        else:
            self._count(np.array([self._open]))
        self._count(lengths[:-1])
        self._open, self._last = int(lengths[-1]), int(values[-1])

    def finish(self) -> RunsProfile:
        """The profile of all that was added; the run at the end is closed by it."""
        self._count(np.array([self._open]))
        self._open = 0
        largest = int(np.flatnonzero(self._runs).max(initial=-1))
        lengths = [
            {
                "low": max(1 << power, self.shortest),
                "high": (2 << power) - 1,
                "runs": int(self._runs[power]),
                "numbers": int(self._members[power]),
            }
            for power in range(self.shortest.bit_length() - 1, largest + 1)
        ]
        return RunsProfile(
            numbers=self._numbers,
            shortest=self.shortest,
            in_runs=int(self._members.sum()),
            runs=int(self._runs.sum()),
            longest=self._longest,
            lengths=lengths,
        )

    def _count(self, lengths: NDArray[np.int64]) -> None:
        lengths = lengths[lengths >= self.shortest]
        if lengths.size:
            powers = np.frexp(lengths)[1] - 1
            self._runs += np.bincount(powers, minlength=65)
            np.add.at(self._members, powers, lengths)
            self._longest = max(self._longest, int(lengths.max()))


@dataclass
class TerminalDigits:
    """How many distinct numbers end in each two digits; `counts[d]` for d from 0 to 99, shape (100,).

    People's numbers end evenly; numbers that somebody typed or filtered do not.
    """

    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(100, np.int64))

    def add(self, values: Values) -> None:
        """Count a block of distinct numbers, in any order."""
        self.counts += np.bincount((values % np.uint64(100)).astype(np.intp), minlength=100)

    @property
    def last_digit(self) -> NDArray[np.int64]:
        """Distinct numbers by last digit, shape (10,)."""
        return np.asarray(self.counts.reshape(10, 10).sum(axis=0))


@dataclass
class BlockOccupancy:
    """How full blocks of 10,000 numbers are: `counts[c]` blocks hold exactly c numbers, shape (10001,).

    A block is `number // 10_000`. Empty blocks are not counted: `counts[0]` stays 0, since which blocks exist
    is for the numbering plan to say. Enough for a likelihood over block counts.
    """

    _counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BLOCK_SIZE + 1, np.int64))
    _block: int = -1
    _open: int = 0

    def add(self, values: Values) -> None:
        """Count a block of distinct numbers, ascending and above all that were added before."""
        if not values.size:
            return
        blocks = values // np.uint64(BLOCK_SIZE)
        ends = np.flatnonzero(np.diff(blocks)) + 1
        occupied = np.diff(ends, prepend=0, append=values.size)
        if int(blocks[0]) == self._block:
            occupied[0] += self._open
        elif self._open:
            self._counts[self._open] += 1
        self._counts += np.bincount(occupied[:-1], minlength=BLOCK_SIZE + 1)
        self._block, self._open = int(blocks[-1]), int(occupied[-1])

    @property
    def counts(self) -> NDArray[np.int64]:
        """Blocks by occupancy, the last one included, shape (10001,)."""
        counts = self._counts.copy()
        if self._open:
            counts[self._open] += 1
        return counts
