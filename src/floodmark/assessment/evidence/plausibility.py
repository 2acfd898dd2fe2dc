r"""Counts by country against how many people and mobile subscriptions there are: flags, never more.

A number is no person: people have several, numbers are given out again, and a file that was collected over years has
those of the past too. The code that a number begins with is not where somebody lives. So a count above the population
is worth a question to whoever printed it, and proves nothing.

>>> from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
>>> table = CountryTable((CountryRow("TN", exactly(30_000_000)), CountryRow("EG", exactly(44_823_547))))
>>> for one in plausibility(table, None):
...     print(one.words.replace("; ", ";\n    "))
Tunisia: 30,000,000 is 2.5 times the population, 12,048,800 (as in Unicode CLDR 48.2, which gives no year);
    1.9 times the mobile subscriptions, 16,000,000 (ITU, 2022).
1 of 2 counts stands out (2 held against the population, 2 against mobile subscriptions).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
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
ROUNDED = 0.1
"""Subscriptions are years old and rounded to three digits: a count is flagged from so much more on."""
SMALLEST_SHARE = 0.01
MAINLY = 0.5
"""Where a country has this share of the total, none is flagged: what is mainly of one country says so itself."""
NO_NUMBERS = frozenset({"AQ", "BV", "GS", "HM", "PN", "TF", "UM"})
"""Territories for which no numbering plan has numbers of their own: nobody lives there, or by the numbers of others."""
OF_THE_WORLD = frozenset({"", "phones", "people", "users"})
"""What totals count that are held against the world's subscriptions."""
POWER = (
    "A flag only: a number is not a person, people hold several, and the code of a number is not where somebody lives."
    " A table that is made up with care has no flag at all."
)


def plausibility_of(assertion: Assertion, saying: Saying) -> tuple[Evidence, ...]:
    """The flags on one assertion of a statement: on its table, or on its total.

    A total is held against the world only where it is of the whole and of numbers or people, for one person may have
    any number of rows and addresses. A table's shares are of the total that is said beside it.
    """
    if assertion.table is not None:
        totals = [one.quantity for one in saying.assertions if one.kind == "total" and not one.scope]
        return _rows(assertion.table, totals[0] if totals else None)
    if assertion.kind == "total" and not assertion.scope and assertion.of in OF_THE_WORLD:
        return _world(assertion.quantity)
    return ()


def plausibility(table: CountryTable | None, total: Quantity | None) -> tuple[Evidence, ...]:
    """The flags on a table of countries and on a total.

    Args:
        table: the rows; those without a count are passed over.
        total: what is said of the whole; without it no share is looked at, for a table may be of a few countries.

    Returns:
        For a total, one piece of evidence. For a table, one for each country that stands out, in the table's order, and
        one with how many were compared. Nothing where there was nothing to compare.
    """
    return (*_world(total), *(_rows(table, total) if table is not None else ()))


def _world(total: Quantity | None) -> tuple[Evidence, ...]:
    """A total against all the mobile subscriptions of the world."""
    if total is None:
        return ()
    over = total.low > _everywhere()
    said = (
        f"{number(total)} is {'more than' if over else f'{share(total.value, _everywhere())} of'} the"
        f" {_everywhere() / 1e9:.1f} billion mobile subscriptions of {len(subscriptions())} countries (2021 to 2023)."
    )
    numbers = {"check": "world", "said": total.value, "subscriptions": _everywhere()}
    return (_evidence("flags" if over else "unremarkable", said[:1].upper() + said[1:], numbers),)


def _rows(table: CountryTable, total: Quantity | None) -> tuple[Evidence, ...]:
    counts = table.counts
    if not counts:
        return ()
    if total is not None and max(count.value for count in counts.values()) > MAINLY * total.value:
        total = None
    flags = [flag for country, count in counts.items() if (flag := _country(country, count, total))]
    people, lines = (sum(country in known for country in counts) for known in (population(), subscriptions()))
    words = (
        f"{len(flags) or 'None'} of {plural(len(counts), 'count')} {'stands' if len(flags) <= 1 else 'stand'} out"
        f" ({people} held against the population, {lines} against mobile subscriptions)."
    )
    numbers = {
        "check": "rows",
        "rows": len(counts),
        "flags": len(flags),
        "population": people,
        "subscriptions": lines,
    }
    return (*flags, _evidence("unremarkable", words, numbers))


def _country(country: str, count: Quantity, total: Quantity | None) -> Evidence | None:
    """What stands out of one row, if anything does."""
    people, lines = population().get(country), subscriptions().get(country, (0, 0))[0]
    found = {}
    if people and count.low > people:
        found["population"] = (
            f"{_times(count.value / people)} the population, {people:,} ({POPULATION_SOURCE})"
        )
    if lines and count.low > (1 + ROUNDED) * lines:
        found["subscriptions"] = (
            f"{_times(count.value / lines)} the mobile subscriptions, {lines:,} ({source(country)})"
        )
    if lines and total is not None and _is_large_part(count, total, lines):
        of_world = share(lines, _everywhere())
        found["share"] = (
            f"{share(count.value, total.value)} of the total, from {of_world} of the world's mobile subscriptions"
            f" ({source(country)})"
        )
    if country in NO_NUMBERS:
        found["networks"] = "a count, though no network is known that has telephone numbers of its own there"
    if not found:
        return None
    words = f"{country_name(country)}: {number(count)} is {'; '.join(found.values())}."
    numbers = {"check": "country", "country": country, "said": count.value, "flags": [*found]}
    return _evidence("flags", words, numbers | {"population": people, "subscriptions": lines or None})


def _is_large_part(count: Quantity, total: Quantity, lines: int) -> bool:
    """Whether a row's share of the total is far above the country's share of the world, however it was rounded."""
    if not total.high:
        return False
    of_total = count.low / total.high
    return of_total >= SMALLEST_SHARE and of_total > OVER * lines / _everywhere()


@cache
def _everywhere() -> int:
    return sum(lines for lines, _ in subscriptions().values())


def _evidence(effect: str, words: str, numbers: Mapping[str, Any]) -> Evidence:
    return Evidence(test=TEST, effect=effect, words=words, power=POWER, numbers=numbers)


def _times(ratio: float) -> str:
    """How many times, with one digit after the point; words where that would say `once`."""
    return f"{ratio:,.1f} times" if ratio >= 1.05 else "a little more than"


PLAUSIBILITY = EvidenceTest(
    TEST,
    frozenset({"total", "countries"}),
    "counts by country, or a total",
    lambda statement, assertion, material: plausibility_of(assertion, statement),
    asked_for=frozenset(),
)
