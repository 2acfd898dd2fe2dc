"""Rarity: how often an identifier is asked about anyway.

Counted is how many clusters of actors asked for each identifier. Whoever asks is scored without the counts of its own
part of the clusters (`FOLDS`), so that nobody's own earlier lookups make its later ones look ordinary.

`p(x) = (c_x + beta) / (T + beta N)` with T all that was counted, N the numbers there could be, and beta such that
unseen identifiers have the share that they had among left-out actors. The alternatives are an actor that asks for
anything at random (`1 / N`) and one that works through a list of those that exist (`1 / D`, D identifiers seen).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

FOLDS = 16
CAP = 100.0
SHARES = (0.5, 0.95)  # theta: of an alternative's lookups that are not ordinary
ROWS = 4
SMALLEST, LARGEST = 10, 24  # binary logarithms of the sketch's width
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)
_FOLD = np.uint64(0xA0761D6478BD642F)


@dataclass(frozen=True, eq=False)
class Rarity:
    """How many clusters of ordinary actors asked about an identifier, as a count-min sketch.

    Counts are never too low up to 255, at which they stay; too high for a share of at most `(entries / width)^4` of
    identifiers, two entries being made per identifier and fold.

    Attributes:
        counts: uint8, shape (`ROWS`, width); width is a power of two.
        total: pairs of cluster and identifier that were counted.
        seen: distinct identifiers that were counted.
        unseen: share of what left-out actors asked about that nobody else had.
        universe: identifiers that there could be.
    """

    counts: NDArray[np.uint8]
    total: int = 0
    seen: int = 0
    unseen: float = 0.5
    universe: float = 1e6

    def askers(self, identifiers: Keys, folds: Keys) -> NDArray[np.int64]:
        """Clusters outside the given folds that asked for each identifier, as far as the sketch can tell.

        Args:
            identifiers: digests, shape (n,).
            folds: of whoever asks now, shape (n,).
        """
        own = self._count(_in_fold(identifiers, folds))
        return np.asarray(np.maximum(self._count(identifiers) - own, 0))

    def log_factors(self, identifiers: Keys, folds: Keys) -> Floats:
        """Logarithms of `min(CAP, 1 - theta + theta q(x) / p(x))` for each alternative q and share theta.

        Args:
            identifiers: digests, shape (n,).
            folds: of whoever asks, shape (n,).

        Returns:
            Shape (2 * len(SHARES), n).
        """
        askers = self.askers(identifiers, folds)
        mass = self.total * self.unseen / (1.0 - self.unseen)  # beta N
        likely = (askers + mass / self.universe) / (self.total + mass)
        anything = 1.0 / (self.universe * likely)
        listed = np.where(askers > 0, 1.0 / (max(self.seen, 1) * likely), 0.0)
        return np.stack(
            [
                np.log(np.minimum(CAP, 1.0 - theta + theta * ratio))
                for ratio in (anything, listed)
                for theta in SHARES
            ]
        )

    def _count(self, keys: Keys) -> NDArray[np.int64]:
        return np.asarray(
            np.min(
                [row[at] for row, at in zip(self.counts, _places(keys, self.counts), strict=True)], axis=0
            ),
            np.int64,
        )


def count(identifiers: Keys, clusters: Keys, folds: Keys, universe: float) -> Rarity:
    """Count who asked for what.

    Args:
        identifiers: digests, shape (n,).
        clusters: of whoever asked, shape (n,).
        folds: of those clusters, shape (n,).
        universe: identifiers that there could be.
    """
    order = np.lexsort((clusters, identifiers))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(identifiers[order]) != 0) | (np.diff(clusters[order]) != 0)
    rows = order[first]
    keys = np.concatenate((identifiers[rows], _in_fold(identifiers[rows], folds[rows])))
    distinct, times = np.unique(keys, return_counts=True)
    width = 1 << int(np.clip(np.ceil(np.log2(4.0 * len(distinct) + 1)), SMALLEST, LARGEST))
    sketch = np.zeros((ROWS, width), np.uint8)
    for row, places in zip(sketch, _places(distinct, sketch), strict=True):
        row[:] = np.minimum(np.bincount(places, times, width), 255)
    seen = len(np.unique(identifiers))
    counted = Rarity(sketch, len(rows), seen, universe=max(universe, 2.0 * seen))
    alone = (counted.askers(identifiers, folds) == 0).mean()
    return Rarity(sketch, len(rows), seen, float(np.clip(alone, 0.01, 0.99)), counted.universe)


def _places(keys: Keys, sketch: NDArray[np.uint8]) -> NDArray[np.intp]:
    shift = np.uint64(64 - (sketch.shape[1].bit_length() - 1))
    return np.asarray((keys[None, :] * _ODD[:, None]) >> shift, np.intp)


def _in_fold(identifiers: Keys, folds: Keys) -> Keys:
    return np.asarray(
        (identifiers ^ (identifiers >> np.uint64(31))) * _ODD[1] + (folds + np.uint64(1)) * _FOLD
    )
