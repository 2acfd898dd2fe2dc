"""A strategy: what somebody who knows the detector decides before enumerating with many accounts.

>>> Strategy(burst=300, per_day=1440).asked_by_day(3)
[1740, 1440, 1440]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from floodmark.synth.traffic import places
from floodmark.synth.traffic.asks import BATCH, FULL, SEARCH, Asks, Part
from floodmark.synth.traffic.books import books, shops
from floodmark.synth.traffic.clock import DAY, SECOND, Moments, in_day
from floodmark.synth.traffic.numbers import Numbers, Service
from floodmark.synth.traffic.seats import apps, names, seats

Random = np.random.Generator
ORDERS = ("range", "spread", "list", "book")
BOOK = 150  # numbers that are taken of one stolen book
CIRCLES = 20  # that books are stolen in: those in which there are members of most services of any size


@dataclass(frozen=True)
class Strategy:
    """How each account of a scraper behaves.

    Attributes:
        burst: identifiers asked for at the beginning, as fast as may be.
        per_day: identifiers a day after that.
        order: `range` neighbours one after the other; `spread` numbers anywhere; `list` numbers from an earlier leak;
            `book` numbers from stolen address books, which others have too.
        members: share of members where `order` is `list`.
        human: whether it sleeps at night and uploads, instead of one lookup after the other.
        cover: share of identifiers that are no targets but numbers of shops, which many ask for.
        covered: identifiers at the beginning among which there is cover; 0 for all.
    """

    burst: int = 300
    per_day: float = 1440.0
    order: str = "list"
    members: float = 0.6
    human: bool = False
    cover: float = 0.0
    covered: int = 0

    def asked_by_day(self, days: int) -> list[int]:
        """New identifiers that one account asks for on each day."""
        edges = [self.burst + int(self.per_day * day) for day in range(1, days + 1)]
        return [edges[0], *(int(b) for b in np.diff(edges))]


def account_traffic(
    service: Service, strategy: Strategy, accounts: int, days: int, random: Random, group: str
) -> Part:
    """Traffic of accounts that follow a strategy, each from a rented line of its own.

    Args:
        service: that they enumerate.
        strategy: of each.
        accounts: how many.
        days: that the traffic lasts.
        random: decides all.
        group: name of the scraper.
    """
    each = sum(strategy.asked_by_day(days))
    numbers = _targets(service, strategy, accounts, each, random)
    if strategy.cover:
        numbers = _covered(service, numbers.reshape(accounts, each), strategy, random).ravel()
    at = np.concatenate([_moments(strategy, days, each, random) for _ in range(accounts)])
    seat = np.repeat(np.arange(accounts), each)
    endpoint = np.full(len(numbers), FULL if strategy.human else SEARCH, np.int8)
    made = np.full(accounts, -int(random.integers(1, 60)))
    table = seats(
        "aware",
        names(group, accounts),
        places.proxies(random, accounts),
        apps(random, accounts),
        made,
        groups=group,
        honest=False,
    )
    return Part(table, Asks(seat, at, endpoint, numbers))


def _targets(service: Service, strategy: Strategy, accounts: int, each: int, random: Random) -> Numbers:
    """Targets of the first account, of the second, …; disjoint as far as the order allows."""
    count = accounts * each
    if strategy.order == "range":
        return service.range(random, count)
    if strategy.order == "spread":
        return service.home.at(random.integers(0, 2**63, count).astype(np.uint64))
    if strategy.order == "list":
        return service.drawn(random, count, strategy.members)
    # Stolen books are of circles that ordinary members are in too, one book after the other.
    stolen = random.integers(0, CIRCLES, (accounts, -(-each // BOOK)))
    circles = np.repeat(stolen, BOOK, axis=1)[:, :each].ravel()
    filled = books(service, np.ones(count, np.int64), circles, random, neighbours=0.0)
    return filled.numbers


def _covered(service: Service, numbers: Numbers, strategy: Strategy, random: Random) -> Numbers:
    """Numbers of each account, shape (accounts, each), with those of shops in place of some, the best known first."""
    beginning = numbers[:, : strategy.covered or None]
    known = shops(service)[: int(strategy.cover * beginning.shape[1])]
    places = np.argsort(random.random(beginning.shape), axis=1)[:, : len(known)]
    covered = numbers.copy()
    np.put_along_axis(covered, places, random.permuted(np.tile(known, (len(numbers), 1)), axis=1), axis=1)
    return covered


def _moments(strategy: Strategy, days: int, each: int, random: Random) -> Moments:
    """When one account asks, in order: the burst at fifty a second, then evenly."""
    begin = int(random.random() * SECOND * 3600)
    burst = begin + np.arange(strategy.burst) * SECOND // 50
    rest = each - strategy.burst
    gap = DAY / strategy.per_day if strategy.per_day else DAY
    if strategy.human:
        later = np.sort(in_day(random, (np.arange(rest) * gap // DAY).astype(np.int64)))
        later = later // (6 * 3600 * SECOND) * (6 * 3600 * SECOND) + np.arange(rest) // BATCH * SECOND
    else:
        later = begin + ((1 + np.arange(rest)) * gap).astype(np.int64)
    return np.sort(np.concatenate([burst, np.minimum(later, days * DAY - 1)]))
