"""Writing buckets.bin: the rows of sealed leaks joined bucket by bucket, in memory that is bounded at any size.

The first pass copies rows, sees that each sealed leak is what its manifest says, and hashes the leaves; the second
writes the paths, which need every leaf, and hashes the file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.snapshots.snapshot import Buckets, SnapshotBroken
from floodmark.exposure.snapshots.source import Source
from floodmark.exposure.snapshots.tree import HASH_BYTES, PATH_BYTES, Tree, leaf_hash

BLOCK_BUCKETS = 256
BLOCK_BYTES = 64 << 20  # a block has fewer buckets where those of 256 would not fit
PASSES = 2

Advance = Callable[[int], None]


def write_buckets(file: BinaryIO, sources: Sequence[Source], advance: Advance = lambda size: None) -> Buckets:
    """Write the answers of all buckets.

    Args:
        file: empty, open for writing and reading; flushed when this returns.
        sources: the sealed leaks, in the order in which an answer has their rows.
        advance: told of the bytes of the file that were worked on; each counts twice.

    Raises:
        SealedLeakBroken: a sealed leak is not what its manifest says; it is named.
        UnreadableInput: its rows cannot be read.
        OSError: the disk refused to write.
    """
    size = sum(source.manifest.stride for source in sources) + PATH_BYTES
    tree = Tree(_write_rows(file, sources, size, advance))
    file.flush()
    return Buckets(tree.root, _write_paths(file.fileno(), tree, size, advance))


def block_buckets(answer_bytes: int) -> int:
    """Buckets of a block, a power of two.

    >>> block_buckets(70_000), block_buckets(1 << 20)
    (256, 64)
    """
    fit = max(1, BLOCK_BYTES // answer_bytes)
    return min(BLOCK_BUCKETS, 1 << fit.bit_length() - 1)


def _write_rows(file: BinaryIO, sources: Sequence[Source], size: int, advance: Advance) -> NDArray[np.uint8]:
    """Write every answer with zeros for its path; hashes of the leaves, uint8, shape (65536, 32)."""
    leaves: list[bytes] = []
    count = block_buckets(size)
    block = np.zeros((count, size), np.uint8)
    with ExitStack() as stack:
        readers = [stack.enter_context(source.reading()) for source in sources]
        for _ in range(0, BUCKETS, count):
            at = 0
            for reader in readers:
                rows = reader.buckets(count)
                block[:, at : at + rows.shape[1]] = rows
                at += rows.shape[1]
            leaves += [leaf_hash(answer[:at].data) for answer in block]
            file.write(block.data)
            advance(block.nbytes)
        for reader in readers:
            reader.finish()
    return np.frombuffer(b"".join(leaves), np.uint8).reshape(BUCKETS, HASH_BYTES)


def _write_paths(descriptor: int, tree: Tree, size: int, advance: Advance) -> str:
    """Write the path of every answer; SHA-256 of the whole file, hexadecimal."""
    found = hashlib.sha256()
    count = block_buckets(size)
    block = np.empty((count, size), np.uint8)
    for first in range(0, BUCKETS, count):
        read_block(descriptor, block, first)
        block[:, -PATH_BYTES:] = tree.paths(first, count)
        for number, answer in enumerate(block, first):
            os.pwrite(descriptor, answer[-PATH_BYTES:].data, (number + 1) * size - PATH_BYTES)
        found.update(block.data)
        advance(block.nbytes)
    return found.hexdigest()


def read_block(descriptor: int, block: NDArray[np.uint8], first: int) -> None:
    """Fill a block with answers.

    Args:
        descriptor: of buckets.bin.
        block: uint8, shape (buckets, answer_bytes).
        first: number of the first bucket.

    Raises:
        SnapshotBroken: the file ends before the block does.
        OSError: the disk refused to read.
    """
    at, whole = 0, block.reshape(-1).data
    while at < block.nbytes:
        done = os.preadv(descriptor, [whole[at:]], first * block.shape[1] + at)
        if not done:
            raise SnapshotBroken("buckets.bin was cut short while it was read.")
        at += done
