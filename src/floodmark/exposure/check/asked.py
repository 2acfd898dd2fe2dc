"""An identifier that somebody asks about, as the protocol evaluates it (protocol 1, section 1).

>>> read("Ada <ada@example.org>")
Traceback (most recent call last):
floodmark.exposure.check.asked.NotAnIdentifier: What was given is no e-mail address.
>>> read(" ada@EXAMPLE.org ")
Asked(kind='email')
>>> read("020 7946 0000", region="GB").kind
'phone'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import polars as pl

from floodmark.errors import UsageError
from floodmark.exposure.canonical import canonical
from floodmark.exposure.check.dialled import is_plain
from floodmark.exposure.check.pasted import has_signs, unquoted
from floodmark.identifiers import phones
from floodmark.identifiers.field_types import KINDS, IdentifierKind

LONGEST = 1024  # characters; the longest identifier has 254 bytes
_NAMES = {
    "phone": "valid telephone number",
    "email": "e-mail address",
    "profile_id": "profile id",
    "username": "user name",
}
_RETYPE = "Retype it by hand: it has a character that addresses do not have."
_WHERE = "Type one number, with + and its country code; or as it is dialled in the region, and name that."


class NotAnIdentifier(UsageError):
    """What was given has no canonical form, so no sealed leak can hold it; exit code 2. Nothing was sent."""

    slug: ClassVar[str] = "not-an-identifier"
    hint = (
        "Give one e-mail address, or a telephone number with its country code (or with the region where it is"
        " dialled); profile ids and user names need their kind."
    )


@dataclass(frozen=True)
class Asked:
    """A canonical identifier.

    Attributes:
        kind: of it.
        data: what is evaluated: kind, a colon, the canonical form, UTF-8.
    """

    kind: IdentifierKind
    data: bytes = field(repr=False)


def read(text: str, kind: IdentifierKind | None = None, region: str | None = None) -> Asked:
    """An identifier as somebody typed it.

    Args:
        text: the identifier.
        kind: what it is; None for an e-mail address where there is an `@` inside, else a telephone number.
        region: country of national telephone numbers, ISO 3166-1 alpha-2.

    Raises:
        NotAnIdentifier: it is none of that kind; nothing of it is quoted.
        UsageError: no such kind or region.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError("There is no such kind of identifier.", f"Kinds are {', '.join(KINDS)}.")
    if region is not None and (region not in phones.REGIONS or not region.isalpha() or region == "ZZ"):
        raise UsageError(
            "There is no such region.", "Use ISO 3166-1 alpha-2 in capitals, such as GB, EG or BR."
        )
    if kind not in ("profile_id", "username"):
        text = unquoted(text)
    meant = kind or ("email" if "@" in text.removeprefix("@") else "phone")
    form = canonical(meant, pl.Series([text], dtype=pl.String), region)[0] if _is_text(text) else None
    if form is None:
        raise NotAnIdentifier(f"What was given is no {_NAMES[meant]}.")
    if meant == "email" and has_signs(text):
        raise NotAnIdentifier(f"What was given is no {_NAMES[meant]}.", _RETYPE)
    if meant == "phone" and not is_plain(text, region):
        raise NotAnIdentifier(f"What was given is no {_NAMES[meant]}.", _WHERE)
    sign = "+" if meant == "phone" else ""
    return Asked(meant, f"{meant}:{sign}{form}".encode())


def _is_text(text: str) -> bool:
    """Whether it is short enough, and has no halves of surrogate pairs, which nothing could read on."""
    return len(text) <= LONGEST and not any("\ud800" <= character <= "\udfff" for character in text)
