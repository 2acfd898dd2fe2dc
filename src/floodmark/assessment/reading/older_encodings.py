r"""Which encoding of before Unicode a text has: the one that gives names of countries where it is not ASCII.

>>> older("Mısır;5\nTürkiye;7".encode("cp1254")), older("Египет;5".encode("koi8-r"))
(('cp1254', ()), ('koi8-r', ()))
"""

from __future__ import annotations

import re

MOST = 50_000
SHORTEST = 4  # letters: three are a code, and every encoding gives some
TRIED = (
    "cp1252 cp1254 cp1250 cp1251 koi8-r cp1253 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-7 gb18030 cp932 cp949 "
    "big5"
).split()
_CELLS = re.compile(r"[;,\t|:=\n]|\s[-–]\s|\s{2,}|\s*(?<!\w)[0-9][0-9.,'\s]*")


def older(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The encoding, and others that give as many names of countries where they are names of other countries.

    Args:
        raw: text that is no UTF-8.
    """
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:MOST]).best()
    names = dict.fromkeys((*TRIED, *([best.encoding] if best else [])))
    found = {name: _countries(raw[:MOST], name) for name in names}
    most = max(map(len, found.values()))
    tied = [name for name, countries in found.items() if len(countries) == most]
    if not most:
        return ("cp1252" if best is None else best.encoding), ()
    others = [name for name in tied[1:] if found[name] != found[tied[0]]]
    return tied[0], tuple(others)


def _countries(raw: bytes, name: str) -> frozenset[tuple[int, str]]:
    """Countries by the place of their names, of names that are not ASCII."""
    from floodmark.assessment.reading.countries import read_country
    from floodmark.assessment.reading.folding import fold
    from floodmark.assessment.reading.table_words import key, words

    try:
        text = raw.decode(name, "replace")
    except LookupError:
        return frozenset()
    found = set()
    for at, part in enumerate(_CELLS.split(text)[:2_000]):
        word = part.strip('" ')
        if word.isascii() or "\ufffd" in word or len(fold(word)) < _shortest(word):
            continue
        country = read_country(word)
        if isinstance(country, str):
            found.add((at, country))
        elif role := words("heading").get(key(word)) or words("label").get(key(word)):
            found.add((at, role))
    return frozenset(found)


def _shortest(word: str) -> int:
    """Letters of a name, which may be two where a letter is a word."""
    return 2 if word[:1] >= "\u2e80" else SHORTEST - 1 if any(map(_is_marked, word)) else SHORTEST


def _is_marked(character: str) -> bool:
    return "\u0590" <= character <= "\u06ff"  # Hebrew and Arabic, which write no short vowels
