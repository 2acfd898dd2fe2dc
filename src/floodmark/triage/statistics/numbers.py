"""Statistics of phone numbers, from the pass over the sorted distinct ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from floodmark.identifiers import phones
from floodmark.triage.runs import BLOCK_SIZE, BlockOccupancy, TerminalDigits
from floodmark.triage.statistics.prefixes import PrefixCounter
from floodmark.triage.statistics.profile import CountryNumbers, PhoneStatistics

LARGEST = 10


@dataclass
class _Blocks:
    """Occupancy and last digits of one set of numbers."""

    occupancy: BlockOccupancy = field(default_factory=BlockOccupancy)
    endings: TerminalDigits = field(default_factory=TerminalDigits)

    def add(self, values: NDArray[np.uint64]) -> None:
        self.occupancy.add(values)
        self.endings.add(values)

    def blocks(self) -> list[list[int]]:
        counts = self.occupancy.counts
        return [[int(numbers), int(counts[numbers])] for numbers in np.flatnonzero(counts)]


class NumberCounter:
    """Counts sorted distinct numbers of all countries, and of the largest ones each.

    Args:
        regions: indices into `phones.REGIONS` of the countries that are counted by themselves.
    """

    def __init__(self, regions: Sequence[int]) -> None:
        self._all = _Blocks()
        self._by_region = {region: _Blocks() for region in regions}
        self._prefixes = PrefixCounter()

    def add(self, values: NDArray[np.uint64], regions: NDArray[np.uint16]) -> None:
        """Count a block of distinct numbers, ascending and above all that were added before.

        Args:
            values: the numbers, shape (n,).
            regions: index into `phones.REGIONS` of each, shape (n,).
        """
        self._all.add(values)
        self._prefixes.add(values)
        for region, blocks in self._by_region.items():
            blocks.add(values[regions == region])

    def finish(self) -> PhoneStatistics:
        """The statistics of all that was added."""
        endings = self._all.endings.counts
        return PhoneStatistics(
            numbers=int(endings.sum()),
            block_size=BLOCK_SIZE,
            blocks=self._all.blocks(),
            endings=endings.tolist(),
            countries=[
                CountryNumbers(
                    country=phones.REGIONS[region],
                    numbers=int(one.endings.counts.sum()),
                    blocks=one.blocks(),
                    endings=one.endings.counts.tolist(),
                )
                for region, one in self._by_region.items()
            ],
            prefixes=self._prefixes.finish(),
        )
