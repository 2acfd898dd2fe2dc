"""What follows from the rows of two tables.

**Found** takes that the agreement is no accident under both null hypotheses: where two leading digits agree and the
others are random, and where tables differ by no more than those of one platform a year apart do. One is not enough:
digits are not random where tables are nearly the same. Besides, at least three rows must agree, no fewer than differ,
and a quarter of all rows that the advert has, so that a number that was mixed up, or a few that were taken from
elsewhere, are not called a table. Rows that are too round to be counted for it count against it where they differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from floodmark.assessment.fingerprint.match import APART, CLOSE, LEAST_ROWS, LEAST_SHARE, LOG10_FLOOR, SIGMAS
from floodmark.assessment.fingerprint.rows import RowMatch
from floodmark.assessment.fingerprint.tail import Tail
from floodmark.assessment.fingerprint.ways import Chance, by_digits, by_noise

_FINEST = 1e-9  # sigma below which no two tables were ever apart
_HALVINGS = 16


@dataclass(frozen=True)
class Conclusion:
    """See `Match`, whose attributes these are."""

    conclusion: str
    log10_p: float
    sensitivity: dict[float, float]
    telling: int
    needed: int | None


def conclude(rows: Sequence[RowMatch], tests: int, advert_rows: int) -> Conclusion:
    """Weigh the rows of two tables.

    Args:
        rows: that both tables have.
        tests: known tables times pairings that were tried.
        advert_rows: rows with a count that the advert has, in both tables or not.
    """
    digits = _Weighed(rows, by_digits, tests)
    matched = any(row.reached is not None for row in rows)  # otherwise no chance is below one
    noise = {sigma: _Weighed(rows, by_noise(sigma), tests) for sigma in (SIGMAS if matched else (APART,))}
    apart = noise[APART]
    is_enough = sum(row.matches and bool(row.country) for row in rows) >= LEAST_SHARE * advert_rows
    told_by = digits if digits.needed is not None else apart
    is_surprising = digits.is_small and noise[CLOSE].is_small
    is_most = is_surprising and digits.is_most
    is_most_if = apart.is_small and apart.is_most
    if is_most or is_most_if:
        conclusion = "partly" if not is_enough else "found" if is_most else "found-if"
    elif is_surprising:
        conclusion = "partly"
    else:
        conclusion = "cannot-tell" if told_by.needed is None else "not-found"
    return Conclusion(
        conclusion,
        digits.log10_p,
        {sigma: noise[sigma].log10_p if matched else 0.0 for sigma in SIGMAS},
        len(told_by.telling),
        told_by.needed,
    )


def least_sigma(rows: Sequence[RowMatch], tests: int) -> float:
    """By how much a country has to differ between unrelated tables for the chance to be at the floor.

    By bisection, since the chance falls as sigma grows; for rows where the greatest sigma is enough.
    """
    low, high = math.log(_FINEST), math.log(SIGMAS[-1])
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _Weighed(rows, by_noise(math.exp(middle)), tests).is_small:
            high = middle
        else:
            low = middle
    return math.exp(high)


def is_small(rows: Sequence[RowMatch], tests: int) -> bool:
    """Whether the rows agree too well for random digits: a look at whether `conclude` is worth its time."""
    return _Weighed(rows, by_digits, tests).is_small


class _Weighed:
    """The rows under one null hypothesis."""

    def __init__(self, rows: Sequence[RowMatch], chance: Chance, tests: int) -> None:
        self.telling = [row for row in rows if row.attainable(chance)]
        self._chance = chance
        self._tries = math.log10(tests)
        matched = [row.score(chance) for row in self.telling if row.reached is not None]
        self.log10_p = min(0.0, self._tries + self._tail.log10(matched)) if matched else 0.0
        self.is_small = self.log10_p <= LOG10_FLOOR
        too_round = sum(not row.matches for row in rows if not row.attainable(chance))
        agreeing = sum(score > 0 for score in matched)
        self._most = max(LEAST_ROWS, -(-(len(self.telling) + too_round) // 2))
        self.is_most = agreeing >= self._most

    @cached_property
    def needed(self) -> int | None:
        """How many of the telling rows, whichever they be, would be enough; None where all of them would not."""
        if self._most > len(self.telling):
            return None
        enough = self._tail.enough(LOG10_FLOOR - self._tries)
        return None if enough is None else max(enough, self._most)

    @cached_property
    def _tail(self) -> Tail:
        return Tail([row.attainable(self._chance) for row in self.telling])
