"""The Merkle tree over all buckets of a snapshot, formed as in RFC 9162, section 2.1.1 (protocol 1, section 5).

>>> leaf_hash(b"the rows of a bucket").hex()[:16]
'...'
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.sealed.rows import BUCKETS

HASH_BYTES = 32
LEVELS = 16  # of hashes below the root
PATH_BYTES = LEVELS * HASH_BYTES


class Tree:
    """The hashes of a tree.

    Args:
        leaves: hashes of all leaves, uint8, shape (65536, 32).
    """

    def __init__(self, leaves: NDArray[np.uint8]) -> None:
        if leaves.shape != (BUCKETS, HASH_BYTES) or leaves.dtype != np.uint8:
            raise TypeError("65,536 hashes of 32 bytes")
        self._levels = [leaves]
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    @property
    def root(self) -> bytes:
        """The hash of all, 32 bytes."""
        return self._levels[-1].tobytes()

    def paths(self, first: int, count: int) -> NDArray[np.uint8]:
        """Siblings on the way up to the root, that of the leaf first; of the leaves from `first`.

        Returns:
            uint8, shape (count, 512).
        """
        numbers = np.arange(first, first + count)
        siblings = [level[numbers >> height ^ 1] for height, level in enumerate(self._levels[:-1])]
        return np.concatenate(siblings, axis=1)


def leaf_hash(rows: bytes | memoryview) -> bytes:
    """The hash of a bucket's rows."""
    found = hashlib.sha256(b"\0")
    found.update(rows)
    return found.digest()


def root_of(leaf: bytes, number: int, path: bytes | memoryview) -> bytes:
    """The root to which a path leads.

    Args:
        leaf: hash of the bucket's rows.
        number: of the bucket, 0 to 65535.
        path: 16 hashes, the leaf's sibling first.
    """
    if not 0 <= number < BUCKETS or len(path) != PATH_BYTES:
        raise ValueError("a bucket of 65,536, and 16 hashes")
    found = leaf
    for height in range(LEVELS):
        sibling = bytes(path[height * HASH_BYTES : (height + 1) * HASH_BYTES])
        pair = sibling + found if number >> height & 1 else found + sibling
        found = hashlib.sha256(b"\1" + pair).digest()
    return found


def _above(level: NDArray[np.uint8]) -> NDArray[np.uint8]:
    pairs = level.tobytes()
    step = 2 * HASH_BYTES
    joined = b"".join(
        hashlib.sha256(b"\1" + pairs[at : at + step]).digest() for at in range(0, len(pairs), step)
    )
    return np.frombuffer(joined, np.uint8).reshape(-1, HASH_BYTES)
