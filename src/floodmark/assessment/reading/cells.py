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
_SUBTOTALS = (
    "subtotal|sub total|sub-total|zwischensumme|teilsumme|sous-total|subtotale|tussentotaal|delsumma|delsum|välisumma|"
    "suma częściowa|mezisoučet|részösszeg|промежуточный итог|ара жиынтық|ara toplam|المجموع الفرعي|小计|小計|소계"
)
_OTHERS = (
    "other|others|other countries|rest|rest of world|rest of the world|all others|remaining|remaining countries|row|"
    "various|misc|international|andere|sonstige|übrige|übrige länder|rest der welt|autres|autres pays|reste du monde|"
    "otros|otros países|resto|resto del mundo|outros|outros países|resto do mundo|altri|altri paesi|resto del mondo|"
    "overige|övriga|andre|muut|inne|pozostałe|ostatní|egyéb|другие|остальные|прочие|інші|diğer|أخرى|دول أخرى|باقي الدول|"
    "سایر|अन्य|অন্যান্য|其他|其它|その他|기타|อื่นๆ|khác|lainnya"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True)
class Cell:
    """A cell with what it says.

    Attributes:
        kind: `country`, `region`, `others`, `total`, `number`, `price`, `percent`, `missing`, `empty` or `text`.
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


def cell(text: str) -> Cell:
    """What a cell says, the first that fits."""
    text = plain(text[: LONGEST + 1])
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
    if found is not None:
        return Cell("country", text, (found,) if isinstance(found, str) else found.countries)
    bare = _BRACKETS.sub("", text).strip(" :*.")
    if is_total(bare):
        return Cell("total", text)
    if _key(bare) in _others():
        return Cell("others", text)
    parts = [part for part in bare.split() if not is_total(part)]
    if fold(bare) in _subtotals() or (region := countries.read_region(" ".join(parts))) not in (None, "001"):
        return Cell("region", text)
    return Cell("total", text) if region == "001" else None


def is_total(text: str) -> bool:
    """Whether a label is that of a total."""
    return _key(text) in _totals()


def _key(text: str) -> str:
    return fold(text) or text


@lru_cache(maxsize=1)
def _totals() -> frozenset[str]:
    return frozenset(map(_key, _TOTALS.split("|")))


@lru_cache(maxsize=1)
def _subtotals() -> frozenset[str]:
    return frozenset(map(_key, _SUBTOTALS.split("|")))


@lru_cache(maxsize=1)
def _others() -> frozenset[str]:
    return frozenset(map(_key, _OTHERS.split("|")))
