"""Distinct phone numbers inside the number blocks of real numbering plans, in runs of neighbours.

The ordinal of a number within its country decides it, so a hundred million numbers are distinct without a
table of those already given. Within a country numbers ascend with their ordinal. The last number of a block
is never given, so that no run goes on from one block into the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.errors import UsageError
from floodmark.synth.tables import Indices, data

RUNS = 64
LONGEST = 1000
INVALID_STEP = 7_368_787  # a prime, so that steps modulo a smaller or larger room meet every number once


@dataclass(frozen=True)
class Room:
    """Number blocks of all countries end to end: an address is a place in them.

    Attributes:
        lows: first full number (calling code included, no plus) of each block.
        edges: address of each block's first number, and the end, length blocks + 1.
        bases: address of each country's first number.
        sizes: addresses of each country.
    """

    lows: Indices
    edges: Indices
    bases: Indices
    sizes: Indices

    def numbers(self, countries: Indices, places: Indices) -> NDArray[np.int64]:
        """Full numbers at these places (0 to the country's size) of these countries."""
        addresses = self.bases[countries] + places
        blocks = np.searchsorted(self.edges, addresses, side="right") - 1
        return np.asarray(self.lows[blocks] + addresses - self.edges[blocks])


def room(countries: tuple[str, ...], kind: str) -> Room:
    """Blocks of these countries; `kind` is `valid` or `invalid`."""
    plans = data("plans.json")["plans"]
    blocks = [block for country in countries for block in plans[country][kind]]
    sizes = np.array([high - low for low, high in blocks], dtype=np.int64)
    edges = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    counts = [len(plans[country][kind]) for country in countries]
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Room(
        lows=np.array([low for low, _ in blocks], dtype=np.int64),
        edges=edges,
        bases=edges[firsts[:-1]],
        sizes=np.diff(edges[firsts]),
    )


class Numbering:
    """Phone numbers of some countries.

    Args:
        countries: ISO 3166-1 alpha-2 codes; an index into them is the `countries` of the methods.
        wanted: upper bound of the numbers of each country, int64.
        invalid: share of them that are to be invalid.
        seed: decides where runs begin and how long they are.

    Raises:
        UsageError: a country's plan has not room enough.
    """

    def __init__(self, countries: tuple[str, ...], wanted: Indices, invalid: float, seed: int) -> None:
        self.valid = room(countries, "valid")
        self.wrong = room(countries, "invalid")
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(0,))))
        lengths = np.stack([_lengths(int(rows), random.random(RUNS)) for rows in wanted])
        spread = np.cumsum(random.random((len(countries), RUNS + 1)), axis=1)
        self.begins = np.concatenate([np.zeros((len(countries), 1), np.int64), np.cumsum(lengths, 1)], axis=1)
        self.numbers = self.begins[:, -1]
        self.spans = self.valid.sizes // np.maximum(1, -(-wanted // self.numbers))
        gaps = self.spans - self.numbers - RUNS
        # Ten standard deviations above the expected number of invalid ones.
        spare = self.wrong.sizes - (wanted * invalid + 10 * np.sqrt(wanted)).astype(np.int64)
        if (gaps < 0).any() or (spare < 0).any():
            short = countries[int(np.argmin(np.minimum(gaps, spare)))]
            raise UsageError(
                f"The numbering plan of {short} has fewer mobile numbers than this many rows need.",
                "Make fewer rows, or more countries with --country.",
            )
        fractions = spread[:, :-1] / spread[:, -1:]
        self.shifts = np.arange(RUNS) + (fractions * gaps[:, None]).astype(np.int64)
        self.table = np.concatenate([np.repeat(np.arange(RUNS), row) for row in lengths])
        self.offsets = np.concatenate([[0], np.cumsum(self.numbers)[:-1]])

    def give(self, countries: Indices, ordinals: Indices) -> NDArray[np.int64]:
        """Valid numbers: distinct for distinct ordinals, ascending with them, one country at a time."""
        cycles, within = np.divmod(ordinals, self.numbers[countries])
        runs = self.table[self.offsets[countries] + within]
        places = cycles * self.spans[countries] + within + self.shifts[countries, runs]
        return self.valid.numbers(countries, places)

    def give_invalid(self, countries: Indices, ordinals: Indices) -> NDArray[np.int64]:
        """Numbers with the calling code of a country that no plan has, distinct for distinct ordinals."""
        return self.wrong.numbers(countries, ordinals * INVALID_STEP % self.wrong.sizes[countries])


def _lengths(rows: int, chances: NDArray[np.float64]) -> Indices:
    """Lengths of the runs of one cycle: many short, few long, the longest a twentieth of the country."""
    lengths = ((np.arange(RUNS) + 0.5) / RUNS) ** -0.8
    lengths[0] = min(LONGEST, max(lengths[0], rows / 20))
    return lengths.astype(np.int64)[np.argsort(chances)]
