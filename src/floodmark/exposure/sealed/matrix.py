"""The bucket matrix of a sealed leak, written partition by partition (protocol 1, section 3)."""

from __future__ import annotations

import hashlib
import io
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.lib import format as npy
from numpy.typing import NDArray

from floodmark.exposure.sealed.manifest import NPY_HEADER
from floodmark.exposure.sealed.rows import BUCKETS, TAG_BYTES
from floodmark.files import open_atomic

T = TypeVar("T")
PARTITION_BUCKETS = 256
PARTITIONS = BUCKETS // PARTITION_BUCKETS
AT_ONCE = 4  # partitions in memory, each of some 300 MB in a leak of a billion
BLOCK_BYTES = 16  # of AES
Filler = Callable[[int, int], bytes]
"""Bytes to fill the buckets of a partition with: given its number, so many for each, the same for the same bucket."""


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


class Partitions(Protocol):
    """The identifiers of a sealed leak, by the first byte of their buckets; asked for from any thread."""

    def __getitem__(self, number: int, /) -> Partition: ...


def write_matrix(
    path: Path,
    partitions: Partitions,
    m: int,
    cell_bytes: int,
    *,
    filler: Filler,
    workers: int = 1,
    advance: Callable[[int], None] = lambda buckets: None,
) -> RowsFile:
    """Write rows.npy: every bucket filled up to `m` rows with others, in ascending order of its rows.

    Args:
        path: of rows.npy.
        partitions: 256, by the buckets' first byte.
        m: rows of a bucket, no fewer than any has.
        cell_bytes: 2 or 4.
        filler: gives what looks like rows, so its bytes have to be uniform (`keyed_filler`).
        workers: threads.
        advance: told of the buckets written, from the calling thread.

    Raises:
        OutputFailed: the file cannot be written.
    """
    stride = m * (TAG_BYTES + cell_bytes)

    def made(number: int) -> NDArray[np.uint8]:
        return filled(partitions[number], m, cell_bytes, filler(number, stride))

    start = header(stride)
    found, size = hashlib.sha256(start), len(start)
    with open_atomic(path, private=True) as file, closing(_ahead(made, workers)) as blocks:
        file.write(start)
        for block in blocks:
            data = block.reshape(-1).data
            file.write(data)
            found.update(data)
            size += data.nbytes
            advance(PARTITION_BUCKETS)
    return RowsFile(size, found.hexdigest())


def _ahead(made: Callable[[int], T], workers: int) -> Generator[T, None, None]:
    """What is made of each partition, in order, some of them ahead of what is asked for."""
    at_once = min(workers, AT_ONCE)
    waiting: deque[Future[T]] = deque()
    pool = ThreadPoolExecutor(at_once, "floodmark-rows")
    try:
        for number in range(PARTITIONS):
            waiting.append(pool.submit(made, number))
            if len(waiting) > at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def header(stride: int) -> bytes:
    """The head of rows.npy, 128 bytes."""
    table = {"descr": "|u1", "fortran_order": False, "shape": (BUCKETS, stride)}
    out = io.BytesIO()
    npy.write_array_header_1_0(out, table)
    if out.tell() != NPY_HEADER:
        raise AssertionError("the header of rows.npy has 128 bytes")
    return out.getvalue()


def keyed_filler(secret: bytes, seal_id: bytes) -> Filler:
    """Filler that nobody can tell from rows, and that is the same whenever a leak is written under one `seal_id`.

    Were it drawn anew, two files of one `seal_id` (of a backup, or of what a kill left on a disk) would show side by
    side which rows are filler. Of a bucket it is the keystream of AES-256-CTR from the counter block that begins with
    the bucket's number, under a key that comes of the evaluation key and the `seal_id` by HKDF-SHA-256.

    Args:
        secret: the private evaluation key, 32 bytes.
        seal_id: 16 bytes.

    Examples:
        >>> filler = keyed_filler(bytes(32), bytes(16))
        >>> filler(7, 100)[:50] == filler(7, 50)[:50] != filler(8, 50)[:50]
        True
    """
    key = HKDF(SHA256(), 32, None, b"floodmark/filler/1" + seal_id).derive(secret)

    def filler(partition: int, size: int) -> bytes:
        # The keystreams of all buckets at once: CTR is ECB of the counter blocks (NIST SP 800-38A, section 6.5).
        blocks = np.empty((PARTITION_BUCKETS, -(-size // BLOCK_BYTES), 2), ">u8")
        first = partition * PARTITION_BUCKETS
        blocks[:, :, 0] = np.arange(first, first + PARTITION_BUCKETS)[:, None]
        blocks[:, :, 1] = np.arange(blocks.shape[1])
        streams = Cipher(AES256(key), ECB()).encryptor().update(blocks.tobytes())  # noqa: S305  of counters, each once
        return np.frombuffer(streams, np.uint8).reshape(PARTITION_BUCKETS, -1)[:, :size].tobytes()

    return filler


def filled(partition: Partition, m: int, cell_bytes: int, data: bytes) -> NDArray[np.uint8]:
    """The buckets of a partition as they are written.

    Args:
        partition: the identifiers.
        m: rows of a bucket.
        cell_bytes: 2 or 4.
        data: filler for all rows of all buckets, the first of which identifiers take the place of.

    Returns:
        uint8, shape (256, m * row bytes).

    Raises:
        ValueError: a bucket has more than `m` identifiers.
    """
    width = TAG_BYTES + cell_bytes
    rows = np.frombuffer(data, np.uint8).reshape(-1, m, width).copy()
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
