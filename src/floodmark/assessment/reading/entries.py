"""Entries of a table: a label with what stands beside it, from lines as they were pasted.

>>> from floodmark.assessment.reading.grid import grid_of
>>> found = of_lines(grid_of("Egypt - 44M\\nItaly\\n35M\\nFor sale now").rows)
>>> [(one.line, one.label.text, one.count.text) for one in found.entries], found.passed_over
([(1, 'Egypt', '44M'), (2, 'Italy', '35M')], (4,))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from floodmark.assessment.reading.cells import Cell
from floodmark.assessment.reading.freeform import cells_of
from floodmark.assessment.reading.grid import GridRow

LABELS = ("country", "region", "total")


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
        factor: what the heading of the counts says that one of them stands for.
    """

    line: int
    label: Cell
    count: Cell | None = None
    price: Cell | None = None
    shares: int = 0
    further: int = 0
    factor: int = 1


@dataclass
class Entries:
    """Everything that a text has.

    Attributes:
        entries: in the text's order.
        passed_over: lines that were not read.
        understood: sentences on how columns were read.
        countries: number of countries that a total's line states, with its line.
    """

    entries: list[Entry] = field(default_factory=list)
    passed_over: tuple[int, ...] = ()
    understood: list[str] = field(default_factory=list)
    countries: list[tuple[int, Cell]] = field(default_factory=list)


def of_lines(rows: Sequence[GridRow]) -> Entries:
    """Entries of lines: one or more on a line, or one cell a line with the count below its country."""
    found, passed_over = Entries(), []
    current: Entry | None = None
    for row in rows:
        cells = cells_of(row.cells[0])
        if not any(one.kind in LABELS for one in cells) and not _continues(current, cells):
            unknown = _unknown(cells)
            if unknown is None:
                passed_over.append(row.line)
                current = None
                continue
        for one in cells:
            if one.kind in LABELS or (
                one.kind == "text" and one is cells[0] and not _continues(current, cells)
            ):
                current = Entry(row.line, one)
                found.entries.append(current)
            elif current is not None:
                put(found, current, one)
    found.passed_over = tuple(passed_over)
    return found


def put(found: Entries, entry: Entry, one: Cell) -> None:
    """A cell beside a label."""
    if one.of == "countries":
        found.countries.append((entry.line, one))
    elif one.kind == "price" and entry.price is None:
        entry.price = one
    elif one.kind in ("number", "missing") and entry.count is None:
        entry.count = one
    elif one.kind == "percent":
        entry.shares += 1
    elif one.kind in ("number", "price"):
        entry.further += 1


def _continues(current: Entry | None, cells: Sequence[Cell]) -> bool:
    """Whether a line has nothing but numbers, and a label above waits for one."""
    return (
        current is not None
        and current.label.kind != "text"
        and all(one.kind in ("number", "price", "percent", "missing") for one in cells)
        and (current.count is None or current.price is None)
    )


def _unknown(cells: Sequence[Cell]) -> Cell | None:
    """The label of a line whose first words are no country's name, with a number behind them."""
    if len(cells) < 2 or cells[0].kind != "text" or len(cells[0].text.split()) > 5:
        return None
    return cells[0] if any(one.kind == "number" for one in cells[1:]) else None
