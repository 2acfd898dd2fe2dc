"""Whether one assertion bears another out: it says the same, as precisely or with what was said of the digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from floodmark.assessment.contradictions.claims import days_of
from floodmark.assessment.contradictions.numbers import counted_as, meant
from floodmark.assessment.contradictions.scopes import folded, part_of
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity

NEAR = 0.1
"""A number that is further than this share from what was said does not bear it out."""


def bears_out(found: Assertion, said: Assertion) -> bool:
    """Whether what was found says what was asserted, of the same thing.

    >>> said = Assertion(kind="total", quantity=Quantity(533_000_000, 3), of="users")
    >>> bears_out(Assertion(kind="total", quantity=Quantity(533_313_128, 9), of="users"), said)
    True
    >>> bears_out(Assertion(kind="total", quantity=Quantity(1_000_000, 1, "at-least"), of="users"), said)
    False
    """
    if (found.kind, part_of(found.scope)) != (said.kind, part_of(said.scope)):
        return False
    compare = _COMPARED.get(found.kind)
    return compare is None or compare(found, said)


def _numbers(found: Assertion, said: Assertion) -> bool:
    """Whether all that the one may mean is meant by the other, or the reverse where it names a number and no end.

    However few digits were said, a number that is further away than `NEAR` bears nothing out.
    """
    if found.quantity is None or said.quantity is None:
        return False
    if (counted_as(found.of), found.currency) != (counted_as(said.of), said.currency):
        return False
    if said.quantity.bound != "at-least" and not is_near(found.quantity.value, said.quantity.value):
        return False
    if _lies_within(found.quantity, said.quantity):
        return True
    return found.quantity.bound in ("", "about") and _lies_within(said.quantity, found.quantity)


def is_near(found: int, said: int) -> bool:
    """Whether a number is within a tenth of what was said."""
    return abs(found - said) <= NEAR * said


def _lies_within(inner: Quantity, outer: Quantity) -> bool:
    (low, high), (least, most) = meant(inner), meant(outer)
    return least <= low and (most is None or (high is not None and high <= most))


def _dates(found: Assertion, said: Assertion) -> bool:
    days, asserted = days_of(found.on), days_of(said.on)
    return days is not None and asserted is not None and days[0] <= asserted[1] and asserted[0] <= days[1]


def _fixed(found: Assertion, said: Assertion) -> bool:
    """What was shut before the earlier date was shut before the later one."""
    days, asserted = days_of(found.on), days_of(said.on)
    return days is not None and asserted is not None and days[0] <= asserted[1]


def _old(found: Assertion, said: Assertion) -> bool:
    return not said.on or _dates(found, said)


def _fields(found: Assertion, said: Assertion) -> bool:
    return bool(said.fields) and {*said.fields} <= {*found.fields}


def _attackers(found: Assertion, said: Assertion) -> bool:
    return bool(said.who) and folded(found.who) == folded(said.who)


_COMPARED: Mapping[str, Callable[[Assertion, Assertion], bool]] = {
    "total": _numbers,
    "countries": _numbers,
    "amount": _numbers,
    "dated": _dates,
    "fixed-before": _fixed,
    "old": _old,
    "fields": _fields,
    "attack-by": _attackers,
}
