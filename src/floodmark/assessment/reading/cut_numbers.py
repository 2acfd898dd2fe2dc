"""Assertions that numbers in English prose make: with a noun a total, with a currency a sum of money.

>>> words = "Fined 265 million euros over 533 million users in 106 countries; a sample of 100,000 records came along."
>>> [(one.kind, one.quantity.value, one.of or one.currency) for one in numbers(words, words)]
[('amount', 265000000, 'EUR'), ('total', 533000000, 'users'), ('countries', 106, '')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from floodmark.assessment.reading.money import read_price
from floodmark.assessment.reading.nouns import of_noun
from floodmark.assessment.reading.number_words import bound_before, scales
from floodmark.assessment.reading.numbers import read_quantity
from floodmark.assessment.reading.numerals import NUMERAL
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import Price
from floodmark.assessment.statements.quantity import Quantity

_NUMBER = re.compile(
    rf"(?P<sign>(?:US|AU|CA|A|C)?\$|€|£)?[ ]?(?<![0-9.,A-Za-z])(?P<numeral>{NUMERAL})"
    r"(?P<scale>[ ]?(?:million|billion|thousand|bn|mn|lakh|crore|[MBKmbk])\b)?(?P<plus>\+)?"
)
_WORD = re.compile(r"[\s-]*([A-Za-z][A-Za-z'-]{0,30})")
_BOUND = re.compile(r"[~≈<>≥≤]\s*\Z|(?:[A-Za-z]+ ){0,2}[A-Za-z]+\s*\Z")
_BETWEEN = re.compile(r"\bbetween [^.;]{1,30} and\s*\Z", re.IGNORECASE)
_SAMPLE = re.compile(r"\b(?:samples?|excerpts?|proof|test(?:ed)?)\b[^.;,]{0,20}\Z", re.IGNORECASE)
_OF_PEOPLE = re.compile(
    r"\b(?P<noun>phone numbers|numbers|e-?mails|e-?mail addresses|accounts|records) (?:of|for)\s*\Z",
    re.IGNORECASE,
)
# A number of two, of which a rule cannot tell what was said: `9 of 10`, `A or B`, `50-60`, `5 thousand million`.
_SCALE = r"(?:million|billion|thousand|bn|mn|lakh|crore|[MBKmbk])"
_ONE_OF_TWO = re.compile(
    rf"[0-9]\s?{_SCALE}?\+?(?:\s+(?:(?:out )?of|in|or|to)\b|\s*[-–])\s*(?:about |up to |over )?\Z"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half) (?:(?:out )?of|in|or|to)(?: every)?\s*\Z",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\s?(?:(?:users |people |accounts |records |phone numbers )?(?:or|to)|(?:out )?of|in)\s+(?:about |up to |every )?"
    rf"[0-9]|\s*[-–]\s*[0-9]|\s*{_SCALE}\b",
    re.IGNORECASE,
)
_STOP = frozenset("and or in of from for to with by on at the a an over per".split())
_MOST_ADJECTIVES = 4


def numbers(words: str, quote: str) -> Iterator[Assertion]:
    """Assertions of a sentence's numbers.

    Args:
        words: the sentence, as `numerals.plain` gives it.
        quote: the sentence as it stands.
    """
    for match in _NUMBER.finditer(words):
        before, behind = words[: match.start()][-60:], words[match.end() :][:160]
        if _SAMPLE.search(before) or _ONE_OF_TWO.search(before) or _OTHER.match(behind):
            continue
        price = _price(match, behind)
        if price is not None:
            yield Assertion(kind="amount", quantity=price.amount, currency=price.currency, quote=quote)
            continue
        quantity = _quantity(match, before)
        if quantity is None or match["sign"]:
            continue
        of = _noun(behind)
        if owner := _OF_PEOPLE.search(_without_bound(before)):
            of = of_noun(owner["noun"]) if of in ("people", "users") else of
        if of == "countries":
            yield Assertion(kind="countries", quantity=quantity, quote=quote)
        elif of:
            yield Assertion(kind="total", quantity=quantity, of=of, quote=quote)


def _price(match: re.Match[str], behind: str) -> Price | None:
    number = match["numeral"] + (match["scale"] or "")
    if match["sign"]:
        found = read_price(f"{match['sign']}{number}")
        return found if isinstance(found, Price) else None
    for length in (2, 1):
        tail = " ".join(behind.replace("-", " ").split()[:length]).rstrip(".,;:)")
        found = read_price(f"{number} {tail}") if tail else None
        if isinstance(found, Price) and found.amount is not None:
            return found
    return None


def _quantity(match: re.Match[str], before: str) -> Quantity | None:
    number = match["numeral"] + (match["scale"] or "") + (match["plus"] or "")
    found = read_quantity(number)
    if not isinstance(found, Quantity):
        return None
    bound = found.bound or ("at-most" if _BETWEEN.search(before) else _bound(before))
    return Quantity(found.value, found.digits, bound)


def _bound(before: str) -> str:
    """What the words right before a number make of it."""
    match = _BOUND.search(before)
    parts = match[0].split() if match else []
    for start in range(len(parts)):
        if bound := bound_before(" ".join(parts[start:])):
            return bound
    return ""


def _without_bound(before: str) -> str:
    parts = before.split()
    for length in (3, 2, 1):
        if len(parts) > length and bound_before(" ".join(parts[-length:])):
            return " ".join(parts[:-length]) + " "
    return before


def _noun(behind: str) -> str:
    """What a number counts: the first noun that is known, within a few words that may be adjectives."""
    at = 0
    said: list[str] = []
    while len(said) <= _MOST_ADJECTIVES and (match := _WORD.match(behind, at)):
        word = match[1].casefold()
        if word in _STOP or (scales(word) and said):
            break
        said.append(word)
        at = match.end()
    # The last noun of those side by side: `user mobile numbers` are numbers, and `phone numbers` are phones.
    found = ""
    for start in range(len(said)):
        for end in range(len(said), start, -1):
            if end - start <= 3 and (of := of_noun(" ".join(said[start:end]))):
                found = of
                break
    return found
