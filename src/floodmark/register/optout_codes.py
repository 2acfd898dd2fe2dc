"""Codes that prove control of an address or a number: what is sent, and what is kept of it.

>>> code = new_code(lambda size: bytes(range(size)))
>>> code
'000G-40R4'
>>> read_code(" o00g 4or4 ") == read_code(code)
True

A code has 8 characters of Crockford's base 32, 40 bits: typed with O for 0 and I or L for 1 it is the same. With 5
attempts for a code and 5 codes a day, guessing for a year finds one with a chance of 1 in 120 million.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable
from typing import ClassVar

from floodmark.errors import UsageError
from floodmark.identifiers.digests import DigestKey
from floodmark.notices.sending import Purpose

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
BYTES = 5
CONTEXT = "floodmark/optout-code/1"
LONGEST = 64  # of what is typed

_ALIKE = str.maketrans("OIL", "011", " \t\r\n-\u2010\u2011\u2013")


class NoCode(UsageError):
    """What was typed has not the form of a code; exit code 2. It counts as no attempt."""

    slug: ClassVar[str] = "no-code"
    hint = "A code has 8 letters and digits, such as K7QM-3XRP."


def new_code(random: Callable[[int], bytes]) -> str:
    """A code as it is sent.

    Args:
        random: that many random bytes; in use, `secrets.token_bytes`.
    """
    number = int.from_bytes(random(BYTES))
    digits = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return f"{digits[:4]}-{digits[4:]}"


def read_code(typed: str) -> str:
    """The 8 characters of a code as somebody typed it.

    Raises:
        NoCode: it has not the form of one.
    """
    code = unicodedata.normalize("NFKC", typed[:LONGEST]).upper().translate(_ALIKE)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise NoCode("What was typed is no code.")
    return code


def kept(key: DigestKey, purpose: Purpose, kind: str, digest: str, code: str) -> str:
    """What the register keeps of a code: 64 hexadecimal digits that hold for one purpose and one identifier.

    Args:
        key: without which codes cannot be tried against it.
        purpose: what the code is for.
        kind: of the identifier.
        digest: of the identifier, 16 hexadecimal digits.
        code: as `read_code` gives it.
    """
    bound = "\0".join((CONTEXT, purpose, kind, digest, code))
    return hmac.digest(key.secret, bound.encode(), "sha256").hex()
