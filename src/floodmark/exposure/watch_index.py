"""Entries of one kind in the order in which a batch of identifiers is looked up: one search for a whole column.

>>> index, repeats = TextIndex.of(pl.Series(["b@example.org", "a@example.org", "b@example.org"]), np.array([2, 5, 9]))
>>> found = index.find(pl.Series(["a@example.org", "c@example.org", "b@example.org"]))
>>> repeats, [int(index.lines[at]) if at >= 0 else None for at in found]
(1, [5, None, 2])

Columns, never objects: ten million addresses take the bytes of their texts and about 40 bytes each.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure.number_ranges import moved_under

Positions = NDArray[np.int64]
Lines = NDArray[np.int64]


@dataclass(frozen=True)
class NumberIndex:
    """Telephone numbers.

    Attributes:
        values: ascending and distinct, UInt64, shape (n,).
        lines: number of the first line that each stands on, 0 for one that is on none, int64, shape (n,).
    """

    values: pl.Series
    lines: Lines

    @classmethod
    def of(cls, values: pl.Series, lines: Lines) -> tuple[Self, int]:
        """The index of some entries in file order, and how many of them were repeats."""
        numbers = values.cast(pl.UInt64).to_numpy()
        order = np.argsort(numbers, kind="stable")
        numbers = numbers[order]
        first = np.ones(len(numbers), np.bool_)
        first[1:] = numbers[1:] != numbers[:-1]
        index = cls(pl.Series(values.name, numbers[first]), lines[order[first]])
        return index, len(numbers) - len(index.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def find(self, wanted: pl.Series) -> Positions:
        """Position of each of some values, -1 where it is no entry; UInt64 without nulls, shape (m,)."""
        values, sought = self.values.to_numpy(), wanted.to_numpy()
        return _found(values, sought)


@dataclass(frozen=True)
class TextIndex:
    """Entries that are text: addresses, names, profile ids, domains.

    Attributes:
        values: distinct, in order of their hashes, String, shape (n,).
        lines: as for `NumberIndex`.
        hashes: seeded hash of each, ascending and distinct, uint64, shape (n,).
        seed: secret of the hashes.
    """

    values: pl.Series
    lines: Lines
    hashes: NDArray[np.uint64]
    seed: int

    @classmethod
    def of(cls, values: pl.Series, lines: Lines) -> tuple[Self, int]:
        """The index of some entries in file order, and how many of them were repeats."""
        while True:
            seed = secrets.randbits(64)
            hashes = values.hash(seed).to_numpy()
            order = np.argsort(hashes, kind="stable")
            hashes = hashes[order]
            again = np.flatnonzero(hashes[1:] == hashes[:-1]) + 1
            # Two texts with one hash, which happens once in some 10^5 lists of ten million: another seed.
            if (values.gather(order[again]) == values.gather(order[again - 1])).all():
                break
        first = np.ones(len(hashes), np.bool_)
        first[again] = False
        kept = order[first]
        return cls(values.gather(kept), lines[kept], hashes[first], seed), len(again)

    def __len__(self) -> int:
        return len(self.lines)

    def find(self, wanted: pl.Series) -> Positions:
        """Position of each of some values, -1 where it is no entry; String without nulls, shape (m,).

        A hash leads to the entry, and the texts are then compared: the answer is exact.
        """
        found = _found(self.hashes, wanted.hash(self.seed).to_numpy())
        rows = np.flatnonzero(found >= 0)
        if len(rows):
            same = (self.values.gather(found[rows]) == wanted.gather(rows)).to_numpy()
            found[rows[~same]] = -1
        return found


@dataclass(frozen=True)
class PrefixIndex(NumberIndex):
    """Number prefixes, which also cover what began with them before a renumbering."""

    @cached_property
    def moved(self) -> tuple[Positions, NDArray[np.uint64], NDArray[np.uint64]]:
        """Positions in the index, and ranges of today's numbers that each covers by how they were written."""
        return moved_under(self.values.to_numpy())


Index = NumberIndex | TextIndex


def _found(ascending: NDArray[np.uint64], sought: NDArray[np.uint64]) -> Positions:
    if not len(ascending):
        return np.full(len(sought), -1, np.int64)
    at = np.minimum(np.searchsorted(ascending, sought), len(ascending) - 1).astype(np.int64)
    at[ascending[at] != sought] = -1
    return at
