"""The top of a table: which row names the columns, and which rows above and below it are neither names nor records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from floodmark.dumps.cell_patterns import MISSING, fits, pattern_of
from floodmark.dumps.sample_records import SampleRecord

LONGEST = 500  # characters of a cell of dashes
TOP = 60  # rows among which a header is looked for
CELLS = 20_000  # cells by which patterns of columns are told
YEAR = re.compile(r"(?:1[89]|20|21)\d\d")
RULE = re.compile(r"[\s|+:=\-]*(?:--|==|:-|-:)[\s|+:=\-]*|-")
UNITS = frozenset(
    """m km cm mm m2 m3 m² m³ km2 km² ha kg g mg t l s sec min h hr hrs d °c c °f f k % ‰ hpa kpa pa bar v kv mv a ma w
    kw mw kwh mwh gwh hz mhz db usd eur gbp € $ £ count n no. nr. number num psu ph mg/l µg/m3 µg/m³ ug/m3 m/s km/h deg
    degrees ° day days years months hours minutes seconds persons people percent yyyy-mm-dd yyyymmdd dd.mm.yyyy
    dd/mm/yyyy mm/dd/yyyy hh:mm hh:mm:ss text string integer int float varchar date datetime""".split()
)
FEW = 4
NAME = re.compile(r"[^\W\d][\w .()/%#-]{0,40}")
BRACKETED = re.compile(r"[\[(][^\])]{0,20}[\])]")


@dataclass(frozen=True)
class Top:
    """The top of a table.

    Attributes:
        header: the record that names the columns, or None.
        others: lines below it that are no records, each with the reason: `units`, `rule`.
    """

    header: SampleRecord | None
    others: tuple[tuple[int, str], ...] = ()


def find_top(records: Sequence[SampleRecord], width: int) -> Top:
    """Look for a header above records that look otherwise: names where there are numbers, dates or codes below.

    Args:
        records: records of the sample, from its first line on.
        width: the usual number of cells.
    """
    rows = [record for record in records if len(record.cells) == width]
    patterns = column_patterns(rows, width)
    heads: list[SampleRecord] = []
    for record in records[:TOP]:
        if width - 1 <= len(record.cells) <= width and record.filled:
            if _is_record(record, patterns):
                break
            heads.append(record)
    else:
        return Top(None)
    rules = [head for head in heads if is_rule(head)]
    named = [head for head in heads if head not in rules]
    units = named[-1] if len(named) > 1 and is_units(named[-1]) else None
    named = named[:-1] if units else named
    if not named or not _names(named[-1], patterns, width):
        return Top(None)
    header = named[-1]
    below = [(head, "rule") for head in rules] + ([(units, "units")] if units else [])
    return Top(header, tuple((head.line, reason) for head, reason in below if head.line > header.line))


def is_units(record: SampleRecord) -> bool:
    """Whether a row says in what units the columns below it are."""
    units = sum(cell.lower() in UNITS or BRACKETED.fullmatch(cell) is not None for cell in record.filled)
    return units > 0 and units >= len(record.filled) / 2


def is_rule(record: SampleRecord) -> bool:
    """Whether a row is a line drawn with dashes."""
    drawn = (len(cell) <= LONGEST and RULE.fullmatch(cell) is not None for cell in record.filled)
    return len("".join(record.filled)) > 2 and all(drawn)


def column_patterns(rows: Sequence[SampleRecord], width: int) -> list[str | None]:
    """Pattern of each column below the top rows; codes only where nothing is clearer than a code."""
    skip = max(min(5, len(rows) // 3), min(1, len(rows) - 1))
    tops = [row.cells for row in rows[:skip]]
    few = [row for row in rows[skip : skip + max(20, CELLS // width)] if row.cells not in tops]
    found = [pattern_of(row.cells[i] for row in few if i < len(row.cells)) for i in range(width)]
    if any(name not in {None, "code"} for name in found):
        return [None if name == "code" else name for name in found]
    return found


def _is_record(record: SampleRecord, patterns: list[str | None]) -> bool:
    """Whether a row has what the columns have below, in any of those that have something to compare."""
    if is_years(record):
        return False
    pairs = zip(record.cells, patterns, strict=False)
    return any(name and cell.strip().lower() not in MISSING and fits(cell, name) for cell, name in pairs)


def is_years(record: SampleRecord) -> bool:
    """Whether the numbers of a row are years that follow each other, as columns are called for."""
    numbers = [cell for cell in record.filled if fits(cell, "number")]
    years = len(numbers) > 1 and all(YEAR.fullmatch(cell) for cell in numbers)
    return years and numbers[0] != numbers[-1] and sorted(numbers) in (numbers, numbers[::-1])


def _names(head: SampleRecord, patterns: list[str | None], width: int) -> bool:
    """Whether a row can name columns: half of it is filled, no cell is data, and some column is otherwise below."""
    filled = head.filled
    if len(filled) < (width - 1) / 2 or not may_name(head):
        return False
    if len(head.cells) < width:
        return len(filled) == len(head.cells) and any(patterns)
    told = [cell for cell, name in zip(head.cells, patterns, strict=True) if name and cell.strip()]
    return bool(told)


def may_name(head: SampleRecord) -> bool:
    """Whether no cell of a row is data, which no column is called."""
    filled = head.filled
    data = (fits(cell, name) for cell in filled for name in ("number", "date", "time", "address"))
    return all(len(cell) <= 100 for cell in filled) and (not any(data) or is_years(head))


def stands_out(first: list[str], cells: pl.DataFrame) -> bool:
    """Whether the first record of a table of words is written unlike all others: in small letters, or in capitals.

    Args:
        first: cells of the first record.
        cells: String columns of the records after it.
    """
    filled = [cell.strip() for cell in first]
    if (
        cells.height < FEW
        or not all(NAME.fullmatch(cell) for cell in filled)
        or len(set(filled)) < len(filled)
    ):
        return False
    small = all(cell[0].islower() for cell in filled)
    capitals = all(cell.isupper() and len(cell) > 1 for cell in filled)
    if not small and not capitals:
        return False
    pattern = r"^\s*[\p{Lu}\d]" if small else r"\p{Ll}"
    shares = cells.select((pl.all().str.contains(pattern) | (pl.all().str.strip_chars() == "")).mean()).row(0)
    return all(share is not None and share >= 0.98 for share in shares)
