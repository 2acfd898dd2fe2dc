"""What the number formats of a workbook make of numbers: dates, times, zeros in front."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from floodmark.dumps.kinds.xlsx_package import Read
from floodmark.dumps.kinds.xlsx_xml import Attributes, Scan
from floodmark.errors import LimitExceeded

Shows = Literal["number", "date", "time", "moment"]
# Formats that have a number and no text of their own (ECMA-376 part 1, 18.8.30, those of East Asia with them).
_DATES = {*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58}
_TIMES = {18, 19, 20, 21, *range(32, 36), 45, 46, 47, 55, 56}
MOST_FORMATS = 100_000
LONGEST_FORMAT = 255
_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[(?!(?:h+|m+|s+)\])[^\]]*\]", re.IGNORECASE)
_LETTERS = frozenset("ymdhsaegbtz")  # with those of weekdays and eras, and what ISO 8601 puts between
_FRACTION = re.compile(r"\.0+")
_PADDED = re.compile(r'(?:"([^"]{0,8})"|\\(.)|(\+))?#*(0+)')


@dataclass(frozen=True)
class Format:
    """How a number is shown.

    Attributes:
        shows: as what.
        prefix: text before it (`+` of a phone number).
        digits: least digits, zeros in front making them up.
    """

    shows: Shows = "number"
    prefix: str = ""
    digits: int = 0


GENERAL = Format()


def format_of(code: str) -> Format:
    r"""What a format's code means.

    Examples:
        >>> format_of("dd/mm/yyyy").shows, format_of("yyyy-mm-dd hh:mm").shows, format_of("h:mm AM/PM").shows
        ('date', 'moment', 'time')
        >>> format_of("00000"), format_of('"+"0').prefix, format_of('0.00 "days"').shows
        (Format(shows='number', prefix='', digits=5), '+', 'number')
    """
    code = code[:LONGEST_FORMAT]
    if padded := _PADDED.fullmatch(code):
        prefix = padded[1] or padded[2] or padded[3] or ""
        return Format("number", prefix if prefix.isprintable() else "", len(padded[4]))
    first = _BRACKETS.sub("", _ASIDE.sub("", code.split(";")[0])).lower()
    if "general" in first or "@" in first or "0" in _FRACTION.sub("", first):
        return GENERAL
    letters = {letter for letter in first.replace("am/pm", "").replace("a/p", "") if letter.isalpha()}
    if not letters <= _LETTERS:
        return GENERAL
    time = bool(letters & set("hs"))
    day = bool(letters & set("yd")) or ("m" in letters and not time)
    if day:
        return Format("moment" if time else "date")
    return Format("time") if time else GENERAL


def formats(read: Read) -> tuple[Format, ...]:
    """The format of each cell style of a workbook.

    Args:
        read: reads the part of the styles.

    Raises:
        LimitExceeded: more styles than any workbook has.
        DamagedXml: the part is not well-formed.
        DamagedPart: it cannot be unpacked.
    """
    codes: dict[str, Format] = {}
    found: list[Format] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        if name == "cellXfs":
            inside = True
        elif name == "numFmt" and len(codes) < MOST_FORMATS:
            codes[attributes.get("numFmtId", "")] = format_of(attributes.get("formatCode", ""))
        elif name == "xf" and inside:
            key = attributes.get("numFmtId", "0")
            found.append(codes.get(key) or _built_in(key))
        if len(found) > MOST_FORMATS:
            raise LimitExceeded(
                f"This workbook has more than {MOST_FORMATS:,} cell styles", "Save it as CSV."
            )

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    Scan(read, start, end).run()
    return tuple(found)


def _built_in(key: str) -> Format:
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 6 else 0
    if number == 22:
        return Format("moment")
    return Format("date" if number in _DATES else "time" if number in _TIMES else "number")
