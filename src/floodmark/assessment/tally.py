"""Counting what two leaks say of the identifiers that they share: pieces are added one by one, tallies summed.

A tally holds histograms of fixed size and no identifier; two threads fill one each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from floodmark.assessment.saved import VALUES, Identifiers
from floodmark.kernel import sorted_sets

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

DIGESTS = 1 << 16  # of a value
MOST_JOINT = 1 << 20  # pairs of field sets that are counted in a table of their own


@dataclass
class ValueTally:
    """One value of the shared identifiers.

    Attributes:
        only_a: identifiers with the value in the first leak alone.
        only_b: in the second alone.
        both: in both.
        equal: of these, how many have one digest in both.
        histogram_a: how often the first leak has each digest, over those with both; int64, shape (65536,).
        histogram_b: the same for the second.
    """

    only_a: int = 0
    only_b: int = 0
    both: int = 0
    equal: int = 0
    histogram_a: Counts = field(default_factory=lambda: np.zeros(DIGESTS, np.int64))
    histogram_b: Counts = field(default_factory=lambda: np.zeros(DIGESTS, np.int64))

    def add(self, a: NDArray[np.uint16], b: NDArray[np.uint16]) -> None:
        """Count the digests of the same identifiers in two leaks; uint16, shape (n,), 0 where absent."""
        has_a, has_b = a != 0, b != 0
        has_both = has_a & has_b
        both = int(np.count_nonzero(has_both))
        self.only_a += int(np.count_nonzero(has_a)) - both
        self.only_b += int(np.count_nonzero(has_b)) - both
        if not both:
            return
        if both < a.size:
            a, b = a[has_both], b[has_both]
        self.both += both
        self.equal += int(np.count_nonzero(a == b))
        self.histogram_a += np.bincount(a, minlength=DIGESTS)
        self.histogram_b += np.bincount(b, minlength=DIGESTS)

    def merge(self, other: ValueTally) -> None:
        """Add the counts of another tally of the same kind."""
        self.only_a += other.only_a
        self.only_b += other.only_b
        self.both += other.both
        self.equal += other.equal
        self.histogram_a += other.histogram_a
        self.histogram_b += other.histogram_b


class FieldTally:
    """Field types that the shared identifiers have in one leak, in the other, in both.

    Args:
        sets_a: field types by number of the set, of the first leak.
        sets_b: of the second.
    """

    def __init__(self, sets_a: Flags, sets_b: Flags) -> None:
        self._sets_a, self._sets_b = sets_a, sets_b
        types = sets_a.shape[1]
        self._joint = (
            np.zeros(len(sets_a) * len(sets_b), np.int64) if len(sets_a) * len(sets_b) <= MOST_JOINT else None
        )
        self._counts = np.zeros((3, types), np.int64)

    def add(self, a: NDArray[np.unsignedinteger[Any]], b: NDArray[np.unsignedinteger[Any]]) -> None:
        """Count the field-set numbers of the same identifiers in two leaks; shape (n,)."""
        codes = a.astype(np.int64) * len(self._sets_b) + b
        if self._joint is not None:
            self._joint += np.bincount(codes, minlength=self._joint.size)
        else:
            self._reduce(*np.unique(codes, return_counts=True))

    def counts(self) -> Counts:
        """Identifiers by field type: in the first leak alone, the second alone, both; shape (3, types)."""
        if self._joint is not None:
            seen = np.flatnonzero(self._joint)
            self._reduce(seen, self._joint[seen])
            self._joint[:] = 0
        return self._counts

    def merge(self, other: FieldTally) -> None:
        """Add the counts of another tally of the same kind."""
        self._counts += other.counts()

    def _reduce(self, codes: Counts, counts: Counts) -> None:
        in_a = self._sets_a[codes // len(self._sets_b)]
        in_b = self._sets_b[codes % len(self._sets_b)]
        for place, flags in enumerate((in_a & ~in_b, in_b & ~in_a, in_a & in_b)):
            self._counts[place] += counts @ flags


class PairTally:
    """All counts on the identifiers that two leaks share.

    Args:
        a: one kind of the first leak.
        b: the same kind of the second.
    """

    def __init__(self, a: Identifiers, b: Identifiers) -> None:
        self._a, self._b = a, b
        self.types = sorted({label for one in (*a.field_sets, *b.field_sets) for label in one})
        self.shared = 0
        self.values = [ValueTally() for _ in VALUES]
        self.fields = FieldTally(_flags(a.field_sets, self.types), _flags(b.field_sets, self.types))

    def add(self, in_a: slice, in_b: slice) -> None:
        """Count one range of values, given as positions in the two leaks."""
        at_a, at_b = sorted_sets.common(self._a.digests[in_a], self._b.digests[in_b])
        if not at_a.size:
            return
        self.shared += at_a.size
        self.fields.add(self._a.fields[in_a][at_a], self._b.fields[in_b][at_b])
        a, b = _rows(self._a.values[in_a], at_a), _rows(self._b.values[in_b], at_b)
        for place, tally in enumerate(self.values):
            tally.add(a[:, place], b[:, place])

    def merge(self, other: PairTally) -> None:
        """Add the counts of another tally of the same kind."""
        self.shared += other.shared
        self.fields.merge(other.fields)
        for mine, theirs in zip(self.values, other.values, strict=True):
            mine.merge(theirs)


def _rows(values: NDArray[np.uint16], places: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Rows of a (n, 2) array, each moved as one word of 32 bits."""
    return np.ascontiguousarray(values).view(np.uint32)[:, 0][places].view(np.uint16).reshape(-1, len(VALUES))


def _flags(sets: Any, types: list[str]) -> Flags:
    """Which set has which type; bool, shape (sets, types)."""
    return np.array([[label in one for label in types] for one in map(set, sets)], np.bool_).reshape(
        len(sets), len(types)
    )
