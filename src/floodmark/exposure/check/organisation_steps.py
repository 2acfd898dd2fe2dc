"""The steps of an organisation's check, without I/O to any server (protocol 1, section 6).

1. Whoever is not evaluated yet is, in requests of 64 elements, the last padded with elements of random inputs.
2. Then every bucket that somebody is in is fetched once, in random order and without decoys, and looked through.

Several requests are under way at once; but one alone until a first one was answered, and after a failure. What is sent,
answered and looked through is noted in the progress file before anything is made of it. An interrupt costs at most what
was under way. A failure costs what was sent to a server that may have evaluated it: its answer was lost, or is a lie.
What no server got whole, or one refused, costs nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError
from floodmark.exposure.check.asking import Ask, Evaluate, Evaluated, GetBucket, Random
from floodmark.exposure.check.evaluation import Blinded, blind_one, finalised
from floodmark.exposure.check.organisation_budget import (
    REQUEST,
    UNDER_WAY,
    OverBudget,
    check_budget,
)
from floodmark.exposure.check.organisation_look_up import answers_of, hits_in
from floodmark.exposure.check.organisation_progress import Progress
from floodmark.exposure.check.refusals import AccessRefused, BudgetSpent, ServerFailed
from floodmark.exposure.check.steps import verified
from floodmark.exposure.snapshots import Snapshot, WrongEpoch

PATIENCE = 3  # failures of a server in a row that are waited out


@dataclass(frozen=True)
class Together:
    """Asks to be sent at once; answered with a list that has, for each, its answer or the error instead."""

    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Wait:
    """Answered with anything once so many seconds have passed; whoever will not wait raises the error."""

    seconds: int
    why: FloodmarkError


Result = TypeVar("Result")
Outcome: TypeAlias = Evaluated | bytes | FloodmarkError
Several: TypeAlias = Generator[Together | Wait, list[Any], Result]
Advance: TypeAlias = Callable[[int], None]


def evaluate_missing(
    inputs: pl.Series,
    digests: NDArray[np.uint64],
    snapshot: Snapshot,
    progress: Progress,
    *,
    size: int,
    random: Random,
    advance: Advance = lambda done: None,
) -> Several[None]:
    """Have everybody evaluated who is not yet.

    Args:
        inputs: of the evaluation, distinct, String, shape (n,).
        digests: of each, uint64, shape (n,).
        snapshot: verified.
        progress: where answers are noted.
        size: attested number of customers.
        random: gives so many random bytes; they blind, and pad.
        advance: told how many are evaluated, those of former runs at first.

    Raises:
        OverBudget: it would be more than an organisation of this size may ask.
        FloodmarkError: an answer did not come, or was refused; also where so many were lost that the budget does not
            do for those that are still missing.
    """
    missing = np.flatnonzero(~np.isin(digests, progress.answers["digest"]))
    advance(len(digests) - len(missing))
    waiting = deque(missing[at : at + REQUEST] for at in range(0, len(missing), REQUEST))
    patience = _Patience()
    while waiting:
        try:
            check_budget(size, progress.spent, REQUEST * len(waiting))
        except OverBudget as error:
            raise patience.last or error from None
        group = [waiting.popleft() for _ in range(min(patience.at_once, len(waiting)))]
        hidden = [_blinded(inputs.gather(places), random) for places in group]
        progress.ask(REQUEST * len(group))
        progress.keep()
        outcomes = yield Together(tuple(_evaluate(snapshot, each) for each in hidden))
        for places, each, outcome in zip(group, hidden, outcomes, strict=True):
            try:
                outputs = finalised(each, _answer(outcome), snapshot.public_key)
            except FloodmarkError as error:
                if not _may_have_cost(error):
                    progress.refused(REQUEST)
                patience.failed(error)
                waiting.append(places)
            else:
                patience.worked()
                progress.answered(answers_of(digests[places], outputs[: len(places)]))
                advance(len(places))
        progress.keep(sync=False)  # before the next request it is kept for good
        yield from patience.pause()


def look_through(
    digests: NDArray[np.uint64],
    snapshot: Snapshot,
    progress: Progress,
    *,
    random: Random,
    advance: Advance = lambda done: None,
) -> Several[None]:
    """Fetch every bucket that somebody is in and look through it.

    Args:
        digests: of the identifiers, all of them evaluated; uint64, shape (n,).
        snapshot: verified.
        progress: where what is found is noted.
        random: gives so many random bytes; they choose the order.
        advance: told how many buckets are looked through, those of former runs at first.

    Raises:
        FloodmarkError: an answer did not come, or was refused.
    """
    done = progress.fetched(snapshot.id)
    answers = progress.answers
    answers = answers[np.argsort(answers["bucket"], kind="stable")]
    buckets = answers["bucket"].astype(np.int64)
    needed = buckets_of(digests, progress)
    advance(int(done[needed].sum()))
    waiting = deque(shuffled(needed[~done[needed]], random).tolist())
    patience = _Patience()
    while waiting:
        group = [waiting.popleft() for _ in range(min(UNDER_WAY, len(waiting)))]
        outcomes = yield Together(tuple(GetBucket(snapshot, number) for number in group))
        for number, outcome in zip(group, outcomes, strict=True):
            try:
                rows = verified(snapshot, {number: _answer(outcome)})[number]
            except FloodmarkError as error:
                patience.failed(error)
                waiting.append(number)
                continue
            patience.worked()
            first, last = np.searchsorted(buckets, [number, number + 1])
            progress.looked_up(number, hits_in(snapshot.leaks, rows, answers[first:last]))
            advance(1)
        progress.keep(sync=False)
        yield from patience.pause()


def buckets_of(digests: NDArray[np.uint64], progress: Progress) -> NDArray[np.int64]:
    """The buckets that these identifiers are in, ascending, each once."""
    answers = progress.answers
    return np.unique(answers["bucket"][np.isin(answers["digest"], digests)]).astype(np.int64)


def shuffled(numbers: NDArray[np.int64], random: Random) -> NDArray[np.int64]:
    """Numbers in random order.

    >>> shuffled(np.arange(3), lambda size: bytes(range(size, 0, -1))).tolist()
    [2, 1, 0]
    """
    keys = np.frombuffer(random(16 * len(numbers)), ">u8").reshape(-1, 2)
    return numbers[np.lexsort((keys[:, 1], keys[:, 0]))]


class _Patience:
    """How long failures are waited out: a spent budget as long as the server says, a failing server for seconds.

    Attributes:
        last: the failure that was waited out last.
    """

    def __init__(self) -> None:
        self._in_a_row = 0
        self._answered = False
        self._failures: list[FloodmarkError] = []
        self.last: FloodmarkError | None = None

    @property
    def at_once(self) -> int:
        """Requests that are risked at once."""
        return UNDER_WAY if self._answered and not self._in_a_row else 1

    def worked(self) -> None:
        """Something was answered."""
        self._in_a_row, self._answered = 0, True

    def failed(self, error: FloodmarkError) -> None:
        """Something was not."""
        self._failures.append(error)

    def pause(self) -> Iterator[Wait]:
        """What is to be waited for before the next group, if anything.

        Raises:
            FloodmarkError: there is no use in waiting.
        """
        failures, self._failures = self._failures, []
        if not failures:
            return
        worst = min(
            failures, key=lambda error: isinstance(error, BudgetSpent) + 2 * isinstance(error, ServerFailed)
        )
        self._in_a_row += 1
        self.last = worst
        if self._in_a_row <= PATIENCE and isinstance(worst, BudgetSpent) and worst.retry_after is not None:
            yield Wait(max(worst.retry_after, 1), worst)
        elif self._in_a_row <= PATIENCE and isinstance(worst, ServerFailed):
            yield Wait(2**self._in_a_row, worst)
        else:
            raise worst


def _blinded(inputs: Iterable[str], random: Random) -> list[Blinded]:
    """A request's inputs, and inputs that nobody has up to its size."""
    hidden = [blind_one(text.encode(), random) for text in inputs]
    return hidden + [blind_one(random(32), random) for _ in range(REQUEST - len(hidden))]


def _evaluate(snapshot: Snapshot, hidden: Sequence[Blinded]) -> Evaluate:
    return Evaluate(snapshot.epoch, tuple(one.element for one in hidden))


def _may_have_cost(error: FloodmarkError) -> bool:
    """Whether an evaluation that failed so may have been carried out."""
    if isinstance(error, ServerFailed):
        return error.sent
    return not isinstance(error, AccessRefused | BudgetSpent | WrongEpoch)


def _answer(outcome: Any) -> Any:
    if isinstance(outcome, FloodmarkError):
        raise outcome
    return outcome
