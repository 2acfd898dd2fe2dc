"""What the cells of a column look like, whatever they mean: numbers, dates, times, addresses, or codes with digits.

This tells a header from the records below it, and decimal commas from delimiters, where nothing is known of what a
table is about.

>>> pattern_of(["12,5", "9.75", "n/a", "1.204,00"]), pattern_of(["red", "blue"])
('number', None)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import islice

MISSING = frozenset(
    {"", "-", "--", ".", "..", "...", "?", "*", "na", "n/a", "n.a.", "nan", "nil", "none", "null", "x"}
)
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r"[-+−(]{0,2}(?:[$€£¥]|[A-Z]{3} )?\s?[-+]?"
            r"(?:\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d*[.,]\d+|\d+)"
            r"(?:[eE][-+]?\d+)?\s?(?:%|€|\$|£|EUR|USD)?\)?"
        ),
    ),
    (
        "date",
        re.compile(
            r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?"
            r"(?:Z|[+-]\d{2}:?\d{2})?)?"
        ),
    ),
    ("time", re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?")),
    ("address", re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?:https?|ftp)://\S+")),
)
CODE = re.compile(r"\d")
LARGE = 20
LONGEST = 200  # characters of a cell that can have a pattern; it bounds the work on cells of a megabyte


def pattern_of(cells: Iterable[str]) -> str | None:
    """Name of the pattern that nearly all cells have which are not empty; `code` where all hold a digit."""
    filled = [cell.strip() for cell in cells if cell.strip().lower() not in MISSING]
    if not filled:
        return None
    enough = math.ceil((0.9 if len(filled) >= LARGE else 0.75) * len(filled))
    for name, pattern in PATTERNS:
        # No more cells are looked at than it takes to tell.
        others = (cell for cell in filled if not _matches(pattern, cell))
        if next(islice(others, len(filled) - enough, None), None) is None:
            return name
    return "code" if all(CODE.search(cell) for cell in filled) else None


def fits(cell: str, name: str) -> bool:
    """Whether a cell has the pattern of this name."""
    cell = cell.strip()
    if name == "code":
        return CODE.search(cell) is not None
    return _matches(dict(PATTERNS)[name], cell)


def patterned(cells: Iterable[str]) -> float:
    """Share of the filled cells that have some pattern of digits or addresses, or say that there is nothing."""
    all_cells = [cell.strip() for cell in cells if cell.strip()]
    good = sum(
        cell.lower() in MISSING or any(_matches(pattern, cell) for _, pattern in PATTERNS)
        for cell in all_cells
    )
    return good / len(all_cells) if all_cells else 0.0


def _matches(pattern: re.Pattern[str], cell: str) -> bool:
    return len(cell) <= LONGEST and pattern.fullmatch(cell) is not None
