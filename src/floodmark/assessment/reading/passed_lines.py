"""What lines that are not read may say of the numbers below: that they are in thousands, or prices, or ranks.

>>> spoken_of({1: "Figures in thousands", 2: "Prices", 7: "contact the seller"})
((1, 'units of 1,000', 1000), (2, 'prices', 1))
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from floodmark.assessment.reading.headings import Heading, heading, unit
from floodmark.assessment.reading.numerals import plain
from floodmark.assessment.reading.table_words import key, words

MOST_LINES = 200
LONGEST = 120
_WORDS = re.compile(r"[^\s,;:()\[\]/.|]+")
_CELLS = re.compile(r"\t|\s{2,}|\s*[|;]\s*")
_LOOSE = re.compile(r"\bin\s+(\S+?)\b", re.IGNORECASE)
_NAMES = {"price": "prices", "percent": "shares", "rank": "ranks", "year": "years"}
_TOO_SHORT = ("no", "nr", "an", "rok", "ar", "share", "bei", "place", "position")


def spoken_of(passed_over: Mapping[int, str]) -> tuple[tuple[int, str, int], ...]:
    """Lines that speak of units, prices, shares, ranks or years; of what, and which unit."""
    found = []
    for line, text in list(passed_over.items())[:MOST_LINES]:
        if len(text) > LONGEST:
            continue
        factor = unit(text)
        if factor > 1:
            found.append((line, f"units of {factor:,}", factor))
            continue
        if _LOOSE.search(text) and (factor := heading(_LOOSE.sub(r"(\1)", plain(text))).factor) > 1:
            found.append((line, f"units of {factor:,}", 1))
            continue
        roles = words("heading")
        parts = [key(word) for word in _WORDS.findall(plain(text))]
        role = next((roles[one] for one in parts if roles.get(one) in _NAMES and one not in _TOO_SHORT), "")
        if role:
            found.append((line, _NAMES[role], 1))
    return tuple(found)


def headings_of(text: str) -> tuple[Heading, ...]:
    """Headings of a table whose columns are parted by spaces: `Country   Price`, or `Prices (USD)` alone.

    Returns:
        Its headings but that of the countries; none where the line is no such heading.
    """
    if len(text) > LONGEST or any(map(str.isdecimal, text.replace("000", ""))):
        return ()
    parts = [part for part in _CELLS.split(text.strip()) if part]
    if len(parts) == 1 and heading(parts[0].split()[0]).role == "country":
        parts = parts[0].split(" ", 1)
    found = [heading(part) for part in parts]
    if len(found) == 1:
        bare = re.sub(r"\s*[(\[].*", "", parts[0]).strip(" :")
        return tuple(found) if words("heading").get(key(bare)) in _NAMES else ()
    if found[0].role != "country" or not all(one.role for one in found):
        return ()
    return tuple(found[1:])
