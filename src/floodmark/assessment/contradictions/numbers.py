"""Numbers of one thing: they disagree where no number lies within what was said of the digits of both.

>>> disagree(Quantity(478_000_000, 3), Quantity(487_000_000, 3))
True
>>> disagree(Quantity(487_000_000, 3), Quantity(487_113_902, 9))
False
>>> disagree(Quantity(6_000_000, 1, "at-least"), Quantity(8_000_000, 1))
False
>>> disagree(Quantity(480_000_000, 3, "about"), Quantity(478_000_000, 3))
False
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from floodmark.assessment.contradictions.claims import Claim, Thing, claim
from floodmark.assessment.statements.kinds import COUNTED
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement

COUNTED_AS_A_WHOLE = frozenset({"rows", "accounts"})
"""What a total may count that does not say what it counts; who counts telephone numbers or people says so."""


def disagree(a: Quantity, b: Quantity) -> bool:
    """Whether no number can be meant by both."""
    (low, high), (other_low, other_high) = meant(a), meant(b)
    return (high is not None and high < other_low) or (other_high is not None and other_high < low)


@lru_cache(maxsize=10_000)  # groups compare each number with many others
def meant(one: Quantity) -> tuple[int, int | None]:
    """The least and the greatest number that may be meant; None where there is no end.

    Of `about 480 million` the zeros are not meant, and half of what the last other digit counts is allowed either way.
    """
    if one.bound != "about":
        return one.low, one.high
    said = len(str(one.value).rstrip("0")) or 1
    slack = max(one.step - 1, 10 ** (len(str(one.value)) - said) // 2)
    return max(0, one.value - slack), one.value + slack


def counted_as(of: str) -> str:
    """What a total counts, by one name: what a platform calls its users are its accounts."""
    return "accounts" if of == "users" else of


def _totals(statement: Statement) -> Iterator[Claim]:
    for one in statement.assertions:
        if one.kind == "total" and one.quantity is not None and one.of in COUNTED:
            yield claim(statement, one, "total", counted_as(one.of))


def _countries(statement: Statement) -> Iterator[Claim]:
    for one in statement.assertions:
        if one.kind == "countries" and one.quantity is not None:
            yield claim(statement, one, "countries", said=replace(one, table=None))


def _conflict(a: Claim, b: Claim) -> bool:
    return a.quantity is not None and b.quantity is not None and disagree(a.quantity, b.quantity)


def _alike(a: Claim, b: Claim) -> bool:
    return not _conflict(a, b)


def _precision(one: Claim) -> int:
    said = one.quantity
    return (
        0
        if said is None or said.bound in ("at-least", "at-most")
        else 2 * said.digits - (said.bound == "about")
    )


TOTAL = Thing("total", _totals, _alike, _conflict, _precision)
COUNTRIES = Thing("countries", _countries, _alike, _conflict, _precision)
