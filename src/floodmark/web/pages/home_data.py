"""All that the script of the page `/` shows or needs, so that it has to load nothing once it knows the answer."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from floodmark.assessment.subscriptions import subscriptions
from floodmark.exposure.check.steps import ANSWERS
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.identifiers import FieldType
from floodmark.identifiers.numbering import REGIONS
from floodmark.notices.advising import rules
from floodmark.web.pages.home_texts import phrases
from floodmark.web.pages.number_regions import number_regions
from floodmark.web.settings import Settings
from floodmark.web.texts import Texts, texts

_NO_COUNTRY = ("ZZ", "001")


def home_data(settings: Settings, words: Texts) -> dict[str, Any]:
    """Addresses, the root key, and every text in the page's language; JSON-ready."""
    return {
        "rootKey": settings.root_key.hex(),
        "source": settings.buckets_at,
        "evaluator": settings.evaluator_at,
        "fetched": ANSWERS,
        "buckets": BUCKETS,
        **_spoken(words.language),
    }


@cache
def _spoken(language: str) -> dict[str, Any]:
    words = texts(language)
    return {
        "locale": str(words.locale).replace("_", "-"),
        "texts": phrases(words),
        "fieldNames": {one.label: words.field_name(one.label) for one in FieldType},
        "advising": rules(language),
        "countries": countries(language),
        "subscriptions": subscriptions(),
        "regions": number_regions(),
    }


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """Codes and names of the countries that have telephone numbers, in the order of the language.

    >>> [name for _, name in countries("de")][:4]
    ['Afghanistan', 'Ägypten', 'Ålandinseln', 'Albanien']
    """
    named = [(code, texts(language).country(code)) for code in REGIONS if code not in _NO_COUNTRY]
    return sorted(named, key=lambda one: _letters(one[1]))


def _letters(name: str) -> tuple[str, str]:
    """What the Unicode collation of English and German compares first: letters without marks; spaces and signs low."""
    bare = [c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c)]
    return "".join(c if c.isalnum() or c == " " else "!" for c in bare), name
