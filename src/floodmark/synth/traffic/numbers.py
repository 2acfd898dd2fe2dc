"""The phone numbers of a made-up service: which there are, how they crowd in blocks, and who of them is a member.

Whether a number is a member follows from the number, so that no table of millions is needed, and a scraper that
comes upon it finds the same as an honest user who has it in the address book.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.errors import UsageError
from floodmark.synth.numbering import room
from floodmark.synth.tables import data
from floodmark.synth.traffic.mixing import fractions, mixed

Numbers = NDArray[np.int64]
Draws = NDArray[np.uint64]

BLOCK = 10**6  # as floodmark.guard.reduction counts them
TRIES = 100
FULLNESS = 0.8  # spread of the log-normal by which blocks differ
FULLEST = 0.8  # share of members in a block at most


@dataclass(frozen=True)
class Region:
    """Number blocks of one country that are in use.

    Attributes:
        starts: int64, shape (blocks,): first number of each.
        shares: float64, shape (blocks,): members among the numbers of each.
        edges: float64, shape (blocks,): running sum of the share of subscribers that each has; the last is 1.
    """

    starts: Numbers
    shares: NDArray[np.float64]
    edges: NDArray[np.float64]

    def at(self, draws: Draws) -> Numbers:
        """Numbers of the region, each block as often as it has subscribers; shape of `draws`."""
        block = np.searchsorted(self.edges, fractions(mixed(1, draws)), side="right")
        inside = (mixed(2, draws) % np.uint64(BLOCK)).astype(np.int64)
        return np.asarray(self.starts[np.minimum(block, len(self.starts) - 1)] + inside)


class Service:
    """A service whose members have phone numbers of one country, and acquaintances in another.

    Args:
        country: ISO 3166-1 alpha-2.
        abroad: another.
        blocks: number blocks of a million that are in use in each, at most.
        member_share: members among the numbers of these blocks, on average.
        seed: decides all.

    Raises:
        UsageError: a country's plan is not known or has no whole block.
    """

    def __init__(self, country: str, abroad: str, blocks: int, member_share: float, seed: int) -> None:
        self.seed = seed
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(0,))))
        self.home = _region(country, blocks, member_share, random)
        self.abroad = _region(abroad, blocks, member_share, random)
        starts = np.concatenate([self.home.starts, self.abroad.starts])
        order = np.argsort(starts)
        self._starts = starts[order]
        self._shares = np.concatenate([self.home.shares, self.abroad.shares])[order]

    def member(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Whether each number is a member's, shape as given."""
        place = np.clip(np.searchsorted(self._starts, numbers, side="right") - 1, 0, None)
        inside = numbers - self._starts[place]
        share = np.where((inside >= 0) & (inside < BLOCK), self._shares[place], 0.0)
        return np.asarray(fractions(mixed(self.seed, numbers)) < share)

    def chosen(self, draws: Draws, members: NDArray[np.bool_], region: Region | None = None) -> Numbers:
        """Numbers anywhere in a country that are members or not, as asked.

        Args:
            draws: uint64, shape (n,): decide the numbers.
            members: bool, shape (n,): what each is to be; about one of ten million is otherwise all the same.
            region: the country; `home` where none is given.
        """
        region = region or self.home
        found = region.at(draws)
        wrong = np.flatnonzero(self.member(found) != members)
        for step in range(3, TRIES):
            if not len(wrong):
                break
            found[wrong] = region.at(mixed(step, draws[wrong]))
            wrong = wrong[self.member(found[wrong]) != members[wrong]]
        return found

    def drawn(self, random: np.random.Generator, count: int, members: float) -> Numbers:
        """So many numbers of the country, of which this share are members."""
        draws = random.integers(0, 2**63, count).astype(np.uint64)
        return self.chosen(draws, random.random(count) < members)

    def range(self, random: np.random.Generator, size: int) -> Numbers:
        """Consecutive numbers of one block, begun anew in another block where one is too short."""
        parts = []
        while size > 0:
            length = min(size, BLOCK)
            block = int(np.searchsorted(self.home.edges, random.random()))
            first = self.home.starts[block] + int(random.integers(0, BLOCK - length + 1))
            parts.append(first + np.arange(length))
            size -= length
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _region(country: str, blocks: int, member_share: float, random: np.random.Generator) -> Region:
    whole = _whole_blocks(country)
    if not len(whole):
        raise UsageError(
            f"The numbering plan of {country} has no block of a million mobile numbers.",
            "Choose a larger country.",
        )
    starts = np.sort(random.permutation(whole)[:blocks])
    # Blocks were given out over decades: a few are full, most are thin.
    fullness = np.exp(random.normal(0.0, FULLNESS, len(starts)))
    edges = np.cumsum(fullness / fullness.sum())
    edges[-1] = 1.0
    return Region(starts, np.minimum(FULLEST, member_share * fullness / fullness.mean()), edges)


def _whole_blocks(country: str) -> Numbers:
    """First numbers of the blocks of a million that a plan has entirely."""
    if country not in data("plans.json")["plans"]:
        raise UsageError(f"There is no numbering plan of {country!r} here.", "Name it by ISO 3166-1 alpha-2.")
    found = room((country,), "valid")
    # The last number of a range is left out of a room (`numbering`), so it is put back here.
    ends = found.lows + np.diff(found.edges) + 1
    firsts = -(-found.lows // BLOCK)
    counts = np.maximum(0, ends // BLOCK - firsts)
    inner = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray((np.repeat(firsts, counts) + inner) * BLOCK, np.int64)
