"""What part of a leak something is said of: a country is one by its name and by its code.

>>> part_of("United States") == part_of("US") == part_of(" us ")
True
>>> country_of("Vereinigte Staaten"), country_of("in"), country_of("A-Z"), country_of("memo")
('US', '', '', '')
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LONGEST_CODE = 3


@lru_cache(maxsize=1_000)
def folded(text: str) -> str:
    """A name as names are compared: without difference of case, white space and looks.

    >>> folded("  Example  Ltd") == folded("EXAMPLE LTD")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=1_000)
def country_of(scope: str) -> str:
    """The country that a scope names, in ISO 3166-1 alpha-2; empty where it names none, or several.

    A code is one in capitals alone, for `in` and `no` are words.
    """
    name = scope.strip()
    letters = sum(character.isalnum() for character in name)
    if not name or (letters <= _LONGEST_CODE and name.isascii() and not (name.isalpha() and name.isupper())):
        return ""
    from floodmark.assessment.reading.countries import read_country

    found = read_country(name)
    return found if isinstance(found, str) else ""


def part_of(scope: str) -> str:
    """A scope as scopes are compared."""
    return folded(country_of(scope) or scope)
