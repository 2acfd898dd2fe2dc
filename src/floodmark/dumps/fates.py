"""The fate of every line of a chunk, kept as arrays while the chunk is decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.accounting import KINDS, Span
from floodmark.dumps.chunks import Lines
from floodmark.dumps.layouts import REASONS

ACCEPTED, REPAIRED, QUARANTINED, SKIPPED = range(4)
OUTSIDE = "\0"  # as a batch's table: what stands between tables and belongs to none


@dataclass(frozen=True)
class Batch:
    """Records of one chunk and the fate of each of its bytes.

    Attributes:
        start: offset of the chunk in the text.
        frame: one String column per column of the grammar, a row a record, in file order.
        accepted_lines: lines accepted as they are.
        accepted_bytes: their bytes, line ends included.
        spans: every other span, in file order; neighbouring lines of one fate and reason are one span.
        table: name of the table whose records they are; empty where a text is one table without a name.
        named: whether the frame's columns are called as the text calls them, and not just numbered.

    Where records are no lines, what is said of lines is said of records, and of what stands between two of them.
    """

    start: int
    frame: pl.DataFrame
    accepted_lines: int
    accepted_bytes: int
    spans: tuple[Span, ...]
    table: str = ""
    named: bool = False


class Fates:
    """Fate and reason of the lines of one chunk; all begin as accepted.

    Args:
        start: offset of the chunk in the text.
        lines: its line table.
    """

    def __init__(self, start: int, lines: Lines) -> None:
        self.start = start
        self.lines = lines
        self.fates = np.zeros(len(lines), np.uint8)
        self.reasons = np.zeros(len(lines), np.uint8)
        self.names: list[str] = list(REASONS)

    def mark(self, which: NDArray[np.bool_] | NDArray[np.int64], fate: int, reason: str) -> None:
        """Give lines (by mask or by number) one fate."""
        if reason not in self.names:
            self.names.append(reason)
        self.fates[which] = fate
        self.reasons[which] = self.names.index(reason)

    def note(self, places: NDArray[np.int64], kept: NDArray[np.bool_], reason: NDArray[np.uint8]) -> None:
        """Take over what `layouts.resolve` decided of the lines at `places`."""
        if kept.all() and not reason.any():
            return
        self.reasons[places] = reason
        self.fates[places] = np.where(~kept, QUARANTINED, np.where(reason > 0, REPAIRED, ACCEPTED))

    def batch(self, frame: pl.DataFrame) -> Batch:
        """The batch of these records with these fates."""
        sizes = self.lines.nexts - self.lines.starts
        accepted = self.fates == ACCEPTED
        return Batch(
            self.start, frame, int(accepted.sum()), int(sizes[accepted].sum()), self._spans(~accepted, sizes)
        )

    def _spans(self, odd: NDArray[np.bool_], sizes: NDArray[np.int64]) -> tuple[Span, ...]:
        places = np.flatnonzero(odd)
        if not len(places):
            return ()
        fates, reasons = self.fates[places], self.reasons[places]
        new = np.ones(len(places), np.bool_)
        new[1:] = (np.diff(places) > 1) | (np.diff(fates) != 0) | (np.diff(reasons) != 0)
        # Records of one table need not follow each other directly.
        new[1:] |= self.lines.starts[places[1:]] != self.lines.nexts[places[:-1]]
        firsts = np.flatnonzero(new)
        lines = np.diff(np.append(firsts, len(places)))
        totals = np.add.reduceat(sizes[places], firsts)
        return tuple(
            Span(KINDS[fate], self.names[reason], self.start + at, size, count)
            for fate, reason, at, size, count in zip(
                fates[firsts].tolist(),
                reasons[firsts].tolist(),
                self.lines.starts[places[firsts]].tolist(),
                totals.tolist(),
                lines.tolist(),
                strict=True,
            )
        )
