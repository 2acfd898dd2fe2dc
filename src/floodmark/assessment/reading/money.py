"""A sum of money as anybody writes it: whole units of a currency of ISO 4217.

>>> read_price("$7,000"), read_price("7.000 €") == read_price("EUR 7000")
(Price(amount=Quantity(value=7000, digits=1, bound=''), currency='USD'), True)
>>> read_price("265 million euros").amount.value, read_price("7000"), read_price("7000", currency="USD").currency
(265000000, None, 'USD')
"""

from __future__ import annotations

import re
from functools import cache

from floodmark.assessment.reading.folding import fold
from floodmark.assessment.reading.numbers import LONGEST, Ambiguous, Said, said
from floodmark.assessment.reading.numerals import plain
from floodmark.assessment.statements.country_table import Price
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.values import LARGEST

# `$` is taken for the dollar of the United States: the one that adverts of data mean. The table's reader says so.
_SIGNS = {
    "$": "USD",
    "US$": "USD",
    "USD$": "USD",
    "$US": "USD",
    "C$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "CA$": "CAD",
    "HK$": "HKD",
    "S$": "SGD",
    "R$": "BRL",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₴": "UAH",
    "₩": "KRW",
    "₪": "ILS",
    "₫": "VND",
    "₦": "NGN",
    "฿": "THB",
}
_WORDS = {
    "USD": "dollar dollars usd доллар долларов доллара دولار dolar dolares dolari ドル 美元 bucks usdt",
    "EUR": "euro euros eur евро يورو ευρω ευρώ avro ユーロ 欧元",
    "GBP": "pound pounds poundssterling gbp sterling quid",
    "INR": "rupee rupees inr rs",
    "RUB": "ruble rubles rouble roubles rub рублей рубль руб",
    "CHF": "franken francs chf sfr fr",
    "JPY": "yen jpy 円",
    "CNY": "yuan cny rmb 元 人民币",
    "KRW": "won krw 원",
    "TRY": "lira tl try",
}
CODES = frozenset(
    "USD EUR GBP INR RUB CHF JPY CNY KRW TRY CAD AUD NZD HKD SGD BRL UAH ILS VND NGN THB SEK NOK DKK PLN CZK HUF RON "
    "BGN MXN ARS CLP COP PEN ZAR EGP MAD DZD TND SAR AED QAR KWD IDR MYR PHP PKR BDT LKR KES GHS".split()
)
"""Currencies that are read by their code of ISO 4217."""
_SIGN = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_TAIL = re.compile(rf"(?P<rest>.*?)\s?(?P<sign>{_SIGN}|(?<![^\W\d_])[^\W\d_]+)\.?\Z", re.DOTALL)
_LONG_TAIL = re.compile(r"(?P<rest>.*?)\s?(?P<sign>(?<![^\W\d_])[^\W\d_]+ [^\W\d_]+)\Z", re.DOTALL)
_HEAD = re.compile(rf"(?P<sign>{_SIGN}|[^\W\d_]{{2,4}}\b)\s?(?P<rest>.*)\Z", re.DOTALL)


def read_price(text: str, *, currency: str = "") -> Price | Ambiguous | None:
    """A sum with its currency.

    Args:
        text: the sum with nothing else, its currency before or after it.
        currency: taken where the text names none.

    Returns:
        The price; `Ambiguous` where its number can be read in two ways; None where it is none or names no currency.
        Cents are cut off.
    """
    if len(text) > LONGEST:
        return None
    rest, code = without_currency(text)
    found = said(rest.removesuffix("-").rstrip(" ,.") if code else rest)
    if found is None or not (code or currency):
        return None
    return price_of_said(found, code or currency)


def price_of_said(found: Said, currency: str) -> Price | Ambiguous | None:
    """A price of a number that was read, as `read_price`."""
    if found.negative or found.percent:
        return None
    quantities = found.quantities() or _cut(found)
    if len(quantities) > 1:
        return Ambiguous(quantities)
    return Price(quantities[0], currency) if quantities else None


def _cut(found: Said) -> tuple[Quantity, ...]:
    """Whole units of a sum with cents."""
    values = {int(one.value) for one in found.candidates if not found.scaled and one.value <= LARGEST}
    return tuple(Quantity(value, len(str(value)), found.bound) for value in sorted(values))


def without_currency(text: str) -> tuple[str, str]:
    """A text without the currency that it begins or ends with, and that currency's code or nothing."""
    text = plain(text)
    for pattern in (_HEAD, _LONG_TAIL, _TAIL):
        match = pattern.match(text)
        if match and (code := currency_of(match["sign"])):
            return match["rest"].strip(), code
    return text, ""


def currency_of(word: str) -> str:
    """Code of the currency that a sign, a code or a word names; empty where it names none."""
    sign = word.strip().upper()
    if sign in _SIGNS:
        return _SIGNS[sign]
    return sign if sign in CODES else _words().get(fold(word).removeprefix("us"), "")


@cache
def _words() -> dict[str, str]:
    return {fold(word): code for code, listed in _WORDS.items() for word in listed.split()}
