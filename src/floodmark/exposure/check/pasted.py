"""What comes along with an address that was pasted from a page or a letter: quotation marks, bullets.

Canon 1 takes almost any sign as a part of an address, as dumps have them; so with one of them it would be another
address, which is in no leak, and "not found" would be said of somebody who is. The page has the same rule
(browser/src/page/pasted.ts).

>>> unquoted(" “ada@example.org” "), has_signs("•ada@example.org"), has_signs("ädä@example.org")
('ada@example.org', True, False)
"""

from __future__ import annotations

import unicodedata

_PAIRS = {'"': '"', "'": "'", "“": "”", "„": "“”", "”": "”", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’"}
_PAIRS |= {"‚": "‘’", "’": "’"}
# Parts of names in some languages (RFC 5892, appendix A), and full stops of East Asia.
_PARTS_OF_NAMES = frozenset("·・。．｡͵׳״۽۾་")
_NOT_FIRST = ("'", "`", "*")


def unquoted(text: str) -> str:
    """A text without white space and one pair of quotation marks around it."""
    plain = text.strip()
    if len(plain) > 1 and plain[-1] in _PAIRS.get(plain[0], ""):
        return plain[1:-1].strip()
    return plain


def has_signs(address: str) -> bool:
    """Whether an address has a sign in it that no address is written with.

    That is punctuation beyond ASCII, and before the @ symbols, too; some domains have pictures for names.
    """
    local, _, domain = address.partition("@")
    return address.startswith(_NOT_FIRST) or _has(local, "PS") or _has(domain, "P")


def _has(text: str, categories: str) -> bool:
    return any(
        one not in _PARTS_OF_NAMES and not one.isascii() and unicodedata.category(one)[0] in categories
        for one in text
    )
