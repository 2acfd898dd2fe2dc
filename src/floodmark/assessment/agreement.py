"""Whether two leaks say the same of the people they share, and what that suggests.

Overlap alone cannot tell a recycled leak from a genuine second scrape: both contain the same people. What tells them
apart is what is said of these people. Copied rows agree in every value; rows collected anew drift, since people
move and change their names.

    >>> judge(both=1000, equal=1000, chance=0.01).reading
    'agrees'
    >>> judge(both=1000, equal=800, chance=0.01).reading
    'drifts'
    >>> judge(both=1000, equal=11, chance=0.01).reading
    'chance'
    >>> judge(both=12, equal=12, chance=0.01).reading
    'cannot-tell'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from floodmark.assessment.proportions import clopper_pearson
from floodmark.assessment.tally import FieldTally
from floodmark.kernel.shared_rows import Agreement

COPIED = 0.98
"""Agreement beyond chance from which values count as the same: cleaning and cut names cost copies a little."""
FEWEST = 30
"""Identifiers with both values below which nothing is read from them."""
LEAST_POWER = 0.05
"""What chance leaves to agree by: where nearly everybody has one value, agreement shows nothing."""

STRANGERS = 0.1
"""Agreement beyond chance that an interval must exclude before values count as those of strangers."""

AGREES, DRIFTS, CHANCE, CANNOT_TELL = "agrees", "drifts", "chance", "cannot-tell"
_WHY = {
    AGREES: "Equal for nearly all: copied, or collected again before much had changed.",
    DRIFTS: "Equal for many but not all: collected at another time or in another form, or only partly copied.",
    CHANCE: "Equal no more often than between strangers: made up, other people, other meanings or another order.",
    CANNOT_TELL: "Too few shared identifiers: the interval fits more than one of these.",
}


@dataclass(frozen=True)
class Judgement:
    """What the agreement of one value can mean.

    Attributes:
        reading: `agrees` (as copies do), `drifts` (as rows collected apart do), `chance` (no more than strangers
            agree) or `cannot-tell`.
        why: the reason in a sentence.
        low: lower end of the 95 % interval of the share that agrees.
        high: upper end.
        beyond_chance: agreement that chance does not explain, `(share - chance) / (1 - chance)`; None when chance
            explains all.
    """

    reading: str
    why: str
    low: float
    high: float
    beyond_chance: float | None


@dataclass(frozen=True)
class ValueAgreement:
    """One value on the shared identifiers; all numbers count identifiers.

    Attributes:
        value: `name` or `location`.
        both: identifiers with the value in both leaks.
        equal: of these, those whose value digests are equal.
        only_a: identifiers with the value in the first leak alone.
        only_b: in the second alone.
        neither: in neither.
        chance: share of pairs of two different people that agree, from the same identifiers; None below two. Two
            texts whose digests are equal by accident (1 in 65,535) are in it.
        judgement: what it can mean.
    """

    value: str
    both: int
    equal: int
    only_a: int
    only_b: int
    neither: int
    chance: float | None
    judgement: Judgement

    @property
    def share(self) -> float | None:
        """Share of `both` that is equal; None when there is none."""
        return self.equal / self.both if self.both else None


@dataclass(frozen=True)
class FieldChange:
    """Shared identifiers that have a field type in the first leak alone, in the second alone, in both."""

    type: str
    only_a: int
    only_b: int
    both: int


def agreement_of(value: str, tally: Agreement, shared: int) -> ValueAgreement:
    """The agreement that a tally over `shared` identifiers shows."""
    return ValueAgreement(
        value=value,
        both=tally.both,
        equal=tally.equal,
        only_a=tally.only_a,
        only_b=tally.only_b,
        neither=shared - tally.both - tally.only_a - tally.only_b,
        chance=tally.chance,
        judgement=judge(tally.both, tally.equal, tally.chance),
    )


def changes_of(tally: FieldTally, types: Sequence[str]) -> list[FieldChange]:
    """Field types that some shared identifier has, those that differ most first."""
    columns = [map(int, row) for row in tally.counts()]
    changes = [FieldChange(*row) for row in zip(types, *columns, strict=True)]
    seen = [one for one in changes if one.only_a or one.only_b or one.both]
    return sorted(seen, key=lambda one: (-(one.only_a + one.only_b), one.type))


def judge(both: int, equal: int, chance: float | None) -> Judgement:
    """Read the agreement of one value.

    The interval takes identifiers as independent draws; where families or copies cluster, it is too narrow.

    Args:
        both: identifiers with the value in both leaks.
        equal: of these, those that agree.
        chance: share that would agree between strangers; None where it is not known.
    """
    low, high = clopper_pearson(equal, both)
    if both < FEWEST or chance is None:
        why = f"Only {both:,} shared identifiers have it in both leaks; {FEWEST} are the least to read anything from."
        return Judgement(CANNOT_TELL, why, low, high, None)
    if 1 - chance < LEAST_POWER:
        why = "Nearly everybody has the same value, so strangers would agree as well."
        return Judgement(CANNOT_TELL, why, low, high, None)
    least, beyond, most = ((share - chance) / (1 - chance) for share in (low, equal / both, high))
    reading = _reading(least, most)
    return Judgement(reading, _WHY[reading], low, high, beyond)


def _reading(least: float, most: float) -> str:
    """What an interval of agreement beyond chance shows."""
    if least >= COPIED:
        return AGREES
    if least <= 0 and most < STRANGERS:
        return CHANCE
    return DRIFTS if least > 0 and most < COPIED else CANNOT_TELL
