"""What overlap and agreement of two leaks suggest, in words that claim no more than the numbers carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    if not told:
        return Meaning(UNCLEAR, ["The values cannot tell copied from collected apart.", ALONE])
    suggests, words = _read_together(told, by_reading)
    untold = by_reading.get(CANNOT_TELL, [])
    rest = [f"The {' and '.join(untold)} cannot tell."] if untold else []
    return Meaning(suggests, [words, *rest, ALONE])


def _read_together(told: set[str], by_reading: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """What values of these readings, of which none is without an answer, suggest; and a sentence."""
    same, drifting, strange = (by_reading.get(reading, ()) for reading in (AGREES, DRIFTS, CHANCE))
    if told == {AGREES}:
        return COPIED, (
            f"{_values(same, 'agrees', 'agree')} as in copies: one leak was copied from the other, both come from one "
            "source, or the second was collected before much had changed."
        )
    if told == {CHANCE}:
        return UNRELATED, (
            f"{_values(strange, 'agrees', 'agree')} no more than between strangers: values that were made up, "
            "identifiers that changed hands, another meaning of the columns, or another way of writing them, such as "
            "names in another order."
        )
    if CHANCE in told:
        return UNCLEAR, (
            f"{_values(strange, 'agrees', 'agree')} no more than between strangers, although "
            f"{_values([*same, *drifting], 'does', 'do', 'the')} more: look at how both leaks write them."
        )
    return APART, (
        f"{_values(drifting, 'drifts', 'drift')}: the shared people were collected at another time or in another form, "
        "or only a part of the rows is copied."
    )


def _values(values: Sequence[str], one: str, several: str, article: str = "The") -> str:
    """Values with a verb: `The name and location agree`."""
    return f"{article} {' and '.join(values)} {one if len(values) == 1 else several}"
