"""Set operations on ascending, distinct unsigned 64-bit values, in memory or mapped from a file.

>>> a, b = np.array([2, 3, 5, 7], np.uint64), np.array([3, 4, 7], np.uint64)
>>> common(a, b)
(array([1, 3]), array([0, 2]))
>>> patterns([a, b]).tolist()
[0, 2, 1, 2]
>>> is_ascending(np.array([1, 2, 2, 3], np.uint64))
2

The arrays are trusted to be ascending: `is_ascending` checks one in a pass. On an array that is not, the results are
wrong, but nothing is read or written out of bounds. Every function takes the kernel to use: None for NumPy alone.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import numpy as np

from floodmark.kernel import library, numpy_sets
from floodmark.kernel.library import Kernel
from floodmark.kernel.numpy_sets import Positions, Values
from floodmark.kernel.pair_buffers import PairBuffers
from floodmark.kernel.value_ranges import over_ranges

BLOCK = 1 << 16
MOST_ARRAYS = 12
SLACK = 8  # pairs that the kernel keeps free at the end of a block, since it writes up to eight at once


def common(
    a: Values, b: Values, *, workers: int = 1, kernel: Kernel | None = library.kernel
) -> tuple[Positions, Positions]:
    """Positions of the values that both arrays hold.

    Args:
        a: dtype uint64, shape (n,), ascending and distinct.
        b: the same, shape (m,).
        workers: threads, each of which takes a range of values.
        kernel: the compiled kernel; None for NumPy alone.

    Returns:
        Two int64 arrays of one shape: `a[first]` equals `b[second]`, in ascending order.

    Raises:
        TypeError: an array is not one-dimensional, contiguous uint64 in the machine's byte order.
    """
    _check(a, b)

    def pairs(parts: Sequence[Values], starts: Sequence[int]) -> tuple[Positions, Positions]:
        in_a, in_b = _common(parts[0], parts[1], kernel)
        if any(starts):
            np.add(in_a, starts[0], out=in_a)
            np.add(in_b, starts[1], out=in_b)
        return in_a, in_b

    found = list(over_ranges(pairs, [a, b], workers))
    if len(found) == 1:
        return found[0]
    return np.concatenate([in_a for in_a, _ in found]), np.concatenate([in_b for _, in_b in found])


def common_blocks(
    a: Values, b: Values, block: int = BLOCK, *, kernel: Kernel | None = library.kernel
) -> Iterator[tuple[Positions, Positions]]:
    """The pairs of `common` in order, at most `block` of them at a time and never none; memory of two blocks.

    Raises:
        TypeError: as for `common`.
        ValueError: `block` is not positive.
    """
    _check(a, b)
    if block < 1:
        raise ValueError("a block holds at least one pair")
    return _common_blocks(a, b, block, kernel)


def count_common(a: Values, b: Values, *, workers: int = 1, kernel: Kernel | None = library.kernel) -> int:
    """How many values both arrays hold; arguments and errors as for `common`."""
    _check(a, b)

    def count(parts: Sequence[Values], _: Sequence[int]) -> int:
        first, second = parts
        if kernel is None:
            return numpy_sets.count_common(first, second)
        counted: int = kernel.functions.fm_count_common(
            first.ctypes.data, first.size, second.ctypes.data, second.size, kernel.features
        )
        return counted

    return sum(over_ranges(count, [a, b], workers))


def patterns(
    arrays: Sequence[Values], *, workers: int = 1, kernel: Kernel | None = library.kernel
) -> Positions:
    """How many distinct values lie in exactly which arrays.

    Args:
        arrays: one to twelve, each as for `common`.
        workers: threads, each of which takes a range of values.
        kernel: the compiled kernel; None for NumPy alone.

    Returns:
        int64, shape (2**k,): at index p the number of values in each array i whose bit `1 << i` is set in p, and in
        no other. Index 0 is 0.

    Raises:
        TypeError: as for `common`.
        ValueError: no array, or more than twelve.
    """
    if not 1 <= len(arrays) <= MOST_ARRAYS:
        raise ValueError(f"patterns are of 1 to {MOST_ARRAYS} arrays")
    _check(*arrays)

    def count(parts: Sequence[Values], _: Sequence[int]) -> Positions:
        if kernel is None:
            return numpy_sets.patterns(parts)
        counts = np.empty(1 << len(parts), np.int64)
        addresses = (ctypes.c_void_p * len(parts))(*(part.ctypes.data for part in parts))
        sizes = (ctypes.c_size_t * len(parts))(*(part.size for part in parts))
        kernel.functions.fm_patterns(addresses, sizes, len(parts), counts.ctypes.data, kernel.features)
        return counts

    total = np.zeros(1 << len(arrays), np.int64)
    for counts in over_ranges(count, arrays, workers):
        total += counts
    return total


def is_ascending(values: Values, *, kernel: Kernel | None = library.kernel) -> int:
    """Index of the first value that is not greater than the one before it; -1 when the array is ascending.

    Raises:
        TypeError: as for `common`.
    """
    _check(values)
    if kernel is None:
        return numpy_sets.first_not_ascending(values)
    found: int = kernel.functions.fm_first_not_ascending(values.ctypes.data, values.size)
    return found


def _common(a: Values, b: Values, kernel: Kernel | None) -> tuple[Positions, Positions]:
    if kernel is None:
        return numpy_sets.common(a, b)
    room = min(a.size, b.size) + SLACK  # most of it is never touched when little is shared, and given back
    in_a, in_b = np.empty(room, np.int64), np.empty(room, np.int64)
    at = np.zeros(2, np.uint64)
    found = kernel.functions.fm_common(
        *(a.ctypes.data, a.size, b.ctypes.data, b.size, at.ctypes.data),
        *(in_a.ctypes.data, in_b.ctypes.data, room, kernel.features),
    )
    in_a.resize(found, refcheck=False)
    in_b.resize(found, refcheck=False)
    return in_a, in_b


def _common_blocks(
    a: Values, b: Values, block: int, kernel: Kernel | None
) -> Iterator[tuple[Positions, Positions]]:
    if kernel is None:
        yield from numpy_sets.common_blocks(a, b, block)
        return
    at = np.zeros(2, np.uint64)
    room = min(block, a.size, b.size)
    buffers = PairBuffers(room + SLACK)
    arrays = (a.ctypes.data, a.size, b.ctypes.data, b.size, at.ctypes.data)
    while at[0] < a.size and at[1] < b.size:
        in_a, in_b = buffers.take()
        found = kernel.functions.fm_common(*arrays, in_a.ctypes.data, in_b.ctypes.data, room, kernel.features)
        in_a, in_b = in_a[:found], in_b[:found]
        if found:
            yield in_a, in_b
        del in_a, in_b


def _check(*arrays: Values) -> None:
    for array in arrays:
        whole = isinstance(array, np.ndarray) and array.ndim == 1 and array.flags.c_contiguous
        if not whole or array.dtype != np.uint64 or not array.flags.aligned:
            raise TypeError("sorted sets are contiguous arrays of dtype uint64 and one dimension")
