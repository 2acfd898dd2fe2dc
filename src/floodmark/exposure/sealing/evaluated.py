"""From inputs to journaled rows: evaluated in pieces on several threads, while what comes next is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.oprf import Engine, Scalar
from floodmark.exposure.sealing.journal import RECORD, TAG_BITS, Journal, Records
from floodmark.exposure.sealing.pieces import pieces
from floodmark.exposure.sealing.ranks import Ranks
from floodmark.exposure.sealing.stream import Inputs
from floodmark.kernel.oprf import Seal

AHEAD = 1 << 18
"""Identifiers that may be under way: enough to evaluate while the journal's disk takes its time, some 30 MB."""


@dataclass(frozen=True)
class Sealer:
    """What makes the rows of one sealed leak; for any thread.

    Attributes:
        by: what evaluates.
        private: the private evaluation key.
        seal: name of the sealed leak, and the bytes of its cells.
        ranks: of the identifiers that are sealed.
        numbers: field-set numbers by kind, in the order of the leak's digests.
    """

    by: Engine
    private: Scalar
    seal: Seal
    ranks: Ranks
    numbers: Mapping[str, NDArray[np.uint16] | NDArray[np.uint32]]

    def records(self, inputs: Inputs) -> Records:
        """The rows of some identifiers.

        Raises:
            BadInput: one of them cannot be evaluated.
            EvaluationFault: a result failed its check; none of this piece is given.
        """
        places = self.by.places(self.private, inputs.texts, self.seal)
        records = np.empty(len(inputs.ranks), RECORD)
        records["rank"] = inputs.ranks
        records["place"] = (places.buckets.astype(np.uint64) << TAG_BITS) | places.tags
        records["cell"] = self._field_sets(inputs.ranks) ^ places.pads
        return records

    def _field_sets(self, ranks: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Field-set number of each rank, uint32, shape (n,)."""
        found = np.empty(len(ranks), np.uint32)
        for kind, numbers in self.numbers.items():
            places = ranks - self.ranks.first(kind)
            of_kind = (places >= 0) & (places < len(numbers))
            found[of_kind] = numbers[places[of_kind]]
        return found


def evaluate_all(
    found: Iterable[Inputs],
    sealer: Sealer,
    journal: Journal,
    advance: Callable[[int], None],
    workers: int,
) -> None:
    """Evaluate everything that comes, and journal it, in whatever order it is done.

    This thread reads, `workers` threads evaluate, and one more writes the journal. Whatever ends it before its time,
    what was evaluated until then is journaled, and no thread is left behind.

    Args:
        found: what is to be evaluated; its work is done in this thread.
        sealer: makes the rows.
        journal: takes them; flushed at the end.
        advance: told of the identifiers journaled, from this thread.
        workers: threads.

    Raises:
        BadInput: an identifier cannot be evaluated.
        EvaluationFault: what evaluates, evaluates wrongly.
        OSError: the journal's disk refused.
    """
    with _UnderWay(sealer, journal, workers) as under_way:
        for piece in pieces(found, sealer.by.piece):
            advance(under_way.put(piece))
        for done in under_way.finish():
            advance(done)


class _UnderWay:
    """Pieces on their way: being evaluated, then being journaled; a bounded number of them, in order.

    Leaving the block, by an error too, journals what was evaluated and waits for every thread.
    """

    def __init__(self, sealer: Sealer, journal: Journal, workers: int) -> None:
        self._sealer = sealer
        self._journal = journal
        self._most = workers + 1 + AHEAD // sealer.by.piece
        self._evaluating: deque[Future[Records]] = deque()
        self._journaling: deque[Future[int]] = deque()
        self._evaluators = ThreadPoolExecutor(workers, "floodmark-evaluate")
        self._journaler = ThreadPoolExecutor(1, "floodmark-journal")

    def put(self, piece: Inputs) -> int:
        """Take a piece, when there is room for it; how many identifiers were journaled since the last call."""
        done = self._settle(self._most - 1)
        self._evaluating.append(self._evaluators.submit(self._sealer.records, piece))
        return done

    def finish(self) -> Iterator[int]:
        """Wait until everything is on disk; how many identifiers were journaled, step by step."""
        for most in reversed(range(len(self._evaluating) + len(self._journaling))):
            yield self._settle(most)
        self._journaler.submit(self._journal.flush).result()

    def _settle(self, most: int) -> int:
        """Hand on what is ready, and wait until no more than `most` pieces are under way."""
        done = 0
        while True:
            while self._evaluating and self._evaluating[0].done():
                records = self._evaluating.popleft().result()
                self._journaling.append(self._journaler.submit(self._add, records))
            while self._journaling and self._journaling[0].done():
                done += self._journaling.popleft().result()
            if len(self._evaluating) + len(self._journaling) <= most:
                return done
            oldest: Future[Records] | Future[int] = (self._journaling or self._evaluating)[0]
            oldest.exception()  # it is raised when it is taken from its queue

    def _add(self, records: Records) -> int:
        self._journal.add(records)
        return len(records)

    def __enter__(self) -> _UnderWay:
        return self

    def __exit__(self, *_: object) -> None:
        self._evaluators.shutdown(cancel_futures=True)
        self._journaler.shutdown()
        for future in self._evaluating:
            if not future.cancelled() and future.exception() is None:
                self._journal.add(future.result())
        self._journal.flush()
