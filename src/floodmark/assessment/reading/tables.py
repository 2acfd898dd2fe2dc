r"""A table of countries from a file or from what was pasted, with what was understood of it.

>>> read = read_table(b"Country;Records\nEgypt;44.823.547\nItaly;35,6 Mio.\nTotal;487 Mio.\n")
>>> read.table.counts["IT"], read.total
(Quantity(value=35600000, digits=3, bound=''), Quantity(value=487000000, digits=3, bound=''))
"""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.assessment.reading.assembly import Made, assemble
from floodmark.assessment.reading.columns import of_columns
from floodmark.assessment.reading.dump_likeness import refuse_a_dump
from floodmark.assessment.reading.entries import Entries, of_lines
from floodmark.assessment.reading.grid import Grid, grids_of
from floodmark.assessment.reading.table_errors import NoCountryTable, UnclearColumns, Unread
from floodmark.assessment.reading.table_text import TIED, text_of
from floodmark.assessment.reading.table_warnings import TableWarning
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity

MOST_WARNINGS = 5


@dataclass(frozen=True)
class ReadTable:
    """A table of countries, and how it was read.

    Attributes:
        table: a row of each country.
        total: what a total's line says; None where there is none, or where two differ.
        understood: sentences on what was read and how.
        warnings: what to look at before anything rests on the table.
        countries: how many countries the text says that there are; None where it does not.
        of: what the numbers count, one of `kinds.COUNTED`, where headings or nouns say it.
    """

    table: CountryTable
    total: Quantity | None
    understood: tuple[str, ...]
    warnings: tuple[TableWarning, ...]
    countries: Quantity | None = None
    of: str = ""


def read_table(
    raw: bytes,
    *,
    name: str = "",
    country_column: str | None = None,
    count_column: str | None = None,
    price_column: str | None = None,
    currency: str = "",
) -> ReadTable:
    """The table of countries in a file or in what was pasted.

    Args:
        raw: bytes of the file, in UTF-8, UTF-16, UTF-32 or an older encoding.
        name: name of the file, for its ending; empty where there is none.
        country_column: heading or number (from 1) of the column of countries; None: the one that has them.
        count_column: heading or number of the column of counts; None: the one that its heading or its cells tell.
        price_column: heading or number of the column of prices.
        currency: of prices that name none, ISO 4217.

    Returns:
        The table with sentences on how it was read, and warnings.

    Raises:
        TooLargeTable: more than 1 MB or 5,000 rows.
        LooksLikeDump: rows of phone numbers, addresses or people instead of countries.
        NoCountryTable: no country with a count or a price in it.
        UnclearColumns: several columns may be the one that is meant, or none has the name that was given.
    """
    text, sentences = text_of(raw)
    refuse_a_dump(text)
    named = (country_column, count_column, price_column)
    unread: Unread | None = None
    for grid in grids_of(text):
        if grid.is_lines and unread is not None:
            raise unread
        if grid.is_lines and any(named):
            raise UnclearColumns("A column was named, and this has none.", "Leave the names of columns out.")
        try:
            made, found = _made(grid, named, currency)
        except Unread as error:
            unread = unread or error
            continue
        except NoCountryTable:
            continue
        return _read(grid, sentences, found, made)
    raise unread or NoCountryTable("There is no country with a count or a price in this.")


def _made(grid: Grid, named: tuple[str | None, ...], currency: str) -> tuple[Made, Entries]:
    found = of_lines(grid.rows) if grid.is_lines else of_columns(grid, *named)
    made = assemble(found, currency)
    if not made.rows and any(one.label.kind in ("country", "part") for one in found.entries):
        listed = " ".join(one.words for one in made.warnings[:MOST_WARNINGS])
        raise Unread(
            f"There are countries in this, and no count or price of them that is read. {listed}".strip()
        )
    if not made.rows:
        raise NoCountryTable("There is no country with a count or a price in this.")
    return made, found


def _read(grid: Grid, sentences: tuple[str, ...], found: Entries, made: Made) -> ReadTable:
    return ReadTable(
        CountryTable(tuple(made.rows)),
        made.total,
        (f"Read as {grid.layout}.", *sentences, *found.understood, *made.understood),
        (*made.warnings, *(TableWarning("encoding", one) for one in sentences if one.startswith(TIED))),
        made.countries,
        made.of,
    )
