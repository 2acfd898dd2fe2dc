"""Which identifiers of a leak are still to be evaluated: one bit for each, found by its digest.

>>> import numpy as np
>>> ranks = Ranks({"phone": np.array([3, 5, 9], np.uint64), "email": np.array([4], np.uint64)})
>>> ranks.claim("phone", np.array([9, 3, 9], np.uint64))
(array([1, 0]), array([0, 2]))
>>> ranks.claim("phone", np.array([3, 5], np.uint64)), ranks.claim("email", np.array([4], np.uint64))
((array([1]), array([1])), (array([0]), array([3])))
>>> ranks.left
0
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError


class DumpDiffers(FloodmarkError):
    """What is read now is not what the leak was saved from."""

    slug: ClassVar[str] = "dump-differs"
    hint = "Give the files that were saved, with the reading options that they were saved with; or save them anew."


class Ranks:
    """Identifiers of the kinds that are sealed, numbered through: those of the first kind, then of the next.

    Safe for several threads.

    Args:
        digests: by kind, ascending and distinct, uint64, shape (n,).

    Attributes:
        total: identifiers in all.
    """

    def __init__(self, digests: Mapping[str, NDArray[np.uint64]]) -> None:
        self._digests = dict(digests)
        self._firsts: dict[str, int] = {}
        self.total = 0
        for kind, known in self._digests.items():
            self._firsts[kind] = self.total
            self.total += len(known)
        self._done = np.zeros(-(-self.total // 8), np.uint8)
        self._left = self.total
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """Identifiers that nobody has claimed."""
        return self._left

    def first(self, kind: str) -> int:
        """Rank of the first identifier of a kind."""
        return self._firsts[kind]

    def find(self, kind: str, digests: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Rank of each digest, -1 where the leak has none such; int64, shape (n,)."""
        order = np.argsort(digests)
        found = np.empty(len(digests), np.int64)
        found[order] = self._find(kind, digests[order])
        return found

    def _find(self, kind: str, ascending: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The same of digests in ascending order, for which the search goes through memory once."""
        known = self._digests[kind]
        if not len(known):
            return np.full(len(ascending), -1)
        places = np.minimum(np.searchsorted(known, ascending), len(known) - 1)
        return np.where(known[places] == ascending, places + self._firsts[kind], -1)

    def claim(self, kind: str, digests: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Take what nobody has taken yet.

        Args:
            kind: of the identifiers.
            digests: uint64, shape (n,), any order, repeats allowed.

        Returns:
            Positions among `digests`, each identifier once, and their ranks; int64, shape (new,).

        Raises:
            DumpDiffers: the leak has no such digest.
        """
        at = np.argsort(digests)
        ascending = digests[at]
        first = np.ones(len(at), np.bool_)
        first[1:] = ascending[1:] != ascending[:-1]
        at, ranks = at[first], self._find(kind, ascending[first])
        if (ranks < 0).any():
            raise DumpDiffers("The dump has an identifier that the saved leak has not.")
        new = self._take(ranks)
        return at[new], ranks[new]

    def mark(self, ranks: NDArray[np.int64] | NDArray[np.uint64]) -> None:
        """Note that these are done."""
        self._take(np.unique(ranks.astype(np.int64)))

    def _take(self, ranks: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Set the bits of distinct ranks; which of them were not set before."""
        places, bits = ranks >> 3, (1 << (ranks & 7)).astype(np.uint8)
        with self._lock:
            new: NDArray[np.bool_] = (self._done[places] & bits) == 0
            np.bitwise_or.at(self._done, places, bits)
            self._left -= int(new.sum())
        return new
