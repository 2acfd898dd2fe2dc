"""Where things stand in a drawing of a timeline: lanes, rows in them that nothing overlaps in, and dates below.

>>> axis = Axis(date(2018, 1, 1), date(2026, 1, 1), 0, 800)
>>> round(axis.at(date(2022, 1, 1)))
400
>>> [words for _, words in axis.ticks()][:3]
['2018', '2019', '2020']
>>> rows([(0, 20), (5, 25), (21, 40)])
[0, 1, 0]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BY_DAYS, _BY_MONTHS, _BY_YEARS = (1, 2, 7, 14), (1, 3, 6), (1, 2, 5, 10, 25, 100)
_WIDE_YEAR, _WIDE_MONTH, _WIDE_DAY = 52, 74, 90  # pixels that one label takes
_FEWEST_DAYS = 4


@dataclass(frozen=True)
class Axis:
    """Dates as places from left to right, in pixels.

    Attributes:
        first: a day at `left`.
        last: a day at `right`.
    """

    first: date
    last: date
    left: float
    right: float

    @classmethod
    def around(cls, first: date, last: date, left: float, right: float) -> Axis:
        """An axis on which both days have some room to their sides."""
        aside = timedelta(days=max(_FEWEST_DAYS, round(0.03 * (last - first).days)))
        return cls(_less(first, aside), _more(last, aside), left, right)

    @property
    def pixels_a_day(self) -> float:
        """How far apart two days are."""
        return (self.right - self.left) / max(1, (self.last - self.first).days)

    def at(self, day: date) -> float:
        """Where a day stands."""
        return self.left + (day - self.first).days * self.pixels_a_day

    def ticks(self) -> list[tuple[float, str]]:
        """Places of dates that are round, as near to one another as their labels let them be; at least one."""
        for every, wide in ((n, _WIDE_DAY) for n in _BY_DAYS):
            if every * self.pixels_a_day >= wide:
                return [*self._days(every)]
        for every, wide in ((n, _WIDE_MONTH) for n in _BY_MONTHS):
            if every * 28 * self.pixels_a_day >= wide:
                return [*self._months(every)]
        fitting = (n for n in _BY_YEARS if n * 365 * self.pixels_a_day >= _WIDE_YEAR)
        return [*self._months(12 * next(fitting, 1000))]

    def _days(self, every: int) -> Iterator[tuple[float, str]]:
        day = self.first + timedelta(days=-self.first.toordinal() % every)
        while day <= self.last:
            yield self.at(day), f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
            day += timedelta(days=every)

    def _months(self, every: int) -> Iterator[tuple[float, str]]:
        """Firsts of months; of years, which are named alone, where there are only such."""
        begin = self.first.year * 12 + self.first.month - 1 + (self.first.day > 1)
        for months in range(begin + -begin % every, self.last.year * 12 + self.last.month, every):
            day = date(months // 12, months % 12 + 1, 1)
            yield self.at(day), str(day.year) if every >= 12 else f"{_MONTHS[day.month - 1]} {day.year}"


def rows(spans: Sequence[tuple[float, float]]) -> list[int]:
    """For each span from left to right, sorted by where it begins, the topmost row in which it overlaps none."""
    ends: list[float] = []
    found = []
    for begin, end in spans:
        row = next((place for place, taken in enumerate(ends) if taken <= begin), len(ends))
        ends[row:] = [end, *ends[row + 1 :]]
        found.append(row)
    return found


def _less(day: date, aside: timedelta) -> date:
    return day - aside if day - date.min > aside else date.min


def _more(day: date, aside: timedelta) -> date:
    return day + aside if date.max - day > aside else date.max
