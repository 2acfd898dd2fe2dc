"""How many people live in a country, to hold counts against.

>>> population()["TN"], POPULATION_SOURCE
(12048800, 'as in Unicode CLDR 48.2, which gives no year')

CLDR takes the figures from others and rounds them to six digits; it does not say of which year each of them is.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

POPULATION_SOURCE = "as in Unicode CLDR 48.2, which gives no year"
"""What is named wherever a figure is shown."""


@cache
def population() -> dict[str, int]:
    """People by ISO 3166-1 alpha-2 code."""
    with files("floodmark.assessment").joinpath("data", "population.csv").open(encoding="utf-8") as file:
        return {row["country"]: int(row["population"]) for row in csv.DictReader(file)}
