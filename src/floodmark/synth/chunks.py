"""The records of a twin, chunk by chunk, as arrays: who they are and which cells they have.

Everything that must be distinct in the whole file (phones, profile ids, addresses) comes from ordinals that
grow from chunk to chunk, so what a chunk repeats is known within the chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.synth.numbering import Numbering
from floodmark.synth.tables import Indices, country_rows
from floodmark.synth.twins import Twin, TwinColumn

Mask = NDArray[np.bool_]
Random = np.random.Generator

CHUNK = 131_072
SPARE = 64
# Two ranges of profile ids (May 2011), end to end; early ids end where late ones begin.
EARLY_ID, EARLY_IDS = 500_090_001, 1_277_708_795
LATE_ID, LATE_IDS = 100_000_000_000_004, 2_390_891_364
ID_STEP = 2_654_435_761  # a prime that divides neither range's size nor their sum
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
REUSED = 0.1
REUSE_WITHIN = 1000
# The six countries whose size is not known get the rows of a small one: a shape, not a count.
UNKNOWN_ROWS = 10_000


@dataclass(frozen=True)
class Plan:
    """What is to be made: the arguments of `leak`, checked, with what follows from them."""

    twin: Twin
    columns: tuple[TwinColumn, ...]
    rows: int
    seed: int
    damaged: int
    duplicates: int
    invalid: float
    countries: tuple[str, ...]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class Chunk:
    """Records of one chunk, by country and number, before lines are made of them; n of them.

    Attributes:
        random: source of this chunk's further draws.
        first: ordinal of the first record in the file.
        countries: index of each record's country.
        phones: full number of each record; meaningless where `filled["phone"]` is false.
        valid: whether the record has a phone number that its plan has.
        filled: by source of a column, whether the cell is filled, one mask for each column's name.
        origins: index of the record whose e-mail address this one has (itself, but for reused addresses).
        damage: 0, or 1 + index of the kind of damage.
        order: index of the record on each line, n + duplicates; a repeated index is a duplicate line.
    """

    random: Random
    first: int
    countries: Indices
    phones: Indices
    valid: Mask
    filled: dict[str, Mask]
    origins: Indices
    damage: Indices
    order: Indices

    @property
    def profile_ids(self) -> Indices:
        """Profile id of each record, distinct in the whole file."""
        ordinals = self.first + np.arange(len(self.countries), dtype=np.int64)
        places = ordinals * ID_STEP % (EARLY_IDS + LATE_IDS)
        early = places < EARLY_IDS
        return np.where(early, EARLY_ID + places, LATE_ID + places - EARLY_IDS)


def shares(countries: tuple[str, ...], counts: str) -> NDArray[np.float64]:
    """Share of each country, by the published counts (or shapes) in one column of the data."""
    rows = {row["country"]: int(row[counts] or UNKNOWN_ROWS) for row in country_rows()}
    weights = np.array([rows[country] for country in countries], dtype=np.float64)
    return np.asarray(weights / weights.sum())


def numbering(plan: Plan) -> Numbering:
    """Phone numbers enough for the plan.

    Raises:
        UsageError: a country's numbering plan has not room enough.
    """
    wanted = np.ceil(plan.shares * plan.rows).astype(np.int64) + SPARE
    return Numbering(plan.countries, wanted, plan.invalid, plan.seed)


def chunks(plan: Plan, numbers: Numbering) -> Iterator[Chunk]:
    """Chunks of the plan, first to last; `sum(len(chunk.order)) == plan.rows`."""
    used = np.zeros((2, len(plan.countries)), dtype=np.int64)
    edges = np.concatenate([[0], np.cumsum(plan.shares)[:-1]])
    first = 0
    for number, start in enumerate(range(0, plan.rows, CHUNK)):
        stop = min(start + CHUNK, plan.rows)
        random = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(plan.seed, spawn_key=(1, number)))
        )
        # Whole numbers of damaged and repeated lines, spread evenly over the file.
        damaged = plan.damaged * stop // plan.rows - plan.damaged * start // plan.rows
        repeats = plan.duplicates * stop // plan.rows - plan.duplicates * start // plan.rows
        before = plan.damaged * start // plan.rows
        size = stop - start - repeats
        countries = _countries(edges, first, size)
        phone_fill = next((c.fill for c in plan.columns if c.source == "phone"), 0.0)
        filled = {c.name: random.random(size) < c.fill for c in plan.twin.columns if c.source != "phone"}
        has_phone = random.random(size) < phone_fill
        wrong = has_phone & (random.random(size) < plan.invalid)
        phones = _phones(numbers, countries, has_phone & ~wrong, wrong, used)
        damage = np.zeros(size, dtype=np.int64)
        hit = np.argsort(random.random(size), kind="stable")[:damaged]
        damage[hit] = 1 + (before + np.arange(damaged)) % len(plan.twin.damage)
        yield Chunk(
            random=random,
            first=first,
            countries=countries,
            phones=phones,
            valid=has_phone & ~wrong,
            filled=filled | {"phone": has_phone},
            origins=_origins(random, size),
            damage=damage,
            order=_order(random, countries, phones, damage, repeats),
        )
        first += size


def _countries(edges: NDArray[np.float64], first: int, size: int) -> Indices:
    """Countries of `size` records in proportion, sorted: a low-discrepancy sequence picks them."""
    steps = np.arange(first + 1, first + size + 1, dtype=np.uint64) * GOLDEN
    chances = (steps >> np.uint64(11)).astype(np.float64) / 2**53
    return np.sort(np.searchsorted(edges, chances, side="right") - 1).astype(np.int64)


def _phones(numbers: Numbering, countries: Indices, valid: Mask, wrong: Mask, used: Indices) -> Indices:
    """Full numbers of the records; advances the ordinals `used` (valid, invalid; by country)."""
    phones = np.zeros(len(countries), dtype=np.int64)
    for row, (mask, give) in enumerate(((valid, numbers.give), (wrong, numbers.give_invalid))):
        own = countries[mask]
        counts = np.bincount(own, minlength=used.shape[1])
        within = np.arange(len(own)) - np.repeat(np.cumsum(counts) - counts, counts)
        phones[mask] = give(own, used[row][own] + within)
        used[row] += counts
    return phones


def _origins(random: Random, size: int) -> Indices:
    own = np.arange(size, dtype=np.int64)
    back = 1 + (random.random(size) * REUSE_WITHIN).astype(np.int64)
    return np.where(random.random(size) < REUSED, np.maximum(own - back, 0), own)


def _order(random: Random, countries: Indices, phones: Indices, damage: Indices, repeats: int) -> Indices:
    """Records by line: runs of neighbouring numbers stay together, runs of all countries mix."""
    begins = np.concatenate([[True], (np.diff(phones) != 1) | (np.diff(countries) != 0)])
    runs = np.cumsum(begins) - 1
    order = np.argsort(random.random(len(phones))[runs], kind="stable")
    whole = np.flatnonzero(damage == 0)
    copied = whole[(random.random(repeats) * len(whole)).astype(np.int64)]
    places = (random.random(repeats) * (len(order) + 1)).astype(np.int64)
    return np.insert(order, places, copied).astype(np.int64)
