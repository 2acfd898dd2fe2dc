"""Protected patterns: text in which a delimiter does not end a cell, such as the colons of a time.

The patterns are written in the syntax that Python's `re` and Rust's `regex` share, so that the sample and the
whole file are judged by the same text. A delimiter is protected where the pattern covers it; a pattern never
reaches past the delimiters that it must cover.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Protected:
    """A named pattern and the delimiter characters that occur in it."""

    name: str
    delimiters: str
    pattern: str


_DATE = r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}"
_GROUP = "[0-9a-fA-F]{1,4}"

PATTERNS: tuple[Protected, ...] = (
    Protected(
        "timestamp",
        ":",
        # A date with a time, or a time of day with seconds after a blank.
        rf"(?:{_DATE}[ T]\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?| \d{{1,2}}:\d{{2}}:\d{{2}})"
        r"(?: ?[AaPp][Mm])?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?",
    ),
    # Scheme, host and port only: what follows the host may be another cell.
    Protected("url", ":", r"(?:https?|ftp|android|HTTPS?|FTP)://(?:[^\s:/]+(?::\d{2,5}/)?)?"),
    Protected(
        "ipv6",
        ":",
        rf"(?:{_GROUP}:){{7}}{_GROUP}|(?:[23][0-9a-fA-F]{{3}}|[fF][eEcCdD][0-9a-fA-F]{{2}}):(?:{_GROUP}:){{0,5}}"
        rf"(?::{_GROUP}){{1,6}}",
    ),
    Protected("mac", ":", r"(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}"),
    Protected("url-path", "/", r"(?:https?|ftp)://[^\s,;|\t]*"),
    Protected("date", "/", r"\d{1,2}/\d{1,2}/\d{4}|\d{4}/\d{1,2}/\d{1,2}"),
    Protected("iso-date", "-", r"\d{4}-\d{2}-\d{2}|\d{1,2}-\d{1,2}-\d{4}"),
    Protected("uuid", "-", r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
    Protected("date-and-time", " ", _DATE + r" \d{1,2}:\d{2}(?::\d{2})?(?: [AaPp][Mm])?"),
)

# Quoted text in a file whose grammar has no quoting: the quotes stay in the cell, as found.
QUOTED = Protected("quoted", "", r'"[^"]*"')


def patterns_for(delimiter: str) -> tuple[Protected, ...]:
    """The patterns in which this delimiter can stand."""
    return tuple(
        p for p in PATTERNS if delimiter and all(c in p.delimiters for c in delimiter.strip() or delimiter)
    )


@cache
def combined(names: tuple[str, ...], quoted: bool) -> str | None:
    """One pattern that matches whatever the named patterns match, or None when there is nothing to protect.

    Args:
        names: names of patterns, as a grammar holds them.
        quoted: also protect text in double quotes.
    """
    chosen = [p.pattern for p in PATTERNS if p.name in names]
    if quoted:
        chosen.append(QUOTED.pattern)
    return "|".join(f"(?:{pattern})" for pattern in chosen) or None


def mask(text: str, delimiter: str, names: tuple[str, ...]) -> str:
    """`text` with the protected delimiters replaced by the same number of NULs, for splitting a sample.

    Examples:
        >>> mask("a:5/8/2018 12:00:00 AM:b", ":", ("timestamp",)).split(":")[2]
        'b'
    """
    pattern = combined(names, quoted=False)
    if pattern is None or delimiter not in text:
        return text
    return re.sub(pattern, lambda found: found[0].replace(delimiter, "\0" * len(delimiter)), text)


def mask_all(texts: list[str], delimiter: str, names: tuple[str, ...]) -> list[str]:
    """Each of the texts as `mask` has it; at once, since no pattern reaches past the end of a line."""
    together = "\n".join(texts)
    if together.count("\n") == len(texts) - 1:
        return mask(together, delimiter, names).split("\n")
    return [mask(text, delimiter, names) for text in texts]


_CLOCK = re.compile(_DATE + r"( \d{1,2}:\d{2}:\d{2}(?: [AaPp][Mm])?)")


def usual_times(lines: list[str]) -> tuple[str, ...]:
    """Times of day that nearly all dated cells of a sample share, such as ` 12:00:00 AM`; most common first.

    A reader can hide the delimiters in these few texts before it splits, which is cheaper than finding them after.
    """
    found = Counter(time for line in lines for time in _CLOCK.findall(line))
    usual = [time for time, rows in found.most_common(2) if rows >= 0.05 * found.total()]
    shared = sum(found[time] for time in usual)
    return tuple(usual) if found and shared >= 0.6 * found.total() else ()
