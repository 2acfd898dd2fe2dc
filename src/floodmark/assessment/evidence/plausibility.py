"""Counts by country against how many people and mobile subscriptions there are: flags, never more.

A number is no person: people have several, numbers are given out again, and a file that was collected over years has
those of the past too. The code that a number begins with is not where somebody lives. So a count above the population
is worth a question to whoever printed it, and proves nothing.

>>> from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
>>> table = CountryTable((CountryRow("TN", exactly(30_000_000)), CountryRow("EG", exactly(44_823_547))))
>>> for one in plausibility(table, None):
...     print(one.words)
Tunisia: 30,000,000 is 2.5 times the population of 12,048,800 (Unicode CLDR 48.2, 2026).
Tunisia: 30,000,000 is 1.9 times the 16,000,000 mobile subscriptions (ITU, 2022).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.material import EvidenceTest
from floodmark.assessment.population import POPULATION_SOURCE, population
from floodmark.assessment.report.assertion_words import number
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Saying
from floodmark.assessment.subscriptions import source, subscriptions
from floodmark.reports.labels import country_name
from floodmark.reports.numbers import plural, share

TEST = "plausibility"
OVER = 20
"""A share of the total this many times the share of the world's subscriptions is flagged."""
SMALLEST_SHARE = 0.01
POWER = (
    "A flag only: a number is not a person, people hold several, and the code of a number is not where somebody lives."
    " A table that is made up with care has no flag at all."
)


def plausibility_of(assertion: Assertion, saying: Saying) -> tuple[Evidence, ...]:
    """The flags on one assertion of a statement: on its table, or on its total.

    A total is held against the world only where it is of the whole, and a table's shares are of the total that is said
    beside it.
    """
    if assertion.table is not None:
        totals = [one.quantity for one in saying.assertions if one.kind == "total" and not one.scope]
        return _rows(assertion.table, totals[0] if totals else None)
    if assertion.kind == "total" and not assertion.scope:
        return _world(assertion.quantity)
    return ()


def plausibility(table: CountryTable | None, total: Quantity | None) -> tuple[Evidence, ...]:
    """The flags on a table of countries and on a total.

    Args:
        table: the rows; those without a count are passed over.
        total: what is said of the whole; without it no share is looked at, for a table may be of a few countries.

    Returns:
        One piece of evidence for each flag, by country in the table's order; where there is none, one that says so with
        how many rows were compared; nothing where there was nothing to compare.
    """
    return (*_world(total), *(_rows(table, total) if table is not None else ()))


def _world(total: Quantity | None) -> tuple[Evidence, ...]:
    """A total against all the mobile subscriptions of the world."""
    everywhere = sum(count for count, _ in subscriptions().values())
    if total is None:
        return ()
    numbers = {"check": "world", "said": total.value, "subscriptions": everywhere}
    words = f"of {everywhere:,} mobile subscriptions in {len(subscriptions())} countries (2021 to 2023)"
    if total.low > everywhere:
        return (_evidence("flags", f"{_first(number(total))} is more than the sum {words}.", numbers),)
    return (
        _evidence(
            "unremarkable", f"{_first(number(total))} is {share(total.value, everywhere)} {words}.", numbers
        ),
    )


def _rows(table: CountryTable, total: Quantity | None) -> tuple[Evidence, ...]:
    flags = [flag for country in table.counts for flag in _country(country, table.counts[country], total)]
    if flags or not table.counts:
        return tuple(flags)
    compared = [
        sum(country in known for country in table.counts) for known in (population(), subscriptions())
    ]
    words = (
        f"None of {plural(len(table.counts), 'count')} stands out: {compared[0]} compared with the population"
        f" ({POPULATION_SOURCE}), {compared[1]} with mobile subscriptions (2021 to 2023)."
    )
    return (
        _evidence(
            "unremarkable", words, {"check": "rows", "population": compared[0], "subscriptions": compared[1]}
        ),
    )


def _country(country: str, count: Quantity, total: Quantity | None) -> Iterator[Evidence]:
    """What stands out of one row."""
    start = f"{country_name(country)}: {number(count)}"
    people, lines = population().get(country), subscriptions().get(country)
    if people and count.low > people:
        words = f"{start} is {_times(count.low / people)} the population of {people:,} ({POPULATION_SOURCE})."
        yield _evidence("flags", words, _numbers("population", country, count, people))
    if lines and count.low > lines[0]:
        words = f"{start} is {_times(count.low / lines[0])} the {lines[0]:,} mobile subscriptions ({source(country)})."
        yield _evidence("flags", words, _numbers("subscriptions", country, count, lines[0]))
    if not has_networks(country):
        words = f"{start}, but no telephone network is known that has numbers of its own there."
        yield _evidence("flags", words, _numbers("networks", country, count, 0))
    if lines and total is not None and total.high:
        yield from _share(country, count, total.high)


def _share(country: str, count: Quantity, total: int) -> Iterator[Evidence]:
    """A row that is a far greater part of the total than the country is of the world."""
    lines = subscriptions()[country][0]
    of_total, of_world = count.low / total, lines / sum(lines for lines, _ in subscriptions().values())
    if of_total >= SMALLEST_SHARE and of_total > OVER * of_world:
        words = (
            f"{country_name(country)} has {share(of_total)} of the total, but {share(of_world)} of the world's mobile"
            f" subscriptions ({source(country)})."
        )
        yield _evidence("flags", words, _numbers("share", country, count, lines))


def has_networks(country: str) -> bool:
    """Whether the country has telephone numbers, by libphonenumber's plans or by what the ITU counts.

    >>> has_networks("TN"), has_networks("AQ")
    (True, False)
    """
    from floodmark.identifiers.numbering import REGIONS

    return country in subscriptions() or country in REGIONS


def _numbers(check: str, country: str, count: Quantity, known: int) -> dict[str, str | int]:
    return {"check": check, "country": country, "said": count.value, "known": known}


def _evidence(effect: str, words: str, numbers: Mapping[str, Any]) -> Evidence:
    return Evidence(test=TEST, effect=effect, words=words, power=POWER, numbers=numbers)


def _times(ratio: float) -> str:
    """How many times, with one digit after the point, and more where that would say `once`."""
    return f"{ratio:.1f} times" if ratio >= 1.05 else "a little more than"


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


PLAUSIBILITY = EvidenceTest(
    TEST,
    frozenset({"total", "countries"}),
    "counts by country, or a total",
    lambda statement, assertion, material: plausibility_of(assertion, statement),
)
