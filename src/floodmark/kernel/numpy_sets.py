"""Sorted sets with NumPy alone: what `kernel.sorted_sets` does where the kernel was not compiled.

>>> a, b = np.array([2, 3, 5, 7], np.uint64), np.array([3, 4, 7], np.uint64)
>>> [(ia.tolist(), ib.tolist()) for ia, ib in common_blocks(a, b, 8)]
[([1, 3], [0, 2])]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.uint64]
Positions = NDArray[np.int64]


def common_blocks(a: Values, b: Values, block: int) -> Iterator[tuple[Positions, Positions]]:
    """As `sorted_sets.common_blocks`, on arrays that were checked; extra memory of a few times `block`."""
    if a.size > b.size:
        for in_b, in_a in common_blocks(b, a, block):
            yield in_a, in_b
        return
    for start in range(0, a.size, block):
        part = a[start : start + block]
        low = int(np.searchsorted(b, part[0]))
        high = int(np.searchsorted(b, part[-1], side="right"))
        if low >= high:
            continue
        window = b[low:high]
        places = np.minimum(np.searchsorted(window, part), window.size - 1)
        shared = np.flatnonzero(window[places] == part)
        if shared.size:
            yield shared + start, places[shared] + low


def common(a: Values, b: Values, block: int = 1 << 20) -> tuple[Positions, Positions]:
    """As `sorted_sets.common`, on arrays that were checked."""
    none = np.empty(0, np.int64)
    blocks = [(none, none), *common_blocks(a, b, block)]
    return np.concatenate([in_a for in_a, _ in blocks]), np.concatenate([in_b for _, in_b in blocks])


def count_common(a: Values, b: Values, block: int = 1 << 20) -> int:
    """How many values both arrays hold."""
    return sum(in_a.size for in_a, _ in common_blocks(a, b, block))


def patterns(arrays: Sequence[Values], block: int = 1 << 18) -> Positions:
    """As `sorted_sets.patterns`; at most `block` values of each array are held at once."""
    counts = np.zeros(1 << len(arrays), np.int64)
    starts = [0] * len(arrays)
    while any(start < array.size for start, array in zip(starts, arrays, strict=True)):
        parts = [array[start : start + block] for start, array in zip(starts, arrays, strict=True)]
        last = min(part[-1] for part in parts if part.size)
        # The part that ends with it is taken whole, so that this ends even where an array is not ascending.
        ends = [
            part.size if part.size and part[-1] == last else int(np.searchsorted(part, last, side="right"))
            for part in parts
        ]
        values = np.concatenate([part[:end] for part, end in zip(parts, ends, strict=True)])
        bits = np.repeat(np.left_shift(1, np.arange(len(arrays), dtype=np.int64)), ends)
        order = np.argsort(values, kind="stable")
        values = values[order]
        first = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
        counts += np.bincount(np.bitwise_or.reduceat(bits[order], first), minlength=counts.size)
        starts = [start + end for start, end in zip(starts, ends, strict=True)]
    return counts


def first_not_ascending(values: Values, block: int = 1 << 20) -> int:
    """As `sorted_sets.is_ascending`."""
    for start in range(0, values.size - 1, block):
        part = values[start : start + block + 1]
        wrong = part[1:] <= part[:-1]
        if wrong.any():
            return start + 1 + int(np.argmax(wrong))
    return -1
