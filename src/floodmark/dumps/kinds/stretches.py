"""Stretches that tile a chunk: which are records of which table, and what the others are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.chunks import LINE_LIMIT, Lines
from floodmark.dumps.fates import QUARANTINED, SKIPPED, Fates

FRAME, BROKEN, TOO_LONG, OUTSIDE, DECLARED, HEADER = range(-1, -7, -1)


@dataclass(frozen=True)
class Stretches:
    """Stretches of a chunk, in order.

    Attributes:
        ends: offset just past each, int64; the last is the end of the chunk.
        owners: what each is, int16: number of the table that it is a record of, or what surrounds the records
            (`FRAME`), what is no record and too much for that (`OUTSIDE`, `DECLARED`), the names of the columns
            (`HEADER`), damage (`BROKEN`), or the end of a record that was too long to hold (`TOO_LONG`).
        tables: names of the tables.
        inner: numbers of the tables whose records are members of an object, under a key each.
    """

    ends: NDArray[np.int64]
    owners: NDArray[np.int16]
    tables: tuple[str, ...]
    inner: frozenset[int] = frozenset()

    @property
    def lines(self) -> Lines:
        """The stretches as a line table."""
        starts = np.concatenate([np.zeros(1, np.int64), self.ends[:-1]])
        return Lines(starts[: len(self.ends)], self.ends, self.ends)

    @property
    def met(self) -> list[str]:
        """Names of the tables that there are records of."""
        return [self.tables[number] for number in np.unique(self.owners).tolist() if number >= 0]

    def places(self, table: int) -> NDArray[np.int64]:
        """Numbers of the stretches that are records of a table."""
        return np.flatnonzero(self.owners == table)

    def fates(self, start: int, broken: str) -> Fates:
        """Fates of the stretches, as far as they can be told without reading them.

        Args:
            start: offset of the chunk in the text.
            broken: reason of damage.
        """
        lines = self.lines
        fates = Fates(start, lines)
        fates.mark(self.owners == FRAME, SKIPPED, "envelope")
        fates.mark(self.owners == HEADER, SKIPPED, "header")
        fates.mark(self.owners == BROKEN, QUARANTINED, broken)
        fates.mark(self.owners == OUTSIDE, QUARANTINED, "outside-records")
        fates.mark(self.owners == DECLARED, QUARANTINED, "document-type")
        long = (self.owners >= 0) & (self.ends - lines.starts > LINE_LIMIT)
        fates.mark(long | (self.owners == TOO_LONG), QUARANTINED, "line-too-long")
        return fates


def texts(data: bytes, lines: Lines, places: NDArray[np.int64]) -> Iterator[bytes]:
    """The bytes of some stretches."""
    starts, ends = lines.starts[places].tolist(), lines.ends[places].tolist()
    return (data[start:end] for start, end in zip(starts, ends, strict=True))
