"""Which sorts of honest clients and which families of scrapers there are, and how many of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from floodmark.errors import UsageError
from floodmark.synth.traffic import fleets, single
from floodmark.synth.traffic.asks import Part
from floodmark.synth.traffic.heavy import businesses, call_centres, recruiters
from floodmark.synth.traffic.members import members, newcomers, travellers
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.strategy import Strategy
from floodmark.synth.traffic.visitors import visitors

HONEST: dict[str, float] = {
    "member": 0.84,
    "newcomer": 0.08,
    "traveller": 0.05,
    "business": 0.015,
    "recruiter": 0.009,
    "call-centre": 0.006,
}
"""Sorts of honest accounts, and the share of all that each is."""

FAMILIES: dict[str, Callable[[Service, int, np.random.Generator, str], Part]] = {
    "fast": single.fast,
    "batches": single.batches,
    "steady": single.steady_two,
    "slow": single.slow,
    "drip": single.drip,
    "shuffled": single.shuffled,
    "spread": single.spread,
    "listed": single.listed,
    "mimic": single.mimic,
    "anonymous": single.anonymous,
    "ring": fleets.ring,
    "list-ring": fleets.list_ring,
    "farm": fleets.farm,
    "burner": fleets.burner,
    "aware": fleets.aware,
}
"""Families of scrapers."""


def honest(
    service: Service, actors: int, visits: int, days: int, resync: float, first_weekday: int, seed: int
) -> list[Part]:
    """Honest clients, each sort with random numbers of its own.

    Args:
        service: that they use.
        actors: accounts, shared among the sorts by `HONEST`.
        visits: visitors without an account.
        days: that the traffic lasts.
        resync: days between two uploads of one address book, on average.
        first_weekday: 0 where the first day is a Monday.
        seed: decides all.
    """
    counts = shared(actors)

    def of(kind: str, place: int, make: Callable[..., Part], *more: float) -> Part | None:
        count = counts.get(kind, visits)
        return make(service, count, days, *more, _random(seed, 1, place)) if count else None

    found = [
        of("member", 0, members, resync),
        of("newcomer", 1, newcomers, resync),
        of("traveller", 2, travellers, resync),
        of("business", 3, businesses, resync),
        of("recruiter", 4, recruiters, first_weekday),
        of("call-centre", 5, call_centres, first_weekday),
        of("visitor", 6, visitors),
    ]
    return [part for part in found if part is not None]


def scraping(
    service: Service, wanted: Mapping[str, int], days: int, seed: int, known: Strategy | None = None
) -> list[Part]:
    """So many scrapers of each family; each does the same whatever others there are.

    Args:
        service: that they enumerate.
        wanted: how many of each family.
        days: that the traffic lasts.
        seed: decides all.
        known: what the family `aware` does; None for what suits a distinct count of 300.

    Raises:
        UsageError: there is no such family.
    """
    if unknown := sorted(set(wanted) - set(FAMILIES)):
        raise UsageError(
            f"There is no family of scrapers {unknown[0][:40]!r}.", f"The families are {', '.join(FAMILIES)}."
        )
    makers = dict(FAMILIES)
    if known is not None:
        makers["aware"] = partial(fleets.aware, strategy=known)
    return [
        make(service, days, _random(seed, 2, place, ordinal), f"{family}-{ordinal}")
        for place, (family, make) in enumerate(makers.items())
        for ordinal in range(wanted.get(family, 0))
    ]


def shared(actors: int) -> dict[str, int]:
    """Accounts of each sort, so many in all; of rare sorts there is one where there are fifty accounts."""
    counts = {kind: int(actors * share) for kind, share in HONEST.items()}
    if actors >= 50:
        counts = {kind: max(1, count) for kind, count in counts.items()}
    counts["member"] += actors - sum(counts.values())
    return counts


def _random(seed: int, *place: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=place)))
