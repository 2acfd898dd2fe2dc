"""Sums of money: of one currency they disagree as numbers do, of two where the figure is the same.

1.2 billion euros and 1.2 billion dollars are not one sum, and no rate of exchange makes them one to the digit.
1.2 billion euros and 1.3 billion dollars may be, so that two figures in two currencies are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.contradictions.claims import Claim, Thing, claim
from floodmark.assessment.contradictions.numbers import disagree
from floodmark.assessment.contradictions.speakers import same_speaker
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement

_ISSUERS = ("regulator", "court")
_NEAR_PAR = (frozenset({"EUR", "CHF"}), frozenset({"USD", "CHF"}), frozenset({"AUD", "CAD"}))
"""Currencies one of which has been about one of the other for years: a sum has one figure in both."""


def _amounts(statement: Statement) -> Iterator[Claim]:
    """Sums, but not an advert's: an offer at another price is another offer."""
    for one in statement.assertions:
        if one.kind == "amount" and one.quantity is not None and statement.kind != "advert":
            yield claim(statement, one, "amount")


def _conflict(a: Claim, b: Claim) -> bool:
    (first, second) = _assertion(a), _assertion(b)
    assert first.quantity is not None and second.quantity is not None  # noqa: S101  # claims are made so
    if _each_its_own(a.statement, b.statement):
        return False
    apart = disagree(first.quantity, second.quantity)
    if first.currency == second.currency:
        return apart
    if frozenset({first.currency, second.currency}) in _NEAR_PAR and not a.scope:
        return False  # without a scope, nobody said that both are of one thing
    return bool(first.currency and second.currency) and same_figure(first.quantity, second.quantity)


def same_figure(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities have one figure, as far as the shorter of them goes.

    >>> same_figure(Quantity(1_200_000_000, 2), Quantity(1_202_502_960, 10))
    True
    >>> same_figure(Quantity(1_200_000_000, 2), Quantity(1_300_000_000, 2))
    False
    """
    step = max(a.step, b.step)
    return (a.value + step // 2) // step == (b.value + step // 2) // step


def _each_its_own(a: Statement, b: Statement) -> bool:
    """Whether each speaks of what was imposed with it: by two bodies, or by one in two fines."""
    if not (a.speaker_kind in _ISSUERS and b.speaker_kind in _ISSUERS) or a.id == b.id:
        return False
    return not same_speaker(a, b) or a.kind == b.kind == "fine"


def _alike(a: Claim, b: Claim) -> bool:
    (first, second) = _assertion(a), _assertion(b)
    assert first.quantity is not None and second.quantity is not None  # noqa: S101  # claims are made so
    return first.currency == second.currency and not disagree(first.quantity, second.quantity)


def _assertion(one: Claim) -> Assertion:
    assert one.assertion is not None  # noqa: S101  # claims are made so
    return one.assertion


def _precision(one: Claim) -> int:
    said = _assertion(one).quantity
    return said.digits if said is not None else 0


AMOUNT = Thing("amount", _amounts, _alike, _conflict, _precision)
