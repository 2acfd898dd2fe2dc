"""Scrapers with one account, or none: what each family asks for, in which order and how fast."""

from __future__ import annotations

import numpy as np

from floodmark.synth.traffic import places
from floodmark.synth.traffic.asks import BATCH, FULL, RECOVER, SEARCH, Asks, Part
from floodmark.synth.traffic.clock import DAY, SECOND, Moments, in_day, steady
from floodmark.synth.traffic.numbers import Numbers, Service
from floodmark.synth.traffic.seats import apps, names, seats

Random = np.random.Generator
MOST_DAYS = 5  # that the heavier families go on


def fast(service: Service, days: int, random: Random, group: str) -> Part:
    """A range in order, ten numbers a second, until it has twenty thousand."""
    size = 20_000
    begin = int(random.random() * (days * DAY - size * SECOND // 10))
    at = begin + np.arange(size) * SECOND // 10
    return _one("fast", group, service.range(random, size), at, random, hosted=True)


def batches(service: Service, days: int, random: Random, group: str) -> Part:
    """A range in order as if it were address books: an upload of five hundred numbers every minute."""
    size = 20_000
    begin = int(random.random() * (days * DAY - size // BATCH * 60 * SECOND))
    at = begin + np.arange(size) // BATCH * 60 * SECOND
    return _one("batches", group, service.range(random, size), at, random, FULL)


def steady_two(service: Service, days: int, random: Random, group: str) -> Part:
    """Numbers anywhere, two a minute at all hours: twice as fast as one may ask for ever."""
    at = steady(random, min(days, MOST_DAYS), 2880 * min(days, MOST_DAYS))
    draws = random.integers(0, 2**63, len(at)).astype(np.uint64)
    return _one("steady", group, service.home.at(draws), at, random)


def slow(service: Service, days: int, random: Random, group: str) -> Part:
    """A range in order, six hundred numbers a day at all hours: below one a minute."""
    at = steady(random, days, 600 * days)
    return _one("slow", group, service.range(random, len(at)), at, random, hosted=True)


def drip(service: Service, days: int, random: Random, group: str) -> Part:
    """Numbers of one block in no order, a hundred and fifty a day: as many as a lively member."""
    at = steady(random, days, 150 * days)
    return _one("drip", group, random.permutation(service.range(random, 50 * len(at)))[: len(at)], at, random)


def shuffled(service: Service, days: int, random: Random, group: str) -> Part:
    """A range in no order, two thousand numbers a day."""
    at = steady(random, min(days, MOST_DAYS), 2000 * min(days, MOST_DAYS))
    return _one("shuffled", group, random.permutation(service.range(random, len(at))), at, random)


def spread(service: Service, days: int, random: Random, group: str) -> Part:
    """Numbers anywhere in the plan, so that none are neighbours, a thousand a day."""
    at = steady(random, days, 1000 * days)
    draws = random.integers(0, 2**63, len(at)).astype(np.uint64)
    return _one("spread", group, service.home.at(draws), at, random)


def listed(service: Service, days: int, random: Random, group: str) -> Part:
    """A list from an earlier leak, of which four fifths are members, a thousand numbers a day."""
    at = steady(random, days, 1000 * days)
    return _one("listed", group, service.drawn(random, len(at), 0.8), at, random)


def mimic(service: Service, days: int, random: Random, group: str) -> Part:
    """Uploads at people's hours, with as many members as honest books have, and half of each asked before.

    Three hundred new numbers a day, which is a book of ordinary size for each day.
    """
    a_day = 300
    new = service.drawn(random, a_day * days, 0.6)
    begin = np.repeat(np.sort(in_day(random, np.arange(days))), 2 * a_day)
    day = np.repeat(np.arange(days), 2 * a_day)
    within = np.tile(np.arange(2 * a_day), days)
    old = (random.random(len(day)) * day * a_day).astype(np.int64)
    numbers = new[np.where(within < a_day, day * a_day + within, old)]
    keep = (within < a_day) | (day > 0)
    return _one("mimic", group, numbers[keep], begin[keep] + within[keep] // BATCH * SECOND, random, FULL)


def anonymous(service: Service, days: int, random: Random, group: str) -> Part:
    """Nobody is signed in: a range in order at the page for lost passwords, from a whole /24 in turn."""
    at = steady(random, min(days, MOST_DAYS), 3000 * min(days, MOST_DAYS))
    addresses = places.hosting(random, 256)
    table = seats("anonymous", None, addresses, apps(random, 256), None, groups=group, honest=False)
    endpoint = np.full(len(at), RECOVER, np.int8)
    return Part(table, Asks(np.arange(len(at)) % 256, at, endpoint, service.range(random, len(at))))


def _one(
    family: str,
    group: str,
    numbers: Numbers,
    at: Moments,
    random: Random,
    endpoint: int = SEARCH,
    *,
    hosted: bool = False,
) -> Part:
    """What one account asks, from a data centre or from a rented household line."""
    address = places.hosting(random, 1) if hosted else places.proxies(random, 1)
    made = -random.integers(1, 60, 1)
    table = seats(family, names(group, 1), address, apps(random, 1), made, groups=group, honest=False)
    count = len(numbers)
    return Part(table, Asks(np.zeros(count, np.int64), at, np.full(count, endpoint, np.int8), numbers))
