"""Two arrays of positions, taken again and again: fresh memory for every block would cost more than the walk.

>>> buffers = PairBuffers(4)
>>> kept, _ = buffers.take()
>>> kept is buffers.take()[0]
False
"""

from __future__ import annotations

import sys

import numpy as np

from floodmark.kernel.numpy_sets import Positions

HELD = 2  # a loop still has one block when it asks for the next
UNUSED = 2  # references to an array that nobody else has: from its pair, and as the argument of the question


class PairBuffers:
    """Pairs of int64 arrays, of which one is given again once nobody has it or a view of it.

    Args:
        room: positions in each array.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._pairs: list[tuple[Positions, Positions]] = []

    def take(self) -> tuple[Positions, Positions]:
        """Two arrays, shape (room,), that nobody else has; what they hold is undefined."""
        for i in range(len(self._pairs)):
            if sys.getrefcount(self._pairs[i][0]) == UNUSED and sys.getrefcount(self._pairs[i][1]) == UNUSED:
                return self._pairs[i]
        pair = np.empty(self._room, np.int64), np.empty(self._room, np.int64)
        if len(self._pairs) < HELD:
            self._pairs.append(pair)
        return pair
