"""Adverts and known tables that are made up, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from floodmark.assessment.advert import AdvertAssessment, assess
from floodmark.assessment.advert_reading import Advert, pasted
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Price, exactly
from floodmark.assessment.statements.quantity import Quantity

COUNTS = {
    "EG": 44_823_547,
    "US": 32_315_282,
    "FR": 19_848_559,
    "MY": 11_675_894,
    "GB": 11_522_327,
    "SG": 3_073_009,
    "ID": 130_331,
}
OTHER = {
    "EG": 40_118_206,
    "US": 35_920_411,
    "FR": 12_407_933,
    "MY": 18_266_750,
    "GB": 11_839_602,
    "SG": 2_918_444,
    "ID": 175_018,
}
"""Of the same sizes, and of no kin."""


def table(counts: Mapping[str, Quantity | int], prices: Mapping[str, Price] | None = None) -> CountryTable:
    """A table of counts, each in full unless it is a quantity."""
    rows = []
    for country, count in counts.items():
        said = count if isinstance(count, Quantity) else exactly(count)
        rows.append(CountryRow(country, said, (prices or {}).get(country)))
    return CountryTable(tuple(rows))


def made(
    counts: Mapping[str, Quantity | int] = COUNTS,
    *claims: Assertion,
    total: Quantity | None = None,
    prices: Mapping[str, Price] | None = None,
    **said: Any,
) -> Advert:
    """An advert that was read from a file."""
    first = [Assertion(kind="total", quantity=total)] if total is not None else []
    if counts:
        first.append(Assertion(kind="countries", table=table(counts, prices)))
    return pasted([*first, *claims], **{"name": "table.txt", "content": b"a table", **said})


def known(
    counts: Mapping[str, int] = COUNTS, slug: str = "old-leak", name: str = "list", **said: Any
) -> KnownTable:
    """A table that is known."""
    values: dict[str, Any] = {"title": "An old leak", "dated": "2019-04-03", **said}
    return KnownTable(
        id=f"{slug}/{name}",
        about=slug,
        counts={country: exactly(count) for country, count in counts.items()},
        **values,
    )


def assessed(
    said: Advert | None = None, tables: Sequence[KnownTable] | None = None, **more: Any
) -> AdvertAssessment:
    """An assessment; by default of an advert with the figures of the only known table."""
    return assess(said or made(), [known()] if tables is None else tables, **more)
