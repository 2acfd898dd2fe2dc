"""What does not fit together in a table of countries: its sum and its total, counts that nobody can have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from floodmark.assessment.statements.country_table import CountryRow
from floodmark.assessment.statements.quantity import Quantity
from floodmark.reports.labels import country_name

WORLD = 8_000_000_000
ABSURD = 10 * WORLD
Warn = Callable[[str, str, int | None], None]


def check(
    rows: Sequence[CountryRow],
    total: Quantity | None,
    countries: Quantity | None,
    lines: Mapping[str, int],
    warn: Warn,
) -> None:
    """Warn of what does not fit."""
    counts = [(row.country, row.count) for row in rows if row.count is not None]
    for country, count in counts:
        line = lines[country]
        if count.value == 0:
            warn("zero", f"The count of {country_name(country)} in line {line} is zero.", line)
        if count.value > ABSURD:
            warn(
                "absurd",
                f"The count of {country_name(country)} in line {line} is over ten times the people of the world.",
                line,
            )
    if total is not None and counts:
        _sum(counts, total, warn)
    if countries is not None and not countries.low <= len(rows) <= (countries.high or len(rows)):
        warn(
            "countries",
            f"The text says {countries.value:,} countries; {len(rows):,} were read.",
            None,
        )


def _sum(counts: Sequence[tuple[str, Quantity]], total: Quantity, warn: Warn) -> None:
    sum_ = sum(count.value for _, count in counts)
    low = sum(count.low for _, count in counts)
    highs = [count.high for _, count in counts]
    high = None if any(one is None for one in highs) else sum(one for one in highs if one is not None)
    if (high is None or total.low <= high) and (total.high is None or low <= total.high):
        return
    difference = abs(total.value - sum_)
    side = "less" if sum_ < total.value else "more"
    warn(
        "sum",
        f"The rows add up to {sum_:,}, which is {difference:,} {side} than the total of {total.value:,}.",
        None,
    )
