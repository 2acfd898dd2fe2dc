"""What one cell of a table says: a country, a number, a price, a share, a total's label, nothing, or other text.

>>> cell("Egypt").kind, cell("44.8M").kind, cell("$7,000").kind, cell("12 %").kind, cell("n/a").kind
('country', 'number', 'price', 'percent', 'missing')
>>> cell("Gesamt").kind, cell("Africa").kind, cell("phone").kind
('total', 'region', 'text')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from floodmark.assessment.reading import countries
from floodmark.assessment.reading.folding import fold
from floodmark.assessment.reading.money import without_currency
from floodmark.assessment.reading.nouns import counted
from floodmark.assessment.reading.numbers import Said, said
from floodmark.assessment.reading.numerals import plain

LONGEST = 200
_MISSING = frozenset(
    "n/a|na|n.a.|n.a|none|null|nil|nan|-|--|---|–|—|?|??|...|…|.|x|tbd|tba|unknown|k.a.|k. a.|s/d|н/д|нет".split(
        "|"
    )
)
_TOTALS = (
    "total|totals|grand total|sum|sum total|overall|overall total|in total|total records|total users|total numbers|"
    "total accounts|total count|total rows|all|all countries|all data|full|full database|whole database|altogether|"
    "gesamt|gesamtsumme|summe|insgesamt|totaal|totalt|i alt|yhteensä|kokku|kopā|iš viso|suma|razem|łącznie|ogółem|"
    "celkem|spolu|összesen|ukupno|skupaj|total general|suma total|total geral|somma|totale|ensemble|au total|итого|"
    "всего|сумма|усього|всього|разом|общо|вкупно|укупно|σύνολο|toplam|genel toplam|jami|барлығы|המجموع|المجموع|"
    "الإجمالي|إجمالي|الاجمالي|المجموع الكلي|مجموع|جمع|جمع کل|کل|סהכ|סך הכל|कुल|कुल योग|योग|মোট|மொத்தம்|合计|总计|"
    "总数|合計|総計|總計|합계|총계|รวม|ทั้งหมด|tổng|tổng cộng|jumlah|kabuuan|jumla"
)


@dataclass(frozen=True)
class Cell:
    """A cell with what it says.

    Attributes:
        kind: `country`, `region`, `total`, `number`, `price`, `percent`, `missing`, `empty` or `text`.
        text: as it stands, without outer white space.
        countries: codes of ISO 3166-1, more than one where the name is that of several.
        said: of a number, a price and a share.
        currency: of a price; empty where it names none.
        of: what a number counts, where a noun says it.
    """

    kind: str
    text: str
    countries: tuple[str, ...] = ()
    said: Said | None = None
    currency: str = ""
    of: str = ""


@lru_cache(maxsize=20_000)
def cell(text: str) -> Cell:
    """What a cell says, the first that fits."""
    text = plain(text)[: LONGEST + 1]
    lower = text.casefold()
    if not text or len(text) > LONGEST:
        return Cell("text" if text else "empty", text)
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
    if found is not None:
        return Cell("country", text, (found,) if isinstance(found, str) else found.countries)
    if fold(text.rstrip(":*")) in _totals():
        return Cell("total", text)
    if region := countries.read_region(text.rstrip(":*")):
        return Cell("total" if region == "001" else "region", text)
    return None


def is_total(text: str) -> bool:
    """Whether a label is that of a total."""
    return fold(text) in _totals()


@lru_cache(maxsize=1)
def _totals() -> frozenset[str]:
    return frozenset(map(fold, re.split(r"\|", _TOTALS)))
