r"""Names for people, made safe to show: column names and file labels come from whoever made the file.

>>> plain("name\x1b[31m\u202eevil")
'name[31mevil'
>>> column_name("447700900123"), column_name("anna@example.org")
('▮▮▮▮▮▮▮▮▮▮▮▮', '▮▮▮▮@▮▮▮▮▮▮▮▮▮▮▮')
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

LONGEST_NAME = 60
ELSEWHERE = {"ZZ": "Country not known", "001": "International networks"}
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_DIGITS = re.compile(r"\d(?:[\s().+/-]{0,3}\d){6,}")
_DELIMITERS = {"\t": "tab", " ": "space", ",": "comma ,", ":": "colon :", ";": "semicolon ;", "|": "bar |"}


def plain(text: str, longest: int = LONGEST_NAME) -> str:
    """Text without control, format (bidirectional, zero-width) or unassigned characters, cut to length.

    Terminal escapes need a control character, and reordering tricks a format one; both go. White space of any
    kind becomes one space. An ellipsis marks the cut.
    """
    spaced = re.sub(r"\s+", " ", text[: 16 * longest])
    kept = "".join(c for c in spaced if unicodedata.category(c)[0] != "C").strip()
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def column_name(text: str, longest: int = LONGEST_NAME) -> str:
    """A column's name as reports show it: `plain`, and anything shaped like an identifier covered.

    A file without a header that was read as if it had one would otherwise print its first person's number.
    """
    covered = _ADDRESS.sub(lambda m: re.sub(r"[^@]", "▮", m[0]), plain(text, longest))
    return _DIGITS.sub(lambda m: "▮" * len(m[0]), covered) or "(no name)"


def delimiter_name(delimiter: str) -> str:
    r"""A delimiter in words where it is white space or punctuation that a reader could miss.

    >>> delimiter_name("\t"), delimiter_name(""), delimiter_name("||")
    ('tab', 'none', '||')
    """
    if not delimiter:
        return "none"
    return (
        _DELIMITERS.get(delimiter)
        or plain(delimiter)
        or "U+" + " U+".join(f"{ord(c):04X}" for c in delimiter)
    )


def words(slug: str) -> str:
    """A slug or label as words: `birth_date` and `no-fit` become `birth date` and `no fit`."""
    return plain(slug).replace("_", " ").replace("-", " ")


_FIELD_WORDS = {
    "email": "e-mail address",
    "phone": "phone number",
    "profile_id": "profile id",
    "national_id": "national id number",
    "tax_id": "tax number",
    "ip_address": "IP address",
    "url": "URL",
    "device_id": "device id",
    "registered_at": "registration time",
    "active_at": "activity time",
    "last_seen_at": "last-seen time",
    "unknown": "type unknown",
}


def field_name(label: str) -> str:
    """A field type in words, for example `e-mail address` for `email`."""
    return _FIELD_WORDS.get(label) or words(label)


_VALUES = {"email": "e-mail addresses", "phone": "phone numbers", "profile_id": "profile ids"}


def values_name(kind: str) -> str:
    """Values of one identifier kind, in the plural.

    >>> values_name("email"), values_name("username")
    ('e-mail addresses', 'usernames')
    """
    return _VALUES.get(kind) or field_name(kind) + "s"


@cache
def places() -> list[dict[str, Any]]:
    """Every country and territory: `code`, English `name`, `dot` [longitude, latitude], `polygons`.

    Outlines are Natural Earth's 1:110 million (public domain), names those of the Unicode CLDR.
    """
    text = files(__package__).joinpath("data/world.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


@cache
def _names() -> dict[str, str]:
    return {place["code"]: place["name"] for place in places()} | ELSEWHERE


def country_name(code: str) -> str:
    """English name of an ISO 3166-1 alpha-2 code; the code itself when it has none."""
    return _names().get(code) or plain(code)
