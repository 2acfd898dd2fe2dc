"""When made-up clients ask: people in the daytime, offices on working days, programs at all hours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SECOND = 10**6
HOUR = 3600 * SECOND
DAY = 24 * HOUR
# Share of a day's lookups in each hour of local time: nights are quiet, evenings busy.
PEOPLE = np.array([2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 9, 9, 10, 9, 9, 9, 10, 11, 12, 13, 13, 11, 8, 4], float)
OFFICE = np.array([0] * 8 + [4, 10, 12, 11, 6, 9, 12, 11, 9, 4] + [0] * 6, float)

Moments = NDArray[np.int64]


def in_day(random: np.random.Generator, day: Moments, hours: NDArray[np.float64] = PEOPLE) -> Moments:
    """Moments of these days.

    Args:
        random: decides all.
        day: int64, shape (n,): days since the traffic began.
        hours: shape (24,): how much is asked in each hour.

    Returns:
        int64, shape (n,): microseconds since the traffic began.
    """
    edges = np.concatenate([[0.0], np.cumsum(hours) / hours.sum()])
    hour = np.interp(random.random(day.shape), edges, np.arange(25.0))
    return np.asarray(day * DAY + (hour * HOUR).astype(np.int64))


def steady(random: np.random.Generator, days: int, count: int) -> Moments:
    """So many moments at all hours of these days, in order."""
    return np.sort((random.random(count) * days * DAY).astype(np.int64))


def working_days(days: int, first_weekday: int) -> Moments:
    """Days from Monday to Friday, where the first day is this one of the week (0 for Monday)."""
    every = np.arange(days)
    return every[(every + first_weekday) % 7 < 5]
