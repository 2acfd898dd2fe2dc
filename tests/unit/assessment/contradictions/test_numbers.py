import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.contradictions import contradictions
from floodmark.assessment.contradictions.numbers import disagree, meant
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity, exactly

from .claimed import quantities, said, total

MILLION = 10**6


def shortened(number: int, digits: int, rounded: bool) -> Quantity:
    step = 10 ** max(0, len(str(number)) - digits)
    value = (number + (step // 2 if rounded else 0)) // step * step
    return Quantity(value, min(len(str(value)), digits + len(str(value)) - len(str(number))))


@given(st.integers(1, 10**12), st.integers(1, 6), st.integers(1, 13), st.booleans(), st.booleans())
def test_two_shorter_forms_of_one_number_never_disagree(
    number: int, digits: int, others: int, rounded: bool, other_rounded: bool
) -> None:
    assert not disagree(shortened(number, digits, rounded), shortened(number, others, other_rounded))


@given(quantities, quantities)
def test_disagreement_has_no_direction_and_nothing_disagrees_with_itself(a: Quantity, b: Quantity) -> None:
    assert disagree(a, b) == disagree(b, a)
    assert not disagree(a, a)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_counts_in_full_disagree_unless_they_are_equal(a: int, b: int) -> None:
    assert disagree(exactly(a), exactly(b)) == (a != b)


@given(quantities)
def test_what_was_said_is_among_what_may_be_meant(one: Quantity) -> None:
    low, high = meant(one)
    assert low <= one.value and (high is None or one.value <= high)


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        (Quantity(478 * MILLION, 3), Quantity(487 * MILLION, 3), True),
        (Quantity(478 * MILLION, 3, "about"), Quantity(487 * MILLION, 3), True),
        (Quantity(500 * MILLION, 1), Quantity(487 * MILLION, 3), False),
        (Quantity(480 * MILLION, 3, "about"), Quantity(487 * MILLION, 3), True),
        (Quantity(480 * MILLION, 3, "about"), Quantity(484 * MILLION, 3), False),
        (Quantity(50 * MILLION, 2), Quantity(30 * MILLION, 2), True),
        (Quantity(6 * MILLION, 1, "at-least"), Quantity(8_123_456, 7), False),
        (Quantity(6 * MILLION, 1, "at-least"), Quantity(5_123_456, 7), True),
        (Quantity(87 * MILLION, 2, "at-most"), Quantity(50 * MILLION, 2), False),
        (Quantity(87 * MILLION, 2, "at-most"), Quantity(90 * MILLION, 2), True),
        (Quantity(87 * MILLION, 2, "at-most"), Quantity(90 * MILLION, 2, "at-least"), True),
        (Quantity(0, 1), Quantity(0, 1, "about"), False),
    ],
)
def test_numbers_disagree_beyond_what_was_said_of_their_digits(a: Quantity, b: Quantity, apart: bool) -> None:
    assert disagree(a, b) is apart


def test_what_is_counted_must_be_the_same() -> None:
    rows = said("a newspaper", "2021", total(533_313_128, 9, "rows"))
    people = said("a researcher", "2021", total(500 * MILLION, 3, "people"))
    assert contradictions([rows, people]) == ()


def test_users_and_accounts_are_one_count() -> None:
    users = said("a newspaper", "2021", total(533 * MILLION, 3, "users"))
    accounts = said("a service", "2020", total(509_458_528, 9, "accounts"))
    (found,) = contradictions([users, accounts])
    assert [side.words for side in found.sides] == ["509,458,528 accounts", "533 million users"]


def test_a_number_of_an_uncounted_thing_stands_beside_rows_or_accounts_where_nothing_else_is_counted() -> (
    None
):
    unsaid = said("a newspaper", "2022", total(478 * MILLION, of=""))
    for of in ("rows", "accounts", "users"):
        (found,) = contradictions([said("the seller", "2022", total(487 * MILLION, of=of)), unsaid])
        assert {side.words for side in found.sides} == {f"487 million {of}", "478 million in all"}
    for of in ("phones", "people", "emails"):
        assert contradictions([said("the seller", "2022", total(487 * MILLION, of=of)), unsaid]) == ()
    both = total(487 * MILLION), total(600 * MILLION, of="rows")
    assert contradictions([said("the seller", "2022", *both), unsaid]) == ()


def test_numbers_of_countries_disagree() -> None:
    many = said("the seller", "2022", Assertion(kind="countries", quantity=exactly(84)))
    more = said("a newspaper", "2022", Assertion(kind="countries", quantity=exactly(106)))
    (found,) = contradictions([many, more])
    assert (found.thing, found.words) == (
        "countries",
        "How many countries? 84 countries, says the seller (2022); 106 countries, says a newspaper (2022).",
    )
