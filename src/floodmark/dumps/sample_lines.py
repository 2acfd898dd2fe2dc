"""The lines of a sample: how they end, and how many at the top are comments."""

from __future__ import annotations

import re

FEW_LINES = 3
MOST_LINES = 5000
COMMENT = re.compile(r"^\s*(?:#|--|//|/\*|;;|%|<!--)")
SEPARATOR = re.compile(r"\ufeff?\"?sep=([^\w\s\"]|\t)\"?,*", re.IGNORECASE)


def newline_of(head: bytes) -> str:
    """How lines end in a sample: `lf`, `crlf`, `cr` or `mixed`."""
    feeds, both, returns = head.count(b"\n"), head.count(b"\r\n"), head.count(b"\r")
    if feeds == 0:
        return "cr" if returns else "lf"
    lone = returns - both
    if lone > 0.01 * feeds and lone > 1:
        return "mixed"
    if both == feeds:
        return "crlf"
    return "lf" if both == 0 else "mixed"


def lines_of(head: bytes, newline: str) -> list[str]:
    """Up to 5,000 lines of text; lines that are not UTF-8 or hold a NUL are left out."""
    ends = {"cr": rb"\r", "mixed": rb"\r\n|\n|\r"}.get(newline, rb"\r?\n")
    lines: list[str] = []
    for line in re.split(ends, head, maxsplit=MOST_LINES)[:MOST_LINES]:
        if b"\0" in line:
            continue
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            continue
    return lines


def stated_separator(lines: list[str]) -> str | None:
    """The delimiter that a first line `sep=;` states, as spreadsheet programs do."""
    stated = SEPARATOR.fullmatch(lines[0]) if lines else None
    return stated[1] if stated else None


def comments_of(lines: list[str]) -> int:
    """Lines at the top that are comments or blank."""
    count = 0
    while count < len(lines) and count < 100 and (not lines[count].strip() or COMMENT.match(lines[count])):
        count += 1
    return count if count < len(lines) else 0
