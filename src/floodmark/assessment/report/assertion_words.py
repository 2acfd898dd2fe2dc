"""What is claimed, in a few English words: for terminals, pages and tables.

>>> from floodmark.assessment.statements.quantity import Quantity, exactly
>>> in_words(Assertion(kind="total", quantity=Quantity(487_000_000, 3), of="phones", scope="US"))
'487 million phone numbers (US)'
>>> in_words(Assertion(kind="amount", quantity=Quantity(265_000_000, 3), currency="EUR"))
'EUR 265 million'
"""

from __future__ import annotations

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity
from floodmark.reports.labels import field_name, plain
from floodmark.reports.numbers import listing, plural
from floodmark.reports.partial_dates import in_words as date_in_words

LONGEST_NAME = 120
LONGEST_QUOTE = 200
_COUNTED = {
    "": "in all",
    "phones": "phone numbers",
    "emails": "e-mail addresses",
}
_BOUNDS = {"": "", "about": "about ", "at-least": "at least ", "at-most": "at most "}
_PLAIN = {
    "new": "not published before",
    "scraped": "collected through an interface, not taken from within",
    "public-only": "nothing that public profiles did not show",
    "not-ours": "not from the company, or no evidence that it is",
    "breach": "a breach of security",
    "fault": "a technical fault or an error",
}
_NAMES = {
    "total": "how many",
    "countries": "countries",
    "fields": "kinds of data",
    "new": "new",
    "old": "old",
    "scraped": "scraped",
    "public-only": "public data only",
    "fixed-before": "fixed before",
    "not-ours": "not ours",
    "breach": "breach",
    "fault": "fault",
    "attack-by": "attack",
    "amount": "amount",
    "dated": "date",
}


def in_words(one: Assertion) -> str:
    """What is claimed, without a full stop; texts of people are made safe to show."""
    said = _PLAIN.get(one.kind) or _WORDS[one.kind](one)
    return f"{said} ({plain(one.scope)})" if one.scope else said


def with_quote(words: str, quote: str) -> str:
    """Words for what was said, and beside them what was said, unless that is no more than the words.

    >>> with_quote("a breach of security", "There was a breach"), with_quote("487 million phone numbers", "487 million")
    ('a breach of security (“There was a breach”)', '487 million phone numbers')
    """
    shown = plain(quote, LONGEST_QUOTE)
    return f"{words} (“{shown}”)" if shown and shown.casefold() not in words.casefold() else words


def name(kind: str) -> str:
    """A kind of assertion in a word or two.

    >>> name("fixed-before")
    'fixed before'
    """
    return _NAMES[kind]


def counted(of: str) -> str:
    """What a total counts, in the plural; `in all` where that was not said.

    >>> counted("emails"), counted("users")
    ('e-mail addresses', 'users')
    """
    return _COUNTED.get(of, of)


def number(one: Quantity, currency: str = "") -> str:
    """A quantity with as many digits as were said, after its currency where it is money.

    >>> number(Quantity(44_800_000, 3)), number(Quantity(10_000_000, 2)), number(Quantity(44_823_547, 8))
    ('44.8 million', '10 million', '44,823,547')
    >>> number(Quantity(6_000_000, 1, "at-least")), number(Quantity(2_000_000, 7)), number(Quantity(100_000, 1))
    ('at least 6 million', '2,000,000', '100,000')
    """
    return _BOUNDS[one.bound] + f"{currency} {_digits(one)}".strip()


def _digits(one: Quantity) -> str:
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if one.value >= size:
            decimals = max(0, one.digits - len(str(one.value // size)))
            # Three decimals would read as a separator of thousands.
            if one.step > 1 and decimals <= 2 and one.value % one.step == 0:
                return f"{one.value / size:.{decimals}f} {word}"
            break
    return f"{one.value:,}"


def _total(one: Assertion) -> str:
    said = number(one.quantity) if one.quantity is not None else "an unknown number"
    return f"{said} {counted(one.of)}"


def _countries(one: Assertion) -> str:
    parts = []
    if one.quantity is not None:
        parts.append(f"{number(one.quantity)} {'country' if one.quantity.value == 1 else 'countries'}")
    if one.table is not None:
        parts.append(f"a table of {plural(len(one.table.rows), 'country', 'countries')}")
    return ", ".join(parts) or "several countries"


def _fields(one: Assertion) -> str:
    return f"holds {listing([field_name(label) for label in one.fields], 12)}"


def _old(one: Assertion) -> str:
    return f"published before (since {date_in_words(one.on)})" if one.on else "published before"


def _fixed(one: Assertion) -> str:
    return f"the door was shut before {date_in_words(one.on)}" if one.on else "the door was shut before"


def _attack(one: Assertion) -> str:
    return f"an attack by {plain(one.who, LONGEST_NAME)}" if one.who else "an attack"


def _amount(one: Assertion) -> str:
    return number(one.quantity, one.currency) if one.quantity is not None else "an unknown sum"


def _dated(one: Assertion) -> str:
    return f"dated {date_in_words(one.on)}" if one.on else "dated"


_WORDS = {
    "total": _total,
    "countries": _countries,
    "fields": _fields,
    "old": _old,
    "fixed-before": _fixed,
    "attack-by": _attack,
    "amount": _amount,
    "dated": _dated,
}
