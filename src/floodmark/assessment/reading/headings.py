"""What the heading of a column says: what the column has, and what one of its numbers stands for.

>>> heading("Country").role, heading("Records (in millions)"), heading("Anzahl (Mio.)").factor
('country', Heading(text='Records (in millions)', role='count', factor=1000000, of='rows', currency=''), 1000000)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from floodmark.assessment.reading.folding import fold
from floodmark.assessment.reading.money import currency_of
from floodmark.assessment.reading.nouns import of_noun
from floodmark.assessment.reading.number_words import scales
from floodmark.assessment.reading.numerals import plain
from floodmark.reports.labels import column_name

LONGEST = 80
_ROLES = {
    "country": "country|countries|country name|nation|location|territory|geo|region|country/region|country or region|"
    "name|state|place|land|länder|staat|pays|país|pais|países|paese|paesi|stato|страна|страны|держава|країна|ülke|"
    "ülkeler|الدولة|البلد|دولة|بلد|کشور|देश|দেশ|国|国家|国名|國家|나라|국가|ประเทศ|quốc gia|negara|maa|kraj|kraje|země|zeme|"
    "ország|țară|tara|χώρα|מדינה|nchi|bansa|lands|landet|riik|valsts|šalis|država|zemlja",
    "code": "code|iso|iso2|iso3|iso code|country code|alpha2|alpha3|cc|dial code|calling code|prefix|vorwahl|indicatif",
    "count": "count|counts|total|number|amount|quantity|qty|size|volume|how many|leaked|affected|exposed|anzahl|menge|"
    "zahl|gesamt|nombre|quantité|effectif|cantidad|número|numero|quantidade|número de|quantità|количество|число|кол-во|"
    "кількість|adet|sayı|العدد|عدد|تعداد|संख्या|সংখ্যা|数量|人数|件数|总数|個数|수|จำนวน|số lượng|jumlah|määrä|liczba|ilość|"
    "počet|szám|număr|αριθμός|מספר|idadi|antal|aantal|skaičius|skaits|arv|broj|število|database size|data|entries",
    "price": "price|cost|asking price|price usd|price ($)|price eur|usd|eur|preis|prix|precio|preço|preco|prezzo|цена|"
    "ціна|fiyat|السعر|سعر|قیمت|मूल्य|কীমত|价格|価格|가격|ราคา|giá|harga|hinta|cena|ár|preț|τιμή|מחיר|bei|presyo|prijs|"
    "pris|kaina|hind|cijena",
    "percent": "%|percent|percentage|share|pct|anteil|prozent|pourcentage|porcentaje|percentuale|процент|доля|نسبة|"
    "占比|割合|비율",
    "rank": "#|no|no.|nr|nr.|rank|ranking|position|s.no|sr no|sr|sno|idx|index|№|n°|rang|puesto|место|序号|順位|순위",
}
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,30})[)\]]")
_IN = re.compile(r"\b(?:in|en|em|на|w|v|i|x)\s+(\S+)\s*$", re.IGNORECASE)
_THOUSANDS = ("'000", "'000s", "000", "000s", "1000", "1,000", "x1000", "×1000", "1000s")
_COUNTED = ("rows", "accounts", "identifiers", "phones", "emails", "people", "users")


@dataclass(frozen=True)
class Heading:
    """A heading.

    Attributes:
        text: as it stands.
        role: `country`, `code`, `count`, `price`, `percent`, `rank`, or empty.
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
    name = _IN.sub("", _BRACKETS.sub("", bare)).strip(" :")
    of = of_noun(name) or next((found for word in reversed(name.split()) if (found := of_noun(word))), "")
    role = _roles().get(fold(bare) or bare) or _roles().get(fold(name) or name) or ""
    if not role and of in _COUNTED:
        role = "count"
    if not role:
        role = next((found for word in name.split() if (found := _roles().get(fold(word) or word))), "")
    currency = next((code for word in re.split(r"[\s()\[\]/,]+", bare) if (code := currency_of(word))), "")
    return Heading(
        bare,
        role,
        factor,
        of if of in _COUNTED and role == "count" else "",
        currency if role == "price" else "",
    )


def _factor(text: str) -> int:
    """What numbers are in: `(M)`, `in millions`, `(Mio. Nutzer)`, `('000)`."""
    told = [part for inside in _BRACKETS.findall(text) for part in (inside, *inside.split())]
    if match := _IN.search(text):
        told.append(match[1])
    for words in told:
        word = words.strip()
        if word in _THOUSANDS:
            return 1_000
        found = scales(word)
        if len(found) == 1 and found[0] <= 10**9:
            return found[0]
    return 1


@cache
def _roles() -> dict[str, str]:
    return {fold(word) or word: role for role, listed in _ROLES.items() for word in listed.split("|")}
