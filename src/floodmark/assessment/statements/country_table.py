"""A table of countries as an advert prints it: how many, and for how much.

>>> rows = CountryRow("EG", exactly(44_823_547)), CountryRow("US", None, Price(Quantity(7000, 1), "USD"))
>>> table = CountryTable(rows)
>>> table.counts, table.sum
({'EG': Quantity(value=44823547, digits=8, bound='')}, 44823547)
"""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.assessment.statements.quantity import Quantity, exactly

__all__ = ["CountryRow", "CountryTable", "Price", "Quantity", "exactly"]


@dataclass(frozen=True)
class Price:
    """Money that is asked: whole units of a currency (ISO 4217)."""

    amount: Quantity
    currency: str


@dataclass(frozen=True)
class CountryRow:
    """One line.

    Attributes:
        country: ISO 3166-1 alpha-2.
        count: as it was said; None where the row has a price alone.
        price: of this country's part.
        source: where this one row was read, in words; empty: where the whole statement was.
    """

    country: str
    count: Quantity | None
    price: Price | None = None
    source: str = ""


@dataclass(frozen=True)
class CountryTable:
    """Rows in the order in which they were printed, at most one of a country."""

    rows: tuple[CountryRow, ...]

    @property
    def counts(self) -> dict[str, Quantity]:
        """Counts by country, in the table's order."""
        return {row.country: row.count for row in self.rows if row.count is not None}

    @property
    def prices(self) -> dict[str, Price]:
        """Prices by country, in the table's order."""
        return {row.country: row.price for row in self.rows if row.price is not None}

    @property
    def sum(self) -> int:
        """Sum of the counts as they were said."""
        return sum(one.value for one in self.counts.values())
