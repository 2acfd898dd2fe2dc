r"""Entries of a table in columns: which column has countries, which counts, which prices.

>>> from floodmark.assessment.reading.grid import grids_of
>>> found = of_columns(grids_of("#,Country,Records (M)\n1,Egypt,44.8\n2,Italy,35.6\n")[0])
>>> [(one.label.text, one.count.text, one.factor) for one in found.entries]
[('Egypt', '44.8', 1000000), ('Italy', '35.6', 1000000)]
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from floodmark.assessment.reading.cells import Cell, cell
from floodmark.assessment.reading.choosing import SEVERAL
from floodmark.assessment.reading.entries import Entries, Entry
from floodmark.assessment.reading.freeform import LABELS, cells_of
from floodmark.assessment.reading.grid import Grid, GridRow
from floodmark.assessment.reading.headings import Heading, heading
from floodmark.assessment.reading.table_errors import NoCountryTable, UnclearColumns

WIDEST = 60
MOST_SIDES = 6  # tables side by side, whose ranks run across
NO_COUNTS = ("rank", "price", "percent", "code", "year")
NAMIBIA = "NA"  # among names a sign that nothing is there, among codes a country


@dataclass(frozen=True)
class Columns:
    """Columns by what they have, and rows of cells below the headings.

    Attributes:
        headings: of each column.
        lines: of each row.
        rows: cells of each row.
        above: rows above the headings, with their text.
    """

    headings: tuple[Heading, ...]
    lines: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    above: dict[int, str]

    def column(self, at: int) -> list[Cell]:
        """Cells of a column, from the top."""
        return [row[at] for row in self.rows]


@dataclass(frozen=True)
class Group:
    """A column of countries with those that belong to it; a table may have several side by side.

    Attributes:
        country: the column of countries.
        count: that of counts.
        price: that of prices.
        shares: columns of shares.
        same: columns that name the same countries, as codes do.
        parts: columns of parts of a country.
        codes: whether the countries are codes.
    """

    country: int
    count: int | None
    price: int | None
    shares: tuple[int, ...] = ()
    same: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    codes: bool = False


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
        [_named(columns, country_column, "countries")] if country_column else _country_columns(columns)
    )
    if not countries:
        raise NoCountryTable("No column has names of countries.")
    if not any(one.text for one in columns.headings) and not any(
        _is_numeric(columns, at) for at in range(width)
    ):
        raise NoCountryTable("No column has numbers.")
    found = Entries()
    for at, start in enumerate(countries):
        end = countries[at + 1] if at + 1 < len(countries) else width
        others = range(width) if len(countries) == 1 else range(start + 1, end)
        group = _group(columns, start, [one for one in others if one != start], count_column, price_column)
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


def _country_columns(columns: Columns) -> list[int]:
    """Columns of countries from the left; of those that name the same countries, the first."""
    found: list[int] = []
    for at in range(len(columns.headings)):
        filled = [one for one in columns.column(at) if one.kind not in ("empty", "missing")]
        named = [one for one in filled if one.kind in LABELS]
        if not named or not any(one.kind == "country" for one in named) or 2 * len(named) < len(filled):
            continue
        if found and columns.headings[at].role in ("code", "part"):
            continue
        if not any(_agree(columns.column(at), columns.column(other)) for other in found):
            found.append(at)
    told = [at for at in found if columns.headings[at].role == "country"]
    return told[:1] if len(told) == 1 and len(found) > 1 and not _have_counts(columns, found) else found


def _have_counts(columns: Columns, countries: list[int]) -> bool:
    ends = [*countries[1:], len(columns.headings)]
    return all(
        any(_is_numeric(columns, one) for one in range(start + 1, end))
        for start, end in zip(countries, ends, strict=True)
    )


def _agree(one: list[Cell], other: list[Cell]) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a.kind == b.kind == "country"]
    named = max(sum(cell.kind == "country" for cell in cells) for cells in (one, other))
    agreeing = sum(bool({*a.countries} & {*b.countries}) for a, b in pairs)
    return 2 * agreeing > named


def _is_numeric(columns: Columns, at: int) -> bool:
    filled = [one for one in columns.column(at) if one.kind not in ("empty", "missing")]
    return bool(filled) and 2 * sum(one.kind in ("number", "price") for one in filled) >= len(filled)


def _group(
    columns: Columns, country: int, others: list[int], count_column: str | None, price_column: str | None
) -> Group:
    numeric = [at for at in others if _is_numeric(columns, at)]
    shares = tuple(at for at in others if _is_share(columns, at))
    parts = tuple(at for at in others if columns.headings[at].role == "part")
    same = tuple(
        at
        for at in others
        if at not in parts
        and (
            _agree(columns.column(country), columns.column(at))
            or (columns.headings[at].role == "code" and at not in numeric)
        )
    )
    named = [one for one in columns.column(country) if one.kind == "country"]
    codes = all(len(one.text) == 2 and one.text.isupper() for one in named)
    price = _named(columns, price_column, "prices") if price_column else _price(columns, numeric)
    if count_column:
        return Group(country, _named(columns, count_column, "counts"), price, shares, same, parts, codes)
    left = [at for at in numeric if at != price and at not in shares and not _is_rank(columns, at, numeric)]
    told = [at for at in left if columns.headings[at].role == "count"]
    left = told or [at for at in left if columns.headings[at].role not in NO_COUNTS]
    if len(left) > 1:
        raise UnclearColumns(
            f"{len(left)} columns of numbers stand beside the countries.",
            "Say which has the counts, by its heading or its number: columns "
            + ", ".join(_name(columns, at) for at in left)
            + ".",
        )
    return Group(country, left[0] if left else None, price, shares, same, parts, codes)


def _price(columns: Columns, numeric: list[int]) -> int | None:
    told = [at for at in numeric if columns.headings[at].role == "price"]
    priced = [
        at for at in numeric if sum(one.kind == "price" for one in columns.column(at)) * 2 > len(columns.rows)
    ]
    return next(iter(told or priced), None)


def _is_share(columns: Columns, at: int) -> bool:
    filled = [one for one in columns.column(at) if one.kind not in ("empty", "missing")]
    return columns.headings[at].role == "percent" or (
        bool(filled) and 2 * sum(one.kind == "percent" for one in filled) > len(filled)
    )


def _is_rank(columns: Columns, at: int, numeric: list[int]) -> bool:
    """A column headed so, or one of 1, 2, 3 beside another with numbers, which side by side may be 1, 3, 5."""
    if columns.headings[at].role == "rank":
        return True
    values = [one.said.candidates[0].value for one in columns.column(at) if one.said]
    if len(numeric) < 2 or len(values) < 2 or values[0].denominator > 1:
        return False
    first, step = int(values[0]), int(values[1] - values[0])
    near = (first, step) == (1, 1) or (len(values) > 2 and (first <= MOST_SIDES or step == 1))
    return near and 0 < step <= MOST_SIDES and values == list(range(first, first + step * len(values), step))


def _named(columns: Columns, name: str, what: str) -> int:
    wanted = name.strip().casefold()
    found = [at for at, one in enumerate(columns.headings) if one.text.strip().casefold() == wanted]
    if not found and wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:4]) <= len(columns.headings):
        found = [int(wanted[:4]) - 1]
    if len(found) != 1:
        raise UnclearColumns(f"The column of {what} is not found by what was given.")
    return found[0]


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


def _name(columns: Columns, at: int) -> str:
    return f"{at + 1}" + (f" ({columns.headings[at].shown})" if columns.headings[at].text else "")


def _sentence(columns: Columns, group: Group) -> str:
    parts = [f"countries in column {_name(columns, group.country)}"]
    if group.count is not None:
        factor = columns.headings[group.count].factor
        unit = f", which is in units of {factor:,}" if factor > 1 else ""
        parts.append(f"counts in column {_name(columns, group.count)}{unit}")
    if group.price is not None:
        parts.append(f"prices in column {_name(columns, group.price)}")
    return f"Found {', '.join(parts)}."
