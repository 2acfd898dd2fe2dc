"""How many mobile subscriptions a country has: the crowd that a check hides in, as the threat model counts it.

>>> subscriptions()["DE"], subscriptions()["IS"]
((104000000, 2022), (457000, 2022))

The figures have three digits. Those with the source `itu` are the ITU's, as in the World Bank's indicator IT.CEL.SETS
and in Gapminder's `cell_phones_total` (both CC BY 4.0): the newest of each country, none from before 2021. That with
`factbook` is the World Factbook's (public domain).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

_SOURCES = {"itu": "ITU", "factbook": "The World Factbook"}


@cache
def subscriptions() -> dict[str, tuple[int, int]]:
    """Mobile subscriptions and the year of the count, by ISO 3166-1 alpha-2 code."""
    return {country: (int(row["subscriptions"]), int(row["year"])) for country, row in _rows().items()}


def source(country: str) -> str:
    """Who counted a country's subscriptions, and of which year.

    >>> source("DE"), source("TW")
    ('ITU, 2022', 'The World Factbook, 2023')
    """
    row = _rows()[country]
    return f"{_SOURCES[row['source']]}, {row['year']}"


@cache
def _rows() -> dict[str, dict[str, str]]:
    with files("floodmark.assessment").joinpath("data", "subscriptions.csv").open(encoding="utf-8") as file:
        return {row["country"]: row for row in csv.DictReader(file)}
