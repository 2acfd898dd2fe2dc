"""Whether the numbers of one statement fit one another: its rows, its total, its number of countries.

Digits that were not said leave room: each row means all the numbers that it may have been rounded from, and the sums of
the least and of the most of them are held against what the total may mean.

>>> from floodmark.assessment.statements.country_table import CountryRow, exactly
>>> rows = CountryRow("EG", exactly(44_823_547)), CountryRow("IT", exactly(35_677_323))
>>> said = Assertion(kind="countries", quantity=exactly(2), table=CountryTable(rows))
>>> total = Assertion(kind="total", quantity=Quantity(50_000_000, 1))
>>> saying = Saying(kind="advert", speaker_kind="seller", speaker="", said_on="", text="", assertions=(said, total))
>>> for one in sums(total, saying):
...     print(one.effect, one.words, sep=": ")
contradicts: The 2 rows add up to 80,500,870, which is more than the total of 50 million by about 31 million.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from floodmark.assessment.contradictions.numbers import counted_as
from floodmark.assessment.contradictions.scopes import country_of, part_of
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.material import EvidenceTest
from floodmark.assessment.report.assertion_words import counted, number
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Saying
from floodmark.reports.labels import country_name
from floodmark.reports.numbers import listing, plural

TEST = "sums"
POWER = (
    "This looks at the statement alone. Numbers that fit one another may be made up; where they do not fit, one of them"
    " is wrong, or they count different things."
)


def sums(assertion: Assertion, saying: Saying) -> tuple[Evidence, ...]:
    """What the rest of a statement says of one of its assertions.

    Args:
        assertion: one of the statement's; kinds other than `total` and `countries` have nothing to add up.
        saying: the whole statement.
    """
    if assertion.kind == "total" and assertion.quantity is not None:
        return (
            *_rows(assertion, assertion.quantity, saying),
            *_totals(assertion, assertion.quantity, saying),
        )
    if assertion.kind == "countries" and assertion.quantity is not None:
        tables = [one.table for one in _alike(assertion, saying) if one.table is not None]
        return tuple(_countries(assertion.quantity, table) for table in tables)
    return ()


def _rows(assertion: Assertion, total: Quantity, saying: Saying) -> Iterator[Evidence]:
    """The rows of each table against the total; a total of one country against that country's row."""
    for one in saying.assertions:
        if one.kind != "countries" or one.table is None or not one.table.counts:
            continue
        if part_of(one.scope) == part_of(assertion.scope):
            yield _sum(assertion, total, one, saying)
        elif not one.scope and (country := country_of(assertion.scope)) in one.table.counts:
            yield _row(total, country, one.table.counts[country])


def _sum(assertion: Assertion, total: Quantity, rows: Assertion, saying: Saying) -> Evidence:
    """The rows of one table against the total of the same part."""
    table = rows.table or CountryTable(())
    counts = table.counts.values()
    low = sum(count.low for count in counts)
    high = sum(
        count.value if count.high is None else count.high for count in counts
    )  # where only the least is said
    unsure = high - low + (total.step if total.step > 1 else 0)
    add = "adds" if len(counts) == 1 else "add"
    said = f"The {plural(len(counts), 'row')} {add} up to {_near(table.sum, high - low)}"
    if total.high is not None and low > total.high:
        other = _other_things(assertion, rows, saying)
        effect = "flags" if other or total.bound == "about" else "contradicts"
        over = _near(table.sum - total.value, unsure)
        words = f"{said}, which is more than the total of {number(total)} by {over}"
        words += f"; the rows may count {listing(other)}." if other else "."
    elif high < total.low:
        missing = _near(total.value - table.sum, unsure)
        effect, ending = _short(table, saying)
        words = f"{said}, which is less than the total of {number(total)} by {missing}{ending}"
    else:
        effect, words = "unremarkable", f"{said}, which fits the total of {number(total)}."
    numbers = {"check": "rows", "rows": len(counts), "sum": table.sum, "low": low, "total": total.value}
    return _evidence(effect, words, numbers)


