"""Assertions as JSON values, as the register keeps them, files of statements have them and the HTTP API answers them.

>>> said = Assertion(kind="total", quantity=Quantity(487_000_000, 3), of="phones")
>>> values(said)
{'kind': 'total', 'quantity': {'value': 487000000, 'digits': 3}, 'of': 'phones'}
>>> assertion(values(said)) == said
True
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Price
from floodmark.assessment.statements.kinds import ASSERTION_KINDS, COUNTED
from floodmark.assessment.statements.quantity import BOUNDS, Quantity
from floodmark.errors import UsageError

LARGEST = 10**15  # of a count or a sum of money; JSON readers keep whole numbers up to 2**53
_TEXTS = ("of", "currency", "on", "who", "scope", "quote")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class UnfitAssertion(UsageError):
    """An assertion lacks what its kind needs, or has what no assertion has; exit code 2."""

    slug = "unfit-assertion"
    hint = "floodmark statement show NUMBER -o json prints statements in the form that is read."


def values(one: Assertion) -> dict[str, Any]:
    """An assertion as JSON values: its kind, and what is set."""
    found: dict[str, Any] = {"kind": one.kind}
    if one.quantity is not None:
        found["quantity"] = _quantity_values(one.quantity)
    found |= {name: getattr(one, name) for name in _TEXTS if getattr(one, name)}
    if one.fields:
        found["fields"] = list(one.fields)
    if one.table is not None:
        found["table"] = [_row_values(row) for row in one.table.rows]
    return found


def assertion(found: Mapping[str, Any]) -> Assertion:
    """An assertion from its JSON values.

    Raises:
        UnfitAssertion: it is none.
    """
    try:
        kind = found["kind"]
        if kind not in ASSERTION_KINDS or found.get("of", "") not in COUNTED:
            raise UnfitAssertion(
                "There is no such kind of assertion.", f"Kinds: {', '.join(ASSERTION_KINDS)}."
            )
        if unknown := {*found} - {"kind", "quantity", "fields", "table", *_TEXTS}:
            raise UnfitAssertion(f"An assertion has {len(unknown)} parts that none has.")
        table = CountryTable(tuple(_row(row) for row in found["table"])) if found.get("table") else None
        return Assertion(
            kind=kind,
            quantity=_quantity(found["quantity"]) if found.get("quantity") else None,
            fields=tuple(_text(name) for name in found.get("fields", ())),
            table=table,
            **{name: _text(found[name]) for name in _TEXTS if found.get(name)},
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        raise UnfitAssertion("An assertion cannot be read.") from None


def _quantity_values(one: Quantity) -> dict[str, Any]:
    return {"value": one.value, "digits": one.digits} | ({"bound": one.bound} if one.bound else {})


def _row_values(row: CountryRow) -> dict[str, Any]:
    found: dict[str, Any] = {"country": row.country}
    if row.count is not None:
        found["count"] = _quantity_values(row.count)
    if row.price is not None:
        found["price"] = _quantity_values(row.price.amount) | {"currency": row.price.currency}
    return found | ({"source": row.source} if row.source else {})


def _row(found: Mapping[str, Any]) -> CountryRow:
    price = found.get("price")
    if not _COUNTRY.fullmatch(found["country"]) or (price and not _CURRENCY.fullmatch(price["currency"])):
        raise ValueError
    return CountryRow(
        found["country"],
        _quantity(found["count"]) if found.get("count") else None,
        Price(_quantity(price), price["currency"]) if price else None,
        _text(found.get("source", "")),
    )


def _quantity(found: Mapping[str, Any]) -> Quantity:
    value, digits, bound = found["value"], found["digits"], found.get("bound", "")
    if type(value) is not int or type(digits) is not int or bound not in BOUNDS:
        raise TypeError
    if not (0 <= value <= LARGEST and 1 <= digits <= len(str(value))):
        raise ValueError
    return Quantity(value, digits, bound)


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found
