"""Texts that are no identifier here and may be one to the application: what they cost.

>>> found = charged("phone", ["call +447400123456!", "+44 74"], [None, None], DigestKey(bytes(32)))
>>> found[0] is None, found[1] is None
(False, True)

Applications read texts more leniently than the guard, or otherwise: many find a phone number in `call +447400123456!`
and an id in `+12345678`. If such a text cost nothing, a client could ask for everybody in that form. So at a door a
text in which an identifier may be costs as much as one, each way of writing it apart. Evidence does not see it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from floodmark.guard.reduction import HALF, Reduced
from floodmark.identifiers import IdentifierKind, digests
from floodmark.identifiers.digests import DigestKey

_MAY_BE: dict[IdentifierKind, re.Pattern[str]] = {
    "phone": re.compile(r"(?:\d[\W_]*){3}(?:[^\W_][\W_]*){4}"),  # some take letters for digits: 1-800-FLOWERS
    "email": re.compile(r"[@\uff20\ufe6b]"),
    "profile_id": re.compile(r"\d"),
    "username": re.compile(r"\w"),
}


def charged(
    kind: IdentifierKind, texts: Sequence[str], reduced: Sequence[Reduced | None], key: DigestKey
) -> Sequence[Reduced | None]:
    """What a request costs: its identifiers, and in the place of texts that may be one, keyed digests of those.

    Args:
        kind: of identifier.
        texts: that were asked.
        reduced: `reduction.reduce_many` of them.
        key: the digest key.

    Returns:
        `reduced`, with fewer that are None: those that nobody can read an identifier from.
    """
    if None not in reduced:
        return reduced
    return [
        _standing_for(kind, text, key) if one is None else one
        for text, one in zip(texts, reduced, strict=True)
    ]


def _standing_for(kind: IdentifierKind, text: str, key: DigestKey) -> Reduced | None:
    if not _MAY_BE[kind].search(text):
        return None
    digest = digests.one(f"odd/{kind}", HALF.sub("\ufffd", text), key)
    return Reduced(digest, digest, 0)
