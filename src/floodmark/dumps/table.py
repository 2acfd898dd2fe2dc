"""One table of a dump: how its records are read, and where its bytes went."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from floodmark.dumps.accounting import Accounting
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import Grammar
from floodmark.dumps.typing_columns import Inferred


@dataclass
class Table:
    """Records of one shape in a text that may hold several.

    Attributes:
        grammar: how they are read.
        known: by column, cells that are known to fit its type (`misfit_count`).
        accounting: where the bytes of their chunks went so far.
    """

    grammar: Grammar
    known: dict[int, pl.Series]
    accounting: Accounting = field(default_factory=Accounting)

    @classmethod
    def of(cls, inferred: Inferred) -> Table:
        """The table of an inferred grammar, of which nothing was read yet."""
        return cls(inferred.grammar, {i: cells for i, cells in inferred.strong.items() if cells is not None})


def count(accounting: Accounting, batch: Batch) -> None:
    """Add a batch to what was read."""
    accounting.accept(batch.accepted_lines, batch.accepted_bytes)
    for span in batch.spans:
        accounting.add(span)
    accounting.records += batch.frame.height
