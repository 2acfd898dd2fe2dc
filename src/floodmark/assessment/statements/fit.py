"""Which parts an assertion of each kind needs and may have.

>>> check_fit(Assertion(kind="total", quantity=Quantity(487_000_000, 3), of="phones"))
>>> check_fit(Assertion(kind="attack-by"))
Traceback (most recent call last):
    ...
floodmark.assessment.statements.values.UnfitAssertion: The assertion attack-by does not say by whom.
"""

from __future__ import annotations

import re

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.values import UnfitAssertion, assertion, values
from floodmark.reports.labels import country_name

__all__ = ["Quantity", "check_fit"]

_ALWAYS = {"kind", "scope", "quote"}
_PARTS = {
    "total": {"quantity", "of"},
    "countries": {"quantity", "table"},
    "fields": {"fields"},
    "old": {"on"},
    "fixed-before": {"on"},
    "attack-by": {"who"},
    "amount": {"quantity", "currency"},
    "dated": {"on"},
}
_LACKING = {
    "quantity": "how many",
    "fields": "which kinds of data",
    "on": "when",
    "who": "by whom",
    "currency": "in which currency",
}
_UNINHABITED = {"BV", "UM"}  # they have a code, and no number of anybody
_CURRENCY = re.compile(r"[A-Z]{3}")


def check_fit(one: Assertion) -> None:
    """See that an assertion says what its kind needs, and nothing else.

    Dates and words are checked where they are kept, and labels of kinds of data where they are known.

    Raises:
        UnfitAssertion: it does not; the message names the kind and the part.
    """
    found = values(one)
    if assertion(found) != one:  # raises where it is none
        raise UnfitAssertion(f"The assertion {one.kind} has a table without rows.")
    parts = _PARTS.get(one.kind, set())
    if more := sorted({*found} - parts - _ALWAYS):
        raise UnfitAssertion(f"The assertion {one.kind} has no {more[0]}.")
    if one.kind == "countries":
        if one.quantity is None and one.table is None:
            raise UnfitAssertion("The assertion countries says neither how many nor which.")
    elif lacking := [name for name in _LACKING if name in parts and name not in found and one.kind != "old"]:
        raise UnfitAssertion(f"The assertion {one.kind} does not say {_LACKING[lacking[0]]}.")
    if one.currency and not _CURRENCY.fullmatch(one.currency):
        raise UnfitAssertion("A currency is three capitals, such as EUR.")
    if one.table is not None:
        countries = [row.country for row in one.table.rows]
        if len(countries) != len({*countries}):
            raise UnfitAssertion("A table has a country twice.")
        if any(
            (country_name(code) == code and code not in _UNINHABITED) or code == "ZZ" for code in countries
        ):
            raise UnfitAssertion("A table has a country that is none.", "Countries are those of ISO 3166-1.")
        if any(row.count is None and row.price is None for row in one.table.rows):
            raise UnfitAssertion("A row of a table has neither a count nor a price.")
