"""Which column of a table has what: countries, counts, prices, shares, codes, parts of countries."""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.assessment.reading.cells import Cell
from floodmark.assessment.reading.freeform import LABELS
from floodmark.assessment.reading.headings import Heading
from floodmark.assessment.reading.table_errors import UnclearColumns

MOST_SIDES = 6  # tables side by side, whose ranks run across
NO_COUNTS = ("rank", "price", "percent", "code", "year")


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


def country_columns(columns: Columns) -> list[int]:
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
        any(is_numeric(columns, one) for one in range(start + 1, end))
        for start, end in zip(countries, ends, strict=True)
    )


def _agree(one: list[Cell], other: list[Cell]) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a.kind == b.kind == "country"]
    named = max(sum(cell.kind == "country" for cell in cells) for cells in (one, other))
    agreeing = sum(bool({*a.countries} & {*b.countries}) for a, b in pairs)
    return 2 * agreeing > named


def is_numeric(columns: Columns, at: int) -> bool:
    """Whether most of what is filled in a column are numbers."""
    filled = [one for one in columns.column(at) if one.kind not in ("empty", "missing")]
    return bool(filled) and 2 * sum(one.kind in ("number", "price") for one in filled) >= len(filled)


def group_of(
    columns: Columns, country: int, others: list[int], count_column: str | None, price_column: str | None
) -> Group:
    """What belongs to a column of countries.

    Args:
        columns: of the table.
        country: the column of countries.
        others: columns that may belong to it.
        count_column: heading or number of the column of counts, where it was given.
        price_column: the same for prices.

    Raises:
        UnclearColumns: several may have the counts, or none has the name that was given.
    """
    numeric = [at for at in others if is_numeric(columns, at)]
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
    price = column_named(columns, price_column, "prices") if price_column else _price(columns, numeric)
    if count_column:
        return Group(
            country, column_named(columns, count_column, "counts"), price, shares, same, parts, codes
        )
    left = [at for at in numeric if at != price and at not in shares and not _is_rank(columns, at, numeric)]
    told = [at for at in left if columns.headings[at].role == "count"]
    left = told or [at for at in left if columns.headings[at].role not in NO_COUNTS]
    if len(left) > 1:
        raise UnclearColumns(
            f"{len(left)} columns of numbers stand beside the countries.",
            "Say which has the counts, by its heading or its number: columns "
            + ", ".join(name_of(columns, at) for at in left)
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


def column_named(columns: Columns, name: str, what: str) -> int:
    """The column that has this heading, or this number counted from one.

    Raises:
        UnclearColumns: none has, or several have.
    """
    wanted = name.strip().casefold()
    found = [at for at, one in enumerate(columns.headings) if one.text.strip().casefold() == wanted]
    if not found and wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:4]) <= len(columns.headings):
        found = [int(wanted[:4]) - 1]
    if len(found) != 1:
        raise UnclearColumns(f"The column of {what} is not found by what was given.")
    return found[0]


def name_of(columns: Columns, at: int) -> str:
    """A column by its number, and its heading where that may be shown."""
    return f"{at + 1}" + (f" ({columns.headings[at].shown})" if columns.headings[at].text else "")
