"""What is claimed, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.reading.numbers import read_quantity
from floodmark.assessment.report.assertion_words import counted, in_words, name, number
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
from floodmark.assessment.statements.kinds import ASSERTION_KINDS, COUNTED
from floodmark.assessment.statements.quantity import Quantity

FULL = {
    "quantity": Quantity(1_200_000_000, 2),
    "currency": "EUR",
    "on": "2019-08",
    "who": "a group",
    "fields": ("phone", "email"),
    "table": CountryTable((CountryRow("EG", exactly(44_823_547)),)),
}


@pytest.mark.parametrize("kind", ASSERTION_KINDS)
def test_every_kind_has_words_with_all_its_parts_and_with_none(kind: str) -> None:
    full, bare = Assertion(kind=kind, scope="US", **FULL), Assertion(kind=kind)
    assert in_words(full).endswith(" (US)")
    assert in_words(bare)
    assert name(kind)


@pytest.mark.parametrize("of", COUNTED)
def test_everything_that_is_counted_has_a_name(of: str) -> None:
    assert counted(of)


@pytest.mark.parametrize(
    ("assertion", "words"),
    [
        (Assertion(kind="countries", quantity=Quantity(84, 2)), "84 countries"),
        (Assertion(kind="countries", table=FULL["table"]), "a table of 1 country"),
        (Assertion(kind="fixed-before", on="2019-09"), "the door was shut before September 2019"),
        (Assertion(kind="old", on="2019"), "published before (since 2019)"),
        (Assertion(kind="attack-by", who="Group\x1b[31m \u202eeno"), "an attack by Group[31m eno"),
        (
            Assertion(kind="amount", quantity=Quantity(265_000_000, 3, "about"), currency="EUR"),
            "about EUR 265 million",
        ),
    ],
)
def test_an_assertion_is_said_in_words_that_are_safe_to_show(assertion: Assertion, words: str) -> None:
    assert in_words(assertion) == words


@given(st.integers(1, 10**12), st.integers(1, 13), st.sampled_from(["", "about", "at-least", "at-most"]))
def test_a_number_in_words_is_read_as_the_value_that_it_was(value: int, digits: int, bound: str) -> None:
    digits = min(digits, len(str(value)))
    step = 10 ** (len(str(value)) - digits)
    said = Quantity(value // step * step, digits, bound)
    read = read_quantity(number(said))
    assert read is not None
    readings = [read] if isinstance(read, Quantity) else read.readings
    assert (said.value, said.bound) in {(one.value, one.bound) for one in readings}
    if said.value >= 1_000_000:
        assert isinstance(read, Quantity)
