"""Work on ranges of values in a few threads, each of which sums what it finds on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue
from typing import Concatenate, Protocol, Self, TypeVar

from floodmark.assessment.ranges import spans
from floodmark.assessment.saved import Digests

_AT_ONCE = 64


class Summable(Protocol):
    """What a thread fills, and what those of several threads are added up to."""

    def merge(self, other: Self) -> None:
        """Add what another thread found."""
        ...


Sum = TypeVar("Sum", bound=Summable)


def in_ranges(
    arrays: Sequence[Digests],
    make: Callable[[], Sum],
    add: Callable[Concatenate[Sum, ...], None],
    workers: int,
    advance: Callable[[int], None],
    work: int,
) -> Sum:
    """Call `add` on every range of values that the arrays span, and sum the results.

    Args:
        arrays: each ascending, distinct, uint64.
        make: an empty sum.
        add: takes a sum and one slice for each array, and adds what it finds there.
        workers: threads.
        advance: told of work done, from the calling thread.
        work: how much there is in all, in the units of `advance`.
    """
    sums = [make() for _ in range(workers)]
    free: SimpleQueue[Sum] = SimpleQueue()
    for one in sums:
        free.put(one)

    def do(cut: tuple[slice, ...]) -> int:
        mine = free.get()
        try:
            add(mine, *cut)
        finally:
            free.put(mine)
        return sum(part.stop - part.start for part in cut)

    total, done, told = sum(array.size for array in arrays), 0, 0
    remaining = spans(arrays)
    with ThreadPoolExecutor(workers) as pool:
        while some := list(islice(remaining, _AT_ONCE)):
            for size in pool.map(do, some):
                done += size
            now = work * done // total
            advance(now - told)
            told = now
    result = sums[0]
    for one in sums[1:]:
        result.merge(one)
    return result
