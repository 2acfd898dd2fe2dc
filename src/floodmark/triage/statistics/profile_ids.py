"""Profile ids by size, in bins that grow with the id, so that ids of any platform fit one small histogram.

Bin b below 64 holds the ids from 1024 b to 1024 (b + 1) - 1. Above, every power of two from 2**16 on is cut into 64
equal bins: bin 64 (p - 15) + s begins at 2**p + s 2**(p - 6). No bin is narrower than 1024 ids, so that none
points to an account, and the lowest and the highest id are known to their bin only.

>>> int(BIN_STARTS[64]), int(BIN_STARTS[65] - BIN_STARTS[64])
(65536, 1024)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from floodmark.triage.statistics.prefixes import PrefixCounter
from floodmark.triage.statistics.profile import ProfileIdStatistics

BEYOND = 1 << 63  # ids from here on are spooled as hashes with the top bit set
FIRST_POWER = 16
SUB_BINS = 64
_POWERS = np.arange(FIRST_POWER, 63, dtype=np.uint64)
_SUBS = np.arange(SUB_BINS, dtype=np.uint64)
# First id of every bin, ascending, uint64; the last bin ends below 2**63.
BIN_STARTS: NDArray[np.uint64] = np.concatenate(
    [
        _SUBS << np.uint64(FIRST_POWER - 6),
        ((np.uint64(1) << _POWERS)[:, None] + (_SUBS << (_POWERS - np.uint64(6))[:, None])).ravel(),
    ]
)


@dataclass
class IdHistogram:
    """Counts distinct profile ids by bin.

    Examples:
        >>> histogram = IdHistogram()
        >>> histogram.add(np.array([4, 1023, 1024, 65_536, 1 << 63], dtype=np.uint64))
        >>> found = histogram.finish()
        >>> found.ids, found.bins, found.prefixes.blocks, found.beyond
        (5, [[0, 2], [1, 1], [64, 1]], [[0, 3], [6, 1]], 1)
    """

    _ids: int = 0
    _counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(BIN_STARTS), np.int64))
    _prefixes: PrefixCounter = field(default_factory=PrefixCounter)
    _beyond: int = 0

    def add(self, ids: NDArray[np.uint64]) -> None:
        """Count a block of distinct ids, ascending; those from `BEYOND` on are hashes and only counted."""
        edges = np.append(BIN_STARTS, np.uint64(BEYOND))
        below = np.searchsorted(ids, edges)
        self._counts += np.diff(below)
        self._prefixes.add(ids[: below[-1]])
        self._beyond += ids.size - int(below[-1])
        self._ids += ids.size

    def finish(self) -> ProfileIdStatistics:
        """The histogram, empty bins left out."""
        bins = [[int(place), int(self._counts[place])] for place in np.flatnonzero(self._counts)]
        return ProfileIdStatistics(self._ids, bins, self._prefixes.finish(floor=1), self._beyond)
