"""All valid telephone numbers under a prefix, from the numbering plans, without trying any that is not.

>>> under = NumbersUnder.of(442079460)
>>> under.count, [block.tolist()[:2] for block in under.blocks()]
(1000, [[442079460000, 442079460001]])

A valid number is one that libphonenumber's plan assigns; nobody need have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.under import POWERS
from floodmark.identifiers import numbering

MOST_DIGITS = 18  # three more than E.164 allows, since some plans do assign longer numbers
BLOCK = 1 << 20
Numbers = NDArray[np.uint64]


@dataclass(frozen=True)
class NumbersUnder:
    """Ranges of valid numbers: from each of `starts`, as many as in `sizes`; both uint64, shape (n,), in order."""

    starts: Numbers
    sizes: Numbers

    @classmethod
    def of(cls, prefix: int) -> NumbersUnder:
        """Those that begin with the digits of `prefix`, of every length that the plan has."""
        table = numbering.table(numbering.SIGNIFICANT)
        valid = numbering.outcomes().valid[table.codes]
        ends = np.append(table.starts[1:], POWERS[MOST_DIGITS])
        starts, ends = table.starts[valid], ends[valid]
        found = [_cut(starts, ends, prefix * 10**free, (prefix + 1) * 10**free) for free in _free(prefix)]
        first = np.concatenate([np.empty(0, np.uint64), *(low for low, _ in found)])
        last = np.concatenate([np.empty(0, np.uint64), *(high for _, high in found)])
        return cls(first, last - first)

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return int(self.sizes.sum())

    def blocks(self, size: int = BLOCK) -> Iterator[Numbers]:
        """All numbers in ascending order of their length and value, uint64, at most `size` at a time."""
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.sizes.astype(np.int64))])
        for start in range(0, int(before[-1]), size):
            places = np.arange(start, min(start + size, int(before[-1])))
            ranges = np.searchsorted(before, places, side="right") - 1
            yield self.starts[ranges] + (places - before[ranges]).astype(np.uint64)


def _free(prefix: int) -> range:
    return range(MOST_DIGITS - len(str(prefix)) + 1)


def _cut(starts: Numbers, ends: Numbers, low: int, high: int) -> tuple[Numbers, Numbers]:
    """The parts of ranges that are between two numbers."""
    first = np.maximum(starts, np.uint64(low))
    last = np.minimum(ends, np.uint64(high))
    some = first < last
    return first[some], last[some]
