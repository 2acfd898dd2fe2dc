"""One phone number as it was typed: what `phones.current` says of it, without the cost of a column.

>>> current("hello", None)
>>> number, region = current("07400 123456", "GB")
>>> number, REGIONS[region]
(447400123456, 'GB')
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from floodmark.identifiers import phones_text
from floodmark.identifiers.numbering import (
    MOST_DIGITS,
    MOST_NATIONAL_DIGITS,
    REGIONS,
    SIGNIFICANT,
    TYPED,
    outcomes,
    table,
)
from floodmark.identifiers.phones_renumbered import ranges

__all__ = ["LONGEST", "REGIONS", "TooOdd", "current"]

LONGEST = 64  # characters of a cell that is read here; patterns are tried at every place of one
_ALL = 2**64 - 1
_TO_ASCII = str.maketrans(phones_text.TO_ASCII)
_LARGEST_READ = 21  # digits; what is longer is no number, whatever it is


class TooOdd(Exception):
    """A text that only the columns read; nothing that a person meets."""


@dataclass(frozen=True, slots=True)
class _Codes:
    """What outcome codes stand for, for one look-up at a time."""

    again: memoryview
    number: memoryview
    region: memoryview
    valid: memoryview
    no_region: int
    no_code: int
    too_long: int


def current(text: str, region: str | None) -> tuple[int, int] | None:
    """A phone number in today's numbering.

    Args:
        text: as it was typed.
        region: where national forms were typed, ISO 3166-1 alpha-2.

    Returns:
        Digits of E.164 and an index into `REGIONS`; None where it is no valid number.

    Raises:
        TooOdd: it is longer than `LONGEST`, or has characters that no number is written with.
        UsageError: no such region.
    """
    if (digits := text.removeprefix("+")).isascii() and digits.isdecimal():
        plus = len(digits) < len(text)
    else:
        digits, plus = _typed(text)
    if not digits:
        return None
    codes = _codes()
    number, code = _digits(digits, plus, region)
    if not codes.valid[code]:
        if not codes.number[code]:
            return None
        new = _renumbered(number)
        if new == number:
            return None
        number, code = _digits(str(new), True, None)
        if not codes.valid[code]:
            return None
    return number, codes.region[code]


def _typed(text: str) -> tuple[str, bool]:
    """Digits and whether they are international, as `phones_text.typed`; no digits where it is no number."""
    if len(text) > LONGEST:
        raise TooOdd
    if not text.isascii():
        text = text.translate(_TO_ASCII)
        if not text.isascii():
            raise TooOdd
    cell = _MESSENGER.sub(r"+\1", _LABEL.sub("", _AFTER.sub("", _BEFORE.sub("", text)), 1), 1)
    if (context := _CONTEXT.search(cell)) is not None:
        cell = _CONTEXT.sub("", cell if cell.startswith("+") else context[1] + cell, 1)
    if (sheet := _SPREADSHEET.search(cell)) is not None:
        plain = _of_spreadsheet(sheet[1], sheet[2] or "", int(sheet[3]))
    elif (whole := _WHOLE.search(cell)) is not None:
        plain = whole[1]
    else:
        plain = _BETWEEN.sub("", _EXTENSION.sub("", cell, 1))
    if cell.startswith("-") or _GOOD.search(plain) is None:
        return "", False
    return plain.lstrip("+"), plain.startswith("+")


def _of_spreadsheet(whole: str, fraction: str, exponent: int) -> str:
    lost = len(fraction) < exponent or any(digit != "0" for digit in fraction[exponent:])
    return "" if lost else whole + fraction[:exponent]


def _digits(digits: str, plus: bool, region: str | None) -> tuple[int, int]:
    """Number and outcome code, as of `phones_reading._digits`."""
    codes, length = _codes(), len(digits)
    key = int(digits) if length <= _LARGEST_READ else 0
    key = key if key <= _ALL else 0
    zero = digits[0] == "0"
    abroad = not plus and zero and digits[1:2] == "0" and digits[2:3] != "0"
    number, code = _look_up(TYPED, key)
    if length - 2 * abroad > MOST_DIGITS:
        code = codes.too_long
    if zero and not abroad:
        code = codes.no_code
    if region is None:
        return number, codes.no_region if zero and digits[1:2] != "0" and not plus else code
    if plus and code != codes.no_code:
        return number, code
    national = _look_up(region, key + 10**length if length <= MOST_NATIONAL_DIGITS else 10**MOST_DIGITS)
    return (number, code) if codes.valid[code] and not codes.valid[national[1]] else national


def _look_up(name: str, key: int) -> tuple[int, int]:
    starts, range_codes, shifts = _table(name)
    at = bisect_right(starts, key) - 1
    code = range_codes[at]
    again = _codes().again[code]
    if not again:
        return key, code
    return _look_up((TYPED, SIGNIFICANT)[again - 1], (key + shifts[at]) & _ALL)


def _renumbered(number: int) -> int:
    starts, shifts = _renumberings()
    return (number + shifts[bisect_right(starts, number) - 1]) & _ALL


@cache
def _table(name: str) -> tuple[memoryview, memoryview, memoryview]:
    found = table(name)
    return found.starts.data, found.codes.data, found.shifts.data


@cache
def _renumberings() -> tuple[memoryview, memoryview]:
    starts, shifts = ranges()
    return starts.data, shifts.data


@cache
def _codes() -> _Codes:
    found = outcomes()
    return _Codes(
        again=found.again.data,
        number=found.number.data,
        region=found.region.data,
        valid=found.valid.data,
        no_region=found.code("no_region"),
        no_code=found.code("unknown_calling_code"),
        too_long=found.code("too_long"),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the columns for ASCII text, where `$` is the end and nothing before it."""
    return re.compile(pattern.replace("$", r"\Z"), re.ASCII)


_BEFORE, _AFTER = _compiled(r"^[\s'\"=]+"), _compiled(r"[\s'\"]+$")
_LABEL, _MESSENGER = _compiled(phones_text.LABEL), _compiled(phones_text.MESSENGER)
_CONTEXT, _EXTENSION = _compiled(phones_text.CONTEXT), _compiled(phones_text.EXTENSION)
_SPREADSHEET = _compiled(phones_text.SPREADSHEET)
_WHOLE = _compiled(rf"^(?={phones_text.WHOLE.removeprefix('^')})(\+?\d+)")
_BETWEEN = _compiled(r"[\s().\-/\[\]_]")
_GOOD = _compiled(r"^\+*\d+$")
