"""From where canaries are drawn: numbers that start alike, a range of ids, names or addresses that start alike.

>>> Range.read("profile_id", "100000000-100999999").texts(np.array([0, 7], np.uint64)).to_list()
['100000000', '100000007']
>>> Range.read("email", "an*@example.org").texts(np.array([0, 37], np.uint64)).to_list()
['anaaaaaa@example.org', 'anaaaabb@example.org']
>>> Range.read("phone", "+447400").size
1000000
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import UsageError
from floodmark.identifiers import IdentifierKind, phones

SMALLEST = 10_000
"""Identifiers that a range has at least: in a smaller one, whoever asks for a few is soon at a canary by chance."""
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_MORE = 6  # characters after the beginning of a name or an address
_SAMPLE = 512
_LONGEST_NUMBER = 15
_MOST_DIGITS = 9  # that a prefix leaves open
_PHONE = re.compile(r"\+[1-9][0-9]{1,11}")
_IDS = re.compile(r"([1-9][0-9]{0,18})-([1-9][0-9]{0,18})")
_NAME = re.compile(r"([a-z0-9._-]{1,20})\*")
_ADDRESS = re.compile(r"([a-z0-9._-]{1,20})\*(@[a-z0-9.-]{1,100})")
_FORMS = {
    "phone": "+447400, with 3 to 9 digits left open",
    "profile_id": "100000000-100999999",
    "username": "ann*",
    "email": "ann*@example.org",
}


@dataclass(frozen=True)
class Range:
    """Identifiers that one text describes, numbered from 0.

    Attributes:
        kind: of identifier.
        text: that describes it.
        size: identifiers in it, also those that a numbering plan cannot have.
        head: with what each of them begins.
        tail: with what each of them ends.
        first: of ids, the first one.
    """

    kind: IdentifierKind
    text: str
    size: int
    head: str = ""
    tail: str = ""
    first: int = 0

    @classmethod
    def read(cls, kind: IdentifierKind, text: str) -> Self:
        """The range that a text describes.

        Raises:
            UsageError: it describes none, or one that is too small.
        """
        found = cls._read(kind, text.strip())
        if found is None:
            raise UsageError(f"This is no range of the kind {kind}", f"Write it like {_FORMS[kind]}.")
        if found.size < SMALLEST:
            raise UsageError(f"This range has fewer than {SMALLEST:,} identifiers", "Name a wider one.")
        return found

    def texts(self, places: NDArray[np.uint64]) -> pl.Series:
        """The identifiers at these places, String, shape (n,).

        Args:
            places: uint64, shape (n,), below `size`.
        """
        numbers = pl.Series("text", places.astype(np.uint64))
        if self.kind == "profile_id":
            return (numbers + self.first).cast(pl.String)
        if self.kind == "phone":
            width = len(str(self.size - 1))
            return self.head + numbers.cast(pl.String).str.zfill(width)
        letters = np.array(list(LETTERS))
        columns = [
            letters[(places // np.uint64(len(LETTERS) ** power)) % np.uint64(len(LETTERS))]
            for power in range(_MORE - 1, -1, -1)
        ]
        joined = pl.DataFrame(columns).select(pl.concat_str(pl.all())).to_series()
        return self.head + joined + self.tail

    @classmethod
    def _read(cls, kind: IdentifierKind, text: str) -> Self | None:
        if kind == "phone" and _PHONE.fullmatch(text):
            return cls._of_numbers(text)
        if kind == "profile_id" and (ids := _IDS.fullmatch(text)):
            first, last = int(ids[1]), int(ids[2])
            return cls(kind, text, last - first + 1, first=first) if first <= last else None
        if kind == "username" and (name := _NAME.fullmatch(text)):
            return cls(kind, text, len(LETTERS) ** _MORE, name[1])
        if kind == "email" and (address := _ADDRESS.fullmatch(text)):
            return cls(kind, text, len(LETTERS) ** _MORE, address[1], address[2])
        return None

    @classmethod
    def _of_numbers(cls, prefix: str) -> Self | None:
        """Numbers of the length at which most of them are valid; None where none of any length is."""
        most = min(_MOST_DIGITS, _LONGEST_NUMBER - len(prefix) + 1)
        tried = [cls("phone", prefix, 10**digits, prefix) for digits in range(3, most + 1)]
        shares = [_valid_share(found) for found in tried]
        best = int(np.argmax(shares)) if shares else 0
        return tried[best] if tried and shares[best] > 0 else None


def _valid_share(found: Range) -> float:
    places = np.linspace(0, found.size - 1, min(_SAMPLE, found.size)).astype(np.uint64)
    valid = phones.resolve(found.texts(places))["valid"].fill_null(value=False)
    return float(valid.to_numpy().mean())
