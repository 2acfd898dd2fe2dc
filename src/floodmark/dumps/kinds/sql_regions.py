"""What a chunk of an SQL dump consists of: rows of a table, lines of a COPY, and what is passed over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.accounting import SpanKind

Offsets = NDArray[np.int64]


@dataclass(frozen=True)
class Shape:
    """A table of the dump.

    Attributes:
        name: what it is called, fit to be shown.
        columns: names of its columns, each once.
        named: whether the dump names them, or they are numbered.
    """

    name: str
    columns: tuple[str, ...]
    named: bool


@dataclass(frozen=True)
class Rows:
    """Rows of one table in parentheses, with the statements around them.

    Attributes:
        shape: the table.
        places: for each cell of a row, the number of its column, or -1 where the table has none of that name.
        starts: offset in the chunk where each record begins: its statement's header, or the row.
        opens: offset of each row's opening parenthesis.
        closes: offset just past its closing one.
        ends: offset where each record ends, with what ends its statement.
    """

    shape: Shape
    places: tuple[int, ...]
    starts: Offsets
    opens: Offsets
    closes: Offsets
    ends: Offsets

    def with_more(self, others: list[Rows]) -> Rows:
        """These rows and others of the same table and the same columns."""
        parts = [self, *others]
        return Rows(
            self.shape,
            self.places,
            np.concatenate([part.starts for part in parts]),
            np.concatenate([part.opens for part in parts]),
            np.concatenate([part.closes for part in parts]),
            np.concatenate([part.ends for part in parts]),
        )


@dataclass(frozen=True)
class Copied:
    """Lines between `COPY … FROM stdin` and its end.

    Attributes:
        shape: the table.
        places: as in `Rows`.
        start: offset in the chunk of the first line.
        end: offset where the last one ends.
    """

    shape: Shape
    places: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Passed:
    """Bytes that hold no record.

    Attributes:
        kind: their fate.
        reason: its reason.
        start: offset in the chunk.
        end: offset just past them.
        lines: 1, or 0 for the continuation of what a chunk before this one began.
    """

    kind: SpanKind
    reason: str
    start: int
    end: int
    lines: int = 1


Region = Rows | Copied | Passed
