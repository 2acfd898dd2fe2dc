"""What was journaled, as it is written: by the first byte of the buckets, without who is withheld."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.sealed.matrix import PARTITION_BUCKETS, Partition
from floodmark.exposure.sealed.rows import LEAST_ROWS
from floodmark.exposure.sealing.journal import PARTITIONS, TAG_BITS, Journal, Records

TAGS = np.uint64((1 << 48) - 1)


class Partitions:
    """The rows of a sealed leak.

    Args:
        journal: has every identifier's row.
        withheld: ranks of those that are left out.
    """

    def __init__(self, journal: Journal, withheld: NDArray[np.int64]) -> None:
        self._journal = journal
        self._withheld = withheld

    def counts(self, workers: int) -> NDArray[np.int64]:
        """How many rows each bucket has; int64, shape (65536,)."""
        with ThreadPoolExecutor(workers) as pool:
            found = pool.map(lambda number: _counts(self._records(number)), range(PARTITIONS))
            return np.concatenate(list(found))

    def __getitem__(self, number: int) -> Partition:
        """The rows of the buckets that begin with this byte; from any thread."""
        kept = self._records(number)
        return Partition(_second_byte(kept), kept["place"] & TAGS, kept["cell"])

    def _records(self, number: int) -> Records:
        records = self._journal.partition(number)
        if not len(self._withheld):
            return records
        return records[~np.isin(records["rank"], self._withheld)]


def rows_needed(counts: NDArray[np.int64]) -> int:
    """Rows of every bucket: as many as the largest has."""
    return max(int(counts.max()), LEAST_ROWS)


def _second_byte(records: Records) -> NDArray[np.uint8]:
    return (records["place"] >> TAG_BITS).astype(np.uint8)


def _counts(records: Records) -> NDArray[np.int64]:
    return np.bincount(_second_byte(records), minlength=PARTITION_BUCKETS)
