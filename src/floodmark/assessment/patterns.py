"""Membership patterns: how many identifiers lie in exactly which leaks, and in any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.assessment.saved import Digests
from floodmark.assessment.threads import in_ranges
from floodmark.kernel import sorted_sets

MOST_IN_PATTERNS = sorted_sets.MOST_ARRAYS
"""Most leaks whose patterns are told apart: twelve have 4,095."""

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Pattern:
    """Distinct identifiers that lie in each of `leaks` and in no other that was compared."""

    leaks: list[str]
    identifiers: int


@dataclass
class _Counts:
    arrays: Sequence[Digests]
    counts: NDArray[np.int64]

    def add(self, *cut: slice) -> None:
        pieces = [array[part] for array, part in zip(self.arrays, cut, strict=True)]
        self.counts += sorted_sets.patterns(pieces)

    def merge(self, other: _Counts) -> None:
        self.counts += other.counts


@dataclass
class _Union:
    arrays: Sequence[Digests]
    size: int = 0

    def add(self, *cut: slice) -> None:
        pieces = [array[part] for array, part in zip(self.arrays, cut, strict=True)]
        self.size += np.unique(np.concatenate(pieces)).size

    def merge(self, other: _Union) -> None:
        self.size += other.size


def patterns_of(leaks: Mapping[str, Digests], workers: int, advance: Advance) -> list[Pattern]:
    """Patterns that some identifier has, most identifiers first.

    Args:
        leaks: digests by slug, at most `MOST_IN_PATTERNS`.
        workers: threads.
        advance: told of bytes done.
    """
    slugs, arrays = list(leaks), list(leaks.values())
    if not arrays:
        return []
    work = sum(array.nbytes for array in arrays)
    counted = in_ranges(
        arrays,
        lambda: _Counts(arrays, np.zeros(1 << len(arrays), np.int64)),
        _Counts.add,
        workers,
        advance,
        work,
    )
    seen = np.flatnonzero(counted.counts)
    found = [
        Pattern([slug for bit, slug in enumerate(slugs) if code >> bit & 1], int(counted.counts[code]))
        for code in seen.tolist()
    ]
    return sorted(found, key=lambda one: -one.identifiers)


def union_of(arrays: Sequence[Digests], workers: int, advance: Advance) -> int:
    """Distinct values over all arrays, of which there may be any number."""
    work = sum(array.nbytes for array in arrays)
    return in_ranges(arrays, lambda: _Union(arrays), _Union.add, workers, advance, work).size
