"""Dates in English prose, as far as they are said: a year, a month or a day.

>>> [one.text for one in dates("found on 8 April 2021, fixed in August 2019, and known since 2018")]
['2021-04-08', '2019-08', '2018']
>>> after("2019-08"), after("2019-12"), after("2020-02-29"), after("2019")
('2019-09', '2020-01', '2020-03-01', '2020')
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {name.casefold(): at for at, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: at for name, at in _MONTHS.items()} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<year>(?:19|20)[0-9]{{2}})-(?P<month>[0-9]{{2}})(?:-(?P<day>[0-9]{{2}}))?"
    rf"|(?:(?P<day1>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month1>{_MONTH})\.?"
    rf"(?: (?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?)?,?(?: of)? (?P<year1>(?:19|20)[0-9]{{2}})"
    rf"|(?P<year2>(?:19|20)[0-9]{{2}}))\b(?![,.]?[0-9]|%| ?(?:million|billion|users|people|accounts|countries))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A date as `2021`, `2021-04` or `2021-04-03`, and where it begins."""

    text: str
    start: int


def dates(text: str) -> Iterator[Found]:
    """Dates of a text, in its order; what is no day of the calendar is passed over."""
    for match in _DATE.finditer(text):
        year = match["year"] or match["year1"] or match["year2"]
        month = match["month"] or match["month1"]
        day = match["day"] or match["day1"] or match["day2"]
        parts = [int(year)]
        if month:
            parts.append(int(month) if month.isdigit() else _MONTHS[month.casefold()])
        if month and day:
            parts.append(int(day))
        try:
            date(*(*parts, 1, 1)[:3])
        except ValueError:
            continue
        yield Found("-".join(f"{part:02}" for part in parts), match.start())


def after(text: str) -> str:
    """The day, month or year after one."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return f"{parts[0] + 1}"
    if len(parts) == 2:
        return f"{parts[0] + parts[1] // 12:04}-{parts[1] % 12 + 1:02}"
    return (date(*parts) + timedelta(days=1)).isoformat()
