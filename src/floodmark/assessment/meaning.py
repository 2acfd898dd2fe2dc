"""What overlap and agreement of two leaks suggest, in words that claim no more than the numbers carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from floodmark.assessment.agreement import AGREES, CANNOT_TELL, CHANCE, DRIFTS, ValueAgreement

ALONE = "Overlap alone says nothing of recycling: a genuine second scrape finds the same people again."
NOTHING_SHARED, COPIED, APART, UNRELATED, UNCLEAR = (
    "nothing-shared",
    "copied",
    "collected-apart",
    "unrelated-values",
    "cannot-tell",
)


@dataclass(frozen=True)
class Meaning:
    """What the comparison of two leaks suggests.

    Attributes:
        suggests: `nothing-shared`, `copied`, `collected-apart`, `unrelated-values` or `cannot-tell`.
        words: the same in sentences.
    """

    suggests: str
    words: list[str]


def meaning_of(shared: int, agreement: Sequence[ValueAgreement]) -> Meaning:
    """Read the values of one pair together.

    Copied rows agree in every value, so one value that drifts speaks against copying, however well others agree:
    names stay while people move.
    """
    if not shared:
        return Meaning(NOTHING_SHARED, ["The leaks share no identifier of this kind."])
    by_reading: dict[str, list[str]] = {}
    for one in agreement:
        by_reading.setdefault(one.judgement.reading, []).append(one.value)
    told = set(by_reading) - {CANNOT_TELL}
    untold = by_reading.get(CANNOT_TELL, [])
    rest = [f"The {' and '.join(untold)} cannot tell."] if untold and told else []
    if not told:
        return Meaning(UNCLEAR, ["The values cannot tell copied from collected apart.", ALONE])
    if told == {AGREES}:
        words = (
            f"The {' and '.join(by_reading[AGREES])} agree as in copies: one leak was copied from the other, both come "
            "from one source, or the second was collected before much had changed."
        )
        return Meaning(COPIED, [words, *rest, ALONE])
    if DRIFTS in told and CHANCE not in told:
        words = (
            f"The {' and '.join(by_reading[DRIFTS])} drift: the shared people were collected at another time or in "
            "another form, or only a part of the rows is copied."
        )
        return Meaning(APART, [words, *rest, ALONE])
    if told == {CHANCE}:
        words = (
            f"The {' and '.join(by_reading[CHANCE])} agree no more than between strangers: identifiers that changed "
            "hands, another meaning of the columns, or values that were made up."
        )
        return Meaning(UNRELATED, [words, *rest, ALONE])
    chance = " and ".join(by_reading[CHANCE])
    others = " and ".join(value for reading in (AGREES, DRIFTS) for value in by_reading.get(reading, []))
    words = (
        f"The {chance} agrees no more than between strangers although the {others} does: look at how both leaks "
        "write it."
    )
    return Meaning(UNCLEAR, [words, *rest, ALONE])
