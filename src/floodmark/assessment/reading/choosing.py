"""Which of several numbers on a line is the count: where that is not clear, none is.

A rank that runs from 1 is passed over. Everything else that stands beside a second number may be a price, a year, a
calling code or a count of another thing, and a guess among them would be a wrong number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from floodmark.assessment.reading.passed_lines import headings_of

if TYPE_CHECKING:
    from floodmark.assessment.reading.entries import Entries, Entry

SEVERAL = "stands beside other numbers, and none is clearly the count"
BRACKETS = "stands in brackets and others do not, so it may be below zero"


def choose(entries: Sequence[Entry]) -> None:
    """Take ranks from the entries, and mark those whose count is not clear."""
    several = [one for one in entries if one.more]
    if len(several) > 1 and all(_whole(one) == at for at, one in enumerate(several, 1)):
        for one in several:
            one.count = one.more.pop(0)
    for one in several:
        if one.more:
            one.unclear = SEVERAL
    counted = [one for one in entries if one.count is not None and one.count.said is not None]
    bracketed = [one for one in counted if one.count is not None and one.count.bracketed]
    if len(bracketed) < len(counted):
        for one in bracketed:
            one.unclear = one.unclear or BRACKETS


def head(found: Entries) -> None:
    """Heed a heading above the lines: `Country   Price` makes prices of numbers, `Records (thousands)` has a unit."""
    first = min((one.line for one in found.entries), default=0)
    above = [(line, headings_of(text)) for line, text in found.passed_over.items() if line < first]
    line, headings = next(((line, one) for line, one in reversed(above) if one), (0, ()))
    if not headings:
        return
    del found.passed_over[line]
    count = next((one for one in headings if one.role == "count"), None)
    if count is not None:
        found.of = count.of
        for entry in found.entries:
            entry.factor = count.factor
        if count.factor > 1:
            found.understood.append(f"Line {line} says that counts are in units of {count.factor:,}.")
        return
    only = headings[0]
    priced = any(one.price is not None for one in found.entries)
    for entry in found.entries:
        if only.role == "price" and not priced and entry.count is not None and entry.count.kind == "number":
            entry.price, entry.count = entry.count, None
            entry.currency, entry.price_factor = only.currency, only.factor
        elif only.role != "price":
            entry.unclear = f"stands under a heading of {only.role}s"
    if only.role == "price" and not priced:
        found.understood.append(f"Line {line} says that numbers are prices.")


def _whole(one: Entry) -> int | None:
    """A count of digits alone."""
    text = one.count.text if one.count is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None
