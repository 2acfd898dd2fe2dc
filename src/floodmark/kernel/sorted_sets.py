"""Set operations on ascending, distinct unsigned 64-bit values, in memory or mapped from a file.

>>> a, b = np.array([2, 3, 5, 7], np.uint64), np.array([3, 4, 7], np.uint64)
>>> common(a, b)
(array([1, 3]), array([0, 2]))
>>> patterns([a, b]).tolist()
[0, 2, 1, 2]
>>> is_ascending(np.array([1, 2, 2, 3], np.uint64))
2

The arrays are trusted to be ascending: `is_ascending` checks one in a pass. On an array that is not, the
results are wrong, but nothing is read or written out of bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from floodmark.kernel import numpy_sets
from floodmark.kernel.numpy_sets import Positions, Values

BLOCK = 1 << 20
MOST_ARRAYS = 12


def common(a: Values, b: Values, *, workers: int = 1) -> tuple[Positions, Positions]:
    """Positions of the values that both arrays hold.

    Args:
        a: dtype uint64, shape (n,), ascending and distinct.
        b: the same, shape (m,).
        workers: threads, each of which takes a range of values.

    Returns:
        Two int64 arrays of one shape: `a[first]` equals `b[second]`, in ascending order.

    Raises:
        TypeError: an array is not one-dimensional, contiguous uint64 in the machine's byte order.
    """
    blocks = list(common_blocks(a, b))
    none = np.empty(0, np.int64)
    return (
        np.concatenate([none, *(first for first, _ in blocks)]),
        np.concatenate([none, *(second for _, second in blocks)]),
    )


def common_blocks(a: Values, b: Values, block: int = BLOCK) -> Iterator[tuple[Positions, Positions]]:
    """The pairs of `common` in order, at most `block` of them at a time and never none."""
    _check(a, b)
    return numpy_sets.common_blocks(a, b, block)


def count_common(a: Values, b: Values, *, workers: int = 1) -> int:
    """How many values both arrays hold; arguments and errors as for `common`."""
    _check(a, b)
    return numpy_sets.count_common(a, b)


def patterns(arrays: Sequence[Values], *, workers: int = 1) -> Positions:
    """How many distinct values lie in exactly which arrays.

    Args:
        arrays: one to twelve, each as for `common`.
        workers: threads.

    Returns:
        int64, shape (2**k,): at index p the number of values in each array i whose bit `1 << i` is set in p, and in
        no other. Index 0 is 0.

    Raises:
        TypeError: as for `common`.
        ValueError: no array, or more than twelve.
    """
    if not 1 <= len(arrays) <= MOST_ARRAYS:
        raise ValueError(f"patterns of 1 to {MOST_ARRAYS} arrays")
    _check(*arrays)
    return numpy_sets.patterns(arrays)


def is_ascending(values: Values) -> int:
    """Index of the first value that is not greater than the one before it; -1 when there is none."""
    _check(values)
    return numpy_sets.first_not_ascending(values)


def _check(*arrays: Values) -> None:
    for array in arrays:
        if (
            array.dtype != np.uint64
            or array.ndim != 1
            or not array.flags.c_contiguous
            or not array.flags.aligned
        ):
            raise TypeError("sorted sets are contiguous arrays of dtype uint64 and one dimension")
