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

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BY_DAYS, _BY_MONTHS, _BY_YEARS = (1, 2, 7, 14), (1, 3, 6), (1, 2, 5, 10, 25, 100)
_WIDE_YEAR, _WIDE_MONTH, _WIDE_DAY = 52, 74, 90  # pixels that one label takes
_FEWEST_DAYS = 4


@dataclass(frozen=True)
class Axis:
    """Dates as places from left to right, in pixels.

    Attributes:
        first: the day at `left`.
        last: the day at `right`.
        busy: days in order, as often as something happened on them: half of the width is divided among what
            happened, so that a week with much of it is as wide as years of silence. Empty: all days are as wide.
    """

    first: date
    last: date
    left: float
    right: float
    busy: tuple[date, ...] = ()

    @classmethod
    def around(cls, first: date, last: date, left: float, right: float, busy: Iterable[date] = ()) -> Axis:
        """An axis on which both days have some room to their sides."""
        aside = timedelta(days=max(_FEWEST_DAYS, round(0.03 * (last - first).days)))
        return cls(_less(first, aside), _more(last, aside), left, right, tuple(sorted(busy)))

    @property
    def pixels_a_day(self) -> float:
        """How far apart two days are where all are as wide."""
        return (self.right - self.left) / max(1, (self.last - self.first).days)

    def at(self, day: date) -> float:
        """Where the middle of a day stands."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        if self.busy:
            before, until = bisect_left(self.busy, day), bisect_right(self.busy, day)
            share = (share + (before + until) / 2 / len(self.busy)) / 2
        return self.left + share * (self.right - self.left)

    def ticks(self) -> list[tuple[float, str]]:
        """Places of dates that are round, as near to one another as their labels let them be; at least one."""
        if not self.busy:
            return self._even()
        placed: list[tuple[float, str]] = []
        for level in (
            self._even,
            partial(self._months, 12),
            partial(self._months, 1),
            self._halves,
            self._busiest,
        ):
            for x, words in level():
                if all(abs(x - other) >= (_room(words) + _room(there)) / 2 for other, there in placed):
                    placed.append((x, words))
        return sorted(placed)

    def _even(self) -> list[tuple[float, str]]:
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
            yield self.at(day), _day(day)
            day += timedelta(days=every)

    def _months(self, every: int) -> Iterator[tuple[float, str]]:
        """Firsts of months; of years, which are named alone, where there are only such."""
        begin = self.first.year * 12 + self.first.month - 1 + (self.first.day > 1)
        for months in range(begin + -begin % every, self.last.year * 12 + self.last.month, every):
            day = date(months // 12, months % 12 + 1, 1)
            yield self.at(day), str(day.year) if every >= 12 else f"{_MONTHS[day.month - 1]} {day.year}"

    def _halves(self) -> Iterator[tuple[float, str]]:
        """The middles of months in which something happened."""
        for day in dict.fromkeys(one.replace(day=15) for one in self.busy):
            if self.first <= day <= self.last:
                yield self.at(day), _day(day)

    def _busiest(self) -> Iterator[tuple[float, str]]:
        """Days on which something happened, those on which most did before the others."""
        for day in sorted(set(self.busy), key=lambda one: (-self.busy.count(one), one)):
            yield self.at(day), _day(day)


def rows(spans: Sequence[tuple[float, float]]) -> list[int]:
    """For each span from left to right, sorted by where it begins, the topmost row in which it overlaps none."""
    ends: list[float] = []
    found = []
    for begin, end in spans:
        row = next((place for place, taken in enumerate(ends) if taken <= begin), len(ends))
        ends[row:] = [end, *ends[row + 1 :]]
        found.append(row)
    return found


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _room(words: str) -> float:
    """Pixels that a label takes, with what has to be free beside it."""
    return 7 * len(words) + 14


def _less(day: date, aside: timedelta) -> date:
    return day - aside if day - date.min > aside else date.min


def _more(day: date, aside: timedelta) -> date:
    return day + aside if date.max - day > aside else date.max
