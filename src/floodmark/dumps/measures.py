"""How many bytes each character of UTF-8 had in the encoding that it was read from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.code_pages import CodePage

Bytes = NDArray[np.uint8]
# Of each byte of some UTF-8, the bytes that it stands for as found: those of its whole character at the character's
# first byte, and none at the others.
Measure = Callable[[Bytes], NDArray[np.uint8]]


@cache
def measure_of(page: CodePage) -> Measure:
    """Sizes of characters in an encoding."""
    if page.family == "single":
        return _by_byte({1: 1, 2: 1, 3: 1, 4: 1})
    if page.name.startswith("utf-16"):
        return _by_byte({1: 2, 2: 2, 3: 2, 4: 4})
    if page.name.startswith("utf-32"):
        return _by_byte({1: 4, 2: 4, 3: 4, 4: 4})
    return _by_character(page)


def by_table(table: Bytes) -> Measure:
    """Sizes by a table of all values of a byte."""
    return lambda text: table[text]


def _by_byte(sizes: dict[int, int]) -> Measure:
    """Sizes by how many bytes the character has in UTF-8, which its first byte tells."""
    table = np.zeros(256, np.uint8)
    table[:0x80], table[0xC0:0xE0], table[0xE0:0xF0], table[0xF0:] = (sizes[n] for n in (1, 2, 3, 4))
    return by_table(table)


def _by_character(page: CodePage) -> Measure:
    def measure(text: Bytes) -> NDArray[np.uint8]:
        characters = np.frombuffer(
            text.tobytes().decode("utf-8", "surrogatepass").encode("utf-32-le", "surrogatepass"), np.uint32
        )
        distinct, which = np.unique(characters, return_inverse=True)
        sizes = np.array([_size(chr(code), page.codec) for code in distinct.tolist()], np.uint8)
        steps = np.zeros(len(text), np.uint8)
        steps[(text & 0xC0) != 0x80] = sizes[which]
        return steps

    return measure


def _size(character: str, codec: str) -> int:
    try:
        return len(character.encode(codec))
    except UnicodeEncodeError:
        return 1  # a lone surrogate, which stands for one byte without a meaning
