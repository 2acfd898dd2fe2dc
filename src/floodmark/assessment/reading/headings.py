"""What the heading of a column says: what the column has, and what one of its numbers stands for.

>>> heading("Country").role, heading("Records (in millions)"), heading("Anzahl (Mio.)").factor
('country', Heading(text='Records (in millions)', role='count', factor=1000000, of='rows', currency=''), 1000000)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from floodmark.assessment.reading.money import currency_of
from floodmark.assessment.reading.nouns import of_noun
from floodmark.assessment.reading.number_words import scales
from floodmark.assessment.reading.numerals import plain
from floodmark.assessment.reading.table_words import key, words
from floodmark.reports.labels import column_name

LONGEST = 80
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,30})[)\]]")
_IN = re.compile(r"\b(?:in|en|em|на|w|v|i|x)\s+(\S+)\s*$", re.IGNORECASE)
_THOUSANDS = ("'000", "'000s", "000", "000s", "1000", "1,000", "x1000", "×1000", "1000s")
_PARTS = frozenset(
    "state province region city county district federalstate territory bundesland departement provincia estado "
    "provinz stadt ville ciudad".split()
)
_COUNTED = ("rows", "accounts", "identifiers", "phones", "emails", "people", "users")


@dataclass(frozen=True)
class Heading:
    """A heading.

    Attributes:
        text: as it stands.
        role: `country`, `code`, `part` of a country, `count`, `price`, `percent`, `rank`, `year`, or empty.
        factor: what one of its numbers stands for: 1,000,000 where it says that numbers are in millions.
        of: what its numbers count, where it says so.
        currency: of a price, where it names one.
    """

    text: str
    role: str = ""
    factor: int = 1
    of: str = ""
    currency: str = ""

    @property
    def shown(self) -> str:
        """The heading as it is shown: nothing that looks like an identifier."""
        return column_name(self.text)


def heading(text: str) -> Heading:
    """What a heading says; one that is too long says nothing."""
    bare = plain(text)
    if not bare or len(bare) > LONGEST:
        return Heading(bare[:LONGEST])
    factor = _factor(bare)
    if key(bare) in _PARTS:
        return Heading(bare, "part")
    name = _IN.sub("", _BRACKETS.sub("", bare)).strip(" :")
    of = of_noun(name) or next((found for word in reversed(name.split()) if (found := of_noun(word))), "")
    roles = words("heading")
    role = roles.get(key(bare)) or roles.get(key(name)) or ""
    if not role and of in _COUNTED:
        role = "count"
    if not role:
        role = next((roles[key(word)] for word in name.split() if key(word) in roles), "")
    currency = next((code for word in re.split(r"[\s()\[\]/,]+", bare) if (code := currency_of(word))), "")
    return Heading(
        bare,
        role,
        factor,
        of if of in _COUNTED and role == "count" else "",
        currency if role == "price" else "",
    )


def _factor(text: str) -> int:
    """What numbers are in: `(M)`, `in millions`, `(Mio. Nutzer)`, `('000)`, `Records, thousand`, `Users 000s`."""
    told = [part for inside in _BRACKETS.findall(text) for part in (inside, *inside.split())]
    if match := _IN.search(text):
        told.append(match[1])
    words = re.split(r"[\s;:()\[\]/]+|,\s+", text)
    told += [one for at, one in enumerate(words) if len(one) > 3 or _is_short_unit(words, at)]
    for one in told:
        word = one.strip()
        if word.casefold().lstrip("x×") in _THOUSANDS:
            return 1_000
        found = scales(word)
        if len(found) == 1 and found[0] <= 10**9:
            return found[0]
    return 1


def unit(text: str) -> int:
    """What a line beside a table says that its numbers are in: `Figures in thousands`; 1 where it says nothing."""
    match = _UNIT.fullmatch(plain(text)) if len(text) <= LONGEST else None
    return _factor(f"({match[1]})") if match else 1


def _is_short_unit(words: list[str], at: int) -> bool:
    """Whether a short word at the end of a heading is a unit."""
    return 0 < at == len(words) - 1 and words[at] in _SHORT


_UNIT = re.compile(
    r"\W*(?:all )?(?:(?:figures|numbers|counts|values|amounts|data|records|users|accounts|rows|zahlen|angaben|werte|"
    r"chiffres|valeurs|cifras|valores|cifre|valori|данные|числа|цифры) )?(?:are |given |shown |sind )?"
    r"(?:in|en|em|в)\s+([^\s()\[\]]+?)(?: of \w+)?\W*",
    re.IGNORECASE,
)
_SHORT = (
    "M",
    "k",
    "K",
    "mn",
    "Mn",
    "bn",
    "Bn",
    "mio",
    "Mio",
    "Mio.",
    "tsd",
    "Tsd",
    "Mrd",
    "mln",
    "'000",
    "000",
)
