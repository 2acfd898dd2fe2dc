"""Where the marks of a JSON text lie: brackets, commas and colons outside of strings, and the strings' quotes.

Found by array operations, a window at a time; what must be known from one window to the next is two bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OPENING, CLOSING = ord('"'), ord("'")  # a string's first quote, and its last
BRACE, BRACKET, END_BRACE, END_BRACKET, COMMA, COLON = b"{[}],:"
BACKSLASH = 92
MARKS = np.zeros(256, np.bool_)
MARKS[list(b'{}[],:"')] = True
STEPS = np.zeros(256, np.int8)
STEPS[[BRACE, BRACKET]] = 1
STEPS[[END_BRACE, END_BRACKET]] = -1


@dataclass(frozen=True)
class Tokens:
    """Marks of a window, in order.

    Attributes:
        places: offset of each in the window, int64.
        kinds: the marks' bytes, uint8; a quote that ends a string is `CLOSING`.
        inside: whether a string is still open at the window's end.
        escaped: whether the byte after the window is escaped by its last one.
    """

    places: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    inside: bool
    escaped: bool


def tokens(window: bytes, inside: bool = False, escaped: bool = False) -> Tokens:
    r"""Marks of a window of JSON.

    Args:
        window: bytes of the text.
        inside: whether it begins within a string.
        escaped: whether its first byte is escaped.

    Examples:
        >>> found = tokens(b'{"a,":"\\"","b":[1,2]}')
        >>> bytes(found.kinds), found.places.tolist()[:4]
        (b'{"\':"\',"\':[,]}', [0, 1, 4, 5])
    """
    buffer = np.frombuffer(window, np.uint8)
    places = np.flatnonzero(MARKS[buffer])
    kinds = buffer[places]
    escapes, ends_escaped = _escaped(buffer, escaped) if b"\\" in window or escaped else (None, False)
    if escapes is not None and len(escapes):
        hit = np.zeros(len(buffer) + 1, np.bool_)
        hit[escapes] = True
        kept = ~((kinds == OPENING) & hit[places])
        places, kinds = places[kept], kinds[kept]
    quotes = kinds == OPENING
    # Odd after an opening quote, even after a closing one.
    parity = (np.cumsum(quotes) + inside) & 1
    outside = (parity == 0) | quotes
    closing = quotes & (parity == 0)
    ends_inside = bool(parity[-1]) if len(parity) else inside
    kinds = np.where(closing, np.uint8(CLOSING), kinds)[outside]
    return Tokens(places[outside], kinds, ends_inside, ends_escaped)


def _escaped(buffer: NDArray[np.uint8], escaped: bool) -> tuple[NDArray[np.int64], bool]:
    """Offsets of the bytes after an odd run of backslashes, and whether the byte after the last is one."""
    slashes = np.flatnonzero(buffer == BACKSLASH)
    carried = np.zeros(1 if escaped else 0, np.int64)
    if not len(slashes):
        return carried, False
    new = np.ones(len(slashes), np.bool_)
    new[1:] = np.diff(slashes) > 1
    firsts = np.flatnonzero(new)
    lengths = np.diff(np.append(firsts, len(slashes)))
    begins = slashes[firsts]
    if escaped and begins[0] == 0:
        # The first backslash of the window is itself escaped by one before it.
        lengths[0] -= 1
        begins[0] += 1
    odd = (lengths & 1).astype(np.bool_)
    after = (begins + lengths)[odd]
    at_end = bool(len(after)) and int(after[-1]) == len(buffer)
    return np.concatenate([carried, after[:-1] if at_end else after]), at_end
