r"""What a seal has evaluated so far, on disk, so that a kill costs seconds and not hours.

Rows of a sealed leak are public in the end, but their order in a dump is not: which address stands beside which number.
So the journal is encrypted, under a key that comes of the evaluation key, and removed when the seal is done.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place, Journal(Path(place), bytes(32), b"a seal") as journal:
    ...     journal.add(np.array([(7, 0x1234 << 48, 5)], RECORD))
    ...     journal.flush()
    ...     [len(records) for records in journal.partition(0x12)]
    [1]

A run appends chunks to a file of its own, `rows-<16 hexadecimal digits>.journal`: a magic and a salt, then for every
chunk a head that says how many records of each partition follow, and those records, each part sealed with AES-256-GCM.
A chunk counts when all of it opens; what a kill cut short, and what follows a damaged one, is evaluated again.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

RECORD = np.dtype([("rank", "<u8"), ("place", "<u8"), ("cell", "<u4")])
"""Rank of the identifier among all that are sealed; bucket (16 bits), then tag (48 bits); sealed cell."""

Records = NDArray[np.void]

PARTITIONS = 256
CHUNK_RECORDS = 1 << 18
MAGIC = b"floodmark/seal/j"
SALT_BYTES = 16
TAG_BYTES = 16
HEAD_BYTES = 4 * PARTITIONS + TAG_BYTES
HEAD = 0xFFFF_FFFF  # its number among the parts of a chunk


@dataclass(frozen=True)
class _Chunk:
    """One chunk of a file: its number and, per partition, how many records and where they are."""

    file: int
    number: int
    counts: NDArray[np.int64]
    offsets: NDArray[np.int64]
    end: int


class Journal:
    """The journal in a folder; one process at a time.

    Args:
        folder: private to this user.
        secret: 32 bytes, the same for every run of one seal.
        seal_id: of the seal, so that the journal of another does not open.
        chunk_records: records that are held in memory before they are written.

    Attributes:
        length: records that are on disk.
    """

    def __init__(
        self, folder: Path, secret: bytes, seal_id: bytes, *, chunk_records: int = CHUNK_RECORDS
    ) -> None:
        self._folder = folder
        self._secret = secret
        self._info = b"floodmark/seal-journal/1" + seal_id
        self._chunk_records = chunk_records
        self._waiting: list[Records] = []
        self._held = 0
        self._files: list[tuple[BinaryIO, AESGCM]] = []
        self._chunks: list[_Chunk] = []
        self._own: int | None = None
        self._next = 0
        for path in sorted(folder.glob("rows-*.journal")):
            self._open(path)

    @property
    def length(self) -> int:
        """Records on disk."""
        return sum(int(chunk.counts.sum()) for chunk in self._chunks)

    def add(self, records: Records) -> None:
        """Take records; they are on disk when enough are together, or after `flush`.

        Raises:
            OSError: the disk refused.
        """
        self._waiting.append(records)
        self._held += len(records)
        if self._held >= self._chunk_records:
            self.flush()

    def flush(self) -> None:
        """Write what waits, through to the disk.

        Raises:
            OSError: the disk refused; what was written before stays good.
        """
        if not self._held:
            return
        records = np.concatenate(self._waiting)
        partitions = (records["place"] >> np.uint64(56)).astype(np.uint8)
        records = records[np.argsort(partitions, kind="stable")]
        counts = np.bincount(partitions, minlength=PARTITIONS).astype("<u4")
        file, cipher = self._writable()
        parts = [self._sealed(cipher, HEAD, counts.tobytes())]
        ends = np.cumsum(counts)
        for partition in np.flatnonzero(counts).tolist():
            data = records[ends[partition] - counts[partition] : ends[partition]].tobytes()
            parts.append(self._sealed(cipher, partition, data))
        start = file.seek(0, os.SEEK_END)
        try:
            file.write(b"".join(parts))
            file.flush()
            os.fdatasync(file.fileno())
        except OSError:
            file.truncate(start)
            raise
        assert self._own is not None  # noqa: S101  # there is a file of our own
        self._chunks.append(_layout(self._own, self._next, counts, start))
        self._next += 1
        self._waiting, self._held = [], 0

    def records(self) -> Iterator[Records]:
        """All records on disk, in pieces."""
        for chunk in self._chunks:
            for partition in np.flatnonzero(chunk.counts).tolist():
                yield self._part(chunk, partition)

    def partition(self, number: int) -> Iterator[Records]:
        """Records on disk whose bucket has this first byte, in pieces."""
        for chunk in self._chunks:
            if chunk.counts[number]:
                yield self._part(chunk, number)

    def close(self) -> None:
        """Close the files; they stay."""
        for file, _ in self._files:
            file.close()
        self._files = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, path: Path) -> None:
        """Take up the file of a former run, as far as it is good."""
        file = path.open("rb", buffering=0)
        head = file.read(len(MAGIC) + SALT_BYTES)
        if len(head) < len(MAGIC) + SALT_BYTES or not head.startswith(MAGIC):
            file.close()
            return
        self._files.append((file, self._cipher(head[len(MAGIC) :])))
        at, number = len(head), 0
        while (chunk := self._chunk(len(self._files) - 1, number, at)) is not None:
            self._chunks.append(chunk)
            at, number = chunk.end, number + 1

    def _chunk(self, index: int, number: int, at: int) -> _Chunk | None:
        """A chunk, when all of it opens."""
        file, cipher = self._files[index]
        data = os.pread(file.fileno(), HEAD_BYTES, at)
        try:
            counts = np.frombuffer(cipher.decrypt(_nonce(number, HEAD), data, None), "<u4")
            chunk = _layout(index, number, counts, at)
            for partition in np.flatnonzero(counts).tolist():
                self._part(chunk, partition)
        except (InvalidTag, ValueError):
            return None
        return chunk

    def _part(self, chunk: _Chunk, partition: int) -> Records:
        file, cipher = self._files[chunk.file]
        size = int(chunk.counts[partition]) * RECORD.itemsize + TAG_BYTES
        data = os.pread(file.fileno(), size, int(chunk.offsets[partition]))
        return np.frombuffer(cipher.decrypt(_nonce(chunk.number, partition), data, None), RECORD)

    def _writable(self) -> tuple[BinaryIO, AESGCM]:
        """The file of this run, made at the first need: under a key of its own, so that no nonce comes twice."""
        if self._own is None:
            salt = secrets.token_bytes(SALT_BYTES)
            path = self._folder / f"rows-{secrets.token_hex(8)}.journal"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            file: Any = os.fdopen(descriptor, "r+b")
            file.write(MAGIC + salt)
            self._own = len(self._files)
            self._files.append((file, self._cipher(salt)))
        return self._files[self._own]

    def _sealed(self, cipher: AESGCM, part: int, data: bytes) -> bytes:
        return cipher.encrypt(_nonce(self._next, part), data, None)

    def _cipher(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt, self._info).derive(self._secret))


def _nonce(chunk: int, part: int) -> bytes:
    return chunk.to_bytes(8) + part.to_bytes(4)


def _layout(file: int, number: int, counts: NDArray[Any], start: int) -> _Chunk:
    counts = counts.astype(np.int64)
    sizes = np.where(counts > 0, counts * RECORD.itemsize + TAG_BYTES, 0)
    offsets = start + HEAD_BYTES + np.cumsum(sizes) - sizes
    return _Chunk(file, number, counts, offsets, start + HEAD_BYTES + int(sizes.sum()))
