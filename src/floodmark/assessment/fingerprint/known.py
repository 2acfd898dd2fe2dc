"""A table of countries that is known already, to compare an advert with."""

from __future__ import annotations

from dataclasses import dataclass, field

from floodmark.assessment.statements.country_table import Price
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement


@dataclass(frozen=True, kw_only=True)
class KnownTable:
    """Counts that were published, or counted in a saved leak.

    Attributes:
        id: of the statement that has it, or `profile:SLUG` where triage counted it.
        about: slug of the leak or incident.
        title: in words, for reports.
        dated: when it was published or counted, as `2021-04`: not when something was said that came out later.
        counts: by ISO 3166-1 alpha-2.
        total: as it was said or counted; None where it was not.
        prices: by country.
        sources: where a row was read, by country, where it has a source of its own.
        counted: whether triage counted it, so that every digit is meant.
        synthetic: whether it is of made-up data, which every output says.
        statistic: whether it is no leak but what is published of countries anyway, as their population.
    """

    id: str
    about: str
    title: str
    dated: str
    counts: dict[str, Quantity]
    total: Quantity | None = None
    prices: dict[str, Price] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    counted: bool = False
    synthetic: bool = False
    statistic: bool = False


def said_table(statement: Statement, title: str) -> KnownTable | None:
    """The table of countries that a statement has; None where it has none with a count.

    Args:
        statement: of the register or of the reference set.
        title: of the leak or incident that it is about.
    """
    table = statement.table
    if table is None or not table.counts:
        return None
    # The first total of the whole, if one is said.
    said = (one.quantity for one in statement.assertions if one.kind == "total" and not one.scope)
    return KnownTable(
        id=statement.id,
        about=statement.about,
        title=title,
        dated=_published(statement),
        counts=table.counts,
        total=next((one for one in said if one is not None), None),
        prices=table.prices,
        sources={row.country: row.source for row in table.rows if row.source},
    )


def _published(statement: Statement) -> str:
    """When it could be copied: when it became known, unless that is only the month or the year of when it was said."""
    learnt = statement.learnt_on or ""
    return statement.said_on if statement.said_on.startswith(learnt) else learnt
