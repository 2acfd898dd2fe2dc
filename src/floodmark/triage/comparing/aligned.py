"""Two streams of ascending values, cut so that equal values meet: memory of two blocks at any size.

>>> one = [(np.array([1, 4], np.uint64),), (np.array([9], np.uint64),)]
>>> two = [(np.array([4, 5, 8], np.uint64),)]
>>> [[part and part[0].tolist() for part in pair] for pair in aligned(one, two)]
[[[1, 4], [4]], [[], [5, 8]], [[9], None]]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Block = tuple[NDArray[Any], ...]


def aligned(a: Iterable[Block], b: Iterable[Block]) -> Iterator[tuple[Block | None, Block | None]]:
    """Parts of both streams that span the same values, in ascending order.

    Args:
        a: blocks that are not empty: arrays of one length, the first of ascending, distinct values, all above
            those of the block before.
        b: the same.

    Yields:
        A part of each, either of which may be empty; None of a stream that has ended. A value that is in both streams
        is in both parts of one pair.
    """
    first, second = _Stream(a), _Stream(b)
    while first.more() and second.more():
        limit = min(first.last, second.last)
        yield first.take(limit), second.take(limit)
    while first.more():
        yield first.take(first.last), None
    while second.more():
        yield None, second.take(second.last)


class _Stream:
    """Blocks, and what was not taken yet of the one that was read last."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = iter(blocks)
        self._held: Block | None = None

    def more(self) -> bool:
        """Whether anything is left."""
        if self._held is None or not len(self._held[0]):
            self._held = next(self._blocks, None)
        return self._held is not None

    @property
    def last(self) -> np.uint64:
        """The greatest value that is held."""
        assert self._held is not None  # noqa: S101  # `more` was asked
        found: np.uint64 = self._held[0][-1]
        return found

    def take(self, limit: np.uint64) -> Block:
        """What is held up to a value, that value included."""
        assert self._held is not None  # noqa: S101  # `more` was asked
        stop = int(np.searchsorted(self._held[0], limit, side="right"))
        taken = tuple(array[:stop] for array in self._held)
        self._held = tuple(array[stop:] for array in self._held)
        return taken
