"""The regions of the chunk that is being made, one after the other without a gap."""

from __future__ import annotations

import numpy as np

from floodmark.dumps.accounting import SpanKind
from floodmark.dumps.chunks import Chunk
from floodmark.dumps.kinds.sql_bulk import Found
from floodmark.dumps.kinds.sql_regions import Copied, Offsets, Passed, Region, Rows, Shape

STATEMENT = "statement"
TOO_MANY = "too-many-tables"


class Collected:
    """Regions, in order; offsets are those in the data that the chunk will be cut from.

    Attributes:
        end: where the last record or other region ends, which is where a chunk can.
    """

    def __init__(self) -> None:
        self.end = 0
        self._regions: list[Region] = []
        self._shape: tuple[Shape, tuple[int, ...]] | None = None
        # Rows that are not in a region yet: begin, opening and closing parenthesis, one by one …
        self._rows: list[tuple[int, int, int]] = []
        # … and before those, many at once.
        self._parts: list[tuple[Offsets, Offsets, Offsets]] = []

    @property
    def shape(self) -> tuple[Shape, tuple[int, ...]] | None:
        """The table whose rows come now, and the places of their cells; None for a table that is not read."""
        return self._shape

    @shape.setter
    def shape(self, shape: tuple[Shape, tuple[int, ...]] | None) -> None:
        if shape != self._shape:
            self._settle()
            self._shape = shape

    def row(self, opens: int, closes: int, end: int) -> None:
        """Add a row, with everything before it and up to `end`."""
        self._rows.append((self.end, opens, closes))
        self.end = end

    def rows(self, found: Found, at: int) -> None:
        """Add rows that were found in a stretch that begins at `at`."""
        self._flush()
        starts = np.append(self.end, found.ends[:-1] + at)
        self._parts.append((starts, found.opens + at, found.closes + at))
        self.end = int(found.ends[-1]) + at

    def lines(self, end: int) -> None:
        """Add lines of a COPY up to `end`."""
        self._settle()
        if self._shape is None:
            self.passed(end, "quarantined", TOO_MANY)
        elif end > self.end:
            self._regions.append(Copied(*self._shape, self.end, end))
            self.end = end

    def passed(self, end: int, kind: SpanKind = "skipped", reason: str = STATEMENT, lines: int = 1) -> None:
        """Let everything up to `end` hold no record."""
        self._settle()
        if end > self.end:
            self._regions.append(Passed(kind, reason, self.end, end, lines))
            self.end = end

    def chunk(self, base: int, data: bytes) -> Chunk:
        """The chunk up to `end`, whose offset is `base`; what is collected next begins a new one."""
        self._settle()
        regions = tuple(self._regions)
        tables = tuple(dict.fromkeys(r.shape.name for r in regions if not isinstance(r, Passed)))
        made = Chunk(base, data[: self.end], tables=tables, state=regions)
        self._regions = []
        self.end = 0
        return made

    def _flush(self) -> None:
        if self._rows:
            rows = np.array(self._rows, np.int64)
            self._parts.append((rows[:, 0], rows[:, 1], rows[:, 2]))
            self._rows = []

    def _settle(self) -> None:
        self._flush()
        if self._parts and self._shape is not None:
            starts, opens, closes = (np.concatenate(part) for part in zip(*self._parts, strict=True))
            ends = np.append(starts[1:], self.end)
            self._regions.append(Rows(*self._shape, starts, opens, closes, ends))
        self._parts = []
