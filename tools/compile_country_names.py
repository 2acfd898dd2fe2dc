"""Compile names of countries in all languages (Unicode CLDR, through Babel) into data that is looked up quickly.

    python tools/compile_country_names.py            # writes src/floodmark/assessment/data/country_names.tsv
    python tools/compile_country_names.py --check    # compiles again and compares, exit code 1 on a difference

A line is a folded name and what it is the name of: codes of ISO 3166-1, or of UN M.49 for the world and its parts. A
name that languages or spellings give to different countries has several codes, unless it is the English one of a
country: Malawi is Malawi, though Latvia is `ma Lawi` in Toki Pona.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from babel import Locale
from babel.localedata import locale_identifiers
from country_spellings import SHARED, SPELLINGS
from place_aliases import COUNTRIES

from floodmark.assessment.reading.folding import fold

ROOT = Path(__file__).parents[1] / "src/floodmark"
PATH = ROOT / "assessment/data/country_names.tsv"


def names() -> dict[str, set[str]]:
    """Codes by folded name."""
    alpha3 = _codes()
    found: defaultdict[str, set[str]] = defaultdict(set)
    for identifier in locale_identifiers():
        for code, name in Locale.parse(identifier).territories.items():
            if code in alpha3 or (code.isdigit() and len(code) == 3):
                found[fold(name)].add(code)
    for listed in (COUNTRIES, SPELLINGS):
        for code, aliases in listed.items():
            for name in aliases.split("|"):
                found[fold(name)].add(code)
    for code, name in Locale("en").territories.items():
        if code in alpha3:
            found[fold(name)] = {code}
    for codes, shared in SHARED.items():
        for name in shared.split("|"):
            found[fold(name)] = {*codes.split()}
    found.pop("", None)
    return {name: _nearest(codes) for name, codes in found.items()}


def table() -> str:
    lines = [
        "# Names of countries, from Unicode CLDR and a list of spellings; Unicode License v3, (c) Unicode, Inc."
    ]
    lines += [f"{name}\t{' '.join(sorted(codes))}" for name, codes in sorted(names().items())]
    return "\n".join(lines) + "\n"


def _nearest(codes: set[str]) -> set[str]:
    """Countries alone where a name is that of a part of the world as well, as South Africa's is in many languages."""
    return {code for code in codes if code.isalpha()} or codes


def _codes() -> dict[str, str]:
    text = (ROOT / "identifiers/data/country_codes.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(PATH.read_text("utf-8") != table() and "country_names.tsv is not what Babel's CLDR gives")
    PATH.write_text(table(), "utf-8")
