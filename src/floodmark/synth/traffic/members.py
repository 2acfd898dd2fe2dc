"""Ordinary members: they upload the address book once, again every so often, and meet somebody new now and then."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.synth.traffic import places
from floodmark.synth.traffic.asks import BATCH, DAY, DELTA, SEARCH, SECOND, SYNC, Asks, Part
from floodmark.synth.traffic.books import Books, books
from floodmark.synth.traffic.mixing import mixed
from floodmark.synth.traffic.numbers import Service

MEDIAN_BOOK, SPREAD_BOOK = 150.0, 0.9  # of the log-normal
LARGEST_BOOK = 20_000
PEOPLE_PER_CIRCLE = 40
NEWCOMERS = 0.2  # accounts that are made while the traffic lasts
COHORT_DAYS = 700  # age of the oldest account
NEW_CONTACTS_A_DAY = 0.4
# Share of a day's lookups in each hour: nights are quiet, evenings busy.
HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 9, 9, 10, 9, 9, 9, 10, 11, 12, 13, 13, 11, 8, 4], float)
APPS = ("android/5.2", "ios/5.2", "android/5.1", "ios/5.1", "web/2", "desktop/3")
APP_SHARES = np.cumsum([0.42, 0.24, 0.15, 0.09, 0.06])


def members(service: Service, count: int, days: int, resync: float, seed: int) -> Part:
    """Traffic of ordinary members.

    Args:
        service: that they are members of.
        count: accounts.
        days: that the traffic lasts.
        resync: days between two uploads of the whole book, on average.
        seed: decides all.
    """
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(1,))))
    sizes = np.exp(random.normal(np.log(MEDIAN_BOOK), SPREAD_BOOK, count))
    circles = random.integers(0, max(1, count // PEOPLE_PER_CIRCLE), count)
    filled = books(service, np.clip(sizes, 1, LARGEST_BOOK).astype(np.int64), circles, random)
    newcomer = random.random(count) < NEWCOMERS
    first = in_day(
        random, (random.random(count) * np.where(newcomer, days, min(days, resync))).astype(np.int64)
    )
    asks = [
        *uploads(filled, first, days, resync, random),
        growth(service, first, days, NEW_CONTACTS_A_DAY, random),
    ]
    made = np.where(newcomer, first // DAY, -random.integers(1, COHORT_DAYS, count))
    seats = pl.concat(
        [
            seats_of("member", "m", places.homes(random, count), made, random),
            seats_of("member", "m", places.carriers(random, count), made, random),
        ]
    )
    seats = seats.with_columns(app=pl.concat([seats["app"].head(count)] * 2))
    seat = np.concatenate([one.seat for one in asks])
    at = np.concatenate([one.at for one in asks])
    away = random_of_time(seat, at, seed)
    return Part(
        seats,
        Asks(
            seat + count * away,
            at,
            np.concatenate([one.endpoint for one in asks]),
            np.concatenate([one.number for one in asks]),
        ),
    )


def seats_of(
    kind: str,
    letter: str,
    addresses: pl.Series,
    made: NDArray[np.int64],
    random: np.random.Generator,
    honest: bool = True,
    group: str = "",
) -> pl.DataFrame:
    """Seats of accounts with an address each; `made` is the day on which each account was, counted from the first."""
    count = len(made)
    ordinals = pl.Series(np.arange(count)).cast(pl.String).str.zfill(6)
    apps = np.searchsorted(APP_SHARES, random.random(count), side="right")
    return pl.DataFrame(
        {
            "account": f"{letter}{'-' + group if group else ''}-" + ordinals,
            "app": pl.Series(APPS).gather(pl.Series(apps)),
            "address": addresses,
            "device": f"{letter}{'-' + group if group else ''}-phone-" + ordinals,
            "session": pl.Series([None] * count, dtype=pl.String),
            "made": made,
            "kind": pl.Series([kind] * count, dtype=pl.String),
            "group": pl.Series([group] * count, dtype=pl.String),
            "honest": pl.Series([honest] * count, dtype=pl.Boolean),
        }
    )


def in_day(random: np.random.Generator, day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Moments, in microseconds, at an hour of these days when people are awake."""
    edges = np.concatenate([[0.0], np.cumsum(HOURS) / HOURS.sum()])
    hour = np.interp(random.random(day.shape), edges, np.arange(25.0))
    return day * DAY + (hour / 24 * DAY).astype(np.int64)


def random_of_time(seat: NDArray[np.int64], at: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """0 or 1 for each six hours of each account: at home or away."""
    return np.asarray(mixed(seed, seat, at // (DAY // 4)) & np.uint64(1)).astype(np.int64)


def uploads(
    filled: Books, first: NDArray[np.int64], days: int, resync: float, random: np.random.Generator
) -> list[Asks]:
    """The whole book at `first`, and again every `resync` days or so."""
    found = []
    at = first
    while (at < days * DAY).any():
        going = np.flatnonzero(at < days * DAY)
        lengths = np.diff(filled.edges)[going]
        seat = np.repeat(going, lengths)
        within = np.arange(len(seat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows = filled.edges[seat] + within
        found.append(
            Asks(
                seat,
                at[seat] + within // BATCH * SECOND,
                np.full(len(seat), SYNC, np.int8),
                filled.numbers[rows],
            )
        )
        pause = np.maximum(1, np.rint(random.exponential(resync, len(first)))).astype(np.int64)
        at = in_day(random, at // DAY + pause)
    return found


def growth(
    service: Service, first: NDArray[np.int64], days: int, a_day: float, random: np.random.Generator
) -> Asks:
    """New contacts, one by one, after the first upload; each is looked up when it is typed."""
    pace = a_day * np.exp(random.normal(-0.5, 1.0, len(first)))
    counts = random.poisson(pace * np.maximum(0.0, days - first / DAY))
    seat = np.repeat(np.arange(len(first)), counts)
    begin = first[seat] // DAY
    day = begin + ((days - begin) * random.random(len(seat))).astype(np.int64)
    at = np.maximum(in_day(random, day), first[seat] + 60 * SECOND)
    keep = at < days * DAY
    seat, at = seat[keep], at[keep]
    draws = random.integers(0, 2**63, len(seat)).astype(np.uint64)
    numbers = service.chosen(draws, random.random(len(seat)) < 0.65)
    return Asks(seat, at, np.where(random.random(len(seat)) < 0.6, DELTA, SEARCH).astype(np.int8), numbers)
