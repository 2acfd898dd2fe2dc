"""Scrapers: clients that enumerate, each family in a way of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from floodmark.synth.traffic import places
from floodmark.synth.traffic.asks import DAY, SEARCH, SECOND, SYNC, Asks, Part
from floodmark.synth.traffic.members import in_day, seats_of
from floodmark.synth.traffic.numbers import BLOCK, Numbers, Service

Random = np.random.Generator


def fast(service: Service, days: int, random: Random, group: str) -> Part:
    """One account goes through a range in order, ten a second, until it has twenty thousand."""
    begin = _range(service, random)
    size = 20_000
    at = int(random.random() * max(1, days - 1) * DAY) + np.arange(size) * SECOND // 10
    return _part("fast", group, begin + np.arange(size), at, random)


def slow(service: Service, days: int, random: Random, group: str) -> Part:
    """One account goes through a range in order, some six hundred a day, at all hours."""
    at = _steady(random, days, 600)
    return _part("slow", group, _range(service, random) + np.arange(len(at)), at, random)


def shuffled(service: Service, days: int, random: Random, group: str) -> Part:
    """One account goes through a range of ten thousand in no order, two thousand a day."""
    at = _steady(random, min(days, 5), 2000)
    return _part("shuffled", group, _range(service, random) + random.permutation(len(at)), at, random)


def listed(service: Service, days: int, random: Random, group: str) -> Part:
    """One account tries a list from an earlier leak, where most are members and none are neighbours."""
    at = _steady(random, days, 1000)
    return _part("listed", group, _chosen(service, len(at), 0.8, random), at, random)


def mimic(service: Service, days: int, random: Random, group: str) -> Part:
    """One account uploads lists like address books, with as many members as honest ones and at honest hours."""
    at = np.sort(in_day(random, np.repeat(np.arange(days), 300)))
    at = at // (3600 * SECOND) * 3600 * SECOND
    return _part("mimic", group, _chosen(service, len(at), 0.6, random), at, random, SYNC)


def ring(service: Service, days: int, random: Random, group: str) -> Part:
    """Fifty accounts, made on one day, share a range of numbers among them, sixty a day each."""
    accounts, a_day = 50, 60
    size = accounts * a_day * days
    numbers = _range(service, random, size) + random.permutation(size)
    at = np.sort((random.random((accounts, a_day * days)) * days * DAY).astype(np.int64), axis=1).ravel()
    return _part("ring", group, numbers, at, random, accounts=accounts)


FAMILIES: dict[str, Callable[[Service, int, Random, str], Part]] = {
    "fast": fast,
    "slow": slow,
    "shuffled": shuffled,
    "listed": listed,
    "mimic": mimic,
    "ring": ring,
}


def _range(service: Service, random: Random, size: int = 20_000) -> int:
    block = int(np.searchsorted(service.edges, random.random()))
    return int(service.starts[min(block, service.blocks - 1)]) + int(random.integers(0, max(1, BLOCK - size)))


def _steady(random: Random, days: int, a_day: int) -> Numbers:
    return np.sort((random.random(a_day * days) * days * DAY).astype(np.int64))


def _chosen(service: Service, count: int, members: float, random: Random) -> Numbers:
    draws = random.integers(0, 2**63, count).astype(np.uint64)
    return service.chosen(draws, random.random(count) < members)


def _part(
    family: str,
    group: str,
    numbers: Numbers,
    at: Numbers,
    random: Random,
    endpoint: int = SEARCH,
    accounts: int = 1,
) -> Part:
    """Asks split evenly among accounts, each with an address of its own in a data centre or a household."""
    hosts = random.integers(0, 65_536, accounts)
    network = (
        np.full(accounts, places.HOSTING) if accounts == 1 else random.integers(0, places.FIXED, accounts)
    )
    made = np.full(accounts, -int(random.integers(1, 60)))
    seats = seats_of(family, "s", places.old(network, hosts), made, random, honest=False, group=group)
    seat = np.repeat(np.arange(accounts), len(numbers) // accounts)
    return Part(
        seats, Asks(seat, at, np.full(len(numbers), endpoint, np.int8), np.asarray(numbers, np.int64))
    )


def enumerating(service: Service, wanted: Mapping[str, int], days: int, seed: int) -> list[Part]:
    """So many of each family; those of one family are the same whatever others there are."""
    found = []
    for place, (family, make) in enumerate(FAMILIES.items()):
        for ordinal in range(wanted.get(family, 0)):
            sequence = np.random.SeedSequence(seed, spawn_key=(2, place, ordinal))
            random = np.random.Generator(np.random.PCG64(sequence))
            found.append(make(service, days, random, f"{family}-{ordinal}"))
    return found
