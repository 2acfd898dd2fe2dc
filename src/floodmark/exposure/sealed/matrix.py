"""The bucket matrix of a sealed leak, written partition by partition (protocol 1, section 3)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from floodmark.exposure.sealed.manifest import NPY_HEADER
from floodmark.exposure.sealed.rows import BUCKETS, TAG_BYTES
from floodmark.files import open_atomic

PARTITION_BUCKETS = 256
Random = Callable[[int], bytes]


@dataclass(frozen=True)
class RowsFile:
    """What was written: bytes and SHA-256 (hexadecimal) of rows.npy."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Partition:
    """Identifiers whose buckets have one first byte, in any order.

    Attributes:
        buckets: second byte of each bucket, uint8, shape (n,).
        tags: 48 bits, uint64, shape (n,).
        cells: sealed, uint32, shape (n,).
    """

    buckets: NDArray[np.uint8]
    tags: NDArray[np.uint64]
    cells: NDArray[np.uint32]


def write_matrix(
    path: Path,
    partitions: Iterator[Partition],
    m: int,
    cell_bytes: int,
    *,
    random: Random,
    advance: Callable[[int], None] = lambda buckets: None,
) -> RowsFile:
    """Write rows.npy: every bucket filled up to `m` rows with random ones, in ascending order of its rows.

    Args:
        path: of rows.npy.
        partitions: 256, in order of the buckets' first byte.
        m: rows of a bucket, no fewer than any has.
        cell_bytes: 2 or 4.
        random: gives so many random bytes; filler has to look like rows, so they have to be uniform.
        advance: told of the buckets written.

    Raises:
        OutputFailed: the file cannot be written.
    """
    found, size = hashlib.sha256(), 0
    with open_atomic(path, private=True) as file:
        pieces = [header(m * (TAG_BYTES + cell_bytes))]
        for partition in partitions:
            pieces.append(filled(partition, m, cell_bytes, random).tobytes())
            for piece in pieces:
                file.write(piece)
                found.update(piece)
                size += len(piece)
            pieces = []
            advance(PARTITION_BUCKETS)
    return RowsFile(size, found.hexdigest())


def header(stride: int) -> bytes:
    """The head of rows.npy, 128 bytes."""
    table = {"descr": "|u1", "fortran_order": False, "shape": (BUCKETS, stride)}
    out = io.BytesIO()
    npy.write_array_header_1_0(out, table)
    if out.tell() != NPY_HEADER:
        raise AssertionError("the header of rows.npy has 128 bytes")
    return out.getvalue()


def filled(partition: Partition, m: int, cell_bytes: int, random: Random) -> NDArray[np.uint8]:
    """The buckets of a partition as they are written.

    Returns:
        uint8, shape (256, m * row bytes).

    Raises:
        ValueError: a bucket has more than `m` identifiers.
    """
    width = TAG_BYTES + cell_bytes
    rows = np.frombuffer(random(PARTITION_BUCKETS * m * width), np.uint8).reshape(-1, m, width).copy()
    counts = np.bincount(partition.buckets, minlength=PARTITION_BUCKETS)
    if counts.max(initial=0) > m:
        raise ValueError("a bucket has more identifiers than rows")
    order = np.argsort(partition.buckets, kind="stable")
    buckets = partition.buckets[order].astype(np.intp)
    positions = np.arange(len(buckets)) - np.repeat(np.cumsum(counts) - counts, counts)
    rows[buckets, positions] = encoded(partition.tags[order], partition.cells[order], cell_bytes)
    # Two numbers in the order of the bytes: the first eight, and what follows.
    first = np.ascontiguousarray(rows[:, :, :8]).view(">u8")[:, :, 0]
    if cell_bytes == 2:
        rows = np.sort(first.astype(np.uint64), axis=1).astype(">u8").view(np.uint8)
        return rows.reshape(PARTITION_BUCKETS, -1)
    rest = np.ascontiguousarray(rows[:, :, 8:]).view(">u2")[:, :, 0]
    by_bytes = np.lexsort((rest, first), axis=1)
    return np.take_along_axis(rows, by_bytes[:, :, None], axis=1).reshape(PARTITION_BUCKETS, -1)


def encoded(tags: NDArray[np.uint64], cells: NDArray[np.uint32], cell_bytes: int) -> NDArray[np.uint8]:
    """Rows as bytes: tag, then cell, big-endian; uint8, shape (n, 6 + cell_bytes)."""
    rows = np.empty((len(tags), TAG_BYTES + cell_bytes), np.uint8)
    rows[:, :TAG_BYTES] = tags.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    rows[:, TAG_BYTES:] = cells.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 4 - cell_bytes :]
    return rows
