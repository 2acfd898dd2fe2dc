"""Cutting rows into batches that are small in every way: rows, and bytes of their texts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.chunks import LINE_LIMIT

LARGEST = 64 << 20


def row_cuts(lengths: NDArray[np.int64], rows: int, size: int = LARGEST) -> Iterator[tuple[int, int]]:
    """First and last row (exclusive) of batches that together are all rows.

    A text that many cells share takes no memory of its own, but whoever goes on with the cells makes it take some. Rows
    longer than a line may be are not gone on with, and do not count.

    Args:
        lengths: bytes of each row's texts.
        rows: most rows of a batch.
        size: most bytes of a batch of more than one row.

    Examples:
        >>> list(row_cuts(np.array([5, 5, 5, 50, 1]), rows=4, size=12))
        [(0, 2), (2, 3), (3, 4), (4, 5)]
    """
    ends = np.cumsum(np.where(lengths > LINE_LIMIT, 0, lengths))
    first = 0
    while first < len(lengths):
        before = int(ends[first - 1]) if first else 0
        full = int(np.searchsorted(ends, before + size, side="right"))
        last = min(max(full, first + 1), first + rows, len(lengths))
        yield first, last
        first = last
