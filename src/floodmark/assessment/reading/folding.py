"""One spelling of a name or a word, whatever its case, accents, spaces and script variant, to look it up.

As `identifiers.folding` does for columns, here for single words, without a data frame and without spaces: a seller
writes `arabiasaudita`.

>>> fold("  Arabia-Saudita "), fold("Côte d’Ivoire"), fold("Türkiye"), fold("U.S.A.")
('arabiasaudita', 'cotedivoire', 'turkiye', 'usa')
>>> fold("الإمارات") == fold("الامارات")
True
"""

from __future__ import annotations

import unicodedata

LONGEST = 200
_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ə": "e",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ہ": "ه",
        "ٱ": "ا",
        "ـ": None,
        **dict.fromkeys("ʹʻʼʽʾʿˈ", None),
    }
)
# Marks that a spelling may leave out: accents, and the points of Hebrew and Arabic. Those of Indic scripts are vowels.
_LEFT_OUT = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x064B, 0x065F), (0x0670, 0x0670))


def fold(text: str) -> str:
    """Letters, digits and the marks that carry meaning, in lower case; empty where none is left."""
    if text.isascii():
        return "".join(filter(str.isalnum, text[:LONGEST].lower()))
    whole = unicodedata.normalize("NFKD", text[:LONGEST].casefold()).translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(filter(_is_kept, whole)))


def _is_kept(character: str) -> bool:
    if unicodedata.category(character)[0] in "LN":
        return True
    code = ord(character)
    return unicodedata.category(character)[0] == "M" and not any(
        low <= code <= high for low, high in _LEFT_OUT
    )
