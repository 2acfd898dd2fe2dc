r"""Entries of a table in columns: which column has countries, which counts, which prices.

>>> from floodmark.assessment.reading.grid import grids_of
>>> found = of_columns(grids_of("#,Country,Records (M)\n1,Egypt,44.8\n2,Italy,35.6\n")[0])
>>> [(one.label.text, one.count.text, one.factor) for one in found.entries]
[('Egypt', '44.8', 1000000), ('Italy', '35.6', 1000000)]
"""

from __future__ import annotations

from dataclasses import replace

from floodmark.assessment.reading.cells import Cell, cell
from floodmark.assessment.reading.choosing import SEVERAL
from floodmark.assessment.reading.column_roles import (
    Columns,
    Group,
    column_named,
    country_columns,
    group_of,
    is_numeric,
    name_of,
)
from floodmark.assessment.reading.entries import Entries, Entry
from floodmark.assessment.reading.freeform import LABELS, cells_of
from floodmark.assessment.reading.grid import Grid, GridRow
from floodmark.assessment.reading.headings import heading
from floodmark.assessment.reading.table_errors import NoCountryTable

WIDEST = 60
NAMIBIA = "NA"  # among names a sign that nothing is there, among codes a country


def of_columns(
    grid: Grid,
    country_column: str | None = None,
    count_column: str | None = None,
    price_column: str | None = None,
) -> Entries:
    """Entries of a table in columns.

    Raises:
        NoCountryTable: no column has countries.
        UnclearColumns: several may have the counts, or none has the name that was given.
    """
    columns = _columns(grid)
    width = len(columns.headings)
    countries = (
        [column_named(columns, country_column, "countries")] if country_column else country_columns(columns)
    )
    if not countries:
        raise NoCountryTable("No column has names of countries.")
    if not any(one.text for one in columns.headings) and not any(
        is_numeric(columns, at) for at in range(width)
    ):
        raise NoCountryTable("No column has numbers.")
    found = Entries()
    for at, start in enumerate(countries):
        end = countries[at + 1] if at + 1 < len(countries) else width
        others = range(width) if len(countries) == 1 else range(start + 1, end)
        group = group_of(columns, start, [one for one in others if one != start], count_column, price_column)
        entries, passed_over = _entries(columns, group)
        found.entries += entries
        found.passed_over |= passed_over
        found.understood.append(_sentence(columns, group))
        found.of = columns.headings[group.count].of if group.count is not None else ""
        found.headed = columns.headings[group.count].text if group.count is not None else ""
    for entry in found.entries:
        found.passed_over.pop(entry.line, None)
    found.passed_over |= columns.above
    return found


def _columns(grid: Grid) -> Columns:
    width = min(WIDEST, max(len(row.cells) for row in grid.rows))
    rows = [GridRow(row.line, (*row.cells, *("",) * width)[:width]) for row in grid.rows]
    cells = [tuple(map(cell, row.cells)) for row in rows]
    top = _heading_row(rows, cells)
    names = rows[top].cells if top is not None else ("",) * width
    below = 0 if top is None else top + 1
    above = {row.line: " ".join(filter(None, row.cells)) for row in rows[: top or 0]}
    return Columns(
        tuple(map(heading, names)), tuple(row.line for row in rows[below:]), tuple(cells[below:]), above
    )


def _heading_row(rows: list[GridRow], cells: list[tuple[Cell, ...]]) -> int | None:
    """The first row of two or more words or of one that is a known heading, above any row with a number."""
    for at, row in enumerate(cells[:10]):
        filled = [one for one in row if one.kind != "empty"]
        if any(one.kind in ("price", "percent") or (one.kind == "number" and one.of == "") for one in filled):
            return None
        if any(heading(text).role for text in rows[at].cells) and not any(
            one.kind == "country" for one in filled
        ):
            return at
    return None


def _entries(columns: Columns, group: Group) -> tuple[list[Entry], dict[int, str]]:
    """Entries, and lines that are none: headings within, and what stands above or below the table."""
    found: list[Entry] = []
    passed_over: dict[int, str] = {}
    headings = columns.headings
    for line, row in zip(columns.lines, columns.rows, strict=True):
        entry = Entry(line, _label(row, group))
        entry.count = _filled(row, group.count, ("number", "price", "percent", "missing", "text"))
        entry.price = _filled(row, group.price, ("number", "price"))
        if entry.label.kind == "text" and entry.count is None:
            parts = cells_of(entry.label.text)
            if len(parts) > 1 and parts[0].kind in LABELS:
                entry.label, entry.count = parts[0], parts[1]
                entry.unclear = SEVERAL if len(parts) > 2 else ""
        numeric = [one for one in (entry.count, entry.price) if one is not None and one.said is not None]
        if not numeric and entry.label.kind not in LABELS:
            if any(one.kind != "empty" for one in row):
                passed_over[line] = " ".join(one.text for one in row if one.text)
            continue
        entry.shares = sum(row[at].kind not in ("empty", "missing") for at in group.shares)
        entry.factor = headings[group.count].factor if group.count is not None else 1
        entry.currency = headings[group.price].currency if group.price is not None else ""
        entry.price_factor = headings[group.price].factor if group.price is not None else 1
        found.append(entry)
    return found, passed_over


def _filled(row: tuple[Cell, ...], at: int | None, kinds: tuple[str, ...]) -> Cell | None:
    return row[at] if at is not None and row[at].kind in kinds else None


def _label(row: tuple[Cell, ...], group: Group) -> Cell:
    """The country of a row, by its name and by its code where it has both; all that they name where they differ."""
    label = row[group.country]
    if label.kind == "country" and any(row[at].kind in ("text", "country", "part") for at in group.parts):
        return replace(label, kind="part")
    if group.codes and label.text == NAMIBIA:
        label = Cell("country", label.text, (NAMIBIA,))
    for at in group.same:
        other = row[at]
        if other.kind != "country":
            continue
        if label.kind != "country":
            label = other if label.kind in ("text", "empty", "missing") else label
        else:
            common = tuple(code for code in label.countries if code in other.countries)
            label = replace(label, countries=common or (*label.countries, *other.countries))
    return label


def _sentence(columns: Columns, group: Group) -> str:
    parts = [f"countries in column {name_of(columns, group.country)}"]
    if group.count is not None:
        factor = columns.headings[group.count].factor
        unit = f", which is in units of {factor:,}" if factor > 1 else ""
        parts.append(f"counts in column {name_of(columns, group.count)}{unit}")
    if group.price is not None:
        parts.append(f"prices in column {name_of(columns, group.price)}")
    return f"Found {', '.join(parts)}."
