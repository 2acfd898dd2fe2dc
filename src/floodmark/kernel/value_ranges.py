"""The same work on several ranges of values at once: each thread takes what lies in its range, of every array.

>>> a, b = np.arange(0, 10, 2, dtype=np.uint64), np.arange(0, 10, 3, dtype=np.uint64)
>>> list(over_ranges(lambda parts, starts: ([part.tolist() for part in parts], starts), [a, b], 2))
[([[0, 2], [0, 3]], [0, 0]), ([[4, 6, 8], [6, 9]], [2, 2])]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from floodmark.kernel.numpy_sets import Values

Result = TypeVar("Result")
Work = Callable[[Sequence[Values], Sequence[int]], Result]


def over_ranges(work: Work[Result], arrays: Sequence[Values], workers: int) -> Iterator[Result]:
    """Results of the work on each range, in ascending order of values.

    Args:
        work: called with the part of each array and the position at which that part starts.
        arrays: ascending and distinct, uint64.
        workers: threads and ranges; the ranges are even on the largest array.
    """
    if workers <= 1:
        yield work(arrays, [0] * len(arrays))
        return
    largest = max(arrays, key=len)
    bounds = [largest[largest.size * n // workers] for n in range(1, workers) if largest.size]
    cuts = [[0, *(int(np.searchsorted(array, bound)) for bound in bounds), array.size] for array in arrays]
    with ThreadPoolExecutor(workers) as threads:
        pending = [
            threads.submit(
                work, [array[at[n] : at[n + 1]] for array, at in zip(arrays, cuts, strict=True)], starts
            )
            for n in range(len(bounds) + 1)
            for starts in [[at[n] for at in cuts]]
        ]
        for future in pending:
            yield future.result()
