"""Sorted 64-bit values to distinct values with counts: of one array, or of many spills in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from floodmark.triage.spill import Copies, Spill, Values

Block = tuple[Values, Values]
_NONE = np.empty(0, dtype=np.uint64)


def count_sorted(values: Values) -> Block:
    """Distinct values of an ascending array and the copies of each, both uint64 and of one shape.

    Examples:
        >>> distinct, counts = count_sorted(np.array([3, 3, 3, 8], dtype=np.uint64))
        >>> distinct.tolist(), counts.tolist()
        ([3, 8], [3, 1])
    """
    first = np.empty(values.size, np.bool_)
    first[:1] = True
    np.not_equal(values[1:], values[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    counts = np.empty(starts.size, np.uint64)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1], casting="unsafe")
    counts[-1:] = values.size - starts[-1:]
    return values[starts], counts


def blocks_of_sorted(values: Values, block: int) -> Iterator[Block]:
    """`count_sorted` over stretches of about `block` values; copies of one value stay in one stretch."""
    start = 0
    while start < values.size:
        stop = min(start + block, values.size)
        stop = int(np.searchsorted(values, values[stop - 1], side="right"))
        yield count_sorted(values[start:stop])
        start = stop


def write_spill(blocks: Iterable[Block], spill: Spill, chunk: int) -> None:
    """Write ascending blocks to a spill in chunks of at most `chunk` values."""
    for values, counts in blocks:
        for start in range(0, values.size, chunk):
            spill.append(values[start : start + chunk], counts[start : start + chunk])


def merge(spills: Sequence[Spill], block: int) -> Iterator[Block]:
    """Distinct values of several spills in ascending order, with their copies over all spills.

    Values between two splitters are taken from every spill at once, sorted and counted. Splitters are first
    values of chunks, so that no stretch holds more than about `block` values and one chunk per spill; each
    chunk is read once, and what lies above the splitter waits in memory for the next stretch.

    Args:
        spills: sorted runs.
        block: values aimed at per stretch.

    Yields:
        Ascending distinct values and their counts, uint64, never empty.
    """
    cursors = [_Cursor(spill) for spill in spills]
    for splitter in [*_splitters(spills, block), None]:
        taken = [part for cursor in cursors for part in cursor.take(splitter)]
        if not taken:
            continue
        values = np.concatenate([part.values for part in taken])
        repeated = np.concatenate([part.repeated for part in taken])
        extra = np.concatenate([part.extra for part in taken])
        del taken
        values.sort()
        distinct, counts = count_sorted(values)
        np.add.at(counts, np.searchsorted(distinct, repeated), extra)
        if distinct.size:
            yield distinct, counts


def _splitters(spills: Sequence[Spill], block: int) -> Iterator[np.uint64]:
    firsts = np.concatenate([_NONE, *(spill.firsts for spill in spills)])
    sizes = np.concatenate([np.empty(0, np.int64), *(spill.sizes for spill in spills)])
    order = np.argsort(firsts, kind="stable")
    stretch = np.cumsum(sizes[order]) // block
    yield from np.unique(firsts[order][1:][np.diff(stretch) > 0])


class _Cursor:
    """How far a spill has been taken, with the part of its last chunk that is still to come."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._firsts = spill.firsts
        self._next = 0
        self._rest = Copies(_NONE, _NONE, _NONE)

    def take(self, below: np.uint64 | None) -> list[Copies]:
        """What has not been taken yet and is smaller than `below` (None: everything)."""
        stop = self._firsts.size if below is None else int(np.searchsorted(self._firsts, below))
        parts = [self._rest] if self._rest.values.size else []
        if stop > self._next:
            parts += self._spill.read(self._next, stop)
            self._next = stop
        if below is None or not parts:
            self._rest = Copies(_NONE, _NONE, _NONE)
            return parts
        last = parts.pop()
        cut, mark = np.searchsorted(last.values, below), np.searchsorted(last.repeated, below)
        # A copy, because a view would keep the whole stretch that was read in memory.
        self._rest = Copies(last.values[cut:].copy(), last.repeated[mark:].copy(), last.extra[mark:].copy())
        return [*parts, Copies(last.values[:cut], last.repeated[:mark], last.extra[:mark])]
