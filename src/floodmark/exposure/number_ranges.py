"""What lies under number prefixes, as ranges of valid telephone numbers: nothing is tried that no plan assigns.

>>> under = NumbersUnder.of([442079460])
>>> under.count, [block.tolist()[:2] for block in under.blocks()]
(1000, [[442079460000, 442079460001]])

A valid number is one that libphonenumber's plan assigns; nobody need have it.

A prefix covers the numbers that begin with it, and those that began with it as they were written before a
renumbering, as far as what was written then is read as the number of today: `+52 1 55 …` is `+52 55 …`, and both are
under 521.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from floodmark.identifiers import numbering
from floodmark.identifiers.numbering import POWERS
from floodmark.identifiers.phones_renumbered import renumber, renumberings

MOST_DIGITS = 18  # three more than E.164 allows, since some plans do assign longer numbers
BLOCK = 1 << 20
Numbers = NDArray[np.uint64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class NumbersUnder:
    """Ranges of valid numbers: from each of `starts`, as many as in `sizes`; both uint64, shape (n,), ascending."""

    starts: Numbers
    sizes: Numbers

    @classmethod
    def of(cls, prefixes: Sequence[int]) -> NumbersUnder:
        """Those under any of some prefixes, of every length that the plans have, each once."""
        digits = np.array(prefixes, np.uint64)
        _, starts, ends = _written_under(digits, *_valid())
        _, moved, moved_ends = moved_under(digits)
        return cls._united(np.concatenate([starts, moved]), np.concatenate([ends, moved_ends]))

    @classmethod
    def _united(cls, starts: Numbers, ends: Numbers) -> NumbersUnder:
        order = np.argsort(starts)
        starts, ends = starts[order], np.maximum.accumulate(ends[order])
        first = np.ones(len(starts), np.bool_)
        first[1:] = starts[1:] > ends[:-1]
        last = np.append(first[1:], np.ones(min(len(starts), 1), np.bool_))
        return cls(starts[first], ends[last] - starts[first])

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return int(self.sizes.sum())

    def blocks(self, size: int = BLOCK) -> Iterator[Numbers]:
        """All numbers in ascending order, uint64, at most `size` at a time."""
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.sizes.astype(np.int64))])
        for start in range(0, int(before[-1]), size):
            places = np.arange(start, min(start + size, int(before[-1])))
            ranges = np.searchsorted(before, places, side="right") - 1
            yield self.starts[ranges] + (places - before[ranges]).astype(np.uint64)


def has_numbers(prefixes: Numbers) -> NDArray[np.bool_]:
    """Whether any valid number is under each of some prefixes.

    Args:
        prefixes: digits of international prefixes, uint64, shape (n,).

    Returns:
        Shape (n,).

    Examples:
        >>> has_numbers(np.array([4420, 521, 999, 44020], np.uint64)).tolist()
        [True, True, False, False]
    """
    found = np.zeros(len(prefixes), np.bool_)
    for starts, ends in (_valid(), _moved()[:2]):
        for rows, lows, highs in _extents(prefixes):
            found[rows] |= np.searchsorted(ends, lows, side="right") < np.searchsorted(starts, highs)
    return found


def moved_under(prefixes: Numbers) -> tuple[Rows, Numbers, Numbers]:
    """Today's numbers that began with some prefixes as they were written before a renumbering.

    Args:
        prefixes: digits of international prefixes, uint64, shape (n,).

    Returns:
        Rows of `prefixes` (int64) and the first integers and ends (uint64) of ranges, one of each per pair. Integers
        in a range that are no valid numbers mean nothing.
    """
    starts, ends, shifts = _moved()
    rows, lows, highs = _written_under(prefixes, starts, ends)
    shift = shifts[np.searchsorted(starts, lows, side="right") - 1]
    return rows, lows + shift, highs + shift


def _extents(prefixes: Numbers) -> Iterator[tuple[Rows, Numbers, Numbers]]:
    """For every number of free digits, the prefixes that leave room for as many, and the range of each."""
    digits = np.searchsorted(POWERS, prefixes, side="right")
    for free in range(MOST_DIGITS):
        rows = np.flatnonzero(digits + free <= MOST_DIGITS)
        lows = prefixes[rows] * POWERS[free]
        yield rows, lows, lows + POWERS[free]


def _written_under(prefixes: Numbers, starts: Numbers, ends: Numbers) -> tuple[Rows, Numbers, Numbers]:
    """The parts of some ranges whose digits begin with each prefix: rows of `prefixes`, starts and ends."""
    found = [_common(lows, highs, starts, ends, rows) for rows, lows, highs in _extents(prefixes)]
    rows, lows, highs = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return rows, lows, highs


def _common(
    lows: Numbers, highs: Numbers, starts: Numbers, ends: Numbers, rows: Rows | None = None
) -> tuple[Rows, Numbers, Numbers]:
    """What each range of one kind has in common with each of another, which are ascending and apart.

    Returns:
        Row of the first kind (or what stands for it in `rows`), start and end of every part in common.
    """
    first = np.searchsorted(ends, lows, side="right")
    sizes = np.maximum(np.searchsorted(starts, highs) - first, 0)
    own = np.repeat(np.arange(len(lows)), sizes)
    other = np.arange(len(own)) - np.repeat(np.cumsum(sizes) - sizes - first, sizes)
    named = own if rows is None else rows[own]
    return named, np.maximum(lows[own], starts[other]), np.minimum(highs[own], ends[other])


@cache
def _valid() -> tuple[Numbers, Numbers]:
    """First integers and ends of the ranges of valid numbers, neighbours united."""
    table = numbering.table(numbering.SIGNIFICANT)
    valid = numbering.outcomes().valid[table.codes]
    change = np.flatnonzero(np.diff(valid, prepend=False))
    edges = table.starts[change]
    edges = edges[edges < POWERS[MOST_DIGITS]]
    if len(edges) % 2:
        edges = np.append(edges, POWERS[MOST_DIGITS])
    return edges[0::2], edges[1::2]


@cache
def _moved() -> tuple[Numbers, Numbers, Numbers]:
    """Ranges of numbers of before a renumbering that are read as today's: first integers, ends, what to add.

    Those are the ones that as they stand are no valid number, and after the renumbering are one.
    """
    free = np.array([POWERS[one.digits - len(one.old)] for one in renumberings()], np.uint64)
    starts = np.array([int(one.old) for one in renumberings()], np.uint64) * free
    valid, valid_ends = _valid()
    gaps = np.concatenate([np.zeros(1, np.uint64), valid_ends])
    gap_ends = np.append(valid, POWERS[MOST_DIGITS])
    _, starts, ends = _common(starts, starts + free, gaps, gap_ends)
    shifts = renumber(starts) - starts
    rows, starts, ends = _common(starts + shifts, ends + shifts, valid, valid_ends)
    shifts = shifts[rows]
    order = np.argsort(starts - shifts)
    return (starts - shifts)[order], (ends - shifts)[order], shifts[order]
