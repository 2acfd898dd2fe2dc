"""Dates of which a day, a month or only a year is known: `2021-04-03`, `2021-04`, `2021`.

>>> days("2021-02")
(datetime.date(2021, 2, 1), datetime.date(2021, 2, 28))
>>> in_words("2021-04-03"), in_words("2021-04"), in_words("2021")
('3 April 2021', 'April 2021', '2021')
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import date

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def days(partial: str) -> tuple[date, date]:
    """The first and the last day that may be meant.

    Raises:
        ValueError: it is no such date.
    """
    year, month, day = _parts(partial)
    first = date(year, month or 1, day or 1)
    if day:
        return first, first
    month = month or 12
    return first, date(year, month, monthrange(year, month)[1])


def in_words(partial: str) -> str:
    """The date as English text has it.

    Raises:
        ValueError: it is no such date.
    """
    year, month, day = _parts(partial)
    return " ".join(filter(None, (str(day) if day else "", month_name[month] if month else "", str(year))))


def _parts(partial: str) -> tuple[int, int, int]:
    """Year, month and day, 0 for what is not known."""
    found = _FORM.fullmatch(partial)
    if found is None:
        raise ValueError("a date is written 2021, 2021-04 or 2021-04-03")
    year, month, day = (int(part or 0) for part in found.groups())
    date.fromisoformat(f"{partial}-01-01"[:10])  # refuses what no calendar has
    return year, month, day
