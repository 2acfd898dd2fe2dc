from itertools import product

import pytest

from floodmark.assessment.agreement import Judgement, ValueAgreement
from floodmark.assessment.meaning import ALONE, meaning_of

READINGS = ("agrees", "drifts", "chance", "cannot-tell")
SUGGESTS = {
    ("agrees", "agrees"): "copied",
    ("agrees", "cannot-tell"): "copied",
    ("agrees", "drifts"): "collected-apart",
    ("drifts", "drifts"): "collected-apart",
    ("cannot-tell", "drifts"): "collected-apart",
    ("chance", "chance"): "unrelated-values",
    ("cannot-tell", "chance"): "unrelated-values",
    ("agrees", "chance"): "cannot-tell",
    ("chance", "drifts"): "cannot-tell",
    ("cannot-tell", "cannot-tell"): "cannot-tell",
}


def agreement(value: str, reading: str) -> ValueAgreement:
    return ValueAgreement(value, 9, 9, 0, 0, 0, 0.1, Judgement(reading, "", 0.0, 1.0, None))


@pytest.mark.parametrize("readings", [*product(READINGS, repeat=2)])
def test_values_read_together_suggest_what_the_table_says(readings: tuple[str, str]) -> None:
    both = [agreement("name", readings[0]), agreement("location", readings[1])]
    found = meaning_of(9, both)
    assert found.suggests == SUGGESTS[tuple(sorted(readings))]  # type: ignore[index]
    assert found.words[-1] == ALONE
    for value, reading in zip(("name", "location"), readings, strict=True):
        assert (
            value in found.words[0] + found.words[1]
            or set(readings) == {"cannot-tell"}
            or reading == "agrees"
        )


def test_verbs_fit_the_number_of_values() -> None:
    one = meaning_of(9, [agreement("name", "agrees"), agreement("location", "drifts")])
    assert one.words[0].startswith("The location drifts:")
    several = meaning_of(9, [agreement("name", "drifts"), agreement("location", "drifts")])
    assert several.words[0].startswith("The name and location drift:")
