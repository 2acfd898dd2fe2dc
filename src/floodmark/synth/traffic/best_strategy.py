"""The scraper that knows the detector: it tries ways to ask until it has found the one that yields most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from floodmark.guard.evidence.model import CHECKPOINTS
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic.asks import together
from floodmark.synth.traffic.books import shops
from floodmark.synth.traffic.clock import DAY
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.rules import Rule
from floodmark.synth.traffic.strategy import ORDERS, Strategy, account_traffic
from floodmark.synth.traffic.traffic import START, Made, looked_up

LOOKED_AT = max(CHECKPOINTS)  # identifiers after which evidence is not weighed again
PROBE = 3 * LOOKED_AT  # identifiers with which ways to look ordinary are compared
PLAIN = (0.0, 0)
COVERS = ((0.5, 0), (0.8, 0), (1.0, LOOKED_AT))  # share of cover, and among how many at first (0: all)
PROBES = 12  # accounts that are spent on each
MARGIN = 0.99  # of a pace that is the limit itself
MILLION = 10**6


@dataclass(frozen=True)
class Yield:
    """What a strategy got under a rule.

    Attributes:
        rule: name of the rule.
        looked: whether it mattered what was asked for.
        strategy: how each account behaved.
        accounts: that tried it.
        days: for how long.
        identifiers_a_day: distinct identifiers that were answered, for each account; what was asked for as cover
            does not count.
        members_a_day: members among them.
        stopped: share of accounts that were refused something.
    """

    rule: str
    looked: bool
    strategy: Strategy
    accounts: int
    days: int
    identifiers_a_day: float
    members_a_day: float
    stopped: float

    @property
    def accounts_for_a_million(self) -> int:
        """Accounts that together get a million identifiers in these days; 0 where no number of them would."""
        each = self.identifiers_a_day * self.days
        return int(np.ceil(MILLION / each)) if each else 0


def yield_of(
    service: Service, strategy: Strategy, rule: Rule, key: DigestKey, *, accounts: int, days: int, seed: int
) -> Yield:
    """Try one strategy.

    Args:
        service: that is enumerated.
        strategy: of each account.
        rule: that it happens under.
        key: under which identifiers are hashed.
        accounts: how many.
        days: for how long.
        seed: decides all.
    """
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(3,))))
    part = together([account_traffic(service, strategy, accounts, days, random, "aware-0")], days * DAY)
    lookups = looked_up(Made(part, service, START, seed), key).lookups
    answered = rule.answered(lookups)
    targets = ~np.isin(part.asks.number, shops(service)) if strategy.cover else np.ones(len(answered), bool)
    got = lookups.filter(answered & targets).unique(("account", "identifier"))
    stopped = lookups.filter(~answered)["account"].n_unique()
    each = accounts * days
    members = int(got["hit"].sum())
    numbers = (got.height / each, members / each, stopped / accounts)
    return Yield(rule.name, rule.looks, strategy, accounts, days, *numbers)


def best_strategies(
    service: Service, rule: Rule, key: DigestKey, *, accounts: int = 2, days: int = 14, seed: int = 0
) -> list[Yield]:
    """Try strategies as somebody would who may try for ever, best first.

    Where it matters what is asked for, ways to choose identifiers are compared first, each with more than evidence
    looks at and without any limit; then the best way of each order (`ORDERS`), with and without cover, at every pace
    that the rule names, and just below it.

    Args:
        service: that is enumerated.
        rule: that is known.
        key: under which identifiers are hashed.
        accounts: that try each pace.
        days: that each is tried for.
        seed: decides all.
    """
    ways = [Strategy(PROBE, 0.0, "list", 0.8)]
    if rule.looks:
        ways = [
            _best_way(service, order, covers, rule.evidence, key, seed)
            for order in ORDERS
            for covers in (((PLAIN,),) if order == "book" else ((PLAIN,), COVERS))
        ]
    paces = [
        replace(way, burst=max(1, int(burst * share)), per_day=per_day * share)
        for way in ways
        for burst, per_day in rule.paces
        for share in (MARGIN, 1.0)
    ]
    found = [
        yield_of(service, strategy, rule, key, accounts=accounts, days=days, seed=seed)
        for strategy in dict.fromkeys(paces)
    ]
    return sorted(found, key=_worth, reverse=True)


def best_of_each(found: Iterable[Yield]) -> list[Yield]:
    """The best yield of each order with and without cover, best first, of what `best_strategies` found."""
    best: dict[tuple[str, bool], Yield] = {}
    for one in found:
        best.setdefault((one.strategy.order, one.strategy.cover > 0), one)
    return list(best.values())


def tried_again(
    service: Service, best: Iterable[Yield], rule: Rule, key: DigestKey, seed: int
) -> list[Yield]:
    """What the same strategies get when they are tried anew, best first: the best of many tries is lucky in part.

    Args:
        service: that is enumerated.
        best: what was found.
        rule: under which.
        key: under which identifiers are hashed.
        seed: decides all; another one than before.
    """
    found = [
        yield_of(service, one.strategy, rule, key, accounts=one.accounts, days=one.days, seed=seed)
        for one in best
    ]
    return sorted(found, key=_worth, reverse=True)


def _best_way(
    service: Service,
    order: str,
    covers: Iterable[tuple[float, int]],
    evidence: Rule,
    key: DigestKey,
    seed: int,
) -> Strategy:
    """The way of an order with which evidence lets most of `PROBE` identifiers pass."""
    ways = [
        Strategy(PROBE, 0.0, order, share, human, cover, covered)
        for human in (False, True)
        for cover, covered in covers
        for share in ((0.4, 0.6, 0.8) if order == "list" else (0.6,))
    ]
    tried = [yield_of(service, way, evidence, key, accounts=PROBES, days=1, seed=seed) for way in ways]
    return max(tried, key=_worth).strategy


def _worth(one: Yield) -> tuple[float, float]:
    return one.identifiers_a_day, one.members_a_day
