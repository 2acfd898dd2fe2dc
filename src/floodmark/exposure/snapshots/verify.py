"""Every byte of buckets.bin held against the snapshot that names it; what differs is named with its bucket.

The leaves are hashed from the rows. If they make the root that was signed, every row is right, and the paths have to be
those of the tree; if not, each answer is followed by its own path, which tells the broken ones from the sound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.snapshots.directory import BUCKETS_FILE, SnapshotDirectory, read_errors
from floodmark.exposure.snapshots.snapshot import Snapshot, SnapshotBroken
from floodmark.exposure.snapshots.tree import HASH_BYTES, PATH_BYTES, Tree, leaf_hash, root_of
from floodmark.exposure.snapshots.write import block_buckets, read_block
from floodmark.kernel.sealed_rows import first_descending

Advance = Callable[[int], None]
MOST_NAMED = 8


@dataclass(frozen=True)
class Fault:
    """What is not as it was signed: a bucket of buckets.bin (None for the file as a whole), and what of it."""

    bucket: int | None
    what: str

    @property
    def words(self) -> str:
        """The fault as a message names it.

        >>> Fault(7, "its path").words
        'buckets.bin, bucket 7: its path'
        """
        place = BUCKETS_FILE if self.bucket is None else f"{BUCKETS_FILE}, bucket {self.bucket}"
        return f"{place}: {self.what}"


def verify_buckets(
    directory: SnapshotDirectory, snapshot: Snapshot, advance: Advance = lambda size: None
) -> tuple[Fault, ...]:
    """Compare a snapshot's buckets.bin with what was signed.

    Args:
        directory: where it is.
        snapshot: as `read_snapshot` gave it.
        advance: told of the bytes read.

    Returns:
        Everything that is not as it has to be; empty for a sound file.

    Raises:
        NothingToRead, UnreadableInput, SnapshotBroken: it is missing, cannot be read, or has another size.
    """
    leaves = np.empty((BUCKETS, HASH_BYTES), np.uint8)
    paths = np.empty((BUCKETS, PATH_BYTES), np.uint8)
    faults: list[Fault] = []
    found = hashlib.sha256()
    with directory.buckets(snapshot) as descriptor:
        count = block_buckets(snapshot.answer_bytes)
        block = np.empty((count, snapshot.answer_bytes), np.uint8)
        for first in range(0, BUCKETS, count):
            with read_errors(BUCKETS_FILE):
                read_block(descriptor, block, first)
            found.update(block.data)
            rows = block[:, :-PATH_BYTES]
            paths[first : first + count] = block[:, -PATH_BYTES:]
            hashes = b"".join(leaf_hash(row.data) for row in rows)
            leaves[first : first + count] = np.frombuffer(hashes, np.uint8).reshape(count, HASH_BYTES)
            faults += _disorder(snapshot, rows, first)
            advance(block.nbytes)
    faults += _strangers(snapshot, leaves, paths)
    if found.hexdigest() != snapshot.buckets.sha256:
        faults.append(Fault(None, "its SHA-256 is not the one that was signed"))
    return tuple(sorted(faults, key=lambda fault: -1 if fault.bucket is None else fault.bucket))


def check_buckets(
    directory: SnapshotDirectory, snapshot: Snapshot, advance: Advance = lambda size: None
) -> None:
    """Refuse a snapshot whose buckets.bin is not what was signed.

    Raises:
        SnapshotBroken: it is not; the message names what differs.
        NothingToRead, UnreadableInput: it is missing or cannot be read.
    """
    if faults := verify_buckets(directory, snapshot, advance):
        raise broken(faults)


def broken(faults: Sequence[Fault]) -> SnapshotBroken:
    """Faults as one error, which names the first few."""
    shown = "; ".join(fault.words for fault in faults[:MOST_NAMED])
    more = f"; and {len(faults) - MOST_NAMED:,} more" if len(faults) > MOST_NAMED else ""
    return SnapshotBroken(f"{shown}{more}.")


def _disorder(snapshot: Snapshot, rows: NDArray[np.uint8], first: int) -> Iterator[Fault]:
    """For each leak the first of these buckets whose rows do not ascend."""
    strides = accumulate((leak.manifest.stride for leak in snapshot.leaks), initial=0)
    for leak, at in zip(snapshot.leaks, strides, strict=False):
        own = np.ascontiguousarray(rows[:, at : at + leak.manifest.stride]).reshape(-1)
        wrong = first_descending(own, leak.manifest.row_bytes, leak.manifest.m)
        if wrong >= 0:
            bucket = first + wrong // leak.manifest.m
            yield Fault(bucket, f"the rows of {leak.slug} are not in ascending order")


def _strangers(snapshot: Snapshot, leaves: NDArray[np.uint8], paths: NDArray[np.uint8]) -> Iterator[Fault]:
    """Buckets whose rows or paths are not those of the tree that was signed."""
    tree = Tree(leaves)
    if tree.root == snapshot.buckets.root:
        wrong = np.flatnonzero((paths != tree.paths(0, BUCKETS)).any(axis=1))
        yield from (Fault(int(bucket), "its path is not the one that was signed") for bucket in wrong)
        return
    root = snapshot.buckets.root
    for bucket in range(BUCKETS):
        if root_of(leaves[bucket].tobytes(), bucket, paths[bucket].tobytes()) != root:
            sibling = bucket ^ 1
            sound = root_of(leaves[sibling].tobytes(), sibling, paths[sibling].tobytes()) == root
            same = bool((paths[sibling][:HASH_BYTES] == leaves[bucket]).all())
            part = "its rows or its path are" if not sound else "its path is" if same else "its rows are"
            yield Fault(bucket, f"{part} not what was signed")
