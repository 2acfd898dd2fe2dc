"""The phone numbers of a made-up service: which there are, how they crowd in blocks, and who of them is a member.

Whether a number is a member follows from the number, so that no table of millions is needed and a scraper that
comes upon it finds the same as an honest user who has it in the address book.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from floodmark.synth.numbering import room
from floodmark.synth.traffic.mixing import fractions, mixed

Numbers = NDArray[np.int64]

BLOCK = 10**6  # as floodmark.guard.reduction counts them
TRIES = 100


class Service:
    """Numbers of one country and who of them is a member.

    Args:
        country: ISO 3166-1 alpha-2.
        blocks: number blocks of a million that are in use.
        member_share: members among the numbers of the blocks in use, on average.
        seed: decides all.

    Attributes:
        starts: int64, shape (blocks,): first number of each.
        weights: float64, shape (blocks,): share of all subscribers that each has.
    """

    def __init__(self, country: str, blocks: int, member_share: float, seed: int) -> None:
        self.seed = seed
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(0,))))
        self.starts = np.sort(random.permutation(_whole_blocks(country))[:blocks])
        self.blocks = len(self.starts)
        # Blocks were given out over decades: a few are full, most are thin.
        fullness = np.exp(random.normal(0.0, 0.8, self.blocks))
        self.weights = fullness / fullness.sum()
        self.shares = np.minimum(0.8, member_share * fullness / fullness.mean())
        self.edges = np.cumsum(self.weights)

    def member(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Whether each number is a member's, shape as given."""
        places = np.clip(np.searchsorted(self.starts, numbers, side="right") - 1, 0, self.blocks - 1)
        return np.asarray(fractions(mixed(self.seed, numbers)) < self.shares[places])

    def anywhere(self, draws: NDArray[np.uint64], bend: float = 1.0) -> Numbers:
        """Numbers anywhere in the country, each block as often as it has subscribers.

        Args:
            draws: uint64, shape (n,): decide the numbers.
            bend: above 1 where the first blocks are to come oftener, as among people who bought of one shop.
        """
        block = np.searchsorted(self.edges, fractions(draws) ** bend, side="right")
        return self.starts[np.minimum(block, self.blocks - 1)] + (mixed(1, draws) % BLOCK).astype(np.int64)

    def chosen(self, draws: NDArray[np.uint64], members: NDArray[np.bool_]) -> Numbers:
        """Numbers anywhere in the country that are members or not, as asked.

        Args:
            draws: uint64, shape (n,): decide the numbers.
            members: bool, shape (n,): what each is to be; a few of the members, below one in ten thousand, are none.
        """
        found = self.anywhere(draws)
        wrong = np.flatnonzero(self.member(found) != members)
        for step in range(1, TRIES):
            if not len(wrong):
                break
            found[wrong] = self.anywhere(mixed(step, draws[wrong]))
            wrong = wrong[self.member(found[wrong]) != members[wrong]]
        return found


def _whole_blocks(country: str) -> Numbers:
    """First numbers of the blocks of a million that a plan has entirely."""
    found = room((country,), "valid")
    # The last number of a range is left out of a room (`numbering`), so it is put back here.
    highs = found.lows + np.diff(found.edges) + 1
    firsts = -(-found.lows // BLOCK)
    counts = np.maximum(0, highs // BLOCK - firsts)
    inner = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray((np.repeat(firsts, counts) + inner) * BLOCK, np.int64)
