r"""Entries of a table: a label with what stands beside it, from lines as they were pasted.

>>> from floodmark.assessment.reading.grid import grids_of
>>> found = of_lines(grids_of("Egypt - 44M\nItaly\n35M\nFor sale now")[-1].rows)
>>> [(one.line, one.label.text, one.count.text) for one in found.entries], found.passed_over
([(1, 'Egypt', '44M'), (2, 'Italy', '35M')], {4: 'For sale now'})
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from floodmark.assessment.reading.alternation import turned
from floodmark.assessment.reading.cells import Cell
from floodmark.assessment.reading.choosing import choose, head
from floodmark.assessment.reading.freeform import LABELS, cells_of
from floodmark.assessment.reading.grid import GridRow
from floodmark.assessment.reading.table_errors import TooLargeTable

_PARTED = re.compile(r"[:=→|\t]|\s[-–—]|\s{2}")
MOST_CELLS = 20_000
FIRST = 300
"""Lines among which a table of countries names one, or it is none."""
_MOST_WORDS = 5  # of a label that is no country's name


@dataclass
class Entry:
    """A label, and what was said of it.

    Attributes:
        line: of the text.
        label: a country, a region, a total, or text that is none of them.
        count: a number, or a cell that says that there is none; None where nothing stands there.
        price: what is asked.
        shares: whether a share stands beside it, which is not read.
        further: more numbers than are read.
        more: numbers behind the first, where a line has several.
        unclear: why its count is left out, as words behind `The count of Egypt in line 3`; empty where it is read.
        factor: what the heading of the counts says that one of them stands for.
        currency: of its price, where the heading names it.
        price_factor: what the heading of the prices says that one of them stands for.
    """

    line: int
    label: Cell
    count: Cell | None = None
    price: Cell | None = None
    shares: int = 0
    further: int = 0
    more: list[Cell] = field(default_factory=list)
    unclear: str = ""
    factor: int = 1
    currency: str = ""
    price_factor: int = 1


@dataclass
class Entries:
    """Everything that a text has.

    Attributes:
        entries: in the text's order.
        passed_over: lines that were not read, with their text.
        understood: sentences on how columns were read.
        countries: numbers of countries that the text states, with their lines.
        of: what headings say that counts are of.
        headed: the heading of the counts.
        shifted: the line of a number that stands above the first country, where it is not clear whose it is.
    """

    entries: list[Entry] = field(default_factory=list)
    passed_over: dict[int, str] = field(default_factory=dict)
    understood: list[str] = field(default_factory=list)
    countries: list[tuple[int, Cell]] = field(default_factory=list)
    of: str = ""
    headed: str = ""
    shifted: int | None = None


def of_lines(rows: Sequence[GridRow]) -> Entries:
    """Entries of lines: one or more on a line, or one cell a line with the count below its country."""
    found = Entries()
    cut: list[tuple[Cell, ...]] = []
    cells = 0
    for at, row in enumerate(rows):
        if at == FIRST and not _names_any(cut):
            return found
        cut.append(cells_of(row.cells[0]))
        cells += len(cut[-1])
        if cells > MOST_CELLS:
            raise TooLargeTable(f"This has more than {MOST_CELLS:,} cells.")
    return _of_cells(found, rows, cut) if _names_any(cut) else found


def _names_any(cut: Sequence[Sequence[Cell]]) -> bool:
    """Whether lines name a country, a total or a part of the world."""
    return any(one.kind in LABELS for cells in cut for one in cells)


def _of_cells(found: Entries, rows: Sequence[GridRow], cut: Sequence[Sequence[Cell]]) -> Entries:
    current: Entry | None = None
    stands = turned(cut)
    if stands.pairs:
        return _turned(rows, cut, stands.pairs)
    for at, (row, cells) in enumerate(zip(rows, cut, strict=True)):
        if len(cells) == 1 and cells[0].of == "countries":
            found.countries.append((row.line, cells[0]))
        elif stands.unclear and current is not None and bool(cells) and _is_numeric(cells):
            found.shifted = found.shifted or row.line
        elif _continues(current, cells):
            for one in cells:
                _put(found, current, one)
        elif any(one.kind in LABELS for one in cells) or _is_unknown(row, cells, _beside(cut, at)):
            current = _read(found, row.line, cells)
        elif at and current is None and _is_name(cut[at - 1]) and cells and _is_numeric(cells):
            # The line above stands where the names of countries stand, one cell a line.
            current = Entry(row.line, cut[at - 1][0])
            found.entries.append(current)
            for one in cells:
                _put(found, current, one)
        else:
            found.passed_over[row.line] = row.cells[0]
            current = None
    choose(found.entries)
    head(found)
    return found


def _turned(
    rows: Sequence[GridRow], cut: Sequence[Sequence[Cell]], pairs: Sequence[tuple[int, int]]
) -> Entries:
    """Entries of lines that have the number above its country."""
    found = Entries()
    for number, label in pairs:
        entry = Entry(rows[label].line, cut[label][0])
        found.entries.append(entry)
        _put(found, entry, cut[number][0])
    read = {at for pair in pairs for at in pair}
    found.passed_over = {row.line: row.cells[0] for at, row in enumerate(rows) if at not in read}
    found.understood.append("Each number was read as that of the country in the line below it.")
    return found


def _is_name(cells: Sequence[Cell]) -> bool:
    return len(cells) == 1 and cells[0].kind == "text" and len(cells[0].text.split()) <= _MOST_WORDS


def _is_numeric(cells: Sequence[Cell]) -> bool:
    return all(one.kind in ("number", "price", "percent", "missing") for one in cells)


def _read(found: Entries, line: int, cells: Sequence[Cell]) -> Entry | None:
    """The entries of one line; the last of them."""
    current: Entry | None = None
    for one in cells:
        if one.kind in LABELS or (current is None and one.kind in ("text", "missing")):
            current = Entry(line, one)
            found.entries.append(current)
        else:
            _put(found, current, one)
    return current


def _put(found: Entries, entry: Entry | None, one: Cell) -> None:
    """A cell beside a label."""
    if entry is None:
        return
    if one.of == "countries":
        found.countries.append((entry.line, one))
    elif one.kind == "price" and entry.price is None:
        entry.price = one
    elif one.kind in ("number", "missing") and entry.count is None:
        entry.count = one
    elif one.kind == "number":
        entry.more.append(one)
    elif one.kind == "percent":
        entry.shares += 1
    elif one.kind == "price" or (one.kind == "text" and any(map(str.isdecimal, one.text))):
        entry.further += 1


def _continues(current: Entry | None, cells: Sequence[Cell]) -> bool:
    """Whether a line has nothing but numbers, and a label above waits for one."""
    return (
        current is not None
        and current.label.kind != "text"
        and bool(cells)
        and _is_numeric(cells)
        and (current.count is None or current.price is None)
    )


def _beside(cut: Sequence[Sequence[Cell]], at: int) -> bool:
    """Whether the line before or after is one of a country with a number."""
    near = [cut[other] for other in (at - 1, at + 1) if 0 <= other < len(cut)]
    return any(len(cells) > 1 and cells[0].kind == "country" for cells in near)


def _is_unknown(row: GridRow, cells: Sequence[Cell], beside: bool) -> bool:
    """Whether a line's first words stand where a country's name would, with a number behind them."""
    return (
        len(cells) > 1
        and cells[0].kind in ("text", "missing")
        and len(cells[0].text.split()) <= _MOST_WORDS
        and any(one.kind == "number" and one.of != "countries" for one in cells[1:])
        and (beside or bool(_PARTED.search(row.cells[0].strip())))
    )
