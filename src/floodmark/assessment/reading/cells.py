"""What one cell of a table says: a country, a number, a price, a share, a total's label, nothing, or other text.

>>> cell("Egypt").kind, cell("44.8M").kind, cell("$7,000").kind, cell("12 %").kind, cell("n/a").kind
('country', 'number', 'price', 'percent', 'missing')
>>> cell("Gesamt").kind, cell("Africa").kind, cell("phone").kind
('total', 'region', 'text')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from floodmark.assessment.reading import countries
from floodmark.assessment.reading.money import without_currency
from floodmark.assessment.reading.nouns import counted
from floodmark.assessment.reading.numbers import Said, said
from floodmark.assessment.reading.numerals import plain
from floodmark.assessment.reading.table_words import key, words

LONGEST = 200
MOST_WORDS = 6  # of the name of a part of the world
_MISSING = frozenset(
    "n/a na n.a. n.a none null nil nan - -- --- – — ? ?? ... … . x tbd tba unknown k.a. s/d н/д нет".split()
)
_QUOTED = re.compile(r"=\"([^\"]*)\"")  # how spreadsheets keep a number as text
_BRACKETS = re.compile(r"\([^()0-9]*\)|\[[^\[\]0-9]*\]")


@dataclass(frozen=True)
class Cell:
    """A cell with what it says.

    Attributes:
        kind: `country`, `part` (of a country), `region`, `others`, `total`, `number`, `price`, `percent`, `missing`,
            `empty` or `text`.
        text: as it stands, without outer white space.
        countries: codes of ISO 3166-1, more than one where the name is that of several.
        said: of a number, a price and a share.
        currency: of a price; empty where it names none.
        of: what a number counts, where a noun says it.
        bracketed: whether it stands in brackets of its own behind a label, which may mean that it is below zero.
    """

    kind: str
    text: str
    countries: tuple[str, ...] = ()
    said: Said | None = None
    currency: str = ""
    of: str = ""
    bracketed: bool = False


def cell(text: str) -> Cell:
    """What a cell says, the first that fits."""
    text = plain(text[: LONGEST + 1])
    if match := _QUOTED.fullmatch(text):
        text = match[1]
    lower = text.casefold()
    if not text or len(text) > LONGEST:
        return Cell("text" if text else "empty", text[:LONGEST])
    if lower in _MISSING:
        return Cell("missing", text)
    return _number(text) or _label(text) or Cell("text", text)


def _number(text: str) -> Cell | None:
    if not any(character.isdecimal() for character in text):
        return None
    if found := said(text):
        return Cell("percent" if found.percent else "number", text, said=found)
    rest, currency = without_currency(text)
    if currency and (found := said(rest.removesuffix("-").rstrip(" ,."))):
        return Cell("price", text, said=found, currency=currency)
    rest, of = counted(text)
    if of and (found := said(rest)):
        return Cell("number", text, said=found, of=of)
    return None


def _label(text: str) -> Cell | None:
    found = countries.read_country(text)
    if found is None and countries.is_part(text):
        return Cell("part", text)
    if found is not None:
        return Cell("country", text, (found,) if isinstance(found, str) else found.countries)
    bare = _BRACKETS.sub("", text).strip(" :*.")
    if known := words("label").get(key(bare)):
        return Cell(known, text)
    parts = bare.split()
    region = None
    if len(parts) <= MOST_WORDS:
        region = countries.read_region(" ".join(part for part in parts if not is_total(part)))
    return Cell("total" if region == "001" else "region", text) if region else None


def is_total(text: str) -> bool:
    """Whether a label is that of a total."""
    return words("label").get(key(text)) == "total"
