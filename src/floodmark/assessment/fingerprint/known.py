"""A table of countries that is known already, to compare an advert with."""

from __future__ import annotations

from dataclasses import dataclass, field

from floodmark.assessment.statements.country_table import Price
from floodmark.assessment.statements.quantity import Quantity


@dataclass(frozen=True, kw_only=True)
class KnownTable:
    """Counts that were published, or counted in a saved leak.

    Attributes:
        id: of the statement that has it, or `profile:SLUG` where triage counted it.
        about: slug of the leak or incident.
        title: in words, for reports.
        dated: when it was said or counted: `2021-04`.
        counts: by ISO 3166-1 alpha-2.
        total: as it was said or counted; None where it was not.
        prices: by country.
        sources: where a row was read, by country, where it has a source of its own.
        counted: whether triage counted it, so that every digit is meant.
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
