"""What does not fit together in a table of countries: its sum and its total, counts that nobody can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from floodmark.assessment.reading.calling_codes import calling_codes
from floodmark.assessment.reading.table_warnings import Warnings
from floodmark.assessment.statements.country_table import CountryRow
from floodmark.assessment.statements.quantity import Quantity
from floodmark.reports.labels import country_name


def check(
    rows: Sequence[CountryRow],
    beside: Sequence[Quantity],
    total: Quantity | None,
    countries: Quantity | None,
    lines: Mapping[str, int],
    warned: Warnings,
) -> None:
    """Warn of what does not fit.

    Args:
        rows: that were read.
        beside: counts of parts of the world and of others, which are in no row.
        total: as it was said.
        countries: how many the text says there are.
        lines: of each row.
        warned: takes the warnings.
    """
    counts = [(row.country, row.count) for row in rows if row.count is not None]
    for country, count in counts:
        line = lines[country]
        of = f"The count of {country_name(country)} in line {line}"
        if count.value == 0:
            warned.add("zero", f"{of} is zero.", line)
    if words := _no_counts([count.value for _, count in counts]):
        warned.add("no-counts", f"All counts {words}: are they counts?")
    if total is not None and counts:
        _sum([count for _, count in counts], beside, total, warned)
    if countries is not None and countries.value < 1_000 and not _holds(countries, len(rows)):
        warned.add("countries", f"The text says {countries.value} countries; {len(rows)} were read.")


def _no_counts(values: Sequence[int]) -> str:
    """What all numbers of a table look like, if not like counts."""
    if len(values) > 1 and all(1900 <= value <= 2100 for value in values):
        return "lie between 1900 and 2100, as years do"
    if len(values) > 1 and list(values) == list(range(1, len(values) + 1)):
        return "run from 1, as ranks do"
    if len(values) > 2 and len({*values}) > 2 and all(value in calling_codes() for value in values):
        return "are calling codes of telephone numbers"
    return ""


def _sum(counts: list[Quantity], beside: Sequence[Quantity], total: Quantity, warned: Warnings) -> None:
    if _agrees(counts, total) or (beside and _agrees([*counts, *beside], total)):
        return
    difference = sum(one.value for one in counts) - total.value
    side = "less" if difference < 0 else "more"
    warned.add("sum", f"The rows add up to {abs(difference):,} {side} than the total.")


def _agrees(counts: Sequence[Quantity], total: Quantity) -> bool:
    """Whether the counts can add up to the total, each anywhere within what was said of it."""
    low = sum(one.low for one in counts)
    highs = [one.high for one in counts]
    high = None if None in highs else sum(one for one in highs if one is not None)
    return (high is None or total.low <= high) and (total.high is None or low <= total.high)


def _holds(said: Quantity, number: int) -> bool:
    return said.value == number if not said.bound else said.low <= number <= (said.high or number)
