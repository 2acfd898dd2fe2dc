"""How many mobile subscriptions a country has: the crowd that a check hides in, as the threat model counts it.

>>> subscriptions()["DE"]
(104000000, 2022)
>>> 60_000 > others(subscriptions()["DE"][0]) > 6_000 > others(subscriptions()["IS"][0]) > 20
True

The figures have three digits. Those with the source `itu` are the ITU's as in the World Bank's indicator IT.CEL.SETS and in
Gapminder's `cell_phones_total` (both CC BY 4.0), the newest that is there for each country and not before 2021; that with
`factbook` is the World Factbook's (public domain).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

BUCKETS, FETCHED = 65_536, 4


@cache
def subscriptions() -> dict[str, tuple[int, int]]:
    """Mobile subscriptions and the year of the count, by ISO 3166-1 alpha-2 code."""
    with files("floodmark.web").joinpath("data", "subscriptions.csv").open(encoding="utf-8") as file:
        return {
            row["country"]: (int(row["subscriptions"]), int(row["year"])) for row in csv.DictReader(file)
        }


def others(number: int) -> float:
    """How many of so many belong into the buckets that one check fetches (threat model, "Evaluator and host together").

    >>> round(others(79_007_000))
    4822
    """
    return number * FETCHED / BUCKETS
