"""What comes along with an address that was pasted from a page or a letter: quotation marks, bullets, ligatures.

Canon 1 takes almost any sign as a part of an address, as dumps have them; so with one of them it would be another
address, which is in no leak, and "not found" would be said of somebody who is. The page has the same rule
(browser/src/page/pasted.ts).

>>> unquoted(" “ada@example.org” "), has_signs("•ada@example.org"), has_signs("ädä@example.org")
('ada@example.org', True, False)
"""

from __future__ import annotations

import re
import unicodedata

_PAIRS = {'"': '"', "'": "'", "`": "`", "“": "”", "„": "“”", "”": "”", "«": "»", "»": "«", "‹": "›", "›": "‹"}
_PAIRS |= {"‘": "’", "‚": "‘’", "’": "’"}
# Unicode's White_Space and the mark that begins a file: neither `strip` nor JavaScript's `trim` takes just these.
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# Signs within words, that some languages write (RFC 5892, appendix A, and its exceptions); alone they are bullets.
_WITHIN_WORDS = re.compile(
    r"(?<=[lL])·(?=[lL])|(?<=[^\x00-\x7f])[\u0375\u05f3\u05f4\u06fd\u06fe\u0f0b\u30fb](?=[^\x00-\x7f])"
)
_STOPS = re.compile("[.。．｡]")  # full stops of East Asia are as good as others
_NOT_FIRST = ("'", "`", "*")
# Letters of Latin beside Greek and Cyrillic ones, many of which look the same: nobody writes a word in both.
_ALIKE = "\u0370-\u03ff\u0400-\u052f\u1c80-\u1c8f\u1f00-\u1fff\u2de0-\u2dff\ua640-\ua69f"
_TWO_SCRIPTS = re.compile(rf"[A-Za-z][{_ALIKE}]|[{_ALIKE}][A-Za-z]")
# Half-width and full-width forms, forms of Arabic letters for printing, and what cannot be seen.
_FORM = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufb50-\ufdff\ufe00-\ufe0f\ufe70-\uffef\U000e0100-\U000e01ef]"
)


def unquoted(text: str) -> str:
    """A text without white space and one pair of quotation marks around it."""
    plain = text.strip(_SPACES)
    if len(plain) > 1 and plain[-1] in _PAIRS.get(plain[0], ""):
        return plain[1:-1].strip(_SPACES)
    return plain


def has_signs(address: str) -> bool:
    """Whether an address has something in it that no address is written with.

    That is punctuation beyond ASCII; before the @ and at the very end symbols and pictures, too (some domains have them
    for names, but none that others are under); before the @ other looks of letters, which a domain folds; and a word of
    letters from two scripts that look alike.
    """
    if address.isascii():
        return address.startswith(_NOT_FIRST)
    local, _, domain = _WITHIN_WORDS.sub("", address).partition("@")
    labels = [label for label in _STOPS.split(domain) if label] or [""]
    return (
        address.startswith(_NOT_FIRST)
        or any(_category(one) in "PS" or _is_a_form(one) for one in local)
        or any(_category(one) == "P" for label in labels for one in label)
        or any(one not in "\u200c\u200d" and _category(one) not in "LMN" for one in labels[-1])
        or _TWO_SCRIPTS.search(address) is not None
    )


def _category(character: str) -> str:
    return "L" if character.isascii() else unicodedata.category(character)[0]


def _is_a_form(character: str) -> bool:
    """Whether it is another look of something else: a ligature, full-width, circled, raised."""
    plain = unicodedata.normalize("NFKC", character)
    return not character.isascii() and (
        _FORM.match(character) is not None
        or (plain != character and re.search("[A-Za-z0-9]", plain) is not None)
    )
