"""Prices that two adverts ask for a country: shown beside the fingerprint, without strength, since they are round.

>>> one = Price(Quantity(7000, 1), "USD")
>>> compare_prices({"US": one, "GB": Price(Quantity(2500, 2), "USD")}, {"US": one})
(PriceMatch(country='US', said=Price(amount=Quantity(value=7000, digits=1, bound=''), currency='USD'), \
known=Price(amount=Quantity(value=7000, digits=1, bound=''), currency='USD'), is_same=True),)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from floodmark.assessment.statements.country_table import Price, Quantity

__all__ = ["Price", "PriceMatch", "Quantity", "compare_prices"]


@dataclass(frozen=True)
class PriceMatch:
    """What both ask for one country; `is_same` where amount and currency are."""

    country: str
    said: Price
    known: Price
    is_same: bool


def compare_prices(said: Mapping[str, Price], known: Mapping[str, Price]) -> tuple[PriceMatch, ...]:
    """Prices of the countries for which both have one, in the advert's order."""
    return tuple(
        PriceMatch(country, price, known[country], _is_same(price, known[country]))
        for country, price in said.items()
        if country in known
    )


def _is_same(one: Price, other: Price) -> bool:
    return one.currency == other.currency and one.amount.value == other.amount.value
