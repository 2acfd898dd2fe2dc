"""An assertion as it is typed on a command line: a kind, a scope where it has one, and a value.

>>> read_assertion("total=487M phones")
Assertion(kind='total', quantity=Quantity(value=487000000, digits=3, bound=''), of='phones', currency='', on='',
    who='', fields=(), table=None, scope='', quote='')
>>> read_assertion("total@US=32M").scope, read_assertion("fixed-before=2019-09").on, read_assertion("new").kind
('US', '2019-09', 'new')
>>> amount = read_assertion("amount=265M EUR")
>>> amount.quantity.value, amount.currency
(265000000, 'EUR')
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from floodmark.assessment.reading.money import read_price
from floodmark.assessment.reading.numbers import ABSURD, Ambiguous, read_quantity
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.kinds import ASSERTION_KINDS, COUNTED
from floodmark.assessment.statements.quantity import Quantity
from floodmark.errors import UsageError

LONGEST = 400
LONGEST_WORDS = 60
SHORTEST_NUMBER = 10  # digits in a row that may be a telephone number
PLAIN = ("new", "scraped", "public-only", "not-ours", "breach", "fault")
"""Kinds that need no value."""
_FORM = re.compile(r"\s*([a-z-]+)\s*(?:@\s*([^=]+?)\s*)?(?:=\s*(.*?)\s*)?", re.DOTALL)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_HINT = (
    'As in "total=487M phones", "countries=84", "fields=phone,email", "new", "old=2019", "fixed-before=2019-09", '
    '"amount=265M EUR", "dated=2021-04-08", "total@US=32M".'
)


class UnreadableAssertion(UsageError):
    """A typed assertion has no such kind, or not the value that its kind needs; exit code 2."""

    slug = "unreadable-assertion"
    hint = _HINT


def read_assertion(text: str) -> Assertion:
    """What an assertion's text says.

    Args:
        text: `KIND`, `KIND=VALUE` or `KIND@SCOPE=VALUE`.

    Raises:
        UnreadableAssertion: there is no such kind, or its value is missing, needless or not one.
    """
    match = _FORM.fullmatch(text) if len(text) <= LONGEST else None
    if match is None or match[1] not in ASSERTION_KINDS:
        raise UnreadableAssertion(
            "There is no such kind of assertion.", f"Kinds: {', '.join(ASSERTION_KINDS)}."
        )
    kind, scope, value = match[1], match[2] or "", match[3] or ""
    if len(scope) > LONGEST_WORDS:
        raise UnreadableAssertion(f"The scope of {kind} is longer than {LONGEST_WORDS} characters.")
    return Assertion(kind=kind, scope=scope, **_parts(kind, value))


def _parts(kind: str, value: str) -> dict[str, Any]:
    if kind in PLAIN or (kind in ("old", "countries") and not value):
        if value:
            raise UnreadableAssertion(f"The assertion {kind} has no value.", f"Write it as: {kind}")
        return {}
    if not value:
        raise UnreadableAssertion(f"The assertion {kind} needs a value.")
    readers: dict[str, Callable[[str], dict[str, Any]]] = {
        "total": _total,
        "countries": lambda text: {"quantity": _count(kind, text.removesuffix("countries"))},
        "fields": lambda text: {"fields": _fields(text)},
        "amount": _amount,
        "attack-by": _who,
    }
    return readers[kind](value) if kind in readers else {"on": _date(kind, value)}


def _who(value: str) -> dict[str, Any]:
    if len(value) > LONGEST_WORDS:
        raise UnreadableAssertion(f"The name in attack-by is longer than {LONGEST_WORDS} characters.")
    return {"who": value}


def _total(value: str) -> dict[str, Any]:
    words = value.split()
    of = words[-1].casefold() if len(words) > 1 else ""
    if of in COUNTED and of:
        return {"quantity": _count("total", " ".join(words[:-1])), "of": of}
    if read_quantity(value) is None and len(words) > 1:
        raise UnreadableAssertion(
            "What a total counts is none of the words for it.", f"Words: {', '.join(filter(None, COUNTED))}."
        )
    return {"quantity": _count("total", value)}


def _amount(value: str) -> dict[str, Any]:
    found = read_price(value)
    if isinstance(found, Ambiguous):
        raise _ambiguous("amount")
    if found is None:
        raise UnreadableAssertion(
            "The amount is no sum of money.", "Name the currency, as in: amount=265M EUR"
        )
    return {"quantity": found.amount, "currency": found.currency}


def _count(kind: str, value: str) -> Quantity:
    found = read_quantity(value)
    if isinstance(found, Ambiguous):
        raise _ambiguous(kind)
    bare = value.strip()
    if bare.isdigit() and len(bare) >= SHORTEST_NUMBER and not bare.endswith("000"):
        raise UnreadableAssertion(
            f"The value of {kind} may be a telephone number.",
            "Part its digits in groups, such as 12,345,678,901.",
        )
    if found is None:
        raise UnreadableAssertion(f"The value of {kind} is no whole number.")
    if found.value > ABSURD:
        raise UnreadableAssertion(f"The value of {kind} is over ten times the people of the world.")
    return found


def _ambiguous(kind: str) -> UnreadableAssertion:
    return UnreadableAssertion(
        f"The value of {kind} can be read in two ways.", "Write the number in full, such as 1,234,000."
    )


def _fields(value: str) -> tuple[str, ...]:
    from floodmark.identifiers.field_types import FieldType

    known = [one.label for one in FieldType if one is not FieldType.UNKNOWN]
    names = ["_".join(re.split(r"[\s_-]+", name.strip().casefold())) for name in value.split(",")]
    if not all(name in known for name in names):
        raise UnreadableAssertion("A kind of data is none that is known.", f"Kinds: {', '.join(known)}.")
    return tuple(dict.fromkeys(names))


def _date(kind: str, value: str) -> str:
    match = _DATE.fullmatch(value)
    try:
        date(*(int(part or 1) for part in match.groups())) if match else date(0, 1, 1)
    except ValueError:
        raise UnreadableAssertion(
            f"The value of {kind} is no date.", "Write what is known of it: 2021, 2021-04 or 2021-04-03."
        ) from None
    return value
