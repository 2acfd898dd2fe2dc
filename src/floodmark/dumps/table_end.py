"""What stands below the last record of a table: notes, sources, counts of rows, totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from statistics import median

from floodmark.dumps.cell_patterns import fits
from floodmark.dumps.sample_records import SampleRecord

CELLS = 20_000  # cells by which columns of numbers are told
MOST = 30  # lines of notes
NOTE_MARKS = ("*", "(", "[", "#", "--")
PADDED_NOTE = re.compile(r"[*(\[#]|\d+[.)] |[^\W\d]+:|.*[^\W\d][.:]$")
SENTENCE = re.compile(r"\S+[ :]")
TOTALS = frozenset(
    """total totals subtotal subtotals grandtotal sum overall summe gesamt gesamtsumme insgesamt somme ensemble suma
    totale totaal soma totalgeneral итого всего toplam jumlah المجموع 合計 总计""".split()
)


def below(first: Sequence[SampleRecord], records: Sequence[SampleRecord], width: int) -> list[int]:
    """Numbers of the lines below the last record that are notes or totals.

    Args:
        first: records from the beginning of the text, to know what records look like.
        records: records at the end of the text.
        width: cells of the table's records.
    """
    rows = [record for record in first if len(record.cells) == width and record.filled]
    numeric = numeric_columns(rows, width)
    usual = median(len(row.filled) for row in rows) if rows else 0
    gap = max((i for i, record in enumerate(records[:-1]) if not record.filled), default=len(records))
    last = len(records)
    while last and not _is_record(records[last - 1], width, numeric, usual, after_gap=last - 1 > gap):
        last -= 1
    tail = records[last:]
    if not last or len(tail) > MOST or _is_table(tail, numeric):
        return []
    gaps = [number for number, record in enumerate(tail) if not record.filled]
    first_gap = gaps[0] if gaps else len(tail)
    return [
        record.line
        for number, record in enumerate(tail)
        if record.filled
        and record.lines == 1
        and (number > first_gap or len(record.cells) == width or _is_note(record))
    ]


def subtotals(records: Sequence[SampleRecord], width: int) -> list[int]:
    """Numbers of the lines among the records that add up those above them."""
    rows = [record for record in records if len(record.cells) == width and record.filled]
    numeric = numeric_columns(rows, width)
    return [row.line for row in rows if row.lines == 1 and _is_total(row, numeric)]


def numeric_columns(rows: Sequence[SampleRecord], width: int) -> list[int]:
    """Numbers of the columns of which most filled cells are numbers."""
    few = rows[: max(10, CELLS // width)]
    return [i for i in range(width) if _mostly_numbers([row.cells[i] for row in few])]


def _mostly_numbers(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return sum(fits(cell, "number") for cell in filled) > 0.5 * len(filled)


def _is_record(
    record: SampleRecord, width: int, numeric: list[int], usual: float, *, after_gap: bool
) -> bool:
    """Whether a line is a record of the table: as many cells, no total, and no note padded with empty cells.

    Below a gap, a sentence may have as many delimiters as a record; it has words where numbers should be.
    """
    if len(record.cells) != width or not record.filled:
        return False
    if len(record.filled) == 1 < usual - 1 and record.cells[0].strip() and numeric:
        return PADDED_NOTE.match(record.filled[0]) is None
    wordy = [i for i in numeric if any(c.isalpha() for c in record.cells[i])]
    if after_gap and numeric and len(wordy) == len(numeric):
        return False
    return not _is_total(record, numeric)


def _is_total(record: SampleRecord, numeric: list[int]) -> bool:
    """Whether a row adds up those above it: its first cell says so, and it has a number where they have."""
    if not record.filled:
        return False
    word = "".join(c for c in record.filled[0].casefold() if c.isalpha())
    return word in TOTALS and any(fits(record.cells[i], "number") for i in numeric if i < len(record.cells))


def _is_note(record: SampleRecord) -> bool:
    """Whether a line without a gap before it is a note: marked as one, or a sentence without a delimiter."""
    text = record.filled[0]
    return text.startswith(NOTE_MARKS) or (len(record.cells) == 1 and SENTENCE.match(text) is not None)


def _is_table(tail: Sequence[SampleRecord], numeric: list[int]) -> bool:
    """Whether what follows has records of its own: two neighbours with the same number of cells."""
    rows = [record for record in tail if record.filled and not _is_total(record, numeric)]
    widths = [len(record.cells) if len(record.filled) > 1 else 1 for record in rows]
    return any(width > 1 and len(list(same)) > 1 for width, same in groupby(widths))
