"""Scrapers with many accounts that share the work."""

from __future__ import annotations

import numpy as np
import polars as pl

from floodmark.synth.traffic import places
from floodmark.synth.traffic.asks import BATCH, FULL, SEARCH, Asks, Part
from floodmark.synth.traffic.clock import DAY, SECOND, Moments, in_day, steady
from floodmark.synth.traffic.numbers import Numbers, Service
from floodmark.synth.traffic.seats import apps, names, seats
from floodmark.synth.traffic.strategy import Strategy, account_traffic

Random = np.random.Generator
RING, A_DAY = 50, 60
JUST_BELOW = Strategy(burst=299, per_day=1430.0)  # a distinct count with room for 300 and one a minute


def ring(service: Service, days: int, random: Random, group: str) -> Part:
    """Fifty accounts made on one day, on rented lines all over the country, share a range: sixty a day each."""
    size = RING * A_DAY * days
    numbers = random.permutation(service.range(random, size))
    return _fleet("ring", group, numbers, RING, _each_steady(random, days), random)


def list_ring(service: Service, days: int, random: Random, group: str) -> Part:
    """Fifty accounts share a list from an earlier leak, sixty a day each at people's hours."""
    numbers = service.drawn(random, RING * A_DAY * days, 0.7)
    at = np.concatenate([np.sort(in_day(random, np.repeat(np.arange(days), A_DAY))) for _ in range(RING)])
    return _fleet("list-ring", group, numbers, RING, at, random)


def farm(service: Service, days: int, random: Random, group: str) -> Part:
    """One device after another account: each asks for two hundred and fifty and is left, all from one /24."""
    accounts, each = 80, 250
    numbers = random.permutation(service.range(random, accounts * each))
    at = steady(random, min(days, 5), accounts * each)
    table = seats(
        "farm",
        names(group, accounts),
        places.hosting(random, accounts),
        _same(apps(random, 1), accounts),
        np.sort(at[::each] // DAY),
        devices=_same(pl.Series([f"{group}-phone"]), accounts),
        groups=group,
        honest=False,
    )
    seat = np.repeat(np.arange(accounts), each)
    return Part(table, Asks(seat, at, np.full(len(at), SEARCH, np.int8), numbers))


def burner(service: Service, days: int, random: Random, group: str) -> Part:
    """Ten new accounts each upload one address book of two thousand numbers and are never seen again."""
    accounts, each = 10, 2000
    begin = np.sort(in_day(random, random.integers(0, days, accounts)))
    at = np.repeat(begin, each) + np.tile(np.arange(each), accounts) // BATCH * SECOND
    numbers = service.home.at(random.integers(0, 2**63, accounts * each).astype(np.uint64))
    return _fleet("burner", group, numbers, accounts, at, random, made=begin // DAY, endpoint=FULL)


def aware(service: Service, days: int, random: Random, group: str, strategy: Strategy = JUST_BELOW) -> Part:
    """Ten accounts that know the detector: without a strategy of their own, one with room for 300 and one a minute."""
    return account_traffic(service, strategy, 10, days, random, group)


def _fleet(
    family: str,
    group: str,
    numbers: Numbers,
    accounts: int,
    at: Moments,
    random: Random,
    *,
    made: Moments | None = None,
    endpoint: int = SEARCH,
) -> Part:
    """What accounts ask, the first of them the first numbers, each from a rented line of its own."""
    day = np.full(accounts, -int(random.integers(1, 60))) if made is None else made
    addresses, app = places.proxies(random, accounts), apps(random, accounts)
    table = seats(family, names(group, accounts), addresses, app, day, groups=group, honest=False)
    seat = np.repeat(np.arange(accounts), len(numbers) // accounts)
    return Part(table, Asks(seat, at, np.full(len(numbers), endpoint, np.int8), numbers))


def _each_steady(random: Random, days: int) -> Moments:
    """Moments of every account of a ring, one account after the other."""
    return np.concatenate([steady(random, days, A_DAY * days) for _ in range(RING)])


def _same(one: pl.Series, count: int) -> pl.Series:
    return one.gather(pl.Series(np.zeros(count, np.int64)))