def _other_things(assertion: Assertion, rows: Assertion, saying: Saying) -> list[str]:
    """What the rows may count instead: other things of which the statement has a total, too."""
    mine = counted_as(assertion.of)
    if rows.of:
        return [counted(rows.of)] if assertion.of and counted_as(rows.of) != mine else []
    totals = (one for one in _alike(assertion, saying) if one.of)
    return [*dict.fromkeys(counted(one.of) for one in totals if counted_as(one.of) != mine)]


def _short(table: CountryTable, saying: Saying) -> tuple[str, str]:
    """Rows that are less than the total: to be expected of a part of a table, and not of all of it."""
    if any(count.high is None for count in table.counts.values()):
        return "unremarkable", "; some rows say only how many there are at least."
    of_whole = [one for one in saying.assertions if one.kind == "countries" and not one.scope]
    claimed = max((one.quantity.value for one in of_whole if one.quantity is not None), default=0)
    if not claimed:
        return "unremarkable", "; whether the table is complete is not said."
    gone = claimed - len(table.counts)
    if gone > 0:
        return (
            "unremarkable",
            f"; {gone} of the {claimed} countries claimed {'has' if gone == 1 else 'have'} no row.",
        )
    return "flags", f", although there is a row for each of the {claimed} countries claimed."


def _row(total: Quantity, country: str, count: Quantity) -> Evidence:
    """What is said of one country apart from the table, against its row."""
    fits = total.agrees(count)
    words = (
        f"The row of {country_name(country)} has {number(count)}; beside the table it is {number(total)}, which "
        + ("fits." if fits else "does not fit.")
    )
    numbers = {"check": "row", "country": country, "said": total.value, "row": count.value}
    return _evidence("unremarkable" if fits else "flags", words, numbers)


def _totals(assertion: Assertion, total: Quantity, saying: Saying) -> Iterator[Evidence]:
    """Other totals of the same thing in the same statement."""
    for one in _alike(assertion, saying):
        if one is not assertion and one.quantity is not None and not one.quantity.agrees(total):
            same = counted_as(one.of) == counted_as(assertion.of)
            words = f"The same statement also says {number(one.quantity)} {counted(one.of)}" + (
                "." if same else f", which may count something else than {counted(assertion.of)}."
            )
            numbers = {"check": "totals", "said": total.value, "other": one.quantity.value}
            yield _evidence("flags" if same else "unremarkable", words, numbers)


def _countries(claim: Quantity, table: CountryTable) -> Evidence:
    """How many countries are said against how many have a row."""
    rows = len(table.rows)
    numbers = {"check": "countries", "said": claim.value, "rows": rows}
    said = f"The table has {plural(rows, 'row')}"
    if claim.high is not None and rows > claim.high:
        effect = "flags" if claim.bound == "about" else "contradicts"
        return _evidence(effect, f"{said}, more than {number(claim)} countries, as claimed.", numbers)
    if rows < claim.low:
        words = f"{said}, fewer than {number(claim)} countries, as claimed; it may be a part of a longer one."
        return _evidence("unremarkable", words, numbers)
    return _evidence("unremarkable", f"{said}, as many as the countries that are claimed.", numbers)


def _alike(assertion: Assertion, saying: Saying) -> list[Assertion]:
    return [
        one
        for one in saying.assertions
        if one.kind == assertion.kind and part_of(one.scope) == part_of(assertion.scope)
    ]


def _near(value: int, unsure: int) -> str:
    """A number that was worked out, to no more digits than what it was worked out from is good for, but to two."""
    if not unsure:
        return f"{value:,}"
    step = int(10 ** min(len(str(unsure)) - 1, max(0, len(str(value)) - 2)))
    rounded = (2 * value + step) // (2 * step) * step
    return number(Quantity(rounded, len(str(rounded)) - len(str(step)) + 1, "about"))


def _evidence(effect: str, words: str, numbers: Mapping[str, Any]) -> Evidence:
    return Evidence(test=TEST, effect=effect, words=words, power=POWER, numbers=numbers)


SUMS = EvidenceTest(
    TEST,
    frozenset({"total", "countries"}),
    "other numbers in the same statement",
    lambda statement, assertion, material: sums(assertion, statement),
    asked_for=frozenset(),  # nobody can have a statement say more than it does
)
