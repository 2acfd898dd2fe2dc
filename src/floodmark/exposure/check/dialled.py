"""Whether a telephone number that a person typed says of which country it is.

A dump has numbers with the calling code and without a plus, so digits are read so where they can be
(docs/reference/phones.md). Of a person they are digits as dialled at home: read from abroad, one of fifty would be a
valid number of another country, which is in no leak. The page has the same rule (browser/src/page/dialled.ts).

>>> is_plain("+32 1 234 56 78", None), is_plain("321 234 5678", None), is_plain("321 234 5678", "US")
(True, False, True)
>>> is_plain("4915123456789", "DE"), is_plain("4915123456789", "FR"), is_plain("331 23 45 67 89", "FR")
(False, False, True)
"""

from __future__ import annotations

import re

import polars as pl

from floodmark.exposure.canonical import phone_numbers
from floodmark.identifiers.numbering import CALLING_CODES
from floodmark.identifiers.phones_text import typed

# Behind a comma, digits are an extension; so many are another number.
_ANOTHER = re.compile(r"[,;#~][ \t]*[0-9]{7,9}[ \t]*#?\Z")


def is_plain(text: str, region: str | None) -> bool:
    """Whether a valid number can be meant in one way only.

    With a plus or 00 it can. Other digits are dialled within the region: they are no number where the region is not
    known, nor where they are valid from abroad only, nor where they begin with the region's own calling code and are
    valid with it and without.

    Args:
        text: a valid number as typed.
        region: where it is dialled, ISO 3166-1 alpha-2.
    """
    found = typed(pl.Series([text])).row(0, named=True)
    if _ANOTHER.search(text):
        return False
    if found["plus"] or re.match("00[^0]", found["digits"]):
        return True
    if region is None:
        return False
    home, abroad = _read(text, region), _read(found["digits"], None)
    return abroad is None or (home == abroad) == _is_of(region, abroad)


def _is_of(region: str, number: int) -> bool:
    """Whether the digits behind its calling code are that number where they are dialled in the region."""
    digits = str(number)
    code = next(size for size in (1, 2, 3) if int(digits[:size]) in CALLING_CODES)
    return _read(digits[code:], region) == number


def _read(text: str, region: str | None) -> int | None:
    number: int | None = phone_numbers(pl.Series([text]), region)[0]
    return number
