r"""A text as rows of cells, whatever its layout: JSON, HTML, Markdown, delimited values, or lines as they were pasted.

>>> grid = grids_of("country;records\nEgypt;44.823.547\n")[0]
>>> grid.layout, grid.rows[1]
('values parted by semicolons', GridRow(line=2, cells=('Egypt', '44.823.547')))
>>> [grid.layout for grid in grids_of("Egypt - 44M\nItaly - 35M")]
['lines of text']
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

from floodmark.assessment.reading import html_table, json_table
from floodmark.assessment.reading.cells import cell
from floodmark.assessment.reading.numerals import readings

DELIMITERS = {
    "\t": "values parted by tabs",
    ";": "values parted by semicolons",
    ",": "values parted by commas",
}
LINES = "lines of text"
_RULE = re.compile(r"[\s|¦│┃+:=_─━┼╋┌┐└┘├┤┬┴═╬╔╗╚╝╠╣╦╩-]*")
_BARS = re.compile(r"[|¦│┃║]")


@dataclass(frozen=True)
class GridRow:
    """Cells of a row as they stand, and the line of the text that it begins on; of JSON, which entry it is."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Rows, and in words how they are laid out. Rows of `LINES` have one cell, the line."""

    layout: str
    rows: tuple[GridRow, ...]

    @property
    def is_lines(self) -> bool:
        """Whether rows are lines, still to be cut into cells."""
        return self.layout == LINES


def grids_of(text: str) -> tuple[Grid, ...]:
    """Ways to read a text as rows, the likeliest first, and last as lines; empty rows are left out."""
    if found := json_table.rows(text):
        return (_grid("JSON", found),)
    grids = []
    if html_table.is_html(text):
        if found := html_table.rows(text):
            grids.append(_grid("an HTML table", found))
        text = html_table.lines(text)
    if found := _barred(text):
        grids.append(_grid("a table with bars", found))
    grids += [_grid(words, found) for mark, words in DELIMITERS.items() if (found := _delimited(text, mark))]
    lines: list[tuple[int, tuple[str, ...]]] = [
        (number, (line,)) for number, line in enumerate(text.splitlines(), 1)
    ]
    return tuple(grid for grid in (*grids, _grid(LINES, lines)) if grid.rows)


def _grid(layout: str, rows: list[tuple[int, tuple[str, ...]]]) -> Grid:
    return Grid(layout, tuple(GridRow(line, cells) for line, cells in rows if any(map(str.strip, cells))))


def _barred(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """A Markdown table, or one that a terminal drew."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    barred = [(number, line) for number, line in lines if _BARS.search(line)]
    if len(barred) < 2 or 2 * len(barred) < len(lines):
        return []
    rows = [
        (number, _BARS.split(_without_edges(line))) for number, line in barred if not _RULE.fullmatch(line)
    ]
    return [(number, tuple(part.strip().strip("*_`") for part in parts)) for number, parts in rows]


def _without_edges(line: str) -> str:
    start, end = (1 if _BARS.match(line) else 0), (-1 if _BARS.match(line[-1]) else None)
    return line[start:end]


def _delimited(text: str, delimiter: str) -> list[tuple[int, tuple[str, ...]]]:
    """Rows of a delimited text of which most are equally wide; none where it is no such text."""
    if delimiter not in text:
        return []
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        before = 0
        for cells in reader:
            if any(map(str.strip, cells)):
                rows.append((before + 1, tuple(cells)))
            before = reader.line_num
    except csv.Error:
        return []
    widths = [len(cells) for _, cells in rows]
    most = max({*widths}, key=widths.count, default=1)
    if most < 2 or 10 * sum(width > 1 for width in widths) < 8 * len(widths):
        return []
    if delimiter == "," and (widths.count(most) < 0.8 * len(widths) or _parts_groups(rows, most)):
        return []
    return rows


def _parts_groups(rows: list[tuple[int, tuple[str, ...]]], width: int) -> bool:
    """Whether the commas part groups of digits: `Egypt, 44,823,547`, and no heading is as wide as the rows."""
    if (
        width > 2
        and len(rows[0][1]) == width
        and not any(character.isdigit() for character in "".join(rows[0][1]))
    ):
        return False
    counted = [
        cells for _, cells in rows if len(cells) > 2 and cell(cells[0]).kind in ("country", "total", "region")
    ]
    return bool(counted) and all(readings(",".join(part.strip() for part in cells[1:])) for cells in counted)
