"""Made-up lookups for the tests of evidence: honest actors that are exchangeable, and scrapers."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from floodmark.guard import SCHEMA
from floodmark.guard.evidence import Model, Reference, reference, train

DAY = 86_400.0
START = 1_780_000_000.0
BLOCKS, SIZE = 40, 10**6


def lookups(
    seed: int,
    actors: int,
    *,
    days: float = 14.0,
    networks: int | None = None,
    first: int = 0,
    start: float = START,
) -> pl.DataFrame:
    """Lookups of honest actors: log-normal address books, popular and unpopular people, about 60 % hits.

    Args:
        seed: of all randomness.
        actors: how many.
        days: that they span.
        networks: how many networks the actors are spread over; None for one each.
        first: number of the first actor and network, so that others can be others.
        start: UNIX seconds.
    """
    rng = np.random.default_rng(seed)
    sizes = np.clip(rng.lognormal(3.6, 1.0, actors), 1, 1500).astype(int)
    actor = np.repeat(np.arange(actors), sizes)
    quick = rng.random(actors) < 0.5
    begins = rng.uniform(0, days * 0.5, actors) * DAY
    within = rng.random(len(actor)) * np.where(quick[actor], 1800.0, days * 0.5 * DAY)
    people = (rng.pareto(1.1, len(actor)) * 2000).astype(np.int64) % 3_000_000
    home = rng.integers(0, BLOCKS, actors)[actor]
    number = digests(people)
    block = np.where(rng.random(len(actor)) < 0.3, home, number // SIZE % BLOCKS)
    identifier = block * SIZE + number % SIZE
    rate = rng.beta(12.0, 8.0, actors)
    network = np.arange(actors) if networks is None else rng.integers(0, networks, actors)
    return table(
        start + begins[actor] + within,
        actor + first + 1,
        network[actor] + first + 1,
        identifier,
        rng.random(len(actor)) < rate[actor],
    )


def scrapers(
    seed: int, actors: int, each: int, *, first: int = 10**7, start: float = START, hits: float = 0.05
) -> pl.DataFrame:
    """Lookups of actors that each go through a range of their own, within ten days.

    Args:
        seed: of all randomness.
        actors: how many.
        each: identifiers per actor.
        first: number of the first actor and network.
        start: UNIX seconds.
        hits: share of hits.
    """
    rng = np.random.default_rng(seed)
    actor = np.repeat(np.arange(actors), each)
    begins = rng.integers(0, BLOCKS * SIZE - each, actors)
    steps = np.tile(np.arange(each), actors)
    at = start + rng.random(actors)[actor] * DAY + steps * (9 * DAY / each)
    return table(at, actor + first, actor + first, begins[actor] + steps, rng.random(len(actor)) < hits)


def table(
    at: np.ndarray, actor: np.ndarray, network: np.ndarray, identifier: np.ndarray, hit: np.ndarray
) -> pl.DataFrame:
    """A frame of lookups, in order of time; numbers stand for digests."""
    mixed = {
        "account": digests(actor),
        "network": digests(network),
        "identifier": digests(identifier),
        "block": digests(identifier // SIZE),
    }
    zeros = np.zeros(len(at), np.uint64)
    columns = {name: mixed.get(name, zeros) for name in SCHEMA}
    columns |= {"position": identifier % SIZE, "hit": hit}
    columns["at"] = pl.Series(at * 1e6).cast(pl.Int64).cast(pl.Datetime("us", "UTC"))
    columns["endpoint"] = ["contacts"] * len(at)
    columns["kind"] = ["phone"] * len(at)
    return pl.DataFrame(columns).cast(SCHEMA).sort("at", maintain_order=True)


@cache
def learned() -> tuple[Model, Reference]:
    """What is learnt of 1,500 honest actors, and 1,500 others to compare with."""
    model = train(lookups(1, 1500))
    return model, reference(lookups(2, 1500, first=2000), model)


def digests(numbers: np.ndarray) -> np.ndarray:
    """Numbers as a keyed hash would have them; different ones stay different (splitmix64)."""
    mixed = np.asarray(numbers, np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
