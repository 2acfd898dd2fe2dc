"""Names, places, companies and sentences that the rules were not written from, cut in parts that share no word.

Nine languages come from `mimesis`, whose lists nothing in the package is made of; Indonesian is written by hand
(`indonesian.tsv`).
"""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import Any

from mimesis import Generic
from mimesis.locales import Locale

LOCALES: dict[str, tuple[str, ...]] = {
    "en": ("en", "en-gb", "en-au"),
    "ar": ("ar-eg", "ar-sa", "ar-ma"),
    "es": ("es", "es-mx"),
    "fr": ("fr",),
    "pt": ("pt-br", "pt"),
    "it": ("it",),
    "de": ("de", "de-at"),
    "ru": ("ru",),
    "tr": ("tr",),
}
LANGUAGES = (*LOCALES, "id")
PARTS = ("develop", "second", "report")


def part_of(text: str) -> str:
    """The part that a word belongs to, for ever: half of them are in `develop`, a quarter in each of the others."""
    bits = zlib.crc32(text.encode()) >> 7
    return "develop" if not bits & 1 else PARTS[1 + (bits >> 1 & 1)]


def forms_of(forms: list[str], part: str) -> list[str]:
    """A part of few forms or header names, as even as can be; where there are too few, parts share them."""
    ordered = sorted(forms, key=lambda form: zlib.crc32(form.encode()))
    parts = {"develop": ordered[::2], "report": ordered[1::4], "second": ordered[3::4]}
    return parts[part] or parts["develop"]


def words(name: str, language: str, part: str) -> list[str]:
    """A part of a list of words; lists of few words are shared."""
    found = _all(name, language)
    if len(found) < 16:
        return list(found)
    return [word for word in found if part_of(word) == part]


@cache
def _all(name: str, language: str) -> list[str]:
    found: dict[str, None] = {}
    if language == "id":
        return _indonesian()[name]
    for locale in LOCALES[language]:
        found.update(dict.fromkeys(_LISTS[name](Generic(Locale(locale)))))
    return [word for word in found if word and word != "Test"]


@cache
def _indonesian() -> dict[str, list[str]]:
    text = Path(__file__).with_name("indonesian.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {name: [word for word in words.split("|") if word] for name, words in rows}


def _flat(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [word for part in value.values() for word in _flat(part)]
    return [str(word) for word in value] if isinstance(value, list) else [str(value)]


def _sentences(generic: Any) -> list[str]:
    return _flat(generic.text._extract(["text"])) + _flat(generic.text._extract(["quotes"]))


_LISTS: dict[str, Any] = {
    "male": lambda g: _flat(g.person._dataset["names"]["male"]),
    "female": lambda g: _flat(g.person._dataset["names"]["female"]),
    "family": lambda g: _flat(g.person._dataset["surnames"]),
    "family_female": lambda g: _flat(
        g.person._dataset["surnames"].get("female", [])
        if isinstance(g.person._dataset["surnames"], dict)
        else []
    ),
    "job": lambda g: _flat(g.person._dataset["occupation"]),
    "university": lambda g: _flat(g.person._dataset["university"]),
    "degree": lambda g: _flat(g.person._dataset["academic_degree"]),
    "language": lambda g: _flat(g.person._dataset["language"]),
    "city": lambda g: _flat(g.address._dataset["city"]),
    "state": lambda g: _flat(g.address._dataset["state"]["name"]),
    "street": lambda g: _flat(g.address._dataset["street"]["name"]),
    "street_suffix": lambda g: _flat(g.address._dataset["street"]["suffix"]),
    "country": lambda g: _flat(list(g.address._dataset["country"]["name"])),
    "company": lambda g: _flat(g.finance._dataset["company"]["name"]),
    "company_suffix": lambda g: _flat(g.finance._dataset["company"]["type"]["abbr"]),
    "sentence": _sentences,
    "dish": lambda g: _flat(g.food._dataset["dishes"]),
}
