"""Statistics of countries as known tables: an advert may have its figures from there, and not from any data.

>>> [(one.id, len(one.counts) > 150, one.statistic) for one in statistics_tables()]
[('statistic:population', True, True), ('statistic:subscriptions', True, True)]
"""

from __future__ import annotations

from functools import cache

from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.population import POPULATION_SOURCE, population
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.subscriptions import source, subscriptions

POPULATION, SUBSCRIPTIONS = "statistic:population", "statistic:subscriptions"
_POPULATION_DIGITS, _SUBSCRIPTIONS_DIGITS = 6, 3  # to which the figures are rounded


@cache
def statistics_tables() -> tuple[KnownTable, ...]:
    """How many people live in a country, and how many mobile subscriptions it has.

    They have no date: such figures are published every year, and those of one year are near those of the next.
    """
    return (
        KnownTable(
            id=POPULATION,
            about=POPULATION,
            title="Population by country",
            dated="",
            counts=_rounded(population(), _POPULATION_DIGITS),
            sources=dict.fromkeys(population(), POPULATION_SOURCE),
            statistic=True,
        ),
        KnownTable(
            id=SUBSCRIPTIONS,
            about=SUBSCRIPTIONS,
            title="Mobile subscriptions by country",
            dated="",
            counts=_rounded(
                {one: count for one, (count, _) in subscriptions().items()}, _SUBSCRIPTIONS_DIGITS
            ),
            sources={one: source(one) for one in subscriptions()},
            statistic=True,
        ),
    )


def _rounded(counts: dict[str, int], digits: int) -> dict[str, Quantity]:
    return {one: Quantity(count, min(digits, len(str(count)))) for one, count in counts.items() if count}
