"""Digits with separators: which numbers a numeral can stand for, in the usage of any country.

>>> readings("44,823,547")
(Reading(value=Fraction(44823547, 1), fraction=0, decimal='', group=','),)
>>> [str(one.value) for one in readings("1.234")]
['1234', '617/500']
>>> readings("1.234.56"), readings("2021.04.03")
((), ())
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

MOST_DIGITS = 24
NUMERAL = r"[0-9]+(?:[.,'٬٫_]\ ?[0-9]+|\ [0-9]+){0,12}"
"""A pattern of what `readings` takes, after `plain`; white space in it is escaped, for patterns with `re.VERBOSE`."""
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?: [0-9]{3})+|[1-9][0-9]?(?: [0-9]{2})+ [0-9]{3}|[1-9][0-9]{0,3}(?: [0-9]{4})+"
)
_RAISED = dict.fromkeys(map(ord, "¹²³⁰⁴⁵⁶⁷⁸⁹"), "*")  # the mark of a footnote, never part of a count
_MARKS = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "′": "'",
    "˙": "'",
    "·": ".",
    "،": ",",
    "、": ",",
    "−": "-",
    "﹣": "-",
    "–": "-",
    "—": "-",
}


@dataclass(frozen=True)
class Reading:
    """One way to read a numeral.

    Attributes:
        value: the number.
        fraction: digits after its decimal mark.
        decimal: the decimal mark; empty where there is none.
        group: what parts groups of digits; empty where nothing does.
    """

    value: Fraction
    fraction: int
    decimal: str
    group: str = ""


def plain(text: str) -> str:
    r"""Text with digits of any script as 0-9, any space as a space, one apostrophe and one hyphen, nothing unseen.

    >>> plain("٤٤ \u200bمليون"), plain("４４８２万"), plain("44’823")
    ('44 مليون', '4482万', "44'823")
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(map(_plain_character, unicodedata.normalize("NFKC", text.translate(_RAISED)))).strip()


def readings(numeral: str) -> tuple[Reading, ...]:
    """What a numeral of ASCII digits and separators can mean, whole numbers first; empty where nothing.

    A separator that stands more than once parts groups; one before three digits alone may do either. Groups are of
    three, of two before a last three (India), or of four (China, Japan).
    """
    parts = re.split(r"([^0-9]+)", numeral)
    groups, marks = parts[::2], [mark.strip() or " " for mark in parts[1::2]]
    if not all(groups) or sum(map(len, groups)) > MOST_DIGITS:
        return ()
    if not marks:
        return (Reading(Fraction(int(numeral)), 0, ""),) if numeral == "0" or numeral[0] != "0" else ()
    found = []
    if len({*marks}) == 1 and marks[0] != "٫" and _GROUPED.fullmatch(" ".join(groups)):
        found.append(Reading(Fraction(int("".join(groups))), 0, "", marks[0]))
    before, last = groups[:-1], groups[-1]
    if marks[-1] in ".,٫" and marks[-1] not in marks[:-1] and _is_whole(before, marks[:-1]):
        value = Fraction(int("".join(before) + last), 10 ** len(last))
        found.append(Reading(value, len(last), marks[-1], marks[0] if len(marks) > 1 else ""))
    return tuple(found)


def _is_whole(groups: list[str], marks: list[str]) -> bool:
    if not marks:
        return groups[0] == "0" or groups[0][0] != "0"
    return len({*marks}) == 1 and bool(_GROUPED.fullmatch(" ".join(groups)))


def _plain_character(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] == "Z":
        return " "
    return "" if category[0] == "C" else _MARKS.get(character, character)
