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
MOST = 85_000_000_000
"""Of anything that can be counted in a leak: ten times the world's mobile subscriptions. More are no count, and may be
somebody's number."""
_MOST_IN_A_COUNTRY = (
    2_000_000_000  # with all of its digits said; no country has so many people or subscriptions
)
_MOST_DIGITS = 10  # of a sum of money: more are no sum that anybody says
_UNINHABITED = {"BV", "UM"}  # they have a code, and no number of anybody
_NOTHING = "Leave it out; that nothing was taken is said in the text of the statement."
_TOO_MANY = "Numbers of people are not recorded. Write what was counted."
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
    _check_counts(one)
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


def _check_counts(one: Assertion) -> None:
    """Refuse what counts nothing, or so much that it may be somebody's number; no figure is repeated."""
    said = one.quantity
    if (
        said is not None
        and one.kind in ("total", "countries")
        and said.value == 0
        and said.bound != "at-most"
    ):
        raise UnfitAssertion(f"The assertion {one.kind} counts nothing.", _NOTHING)
    if said is not None and one.kind != "amount" and said.value > MOST:
        raise UnfitAssertion(f"The assertion {one.kind} counts more than there can be.", _TOO_MANY)
    if said is not None and one.kind == "amount" and said.digits > _MOST_DIGITS:
        raise UnfitAssertion("A sum of money has too many digits to be one.", _TOO_MANY)
    for row in one.table.rows if one.table is not None else ():
        count, price = row.count, row.price
        if count is not None and (count.value > MOST or _is_like_a_number(count)):
            raise UnfitAssertion("A table has a count of more than a country can have.", _TOO_MANY)
        if price is not None and price.amount.digits > _MOST_DIGITS:
            raise UnfitAssertion("A table has a price of too many digits to be one.", _TOO_MANY)


def _is_like_a_number(count: Quantity) -> bool:
    """Whether a count of one country has as many digits as a telephone number, and all of them said."""
    return count.value > _MOST_IN_A_COUNTRY and count.digits == len(str(count.value))
