r"""What a seal has evaluated so far, on disk, so that a kill costs seconds and not hours.

Rows of a sealed leak are public in the end, but their order in a dump is not: which address stands beside which number.
So the journal is encrypted, under a key that comes of the evaluation key, and removed when the seal is done.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place, Journal(Path(place), bytes(32), b"a seal") as journal:
    ...     journal.add(np.array([(7, 0x1234 << 48, 5)], RECORD))
    ...     journal.flush()
    ...     len(journal.partition(0x12))
    1

A run appends chunks to a file of its own, `rows-<16 hexadecimal digits>.journal`: a magic and a salt, then for every
chunk a head that says how many records of each partition follow, and those records, each part sealed with AES-256-GCM.
A chunk counts when all of it opens; what a kill cut short, and what follows a damaged one, is evaluated again.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

RECORD = np.dtype([("rank", "<u8"), ("place", "<u8"), ("cell", "<u4")])
"""Rank of the identifier among all that are sealed; bucket (16 bits), then tag (48 bits); sealed cell."""

TAG_BITS = np.uint64(48)

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

    number: int
    counts: NDArray[np.int64]
    offsets: NDArray[np.int64]
    end: int


@dataclass
class _File:
    """The file of one run: what opens it, and its chunks in order."""

    path: Path
    cipher: AESGCM
    chunks: list[_Chunk] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.chunks[-1].end if self.chunks else len(MAGIC) + SALT_BYTES


class Journal:
    """The journal in a folder; one process at a time, any of its threads.

    Args:
        folder: private to this user.
        secret: 32 bytes, the same for every run of one seal.
        seal_id: of the seal, so that the journal of another does not open.
        chunk_records: records that are held in memory before they are written.
    """

    def __init__(
        self, folder: Path, secret: bytes, seal_id: bytes, *, chunk_records: int = CHUNK_RECORDS
    ) -> None:
        self._folder = folder
        self._secret = secret
        self._info = b"floodmark/seal-journal/1" + seal_id
        self._chunk_records = chunk_records
        self._lock = threading.RLock()
        self._waiting: list[Records] = []
        self._held = 0
        self._files = [file for path in sorted(folder.glob("rows-*.journal")) if (file := self._found(path))]
        self._own: _File | None = None
        self._writing: int | None = None

    @property
    def length(self) -> int:
        """Records on disk."""
        return sum(int(chunk.counts.sum()) for file in self._files for chunk in file.chunks)

    def add(self, records: Records) -> None:
        """Take records; they are on disk when enough are together, or after `flush`.

        Raises:
            OSError: the disk refused.
        """
        with self._lock:
            self._waiting.append(records)
            self._held += len(records)
            if self._held >= self._chunk_records:
                self.flush()

    def flush(self) -> None:
        """Write what waits, through to the disk.

        Raises:
            OSError: the disk refused; what was written before stays good.
        """
        with self._lock:
            if self._held:
                self._write(np.concatenate(self._waiting))
                self._waiting, self._held = [], 0

    def _write(self, records: Records) -> None:
        partitions = (records["place"] >> np.uint64(56)).astype(np.uint8)
        records = records[np.argsort(partitions, kind="stable")]
        counts = np.bincount(partitions, minlength=PARTITIONS).astype("<u4")
        file, descriptor = self._writable()
        number, start = len(file.chunks), file.end
        parts = [file.cipher.encrypt(_nonce(number, HEAD), counts.tobytes(), None)]
        ends = np.cumsum(counts)
        for partition in np.flatnonzero(counts).tolist():
            data = records[ends[partition] - counts[partition] : ends[partition]].tobytes()
            parts.append(file.cipher.encrypt(_nonce(number, partition), data, None))
        try:
            left, at = memoryview(b"".join(parts)), start
            while left:
                done = os.pwrite(descriptor, left, at)
                left, at = left[done:], at + done
            os.fdatasync(descriptor)
        except BaseException:
            self.close()  # what may be there in part has used these nonces: the next chunk is in another file
            raise
        file.chunks.append(_layout(number, counts, start))

    def records(self) -> Iterator[Records]:
        """All records on disk, in pieces."""
        for file in self._files:
            with file.path.open("rb", buffering=0) as opened:
                for chunk in file.chunks:
                    for number in np.flatnonzero(chunk.counts).tolist():
                        yield _part(opened.fileno(), file.cipher, chunk, number)

    def partition(self, number: int) -> Records:
        """Records on disk whose bucket has this first byte, each identifier once, in order of their ranks."""
        found = [np.empty(0, RECORD)]
        for file in self._files:
            with file.path.open("rb", buffering=0) as opened:
                for chunk in file.chunks:
                    if chunk.counts[number]:
                        found.append(_part(opened.fileno(), file.cipher, chunk, number))
        joined = np.concatenate(found)
        # Somebody may have copied a file of the journal.
        return joined[np.unique(joined["rank"], return_index=True)[1]]

    def close(self) -> None:
        """Close what is written to; the files stay, and what comes later is in another one."""
        with self._lock:  # waits for a thread that writes, which so never meets another file's descriptor
            if self._writing is not None:
                os.close(self._writing)
            self._writing = self._own = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _found(self, path: Path) -> _File | None:
        """The file of a former run, as far as it is good; None for something else of that name."""
        with path.open("rb", buffering=0) as opened:
            head = opened.read(len(MAGIC) + SALT_BYTES)
            if len(head) < len(MAGIC) + SALT_BYTES or not head.startswith(MAGIC):
                return None
            file = _File(path, self._cipher(head[len(MAGIC) :]))
            while (chunk := _chunk(opened.fileno(), file)) is not None:
                file.chunks.append(chunk)
        return file

    def _writable(self) -> tuple[_File, int]:
        """The file of this run, made at the first need: under a key of its own, so that no nonce comes twice."""
        if self._own is None or self._writing is None:
            salt = secrets.token_bytes(SALT_BYTES)
            path = self._folder / f"rows-{secrets.token_hex(8)}.journal"
            self._writing = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(self._writing, MAGIC + salt, 0)
            except BaseException:
                self.close()
                raise
            self._own = _File(path, self._cipher(salt))
            self._files.append(self._own)
        return self._own, self._writing

    def _cipher(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt, self._info).derive(self._secret))


def _chunk(descriptor: int, file: _File) -> _Chunk | None:
    """The next chunk of a file, when all of it opens."""
    number, at = len(file.chunks), file.end
    data = os.pread(descriptor, HEAD_BYTES, at)
    try:
        counts = np.frombuffer(file.cipher.decrypt(_nonce(number, HEAD), data, None), "<u4")
        chunk = _layout(number, counts, at)
        for partition in np.flatnonzero(counts).tolist():
            _part(descriptor, file.cipher, chunk, partition)
    except (InvalidTag, ValueError):
        return None
    return chunk


def _part(descriptor: int, cipher: AESGCM, chunk: _Chunk, partition: int) -> Records:
    size = int(chunk.counts[partition]) * RECORD.itemsize + TAG_BYTES
    data = os.pread(descriptor, size, int(chunk.offsets[partition]))
    return np.frombuffer(cipher.decrypt(_nonce(chunk.number, partition), data, None), RECORD)


def _nonce(chunk: int, part: int) -> bytes:
    return chunk.to_bytes(8) + part.to_bytes(4)


def _layout(number: int, counts: NDArray[Any], start: int) -> _Chunk:
    counts = counts.astype(np.int64)
    sizes = np.where(counts > 0, counts * RECORD.itemsize + TAG_BYTES, 0)
    offsets = start + HEAD_BYTES + np.cumsum(sizes) - sizes
    return _Chunk(number, counts, offsets, start + HEAD_BYTES + int(sizes.sum()))
