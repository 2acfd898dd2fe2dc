"""How the cells of a sample are quoted, and what escapes a character: the ways that are worth comparing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from floodmark.dumps.escapes import hide

ESCAPE = "\\"
PROGRAMS = {",", ";", "|", "\t"}  # delimiters of programs that quote
RECORD_LINES = 200
Way = tuple[str | None, str | None]  # quoting character, escape


def ways(lines: list[str], delimiter: str) -> list[Way]:
    """Ways to quote and to escape, the likeliest first; which of them cuts the lines best must be tried.

    Commas, semicolons and tabs come from programs that quote, so there quoting is assumed unless the sample
    contradicts it; elsewhere it must be seen around cells that need it or around most cells.
    """
    text = "\n".join(lines)
    usual = _usual(text, delimiter)
    quotes = [usual]
    if (delimiter.strip(" ") or delimiter) in PROGRAMS:
        around, marks = _around(text, delimiter, '"')
        loose = 0 < around * 2 < marks  # quotes that enclose no cell
        quotes += [other for other in ('"', None) if loose and other != usual]
        around, marks = _around(text, delimiter, "'")
        quotes += ["'"] if around > 1 and around * 2 >= 0.4 * marks else []
    found: list[Way] = [(quote, None) for quote in quotes]
    if ESCAPE in text and len(delimiter) == 1 and delimiter != ESCAPE:
        escaped = [ESCAPE + delimiter in text or (quote and ESCAPE + quote in text) for quote in quotes]
        found += [(quote, ESCAPE) for quote, worth in zip(quotes, escaped, strict=True) if worth]
    return found


def _usual(text: str, delimiter: str) -> str | None:
    if '"' not in text:
        return '"' if delimiter.strip(" ") in {",", ";"} or delimiter == "\t" else None
    around, marks = _around(text, delimiter, '"')
    return '"' if around * 2 >= 0.5 * marks and around > 0 else None


def _around(text: str, delimiter: str, quote: str) -> tuple[int, int]:
    """How many cells quotes seem to enclose, and how many quotes there are, doubled ones counted once."""
    escaped = re.escape(delimiter)
    opened = len(re.findall(rf"(?:^|{escaped}){quote}", text, re.MULTILINE))
    closed = len(re.findall(rf"{quote}(?={escaped}|$)", text, re.MULTILINE))
    return min(opened, closed), text.count(quote) - text.count(quote * 2)


def unescaped(lines: list[str], delimiter: str, quote: str | None, escape: str | None) -> list[str]:
    """Lines whose escaped characters are out of sight."""
    if escape is None:
        return lines
    return hide("\n".join(lines).encode(), escape, quote, delimiter).data.decode().split("\n")


def joined(lines: list[str], delimiter: str, quote: str | None) -> Iterator[tuple[str, int]]:
    """Records of these lines as text, each with its number of lines: a quoted cell may hold line ends."""
    odd = [quote is not None and line.count(quote) % 2 == 1 for line in lines]
    at = 0
    while at < len(lines):
        count = 1
        if quote is not None and odd[at]:
            ends = range(at + 1, min(at + RECORD_LINES, len(lines)))
            last = next((end for end in ends if odd[end]), at)
            whole = "\n".join(lines[at : last + 1])
            count = last - at + 1 if last > at and enclosing(delimiter, quote).fullmatch(whole) else 1
        yield "\n".join(lines[at : at + count]), count
        at += count


@cache
def enclosing(delimiter: str, quote: str) -> re.Pattern[str]:
    """A record in which quotes enclose whole cells, and line ends stand in such cells only."""
    q, d = re.escape(quote), re.escape(delimiter)
    if not delimiter:
        return re.compile(rf"{q}(?:[^{q}]|{q}{q})*+{q}|[^{q}\r\n]*")
    first = re.escape(delimiter[0])
    plain = rf"[^{q}{first}\r\n]*" if len(delimiter) == 1 else rf"(?:(?!{d})[^{q}\r\n])*"
    cell = rf"(?:{q}(?:[^{q}]|{q}{q})*+{q}|{plain})"
    return re.compile(rf"{cell}(?:{d}{cell})*")
