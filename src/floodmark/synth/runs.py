"""Lengths of runs of neighbouring numbers, from numbers that arrive in ascending order in each country."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from floodmark.synth.tables import Indices


class RunLengths:
    """Histogram of run lengths over all chunks.

    Args:
        countries: number of countries; no run goes from one to another.
    """

    def __init__(self, countries: int) -> None:
        self.last = np.full(countries, -1, dtype=np.int64)
        self.open = np.zeros(countries, dtype=np.int64)
        self.lengths: Counter[int] = Counter()

    def add(self, countries: Indices, numbers: Indices) -> None:
        """Take distinct numbers, sorted by country and then ascending, above those of earlier chunks."""
        if len(numbers) == 0:
            return
        begins = np.concatenate([[True], (np.diff(numbers) != 1) | (np.diff(countries) != 0)])
        starts = np.flatnonzero(begins)
        lengths = np.diff(np.append(starts, len(numbers)))
        owners = countries[starts]
        leading = np.concatenate([[True], np.diff(owners) != 0])
        trailing = np.append(leading[1:], True)
        present = owners[leading]
        goes_on = self.last[present] + 1 == numbers[starts[leading]]
        self._close(self.open[present[~goes_on]])
        lengths[leading] += np.where(goes_on, self.open[present], 0)
        self._close(lengths[~trailing])
        self.open[present] = lengths[trailing]
        self.last[present] = numbers[np.append(starts[1:], len(numbers))[trailing] - 1]

    def _close(self, lengths: Indices) -> None:
        values, counts = np.unique(lengths[lengths > 0], return_counts=True)
        self.lengths.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))

    def summary(self) -> dict[str, Any]:
        """Longest run, and runs by length; a number without neighbours is a run of 1."""
        found = Counter(self.lengths)
        found.update(self.open[self.open > 0].tolist())
        return {
            "longest": max(found, default=0),
            "lengths": {str(length): found[length] for length in sorted(found)},
        }
