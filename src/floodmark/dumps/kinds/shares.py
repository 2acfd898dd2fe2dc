"""Sharing out the bytes of a file among records that have no place of their own in it."""

from __future__ import annotations

import polars as pl

from floodmark.dumps.accounting import Span, SpanKind
from floodmark.dumps.fates import Batch
from floodmark.errors import LimitExceeded

MAX_RATIO = 300
TEXT_FLOOR = 1 << 28
Fate = tuple[SpanKind, str, int]  # fate, reason, rows


class Shares:
    """Gives every batch the bytes that were gone through since the one before.

    Args:
        size: bytes of the file.

    Examples:
        >>> shares = Shares(100)
        >>> frame = pl.DataFrame({"name": ["Ada", "Bob"]})
        >>> batch = shares.batch(frame, "people", True, upto=60, fates=[("skipped", "header", 1)])
        >>> batch.accepted_bytes, batch.spans[0].size, shares.rest(batch).spans[0].size
        (40, 20, 40)
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.at = 0
        self._text = 0

    def batch(
        self, frame: pl.DataFrame, table: str, named: bool, upto: int, fates: list[Fate] | None = None
    ) -> Batch:
        """A batch of records, with the rows that are none; a row's share is the same whatever its fate.

        Args:
            frame: the accepted records.
            table: name of their table.
            named: whether the columns are called as the file calls them.
            upto: bytes of the file that are gone through by now.
            fates: rows beside the accepted ones, those before them first.

        Raises:
            LimitExceeded: the texts of all records so far are far more than the file's bytes.
        """
        self._text += int(frame.select(pl.sum_horizontal(pl.all().str.len_bytes().sum())).item() or 0)
        if self._text > max(TEXT_FLOOR, self.size * MAX_RATIO):
            raise LimitExceeded(
                f"The texts of this file are more than {MAX_RATIO} times its size, which no table's are",
                "It looks like a decompression bomb; nothing was read from it beyond this point.",
            )
        start, upto = self.at, min(max(upto, self.at), self.size)
        rows = frame.height + sum(count for _, _, count in fates or ())
        spans = []
        for kind, reason, count in fates or ():
            size = (upto - start) * count // rows if rows else 0
            spans.append(Span(kind, reason, self.at, size, count))
            self.at += size
        if spans and not frame.height:
            last = spans[-1]
            spans[-1] = Span(last.kind, last.reason, last.start, last.size + upto - self.at, last.lines)
        elif not frame.height:
            upto = self.at
        accepted = upto - self.at if frame.height else 0
        self.at = upto
        return Batch(start, frame, frame.height, accepted, tuple(spans), table, named)

    def rest(self, last: Batch, damaged: int = 0) -> Batch:
        """The bytes that no record needed, as an empty batch of the last one's table.

        Args:
            last: the batch before.
            damaged: tables that could not be read; where there are any, these bytes may be theirs.
        """
        span = Span("skipped", "file-structure", self.at, self.size - self.at, lines=0)
        if damaged:
            span = Span("quarantined", "damaged-table", self.at, self.size - self.at, lines=damaged)
        self.at = self.size
        return Batch(span.start, last.frame.clear(), 0, 0, (span,), last.table, last.named)
