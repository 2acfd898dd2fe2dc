"""Where strings and parentheses stand in a stretch of rows, found for all of its bytes at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

QUOTE, OPEN, CLOSE, COMMA, END, DOUBLE, BACKSLASH = b"'(),;\"\\"


def table(letters: bytes) -> Mask:
    """Which bytes are among these letters."""
    members = np.zeros(256, np.bool_)
    members[list(letters)] = True
    return members


_MARKS = table(b"'(),;\"")
# What may stand before a string (`N`, `E` and `_utf8` among it), and after one.
_BEFORE = table(b"(, \t\r\n=|'NnEeXxBb0123456789")
_AFTER = table(b"), \t\r\n:|'")


@dataclass(frozen=True)
class Marks:
    """Marks of a stretch that begins outside of strings; all arrays ascend.

    Attributes:
        at: offsets of the marks that are outside of strings, quotes not among them.
        kinds: these marks.
        depth: parentheses open after each of them.
        opens: offsets of the quotes that begin a string.
        closes: offsets of those that end one; as many as `opens`, or one less.
        doubled: offsets of the first quote of each doubled pair within a string.
        escapes: offsets of the backslashes that escape.
        good: offset before which strings have before and after them what strings have.
    """

    at: Offsets
    kinds: Bytes
    depth: Offsets
    opens: Offsets
    closes: Offsets
    doubled: Offsets
    escapes: Offsets
    good: int


def find_marks(buffer: Bytes, backslash: bool) -> Marks:
    """The marks of a stretch.

    Args:
        buffer: its bytes; the first is outside of strings.
        backslash: whether a backslash escapes within strings.
    """
    places = np.flatnonzero(_MARKS[buffer])
    kinds = buffer[places]
    escapes = _escapes(buffer) if backslash else np.zeros(0, np.int64)
    quote = kinds == QUOTE
    if len(escapes):
        escaped = np.zeros(len(buffer) + 1, np.bool_)
        escaped[escapes + 1] = True
        free = ~escaped[places]
        places, kinds, quote = places[free], kinds[free], quote[free]
    quotes = places[quote]
    outside = ~quote & (np.cumsum(quote) % 2 == 0)
    at, kinds = places[outside], kinds[outside]
    depth = np.cumsum((kinds == OPEN).astype(np.int64) - (kinds == CLOSE))
    opens, closes = quotes[0::2], quotes[1::2]
    pairs = min(len(opens) - 1, len(closes)) if len(opens) else 0
    twin = opens[1 : pairs + 1] == closes[:pairs] + 1
    odd = np.concatenate(
        [
            opens[(opens > 0) & ~_BEFORE[buffer[np.maximum(opens - 1, 0)]]],
            closes[(closes + 1 < len(buffer)) & ~_AFTER[buffer[np.minimum(closes + 1, len(buffer) - 1)]]],
        ]
    )
    doubled = closes[:pairs][twin]
    first = (
        np.concatenate(
            [np.ones(min(1, len(opens)), np.bool_), ~twin, np.ones(len(opens) - pairs - 1, np.bool_)]
        )
        if len(opens)
        else np.zeros(0, np.bool_)
    )
    last = np.concatenate([~twin, np.ones(len(closes) - pairs, np.bool_)])
    good = int(odd.min()) if len(odd) else len(buffer)
    return Marks(at, kinds, depth, opens[first], closes[last], doubled, escapes, good)


def _escapes(buffer: Bytes) -> Offsets:
    """Offsets of the backslashes that escape what follows: the first, third, … of a run of them."""
    found = np.flatnonzero(buffer == BACKSLASH)
    if not len(found):
        return found
    begins = np.ones(len(found), np.bool_)
    begins[1:] = np.diff(found) > 1
    run = np.maximum.accumulate(np.where(begins, found, 0))
    escapes: Offsets = found[(found - run) % 2 == 0]
    return escapes
