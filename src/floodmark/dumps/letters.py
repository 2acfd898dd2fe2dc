"""How letters follow one another in languages that are not plain ASCII, for telling old encodings apart.

A language's table gives for two letters in a row how surprising the second is after the first, in bits. Letters are
numbered by the table; other characters have the few numbers after these. data/letters.tsv is compiled by
tools/compile_letters.py.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

STEPS = 3  # of the file, to a bit
# What stands in names and addresses beside letters.
MARKS = frozenset("\u00a0ªº°·«»“”„–—…№€£§¿¡")
APOSTROPHES = frozenset("’‘´")
ASCII_LETTER, FOREIGN, APOSTROPHE, MARK, ODD, WRONG = range(6)
# Bits that such a character costs, whatever stands before it.
COSTS = {ASCII_LETTER: 9.0, FOREIGN: 13.0, APOSTROPHE: 10.0, MARK: 12.0, ODD: 16.0, WRONG: 24.0}
AFTER = 4.0  # bits of a letter after such a character
INSIDE = 9.0  # bits of a letter after a mark that is no apostrophe, since few words have one inside
JUMP = 14.0  # bits of a letter of another script beside an ASCII letter


@dataclass(frozen=True)
class Letters:
    """Letters of one language.

    Attributes:
        number: by letter in lower case, its number from 1; 0 is where a word begins or ends.
        surprise: float32, bits of one class after another, shape (classes, classes); 0 where both are ASCII.
    """

    number: dict[str, int]
    surprise: NDArray[np.float32]

    def classes(self, characters: str) -> NDArray[np.uint8]:
        """Number of each character; one beyond ASCII that is no letter of the language has one after its letters."""
        return np.array([self._class(character) for character in characters], np.uint8)

    def _class(self, character: str) -> int:
        lower = character.lower()
        if (number := self.number.get(lower[:1])) is not None:
            return number
        last = len(self.number) + 1
        if character.isascii():
            return last + ASCII_LETTER if character.isalpha() else 0
        if character in APOSTROPHES:
            return last + APOSTROPHE
        if character in MARKS:
            return last + MARK
        category = unicodedata.category(character)
        if category.startswith("L"):
            return last + FOREIGN
        return last + (WRONG if category in ("Cc", "Cs", "Co", "Cn") else ODD)


@cache
def letters_of(language: str) -> Letters:
    """Letters of a language, by its ISO 639 code."""
    alphabet, cells = _table()[language]
    size = len(alphabet) + 1
    table = (np.frombuffer(cells.encode(), np.uint8).reshape(size, size) - 48) / STEPS
    surprise = np.zeros((size + len(COSTS), size + len(COSTS)), np.float32)
    surprise[:size, :size] = table
    surprise[size:, :] = AFTER
    for other, bits in COSTS.items():
        surprise[:, size + other] = bits
    surprise[size + ASCII_LETTER, 1:size] = surprise[1:size, size + ASCII_LETTER] = JUMP
    surprise[size + MARK, 1:] = INSIDE
    surprise[size:, 0] = surprise[size + ASCII_LETTER, size + ASCII_LETTER] = 0
    ascii_only = np.array([True, *(letter.isascii() for letter in alphabet), True, *[False] * 5])
    surprise[np.ix_(ascii_only, ascii_only)] = 0
    return Letters({letter: number for number, letter in enumerate(alphabet, 1)}, surprise)


@cache
def _table() -> dict[str, tuple[str, str]]:
    text = (files("floodmark.dumps") / "data/letters.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {language: (alphabet, cells) for language, alphabet, cells in rows}
