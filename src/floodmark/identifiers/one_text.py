"""One profile id, username or e-mail address as it was typed: its `canon 1` form, without the cost of a column.

>>> profile_id(" 000500090001"), username("@Straße.Ада"), email("Ada.Lovelace@EXAMPLE.org.")
('500090001', 'strasse.ада', 'ada.lovelace@example.org')
>>> profile_id("0"), username("two words"), email("ada@localhost")
(None, None, None)
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from floodmark.identifiers import domains, emails, profile_ids, usernames
from floodmark.identifiers.characters import is_assigned

# Unicode's White_Space, which is what Polars strips; Python strips four controls besides.
WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_PLAIN_NAME = re.compile(r"[!-~]+")
_ADDRESS = re.compile(emails.SHAPE)
_NOT_A_NAME = re.compile(emails.NOT_A_NAME)
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~.-")
_NONCHARACTERS = frozenset(range(0xFDD0, 0xFDF0)) | {
    plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
}


def profile_id(text: str) -> str | None:
    """As `profile_ids.canonical` of one cell."""
    digits = text.strip(WHITE_SPACE).lstrip("0")
    fits = 0 < len(digits) <= profile_ids.LONGEST and digits.isascii() and digits.isdecimal()
    return digits if fits else None


def username(text: str) -> str | None:
    """As `usernames.canonical` of one cell."""
    name = text.strip(WHITE_SPACE).removeprefix("@")
    if name.isascii():
        short = len(name) <= usernames.LONGEST
        return name.lower() if short and _PLAIN_NAME.fullmatch(name) else None
    if (
        len(name) > 3 * usernames.LONGEST
    ):  # nothing that is normalised or folded has a third of its characters
        return None
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).translate(_folding()))
    fits = len(name.encode(errors="surrogatepass")) <= usernames.LONGEST and all(map(_is_of_name, name))
    return name if fits else None


def email(text: str) -> str | None:
    """As `emails.canonical` of one cell."""
    address = text.strip(WHITE_SPACE)
    if address.isascii():
        lowered = address.lower().removesuffix(".")
        if "xn--" not in lowered:
            return lowered if _is_plain(lowered) else None
    local, _, domain = unicodedata.normalize("NFC", address).partition("@")
    local = local.translate(_LOWER)
    if not local or not domain or "@" in domain or not all(map(_is_of_local, local)):
        return None
    mapped = domains.to_ascii(domain.removesuffix("."))
    if mapped is None or not _is_plain("x@" + mapped):
        return None
    size = len(local.encode(errors="surrogatepass"))
    fits = size <= emails.LONGEST_LOCAL and size + 1 + len(mapped) <= emails.LONGEST
    return f"{local}@{mapped}" if fits else None


def _is_plain(address: str) -> bool:
    return (
        len(address) <= emails.LONGEST
        and address.find("@") <= emails.LONGEST_LOCAL
        and _ADDRESS.fullmatch(address) is not None
        and _NOT_A_NAME.search(address) is None
    )


def _is_of_name(character: str) -> bool:
    return (
        is_assigned(character)
        and character not in WHITE_SPACE
        and ord(character) not in _NONCHARACTERS
        and unicodedata.category(character) not in ("Cc", "Cs")
    )


def _is_of_local(character: str) -> bool:
    if character.isascii():
        return character in _LOCAL
    return (
        (is_assigned(character) or ord(character) in _NONCHARACTERS)
        and character not in WHITE_SPACE
        and unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs")
    )


@cache
def _folding() -> dict[int, str]:
    before, after = usernames.folding()
    return str.maketrans(dict(zip(before, after, strict=True)))
