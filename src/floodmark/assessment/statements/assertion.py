"""One testable thing that a statement claims.

>>> Assertion(kind="total", quantity=Quantity(487_000_000, 3), of="phones").kind
'total'
"""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """What is claimed; which parts are set depends on the kind.

    Attributes:
        kind: one of `kinds.ASSERTION_KINDS`.
        quantity: of `total`, `countries` (how many) and `amount`.
        of: what a `total` counts, one of `kinds.COUNTED`; empty where that was not said.
        currency: of `amount`, ISO 4217.
        on: a day, a month or a year (`2021-04-03`, `2021-04`, `2021`), of `fixed-before`, `old` and `dated`.
        who: of `attack-by`.
        fields: labels of `FieldType`, of `fields`.
        table: of `countries`.
        scope: what part it is about, in a word or two, such as `US` or `outage`; empty: the whole. Assertions
            disagree only where their scope is the same.
        quote: the words that say it.
    """

    kind: str
    quantity: Quantity | None = None
    of: str = ""
    currency: str = ""
    on: str = ""
    who: str = ""
    fields: tuple[str, ...] = ()
    table: CountryTable | None = None
    scope: str = ""
    quote: str = ""
