"""What two tables say of the rows that they share, counted: rows are pairs of positions, as `sorted_sets.common` gives.

>>> a, b = np.array([[5, 0], [7, 9]], np.uint16), np.array([[7, 9], [8, 9], [5, 1]], np.uint16)
>>> name = Agreement.empty()
>>> name.add(a, b, 0, np.array([0, 1]), np.array([2, 1]))
>>> name.both, name.equal, name.only_a, name.only_b
(2, 1, 0, 0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from floodmark.kernel import library
from floodmark.kernel.library import Kernel
from floodmark.kernel.numpy_sets import Positions

VALUES = 1 << 16
Table = NDArray[np.uint16]


@dataclass
class Agreement:
    """Counts of one column of 16-bit values, 0 where absent, over rows that two tables share; 2**32 - 1 at most.

    Attributes:
        tally: rows with a value in both, of these equal ones, in the first table alone, in the second; int64.
        histogram_a: rows of the first table by value, over those with one in both; uint32, shape (65536,).
        histogram_b: the same of the second. The first place of either, which no value has, means nothing.
    """

    tally: NDArray[np.int64]
    histogram_a: NDArray[np.uint32]
    histogram_b: NDArray[np.uint32]

    @classmethod
    def empty(cls) -> Self:
        """Counts of no rows."""
        return cls(np.zeros(4, np.int64), np.zeros(VALUES, np.uint32), np.zeros(VALUES, np.uint32))

    @property
    def both(self) -> int:
        """Rows with a value in both tables."""
        return int(self.tally[0])

    @property
    def equal(self) -> int:
        """Rows with one and the same value in both."""
        return int(self.tally[1])

    @property
    def only_a(self) -> int:
        """Rows with a value in the first table alone."""
        return int(self.tally[2])

    @property
    def only_b(self) -> int:
        """Rows with a value in the second table alone."""
        return int(self.tally[3])

    @property
    def chance(self) -> float | None:
        """Probability that the first table's value of one row equals the second's of another; None below two rows.

        Over n rows with histograms h and g that is `(sum h g - equal) / (n (n - 1))`: all pairs, less each row with
        itself.
        """
        if self.both < 2:
            return None
        # Counts of 32 bits multiply to 64, and their sum can need more: upper and lower halves are summed apart.
        products = self.histogram_a[1:].astype(np.uint64) * self.histogram_b[1:]
        halves = (int(part.sum()) for part in (products >> np.uint64(32), products & np.uint64(0xFFFF_FFFF)))
        together = sum(half << shift for half, shift in zip(halves, (32, 0), strict=True))
        return (together - self.equal) / (self.both * (self.both - 1))

    def add(
        self,
        a: Table,
        b: Table,
        column: int,
        in_a: Positions,
        in_b: Positions,
        *,
        kernel: Kernel | None = library.kernel,
    ) -> None:
        """Count one column of shared rows.

        Args:
            a: uint16, shape (n, columns), contiguous.
            b: the same, shape (m, columns).
            column: which.
            in_a: positions in `a`, int64, shape (k,).
            in_b: positions in `b`, shape (k,), of the same rows.
            kernel: the compiled kernel; None for NumPy alone.

        Raises:
            TypeError: an array is of another type or form.
            IndexError: a position or the column lies outside; what was counted before it stays counted.
        """
        _check(a, np.uint16, 2)
        _check(b, np.uint16, 2)
        _check_pairs(in_a, in_b)
        if a.shape[1] != b.shape[1] or not 0 <= column < a.shape[1]:
            raise IndexError("the column is none of both tables")
        if kernel is None:
            self._add_numpy(_take(a[:, column], in_a), _take(b[:, column], in_b))
            return
        done = kernel.functions.fm_agreement(
            *(a.ctypes.data, len(a), b.ctypes.data, len(b), a.shape[1], column),
            *(in_a.ctypes.data, in_b.ctypes.data, in_a.size, self.tally.ctypes.data),
            *(self.histogram_a.ctypes.data, self.histogram_b.ctypes.data),
        )
        if done < in_a.size:
            raise IndexError("a position lies outside its table")

    def _add_numpy(self, a: Table, b: Table) -> None:
        has_a, has_b = a != 0, b != 0
        has_both = has_a & has_b
        both = np.count_nonzero(has_both)
        self.tally[0] += both
        self.tally[1] += np.count_nonzero(has_both & (a == b))
        self.tally[2] += np.count_nonzero(has_a) - both
        self.tally[3] += np.count_nonzero(has_b) - both
        self.histogram_a += np.bincount(a[has_both], minlength=VALUES).astype(np.uint32)
        self.histogram_b += np.bincount(b[has_both], minlength=VALUES).astype(np.uint32)

    def merge(self, other: Agreement) -> None:
        """Add the counts of other rows."""
        self.tally += other.tally
        self.histogram_a += other.histogram_a
        self.histogram_b += other.histogram_b


def count_joint(
    table: NDArray[np.int64],
    a: NDArray[Any],
    b: NDArray[Any],
    in_a: Positions,
    in_b: Positions,
    *,
    kernel: Kernel | None = library.kernel,
) -> None:
    """Count pairs of small numbers of shared rows into `table[number in a, number in b]`.

    Args:
        table: int64, shape (numbers of a, numbers of b), contiguous; counts are added.
        a: uint16 or uint32, shape (n,), contiguous.
        b: the same, shape (m,).
        in_a: positions in `a`, int64, shape (k,).
        in_b: positions in `b`, shape (k,), of the same rows.
        kernel: the compiled kernel; None for NumPy alone.

    Raises:
        TypeError: an array is of another type or form.
        IndexError: a position or a number lies outside; what was counted before it stays counted.
    """
    _check(table, np.int64, 2)
    for numbers in (a, b):
        _check(numbers, numbers.dtype, 1)
        if numbers.dtype not in (np.uint16, np.uint32):
            raise TypeError("numbers are uint16 or uint32")
    _check_pairs(in_a, in_b)
    if kernel is None:
        x, y = _take(a, in_a).astype(np.int64), _take(b, in_b)
        if x.size and (x.max() >= table.shape[0] or y.max() >= table.shape[1]):
            raise IndexError("a number lies outside the table")
        table += np.bincount(x * table.shape[1] + y, minlength=table.size).reshape(table.shape)
        return
    done = kernel.functions.fm_joint(
        *(a.ctypes.data, len(a), a.itemsize, b.ctypes.data, len(b), b.itemsize),
        *(in_a.ctypes.data, in_b.ctypes.data, in_a.size, *table.shape, table.ctypes.data),
    )
    if done < in_a.size:
        raise IndexError("a position lies outside its array, or a number outside the table")


def _take(values: NDArray[Any], places: Positions) -> NDArray[Any]:
    if places.size and int(places.min()) < 0:
        raise IndexError("a position lies before its array")
    return values[places]


def _check_pairs(in_a: Positions, in_b: Positions) -> None:
    _check(in_a, np.int64, 1)
    _check(in_b, np.int64, 1)
    if in_a.size != in_b.size:
        raise TypeError("positions come in pairs")


def _check(array: NDArray[Any], dtype: Any, dimensions: int) -> None:
    if array.ndim != dimensions or array.dtype != dtype or not array.flags.c_contiguous:
        raise TypeError(f"not a contiguous array of {np.dtype(dtype)} with {dimensions} dimensions")
