"""Heavy honest clients: they ask for more identifiers than most scrapers do, and have a right to.

Whoever limits by volume locks these out first.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from floodmark.synth.traffic import places
from floodmark.synth.traffic.asks import SEARCH, Asks, Part, joined
from floodmark.synth.traffic.books import books
from floodmark.synth.traffic.clock import OFFICE, in_day, working_days
from floodmark.synth.traffic.members import COHORT_DAYS
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.seats import apps, names, seats
from floodmark.synth.traffic.uploads import growth, sizes, uploads

AGENTS = 6  # accounts of a call centre
CUSTOMERS = 6000  # of a call centre
CALLS_A_DAY = 160  # of an agent
CANDIDATES_A_DAY = 90  # of a recruiter
TRADE_CIRCLES = 5  # circles in which a recruiter looks


def businesses(service: Service, count: int, days: int, resync: float, random: np.random.Generator) -> Part:
    """Traders whose phone holds all their customers, thousands of them, whole ranges of companies among these."""
    wanted = sizes(random, count, 4000.0, 0.6, 20_000)
    filled = books(service, wanted, random.integers(0, 10**6, count), random, known=0.5, neighbours=0.06)
    first = in_day(random, (random.random(count) * min(days, 10)).astype(np.int64), OFFICE)
    asks = joined(
        [uploads(filled, first, days, 2 * resync, random), growth(service, first, days, 5.0, random)]
    )
    made = -random.integers(1, COHORT_DAYS, count)
    return Part(
        seats("business", names("business", count), places.homes(random, count), apps(random, count), made),
        asks,
    )


def recruiters(
    service: Service, count: int, days: int, first_weekday: int, random: np.random.Generator
) -> Part:
    """People who look for people: somebody new every few minutes of a working day, in a few circles of one trade."""
    seat, at = _office_days(count, days, first_weekday, CANDIDATES_A_DAY, random)
    trades = random.integers(0, 10**6, (count, TRADE_CIRCLES))
    circle = trades[seat, random.integers(0, TRADE_CIRCLES, len(seat))]
    filled = books(service, np.ones(len(seat), np.int64), circle, random, known=0.7, neighbours=0.0)
    made = -random.integers(1, COHORT_DAYS, count)
    people = seats(
        "recruiter", names("recruiter", count), places.homes(random, count), apps(random, count), made
    )
    return Part(people, Asks(seat, at, np.full(len(seat), SEARCH, np.int8), filled.numbers))


def call_centres(
    service: Service, count: int, days: int, first_weekday: int, random: np.random.Generator
) -> Part:
    """Agents who look up a customer before every call, six to an office with one address and one list of customers."""
    seat, at = _office_days(count, days, first_weekday, CALLS_A_DAY, random)
    office = seat // AGENTS
    offices = -(-count // AGENTS)
    lists = service.drawn(random, offices * CUSTOMERS, 0.5)
    numbers = lists[office * CUSTOMERS + random.integers(0, CUSTOMERS, len(seat))]
    hosts = random.integers(0, 65_536, offices)[np.arange(count) // AGENTS]
    people = seats(
        "call-centre",
        names("call-centre", count),
        places.dotted(np.full(count, places.OFFICES + places.OFFICE_NETWORKS - 1), hosts),
        pl.Series(["desktop/3"]).gather(pl.Series(np.zeros(count, np.int64))),
        -random.integers(1, COHORT_DAYS, offices)[np.arange(count) // AGENTS],
        groups=[f"call-centre-{number // AGENTS}" for number in range(count)],
    )
    return Part(people, Asks(seat, at, np.full(len(seat), SEARCH, np.int8), numbers))


def _office_days(
    count: int, days: int, first_weekday: int, a_day: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Seats and moments of so many lookups on each working day of each of `count` people, more or less."""
    open_days = working_days(days, first_weekday)
    pace = a_day * np.exp(random.normal(0.0, 0.3, (count, 1)))
    counts = random.poisson(np.broadcast_to(pace, (count, len(open_days))))
    seat = np.repeat(np.arange(count), counts.sum(axis=1))
    day = np.repeat(np.broadcast_to(open_days, counts.shape).ravel(), counts.ravel())
    return seat, in_day(random, day, OFFICE)
