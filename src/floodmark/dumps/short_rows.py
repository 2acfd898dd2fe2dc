"""Whether a writer leaves out the empty cells at the end of a line, so that a short line is a whole record."""

from __future__ import annotations

from collections.abc import Sequence

from floodmark.dumps.cell_patterns import MISSING, fits
from floodmark.dumps.sample_records import SampleRecord
from floodmark.dumps.table_top import column_patterns

ENOUGH = 0.05  # share of short lines that is no accident
FITTING = 0.95


def leaves_out(records: Sequence[SampleRecord], header: SampleRecord, width: int) -> bool:
    """Whether short lines are records without their empty cells at the end.

    They are where no record writes such a cell, there are too many short lines for damage, and what cells they have
    are what the columns hold. A line that lost a cell somewhere else does not fit.

    Args:
        records: records of the sample.
        header: the record that names the columns.
        width: number of columns.
    """
    rows = [r for r in records if r.line > header.line and len(r.filled) > 1 and len(r.cells) <= width]
    short = [row for row in rows if len(row.cells) < width]
    if len(header.filled) < width or len(short) < max(2, ENOUGH * len(rows)):
        return False
    if any(not row.cells[-1].strip() for row in rows):
        return False
    patterns = column_patterns([row for row in rows if len(row.cells) == width] or rows, width)
    told = [
        fits(cell, name)
        for row in short
        for cell, name in zip(row.cells, patterns, strict=False)
        if name and cell.strip().lower() not in MISSING
    ]
    return len(told) >= len(short) and sum(told) >= FITTING * len(told)
