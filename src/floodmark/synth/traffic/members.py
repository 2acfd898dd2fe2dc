"""Ordinary members: they upload the address book, again every so often, and meet somebody new now and then."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.synth.traffic import places
from floodmark.synth.traffic.asks import SEARCH, Asks, Part, joined
from floodmark.synth.traffic.books import books
from floodmark.synth.traffic.clock import DAY, Moments, in_day
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.seats import apps, names, seats
from floodmark.synth.traffic.uploads import at_home_or_out, growth, sizes, uploads

MEDIAN_BOOK, SPREAD_BOOK, LARGEST_BOOK = 150.0, 0.9, 20_000
ACCOUNTS_PER_CIRCLE = 40
COHORT_DAYS = 700  # age of the oldest account
NEW_CONTACTS_A_DAY = 0.4
LONGEST_TRIP = 14
MET_ABROAD = 8.0  # numbers of the other country that a traveller looks up


def members(service: Service, count: int, days: int, resync: float, random: np.random.Generator) -> Part:
    """Members whose accounts are older than the traffic.

    Args:
        service: that they are members of.
        count: accounts.
        days: that the traffic lasts.
        resync: days between two uploads of one address book, on average.
        random: decides all.
    """
    first = in_day(random, (random.random(count) * min(days, resync)).astype(np.int64))
    return _people(service, "member", first, days, resync, random, -random.integers(1, COHORT_DAYS, count))


def newcomers(service: Service, count: int, days: int, resync: float, random: np.random.Generator) -> Part:
    """Members whose accounts are made while the traffic lasts; they upload all they have on that day."""
    first = in_day(random, (random.random(count) * days).astype(np.int64))
    return _people(service, "newcomer", first, days, resync, random, first // DAY)


def travellers(service: Service, count: int, days: int, resync: float, random: np.random.Generator) -> Part:
    """Members who are in another country for some days, ask from there, and meet people who have its numbers."""
    first = in_day(random, (random.random(count) * min(days, resync)).astype(np.int64))
    made = -random.integers(1, COHORT_DAYS, count)
    part = _people(service, "traveller", first, days, resync, random, made)
    leave = (random.random(count) * days).astype(np.int64)
    back = leave + random.integers(2, LONGEST_TRIP + 1, count)
    met = np.repeat(np.arange(count), random.poisson(MET_ABROAD, count))
    day = leave[met] + ((np.minimum(back, days) - leave)[met] * random.random(len(met))).astype(np.int64)
    draws = random.integers(0, 2**63, len(met)).astype(np.uint64)
    numbers = service.chosen(draws, random.random(len(met)) < 0.7, service.abroad)
    asks = joined([part.asks, Asks(met, in_day(random, day), np.full(len(met), SEARCH, np.int8), numbers)])
    owner, today = asks.seat % count, asks.at // DAY
    away = (today >= leave[owner]) & (today < back[owner])
    there = places.ABROAD + random.integers(0, places.ABROAD_NETWORKS, count)
    elsewhere = part.seats.head(count).with_columns(
        address=places.dotted(there, random.integers(0, 65_536, count))
    )
    seat = np.where(away, owner + 2 * count, asks.seat)
    return Part(pl.concat([part.seats, elsewhere]), Asks(seat, asks.at, asks.endpoint, asks.number))


def _people(
    service: Service,
    kind: str,
    first: Moments,
    days: int,
    resync: float,
    random: np.random.Generator,
    made: NDArray[np.int64],
) -> Part:
    """People with two seats each: at home or at work, and on the way behind a mobile carrier."""
    count = len(first)
    circles = random.integers(0, max(1, count // ACCOUNTS_PER_CIRCLE), count)
    filled = books(service, sizes(random, count, MEDIAN_BOOK, SPREAD_BOOK, LARGEST_BOOK), circles, random)
    asks = joined(
        [
            uploads(filled, first, days, resync, random),
            growth(service, first, days, NEW_CONTACTS_A_DAY, random),
        ]
    )
    home, way = places.homes(random, count), places.carriers(random, count)
    at_home = seats(kind, names(kind, count), home, apps(random, count), made)
    seed = int(random.integers(0, 2**62))
    return Part(pl.concat([at_home, at_home.with_columns(address=way)]), at_home_or_out(asks, count, seed))
