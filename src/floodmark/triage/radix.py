"""External radix sort of keyed records, at any size and in bounded memory.

    >>> with RadixSpool(sum_payloads, words=2) as spool:
    ...     spool.add(np.array([[7, 1], [3, 1], [7, 5]], np.uint64))
    ...     np.concatenate(list(spool.blocks())).tolist()
    [[3, 1], [7, 6]]

A record is a row of 64-bit words, the first its key. Keys are keyed hashes, so they spread evenly: a full buffer is
split into 256 partitions by one byte of the key and written as one part, and at the end every partition is read
from all parts, sorted and united. A partition that is too large for memory is split again by the next byte.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.secret_file import SecretFile, spool_directory

Records = NDArray[np.uint64]
Unite = Callable[[Records], Records]

PARTITIONS = 256
WORD = 8
BUFFER_RECORDS = 1 << 20
PARTITION_RECORDS = 1 << 22
FIRST_SHIFT = 56


class RadixSpool:
    """Collects records and gives them back in ascending order of their keys, those of one key united.

    Several threads may `add` at once; when all have returned, `blocks` may be called, as often as wanted.

    Args:
        unite: takes records in ascending order of keys, shape (n, words), and returns those of one key as one,
            or sheds what repeats; applied any number of times in any grouping it must give the same.
        words: 64-bit words of a record, the key among them.
        buffer_records: records that are held before a part is written.
        partition_records: most records that are sorted at once.
        directory: folder for temporary space; by default `spool_directory()`.
        shift: which byte of the key splits; the highest first.
    """

    def __init__(
        self,
        unite: Unite,
        words: int,
        *,
        buffer_records: int = BUFFER_RECORDS,
        partition_records: int = PARTITION_RECORDS,
        directory: Path | None = None,
        shift: int = FIRST_SHIFT,
    ) -> None:
        self._unite = unite
        self._words = words
        self._buffer_records = buffer_records
        self._partition_records = partition_records
        self._directory = directory
        self._shift = shift
        self._waiting: list[Records] = []
        self._held = 0
        self._parts: list[tuple[int, NDArray[np.int64]]] = []  # offset, first record of every partition
        self._file: SecretFile | None = None
        self._lock = threading.Lock()

    def add(self, records: Records) -> None:
        """Take records, which must not change afterwards.

        Args:
            records: dtype uint64, shape (n, words), any order.

        Raises:
            SpoolFailed: temporary space is missing, read-only or full.
        """
        if records.dtype != np.uint64 or records.ndim != 2 or records.shape[1] != self._words:
            raise TypeError(f"records are rows of {self._words} unsigned 64-bit words")
        with self._lock:
            self._waiting.append(records)
            self._held += len(records)
            if self._held < self._buffer_records:
                return
            full, self._waiting, self._held = self._waiting, [], 0
        self._write(np.concatenate(full))

    def blocks(self) -> Iterator[Records]:
        """All records in ascending order of keys, united, in blocks that are not empty.

        Raises:
            SpoolFailed: as for `add`, and where temporary space cannot be read back.
        """
        if self._waiting and self._parts:
            self._write(np.concatenate(self._waiting))
            self._waiting, self._held = [], 0
        if self._parts:
            for partition in range(PARTITIONS):
                yield from self._partition(partition)
        elif self._waiting:
            yield self._sorted(np.concatenate(self._waiting))

    def close(self) -> None:
        """Give memory and temporary space back."""
        self._waiting, self._parts = [], []
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, records: Records) -> None:
        """Write a part: records by partition, and where each partition begins."""
        byte = (records[:, 0] >> np.uint64(self._shift)).astype(np.uint8)
        order = np.argsort(byte, kind="stable")  # a radix sort, for bytes
        firsts = np.zeros(PARTITIONS + 1, np.int64)
        np.cumsum(np.bincount(byte, minlength=PARTITIONS), out=firsts[1:])
        data = records[order].astype("<u8", copy=False).tobytes()
        with self._lock:
            if self._file is None:
                self._file = SecretFile(self._directory or spool_directory())
            self._parts.append((self._file.append(data), firsts))

    def _partition(self, partition: int) -> Iterator[Records]:
        """Records of one partition; by way of another spool where they are too many for memory."""
        total = sum(int(firsts[partition + 1] - firsts[partition]) for _, firsts in self._parts)
        if not total:
            return
        if total <= self._partition_records or self._shift == 0:
            yield self._sorted(np.concatenate(list(self._read(partition))))
            return
        with RadixSpool(
            self._unite,
            self._words,
            buffer_records=max(self._partition_records // 4, 1),
            partition_records=self._partition_records,
            directory=self._directory,
            shift=self._shift - 8,
        ) as finer:
            # Copies of one key are united before they go down, so that no number of them fills a partition.
            group: list[Records] = []
            for records in self._read(partition):
                group.append(records)
                if sum(map(len, group)) >= self._partition_records // 4:
                    finer.add(self._sorted(np.concatenate(group)))
                    group = []
            if group:
                finer.add(self._sorted(np.concatenate(group)))
            yield from finer.blocks()

    def _read(self, partition: int) -> Iterator[Records]:
        assert self._file is not None  # noqa: S101  # there is a part
        width = WORD * self._words
        for offset, firsts in self._parts:
            first, last = int(firsts[partition]), int(firsts[partition + 1])
            if last > first:
                data = self._file.read(offset + first * width, (last - first) * width)
                yield np.frombuffer(data, "<u8").reshape(-1, self._words)

    def _sorted(self, records: Records) -> Records:
        return self._unite(records[np.argsort(records[:, 0])])


def sum_payloads(records: Records) -> Records:
    """Records of one key as one, the other words added up."""
    starts = key_starts(records)
    if len(starts) == len(records):
        return records
    united = np.add.reduceat(records, starts, axis=0)
    united[:, 0] = records[starts, 0]
    return united


def distinct_records(records: Records) -> Records:
    """Records that are equal in all words, once; two words at most."""
    records = records[np.lexsort((records[:, -1], records[:, 0]))]
    new = np.ones(len(records), bool)
    new[1:] = (records[1:] != records[:-1]).any(axis=1)
    return records[new]


def key_starts(records: Records) -> NDArray[np.intp]:
    """Where each key begins among records in ascending order of keys."""
    new = np.ones(len(records), bool)
    np.not_equal(records[1:, 0], records[:-1, 0], out=new[1:])
    return np.flatnonzero(new)
