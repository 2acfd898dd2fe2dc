"""Exact distinct counts of 64-bit values, at any size and in bounded memory.

    >>> with DistinctSpool() as spool:
    ...     spool.add(np.array([447700900002, 447700900001, 447700900002], dtype=np.uint64))
    ...     spool.summary()
    DistinctSummary(total=3, distinct=2, most_copies=2)

An external merge sort: values fill a buffer; a full buffer is sorted, counted and spilled (`triage.spill`),
and at the end all spills are merged in ascending order (`triage.merge`). What fits the buffer never touches
the disk.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.secret_file import SpoolFailed, spool_directory
from floodmark.triage.merge import Block, blocks_of_sorted, merge, write_spill
from floodmark.triage.spill import WORD, Spill, Values

MEMORY_BYTES = 256 << 20
LEAST_MEMORY_BYTES = 2048
FAN_IN = 128
LARGEST_CHUNK = 65_536


@dataclass(frozen=True)
class DistinctSummary:
    """Values added, distinct among them, and copies of the value that occurs most often."""

    total: int
    distinct: int
    most_copies: int


class DistinctSpool:
    """Counts distinct unsigned 64-bit values.

    Several threads may `add` at once. When all have returned, `finish` gives the distinct values in ascending
    order, as often as it is called; `add` is then over.

    Args:
        memory_bytes: bound on the memory held: half for two buffers, half for merging.
        directory: folder for spills; by default `FLOODMARK_TMP`, then the system's temporary folder.
        fan_in: most spills merged at once; with more, the smallest are first merged into one.
    """

    def __init__(
        self, memory_bytes: int = MEMORY_BYTES, directory: Path | None = None, fan_in: int = FAN_IN
    ) -> None:
        if memory_bytes < LEAST_MEMORY_BYTES or fan_in < 2:
            raise ValueError(f"memory_bytes is at least {LEAST_MEMORY_BYTES} and fan_in at least 2")
        self._directory = directory
        self._fan_in = fan_in
        self._block = memory_bytes // 128
        self._chunk = min(max(memory_bytes // (32 * fan_in), 16), LARGEST_CHUNK)
        capacity = memory_bytes // 4 // WORD
        self._filling: Values | None = np.empty(capacity, np.uint64)
        self._spare: Values | None = np.empty(capacity, np.uint64)
        self._used = 0
        self._total = 0
        self._spills: list[Spill] = []
        self._failed = False
        self._finished = False
        self._changed = threading.Condition()

    def add(self, values: NDArray[np.uint64]) -> None:
        """Count every value of an array, which is copied.

        Args:
            values: dtype uint64, shape (n,), any order.

        Raises:
            SpoolFailed: temporary space is missing, read-only or full.
        """
        if values.dtype != np.uint64:
            raise TypeError("values are of dtype uint64")
        while values.size:
            full, values = self._fill(values)
            if full is not None:
                self._spill(full)

    def finish(self) -> Iterator[Block]:
        """Distinct values in ascending order over all blocks, and the copies of each.

        Returns:
            Iterator of (values, counts): both uint64, of one shape, not empty; a new pass for every call.

        Raises:
            SpoolFailed: as for `add`, and while iterating when a spill cannot be read back.
        """
        with self._changed:
            self._check()
            first_time, self._finished = not self._finished, True
        if first_time:
            self._seal()
        if self._spills:
            return merge(self._spills, self._block)
        assert self._filling is not None  # noqa: S101  # only a spool that spilled gives its buffers back
        return blocks_of_sorted(self._filling[: self._used], self._block)

    def summary(self) -> DistinctSummary:
        """One pass over `finish` that keeps the totals alone."""
        distinct = most = 0
        for values, counts in self.finish():
            distinct += values.size
            most = max(most, int(counts.max()))
        return DistinctSummary(self._total, distinct, most)

    @property
    def total(self) -> int:
        """Values added so far."""
        return self._total

    @property
    def spilled(self) -> bool:
        """Whether anything was written to temporary space."""
        return bool(self._spills)

    def close(self) -> None:
        """Give memory and temporary space back; what was counted is gone, and a thread that waits to add is told."""
        with self._changed:
            self._failed = True
            for spill in self._spills:
                spill.close()
            self._spills = []
            self._filling = self._spare = None
            self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self) -> None:
        if self._failed:
            raise SpoolFailed("The distinct count was closed or has failed before.")

    def _fill(self, values: Values) -> tuple[Values | None, Values]:
        """Copy what fits; the buffer when that filled it, and the values that are left."""
        with self._changed:
            if self._finished:
                raise RuntimeError("add() after finish()")
            self._changed.wait_for(lambda: self._filling is not None or self._failed)
            self._check()
            assert self._filling is not None  # noqa: S101  # wait_for has seen to it
            taken = min(values.size, self._filling.size - self._used)
            self._filling[self._used : self._used + taken] = values[:taken]
            self._used += taken
            self._total += taken
            if self._used < self._filling.size:
                return None, values[taken:]
            full, self._filling, self._spare, self._used = self._filling, self._spare, None, 0
            return full, values[taken:]

    def _spill(self, buffer: Values) -> None:
        """Sort a full buffer, write it and hand it back for filling. Other threads go on meanwhile."""
        try:
            buffer.sort()
            self._write(blocks_of_sorted(buffer, self._block))
            # Half as many again may wait for the last merge, which is cheaper than merging early; not more,
            # since every spill is an open file and systems allow as few as 256.
            self._merge_down(most=self._fan_in + self._fan_in // 2)
        except BaseException:
            self._failed = True
            raise
        finally:
            with self._changed:
                if self._filling is None:
                    self._filling = buffer
                else:
                    self._spare = buffer
                self._changed.notify_all()

    def _write(self, blocks: Iterator[Block]) -> None:
        spill = Spill(self._directory if self._directory is not None else spool_directory())
        try:
            write_spill(blocks, spill, self._chunk)
        except BaseException:
            spill.close()
            raise
        with self._changed:
            self._spills.append(spill)

    def _merge_down(self, most: int) -> None:
        """Merge the smallest spills into one until there are at most `most`."""
        while True:
            with self._changed:
                surplus = len(self._spills) - most
                if surplus <= 0:
                    return
                self._spills.sort(key=lambda spill: spill.size)
                small = self._spills[: max(2, min(self._fan_in, surplus + 1))]
                self._spills = self._spills[len(small) :]
            try:
                self._write(merge(small, self._block))
            finally:
                for spill in small:
                    spill.close()

    def _seal(self) -> None:
        assert self._filling is not None  # noqa: S101  # every spilling thread has handed its buffer back
        rest = self._filling[: self._used]
        rest.sort()
        self._spare = None
        if self._spills:
            self._write(blocks_of_sorted(rest, self._block))
            del rest
            self._filling = None
            self._merge_down(most=self._fan_in)
