"""Counting what two leaks say of the identifiers that they share: pieces are added one by one, tallies summed.

A tally holds tables of fixed size and no identifier; two threads fill one each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from floodmark.assessment.saved import VALUES, Identifiers
from floodmark.errors import FloodmarkError
from floodmark.kernel import sorted_sets
from floodmark.kernel.shared_rows import Agreement, count_joint

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_JOINT = 1 << 20  # pairs of field sets that are counted in a table of their own


class UnknownFieldSet(FloodmarkError):
    """An identifier has a field set that its leak's profile does not know: arrays and profile are not of one save."""

    slug: ClassVar[str] = "unknown-field-set"
    hint = "Put the leak's folder back from one copy of the workspace, or save the leak again with --replace."


class FieldTally:
    """Field types that the shared identifiers have in one leak, in the other, in both.

    Args:
        sets_a: which field set has which type, of the first leak; shape (sets, types).
        sets_b: the same of the second.
        most_joint: pairs of sets up to which they are counted in one table; more are counted piece by piece.
    """

    def __init__(self, sets_a: Flags, sets_b: Flags, most_joint: int = MOST_JOINT) -> None:
        self._sets_a, self._sets_b = sets_a, sets_b
        shape = (len(sets_a), len(sets_b))
        self._joint = np.zeros(shape, np.int64) if shape[0] * shape[1] <= most_joint else None
        self._counts = np.zeros((3, sets_a.shape[1]), np.int64)

    def add(self, a: NDArray[Any], b: NDArray[Any], in_a: Counts, in_b: Counts) -> None:
        """Count field sets of shared identifiers.

        Args:
            a: number of the set of each identifier of the first leak; uint16 or uint32.
            b: the same of the second.
            in_a: positions of the shared ones in `a`, int64.
            in_b: their positions in `b`.

        Raises:
            IndexError: a number is that of no set.
        """
        if self._joint is not None:
            count_joint(self._joint, a, b, in_a, in_b)
            return
        numbers_a, numbers_b = a[in_a].astype(np.int64), b[in_b]
        if numbers_a.max() >= len(self._sets_a) or numbers_b.max() >= len(self._sets_b):
            raise IndexError("a number is that of no set")
        codes, counts = np.unique(numbers_a * len(self._sets_b) + numbers_b, return_counts=True)
        self._reduce(codes // len(self._sets_b), codes % len(self._sets_b), counts)

    def counts(self) -> Counts:
        """Identifiers by field type: in the first leak alone, the second alone, both; shape (3, types)."""
        if self._joint is not None:
            seen_a, seen_b = np.nonzero(self._joint)
            self._reduce(seen_a, seen_b, self._joint[seen_a, seen_b])
            self._joint[:] = 0
        return self._counts

    def merge(self, other: FieldTally) -> None:
        """Add the counts of other identifiers."""
        self._counts += other.counts()

    def _reduce(self, numbers_a: Counts, numbers_b: Counts, counts: Counts) -> None:
        in_a, in_b = self._sets_a[numbers_a], self._sets_b[numbers_b]
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
        self.values = [Agreement.empty() for _ in VALUES]
        self.fields = FieldTally(_flags(a.field_sets, self.types), _flags(b.field_sets, self.types))

    def add(self, cut_a: slice, cut_b: slice) -> None:
        """Count one range of values, given as positions in the two leaks.

        Raises:
            UnknownFieldSet: a field set is not in the table of its leak.
        """
        in_a, in_b = sorted_sets.common(self._a.digests[cut_a], self._b.digests[cut_b])
        if not in_a.size:
            return
        self.shared += in_a.size
        try:
            self.fields.add(self._a.fields[cut_a], self._b.fields[cut_b], in_a, in_b)
        except IndexError as error:
            raise UnknownFieldSet(
                f"An identifier of {self._a.slug} or {self._b.slug} has a field set that its profile does not know."
            ) from error
        values_a, values_b = self._a.values[cut_a], self._b.values[cut_b]
        for column, agreement in enumerate(self.values):
            agreement.add(values_a, values_b, column, in_a, in_b)

    def merge(self, other: PairTally) -> None:
        """Add the counts of other identifiers."""
        self.shared += other.shared
        self.fields.merge(other.fields)
        for mine, theirs in zip(self.values, other.values, strict=True):
            mine.merge(theirs)


def _flags(sets: Sequence[Sequence[str]], types: Sequence[str]) -> Flags:
    """Which set has which type; shape (sets, types)."""
    flags = [[label in one for label in types] for one in sets]
    return np.array(flags, np.bool_).reshape(len(sets), len(types))
