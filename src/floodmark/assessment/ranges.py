"""Cutting sorted arrays at common values, so that each piece is small and can be worked on alone.

>>> a, b = np.arange(0, 10, dtype=np.uint64), np.arange(5, 8, dtype=np.uint64)
>>> [(a[in_a].tolist(), b[in_b].tolist()) for in_a, in_b in spans([a, b], 4)]
[([0, 1, 2, 3], []), ([4], []), ([5, 6, 7], [5, 6, 7]), ([8, 9], [])]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from floodmark.assessment.saved import Digests

BLOCK = 1 << 18
"""Most identifiers of one leak in a piece: its digests fill 2 MiB, about a core's own cache."""


def spans(arrays: Sequence[Digests], block: int = BLOCK) -> Iterator[tuple[slice, ...]]:
    """Positions of consecutive ranges of values in each array.

    Every value of an array lies in one range, and a value that several arrays share lies in the same range of
    each. No range holds more than `block` values of any array, however they are spread.

    Args:
        arrays: each ascending, distinct, uint64.
        block: most values of one array in a range.

    Yields:
        One slice for each array; at least one of them is not empty.
    """
    starts = [array[::block] for array in arrays if array.size]
    if not starts:
        return
    cuts = np.unique(np.concatenate(starts))[1:]
    places = [np.append(np.searchsorted(array, cuts), array.size).tolist() for array in arrays]
    before = (0,) * len(arrays)
    for ends in zip(*places, strict=True):
        yield tuple(slice(start, end) for start, end in zip(before, ends, strict=True))
        before = ends
