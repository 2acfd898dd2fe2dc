"""A number as anybody writes it, whatever its separators, digits and words.

>>> read_quantity("44,823,547") == read_quantity("44.823.547") == read_quantity("4,48,23,547")
True
>>> read_quantity("44,8 Mio."), read_quantity("> 6 million")
(Quantity(value=44800000, digits=3, bound=''), Quantity(value=6000000, digits=1, bound='at-least'))
>>> read_quantity("1.234"), read_quantity("1.234M")
(Quantity(value=1234, digits=4, bound=''), Ambiguous(readings=(Quantity(value=1234000, digits=4, bound=''),
    Quantity(value=1234000000, digits=4, bound=''))))

Counts are whole: `1.234` alone is 1,234, since nobody counts 1.234 accounts. Where two readings are whole numbers,
both are given back and nothing is guessed; the company of a table's other cells may decide (`said`, `tables`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from floodmark.assessment.reading.number_words import bound_after, bound_before, scales
from floodmark.assessment.reading.numerals import NUMERAL, Reading, plain, readings
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.values import LARGEST

LONGEST = 120
ABSURD = 80_000_000_000
"""Ten times the people of the world: no count is larger. Finer tests are those of `evidence.plausibility`."""
_WORD = r"[^\W\d_](?:[^\s\d.,;:()\[\]{}%٪$€£¥₹₽₺₴₩+*/\"<>=~'-]|['.-](?=[^\W\d_]))*\.?"
_NUMBER = re.compile(NUMERAL)
_AFTER = re.compile(rf"\ ?(?:(?:de|na)\ )?({_WORD})")
_EAST = "\u2e80"  # from here on, scripts that write 4482万3547; elsewhere `44M 1500` are a count and a price
_INDIAN = (10**7, 10**5)  # 1 crore 20 lakh
_NOTE = re.compile(r"\ ?(?:\*{1,4}|[†‡]|\[[0-9a-z]{1,2}\])\Z")


@dataclass(frozen=True)
class Ambiguous:
    """A number that can be read in two ways, least first."""

    readings: tuple[Quantity, ...]


@dataclass(frozen=True)
class Candidate:
    """One reading of what was said.

    Attributes:
        value: the number, which need not be whole.
        step: what its last digit counts; 0 where that is not known, as of zeros at the end of a number in full.
        decimal: the decimal mark of its numeral; empty where it has none.
        group: what parts groups of its digits; empty where nothing does.
    """

    value: Fraction
    step: Fraction
    decimal: str
    group: str


@dataclass(frozen=True)
class Said:
    """A number with all its readings.

    Attributes:
        candidates: its readings, one or more.
        bound: as of a `Quantity`.
        negative: whether a minus stands before it.
        noted: whether a mark of a footnote stands behind it.
        percent: whether it is a share.
        scaled: whether a word for a power of ten stands with it.
    """

    candidates: tuple[Candidate, ...]
    bound: str = ""
    negative: bool = False
    noted: bool = False
    percent: bool = False
    scaled: bool = False

    def quantities(self, factor: int = 1) -> tuple[Quantity, ...]:
        """Its readings that are whole numbers a count can be, times a factor, in ascending order.

        Nobody counts to three decimals: of a numeral alone that can part groups, that is the reading.
        """
        whole = [one for one in self.candidates if not one.decimal]
        candidates = whole if whole and not self.scaled and factor == 1 else self.candidates
        found = {_quantity(one, factor, self.bound) for one in candidates}
        return tuple(sorted(one for one in found if one is not None))


def read_quantity(text: str) -> Quantity | Ambiguous | None:
    """A count that somebody wrote.

    Args:
        text: the number with nothing else than words for powers of ten and for bounds.

    Returns:
        What was said; `Ambiguous` where two readings stand; None where it is no count: nothing, a share, a fraction, a
        number below zero, or more than 10**15.
    """
    found = said(text)
    if found is None or found.negative or found.percent:
        return None
    quantities = found.quantities()
    if len(quantities) > 1:
        return Ambiguous(quantities)
    return quantities[0] if quantities else None


def said(text: str) -> Said | None:
    """A number with all that can be read from how it is written; None where it is no number."""
    if len(text) > LONGEST:
        return None
    text = plain(text)
    noted = bool(_NOTE.search(text))
    text = _NOTE.sub("", text).rstrip()
    found = _NUMBER.search(text)
    if found is None:
        return None
    before, negative = _before(text[: found.start()])
    if before is None:
        return None
    candidates, rest, scaled = _amounts(text, found)
    rest = rest.strip()
    percent = rest.startswith(("%", "٪"))
    after = bound_after(rest[1:] if percent else rest)
    if not candidates or after is None or (before and after and before != after):
        return None
    return Said(candidates, before or after, negative, noted, percent, scaled)


def _before(text: str) -> tuple[str | None, bool]:
    text = text.strip()
    if text.endswith("(") and not text[:-1]:
        return None, False
    negative = text.endswith("-") and (len(text) == 1 or not text[-2].isalnum())
    return bound_before(text.removesuffix("-") if negative else text), negative


def _amounts(text: str, found: re.Match[str]) -> tuple[tuple[Candidate, ...], str, bool]:
    """All readings of a number with its words, and the text behind: `1億2000万` and `1 crore 20 lakh` are sums."""
    totals: list[Candidate] = []
    last, scaled = 0, False
    while True:
        numerals, end = readings(found[0]), found.end()
        sizes, end = _scale(text, end)
        word = text[found.end() : end].strip()
        scaled = scaled or sizes != (1,)
        parts = [_candidate(one, size) for one in numerals for size in sizes]
        if not totals:
            totals = parts
        elif len(totals) == len(parts) == 1:
            totals = [replace(parts[0], value=totals[0].value + parts[0].value)]
        else:
            return (), text[end:], scaled
        last = min(sizes)
        following = _NUMBER.match(text, end + (text[end : end + 1] == " "))
        if last == 1 or following is None or not parts:
            return tuple(totals), text[end:], scaled
        behind = min(_scale(text, following.end())[0])
        joined = word[0] >= _EAST or (last in _INDIAN and behind > 1)
        if not joined or behind >= last or _is_too_large(following[0], last // behind):
            return tuple(totals), text[end:], scaled
        found = following


def _is_too_large(numeral: str, limit: int) -> bool:
    return any(one.value >= limit for one in readings(numeral))


def _scale(text: str, end: int) -> tuple[tuple[int, ...], int]:
    """Powers of ten of the words at `end`, and where they end; `mil millones` are two words."""
    sizes: tuple[int, ...] = (1,)
    first = True
    while match := _AFTER.match(text, end):
        found, length = _longest_scale(match[1])
        if not found or (not first and sizes != (1000,) and 1000 not in sizes):
            break
        sizes = found if first else tuple(1000 * size for size in found)
        end, first = match.start(1) + length, False
        if length < len(match[1]):
            break
    return sizes, end


def _longest_scale(word: str) -> tuple[tuple[int, ...], int]:
    """Of a word that other letters may follow without a space, in scripts that write so: `万件`."""
    found = scales(word)
    if found or word.isascii() or word[0] < "\u0e00":
        return found, len(word)
    for length in range(min(len(word) - 1, 8), 0, -1):
        if found := scales(word[:length]):
            return found, length
    return (), 0


def _candidate(one: Reading, size: int) -> Candidate:
    step = Fraction(size, 10**one.fraction) if size > 1 or one.fraction else Fraction(0)
    return Candidate(one.value * size, step, one.decimal, one.group)


def _quantity(one: Candidate, factor: int, bound: str) -> Quantity | None:
    value = one.value * factor
    if value.denominator != 1 or value > LARGEST:
        return None
    shown = str(int(value))
    if not one.step and factor == 1:
        return Quantity(int(value), len(shown.rstrip("0")) or 1, bound)
    step = (one.step or Fraction(1)) * factor
    digits = len(str(int(value / step))) if step >= 1 else len(shown)
    return Quantity(int(value), max(1, min(digits, len(shown))), bound)
