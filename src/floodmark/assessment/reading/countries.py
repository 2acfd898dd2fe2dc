"""A country by its name in any language, its code, its flag or a usual misspelling.

>>> read_country("Ägypten"), read_country("arabiasaudita"), read_country("KSA"), read_country("🇪🇬 Egypt")
('EG', 'SA', 'SA', 'EG')
>>> read_country("Congo"), read_country("Africa"), read_country("Atlantis")
(Ambiguous(countries=('CD', 'CG')), None, None)
>>> suggestions("Marocko Kingdom"), suggestions("Austrlia")
((), ('AU', 'AT'))

The names (`data/country_names.tsv`) are those of Unicode CLDR in every language that it has, and a list of spellings;
`tools/compile_country_names.py` writes it. A name that languages give to different countries is `Ambiguous`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from floodmark.assessment.reading.folding import fold

LONGEST = 100
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")

_NOTE = re.compile(r"\s*(?:[*†‡¹²³⁴-⁹]{1,4}|\[[0-9a-z]{1,2}\])\s*\Z")
_SIDES = {
    side: name
    for name, listed in {
        "North": "n north northern nord norte",
        "South": "s south southern sud sur sul",
        "East": "e east eastern ost est este",
        "West": "w west western ouest oeste",
    }.items()
    for side in listed.split()
}
_OFF = frozenset("state province city region county island islands only".split())
_SIDE = re.compile(
    r"\s*(" + "|".join(sorted(_SIDES, key=len, reverse=True)) + r")(?:\.\s*|\s+)(\S.*)\Z", re.IGNORECASE
)
_BEFORE = ("the", "la", "le", "el", "republicof", "kingdomof", "stateof", "federalrepublicof", "sultanateof")
_AFTER = (
    "republic",
    "dataset",
    "database",
    "data",
    "leads",
    "users",
    "numbers",
    "people",
    "citizens",
    "phones",
)


@dataclass(frozen=True)
class Ambiguous:
    """A name of several countries, or one that contradicts itself, as a flag beside another country's name."""

    countries: tuple[str, ...]


def read_country(text: str) -> str | Ambiguous | None:
    """The country that a text names.

    Args:
        text: a name or a code with nothing else than a flag, its other name or code in brackets, or punctuation.

    Returns:
        ISO 3166-1 alpha-2; `Ambiguous` where it may be several; None where it names none. A part of the world, as
        `Africa`, is none, though a seller may mean South Africa.
    """
    text = _NOTE.sub("", text)
    if len(text) > LONGEST or any(character.isdigit() for character in text):
        return None
    flags = {code for code in map(_of_flag, _FLAG.findall(text)) if code}
    named = _named(_FLAG.sub(" ", text))
    if not named:
        return _one(flags) if not fold(_FLAG.sub("", text)) else None
    if flags and not flags & named:
        return _one(flags | named)
    return _one(flags & named or named)


def is_part(text: str) -> bool:
    """Whether a text that `read_country` does not read names a country, and says that a part of it is meant.

    >>> is_part("Georgia (US state)"), is_part("Cyprus (North)"), is_part("N. Ireland"), is_part("Ireland")
    (True, True, True, False)
    """
    text = _NOTE.sub("", text)
    if len(text) > LONGEST or any(character.isdigit() for character in text):
        return False
    inside = _BRACKETS.findall(text)
    outside = _BRACKETS.sub(" ", text)
    if inside:
        return bool(_of(outside)) and any(map(_parts_off, inside))
    match = _SIDE.match(text)
    return match is not None and bool(_of(match[2]))


def _parts_off(text: str) -> bool:
    """Whether what stands in brackets behind a country makes it another."""
    words = [fold(word) for word in text.split()]
    return any(word in _SIDES or word in _OFF for word in words) or any(
        _of(word) for word in text.split() if len(word) > 1
    )


def read_region(text: str) -> str | None:
    """The part of the world that a text names, by its code of UN M.49; `001` is the world."""
    if len(text) > LONGEST:
        return None
    codes = _names().get(fold(text), ())
    return codes[0] if codes and codes[0].isdigit() else None


def suggestions(text: str) -> tuple[str, ...]:
    """Countries whose names are spelled nearly so, at most three, the nearest first."""
    folded = fold(text) if len(text) <= LONGEST else ""
    if not 4 <= len(folded) <= 40:
        return ()
    near = [
        name
        for name, codes in _names().items()
        if codes[0].isalpha()
        and abs(len(name) - len(folded)) <= 2
        and (name[:2] == folded[:2] or name[-3:] == folded[-3:])
    ]
    best = difflib.get_close_matches(folded, near, n=8, cutoff=0.8)
    return tuple(dict.fromkeys(code for name in best for code in _names()[name]))[:3]


def _named(text: str) -> set[str]:
    """Countries by the whole text, by it with `S.` as South, or by it without its brackets.

    `S. Sudan` is not what a language has as the name `S-Sudan` of Sudan.
    """
    side = _SIDE.match(text)
    turned = _of(f"{_SIDES[fold(side[1])]} {side[2]}") if side else set[str]()
    is_letter = side is not None and len(side[1]) == 1
    return (turned if is_letter else set()) or _of(text) or turned or _bracketed(text)


def _bracketed(text: str) -> set[str]:
    """Countries by a text and what stands in its brackets, turned at its comma or without common words."""
    parts = _BRACKETS.findall(text)
    outside = _BRACKETS.sub(" ", text)
    inside = [found for part in parts if (found := _of(part))]
    if not fold(outside):
        return set[str]().union(*inside)
    for part in parts:
        if found := _of(f"{_SIDES.get(fold(part), part)} {outside}"):
            return found
    if _of(outside) and any(_parts_off(part) and not _of(part) for part in parts):
        return set()
    if found := _of(outside) or _of(_without_words(fold(outside))):
        agreeing = [found & one for one in inside if found & one]
        if inside and not agreeing and len(found) == 1:
            return found.union(*inside)
        return agreeing[0] if agreeing else found
    before, comma, after = outside.partition(",")
    return _of(after + before) if comma else set()


def _without_words(folded: str) -> str:
    for word in _BEFORE:
        if folded.startswith(word) and folded.removeprefix(word) in _names():
            return folded.removeprefix(word)
    for word in _AFTER:
        if folded.endswith(word) and folded.removesuffix(word) in _names():
            return folded.removesuffix(word)
    return ""


def _of(text: str) -> set[str]:
    """Countries of a whole name or code. Capitals are a code; `Áo` is a name, of Austria in Vietnamese."""
    letters = "".join(filter(str.isalnum, text))
    codes = {code} if letters.isascii() and (code := _codes().get(letters.upper(), "")) else set()
    if codes and letters.isupper():
        return codes
    return codes | {code for code in _names().get(fold(text), ()) if code.isalpha()}


def _one(codes: set[str]) -> str | Ambiguous | None:
    if len(codes) == 1:
        return next(iter(codes))
    return Ambiguous(tuple(sorted(codes))) if codes else None


def _of_flag(flag: str) -> str:
    code = "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag)
    return code if code in _codes().values() else ""


@cache
def _codes() -> dict[str, str]:
    """Alpha-2 by alpha-2 and alpha-3 in capitals, with those that are in use beside ISO 3166-1."""
    text = (files("floodmark") / "identifiers/data/country_codes.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {code: row[0] for row in rows for code in row[:2]} | {"UK": "GB", "EL": "GR"}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    text = (files("floodmark") / "assessment/data/country_names.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {name: tuple(codes.split()) for name, codes in rows}
