"""Whether the numbers of one statement fit one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.evidence.sums import sums
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Quantity, exactly
from floodmark.assessment.statements.statement import Saying

COUNTRIES = ("EG", "IT", "US", "SA", "FR", "TR", "MA", "ZA")


def rows(*counts, countries=None):
    names = (COUNTRIES * 100)[: len(counts)] if countries is None else countries
    return CountryTable(tuple(CountryRow(name, count) for name, count in zip(names, counts, strict=True)))


def said(kind, quantity=None, **parts):
    return Assertion(kind=kind, quantity=quantity, **parts)


def result(assertion, *others):
    """The effects and the words of the first assertion beside the others in one statement."""
    saying = Saying(
        kind="advert",
        speaker_kind="seller",
        speaker="an account on a forum",
        said_on="2021-01",
        text="Offers numbers.",
        assertions=(*others, assertion),
    )
    found = sums(assertion, saying)
    return [one.effect for one in found], " ".join(one.words for one in found)


def test_rows_that_add_up_to_the_total_are_unremarkable_for_whoever_makes_one_up_can_add():
    table = said("countries", table=rows(exactly(600), exactly(400)))
    effects, words = result(said("total", exactly(1000)), table)
    assert effects == ["unremarkable"]
    assert words == "The 2 rows add up to 1,000, which fits the total of 1,000."


def test_rows_that_are_more_than_the_total_contradict_it_with_the_difference():
    table = said("countries", table=rows(exactly(600), exactly(401)))
    effects, words = result(said("total", exactly(1000)), table)
    assert effects == ["contradicts"] and words.endswith("more than the total of 1,000 by 1.")


@pytest.mark.parametrize(
    ("total", "effect"),
    [
        (Quantity(1000, 4, "about"), "flags"),  # nobody said that it was all of it to the last
        (Quantity(1000, 4, "at-least"), "unremarkable"),
        (Quantity(1000, 4, "at-most"), "contradicts"),
        (Quantity(2000, 1, "at-most"), "unremarkable"),
        (Quantity(1000, 1), "unremarkable"),  # one digit: it may have been 1,999
    ],
)
def test_what_was_said_of_the_total_leaves_room(total, effect):
    assert result(said("total", total), said("countries", table=rows(exactly(1500))))[0] == [effect]


def test_rounded_rows_leave_room_and_their_sum_is_about_so_many():
    table = said("countries", table=rows(Quantity(44_800_000, 3), Quantity(35_700_000, 3)))
    fits = result(said("total", exactly(80_500_870)), table)
    assert fits[0] == ["unremarkable"] and "add up to about 80.5 million" in fits[1]
    over = result(said("total", exactly(80_000_000)), table)
    assert over[0] == ["contradicts"] and over[1].endswith("by about 500,000.")


def test_rows_that_may_count_another_thing_of_the_statement_only_flag():
    table = said("countries", table=rows(exactly(600), exactly(401)))
    people, phones = said("total", exactly(900), of="people"), said("total", exactly(1001), of="phones")
    effects, words = result(people, table, phones)
    assert effects[0] == "flags" and "by 101; the rows may count phone numbers." in words
    assert result(people, table)[0] == ["contradicts"]
    assert result(people, table, said("total", exactly(1001)))[0][0] == "contradicts"
    assert result(phones, table, people)[0][0] == "unremarkable"
    users, accounts = said("total", exactly(900), of="users"), said("total", exactly(900), of="accounts")
    assert result(users, table, accounts)[0][0] == "contradicts"


def test_rows_that_are_less_are_a_part_unless_every_country_that_is_claimed_has_one():
    table = rows(exactly(600), exactly(300))
    total = said("total", exactly(1000))
    part = result(total, said("countries", exactly(3), table=table))
    assert part[0] == ["unremarkable"]
    assert part[1].endswith("by 100; 1 of the 3 countries claimed has no row.")
    unknown = result(total, said("countries", table=table))
    assert unknown[0] == ["unremarkable"] and "whether the table is complete is not said" in unknown[1]
    whole = result(total, said("countries", exactly(2), table=table))
    assert whole[0] == ["flags"] and "a row for each of the 2 countries" in whole[1]


def test_rows_that_say_only_the_least_never_make_a_whole_table_too_small():
    table = rows(exactly(600), Quantity(100, 1, "at-least"))
    effects, words = result(said("total", exactly(1000)), said("countries", exactly(2), table=table))
    assert effects == ["unremarkable"]
    assert words == (
        "The 2 rows add up to 700, which is less than the total of 1,000 by 300; some rows say only how many there are"
        " at least."
    )
    assert result(said("total", exactly(650)), said("countries", table=table))[0] == ["contradicts"]


def test_a_total_of_one_country_is_held_against_its_row():
    table = said("countries", table=rows(exactly(600), countries=["US"]))
    same = result(said("total", Quantity(600, 1), scope="US"), table)
    assert same[0] == ["unremarkable"] and "The row of United States has 600" in same[1]
    assert same[1].endswith("beside the table it is 600, which fits.")
    other = result(said("total", exactly(900), scope="US"), table)
    assert other[0] == ["flags"] and other[1].endswith("it is 900, which does not fit.")
    assert result(said("total", exactly(900), scope="United States"), table)[0] == ["flags"]
    assert result(said("total", exactly(900), scope="sample"), table)[0] == []


def test_two_totals_of_one_thing_are_flagged_and_of_two_things_only_shown():
    total = said("total", Quantity(478_000_000, 3), of="phones")
    assert result(total, said("total", Quantity(487_000_000, 3), of="phones"))[0] == ["flags"]
    assert result(total, said("total", Quantity(480_000_000, 2), of="phones"))[0] == []
    assert result(total, said("total", exactly(9), of="phones", scope="US"))[0] == []
    effects, words = result(total, said("total", Quantity(360_000_000, 2), of="accounts"))
    assert effects == ["unremarkable"] and "may count something else than phone numbers" in words


@pytest.mark.parametrize(
    ("claim", "effect"),
    [
        (exactly(3), "unremarkable"),
        (exactly(84), "unremarkable"),
        (exactly(2), "contradicts"),
        (Quantity(2, 1, "at-least"), "unremarkable"),
        (Quantity(4, 1, "at-least"), "unremarkable"),
        (Quantity(2, 1, "about"), "flags"),
    ],
)
def test_more_rows_than_countries_contradict_how_many_there_are_said_to_be(claim, effect):
    table = rows(exactly(5), None, exactly(7))  # a row with a price alone is one, too
    assert result(said("countries", claim, table=table))[0] == [effect]


def test_as_many_rows_as_countries_are_said_to_be_as_many():
    table = rows(exactly(5), exactly(7))
    assert "as many as the countries" in result(said("countries", exactly(2), table=table))[1]
    assert "fewer than 3 countries, as claimed" in result(said("countries", exactly(3), table=table))[1]


def test_about_so_many_is_read_as_words():
    words = result(
        said("countries", Quantity(2, 1, "about"), table=rows(exactly(5), exactly(7), exactly(9)))
    )[1]
    assert words == "The table has 3 rows, more than about 2 countries, as claimed."


def test_other_kinds_have_nothing_to_add_up():
    assert result(said("new"), said("total", exactly(1)))[0] == []
    assert result(said("countries", table=rows(exactly(5))))[0] == []
    assert result(said("total", exactly(1)), said("countries", exactly(84)))[0] == []


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.data())
def test_a_table_never_contradicts_the_total_that_it_was_rounded_from(counts, data):
    def rounded(value):
        digits = data.draw(st.integers(1, len(str(value))))
        step = 10 ** (len(str(value)) - digits)
        cut = data.draw(st.booleans())
        near = value // step * step if cut else max(step, round(value / step) * step)
        return Quantity(near, min(digits + len(str(near)) - len(str(value)), len(str(near))))

    table = said("countries", table=rows(*map(rounded, counts)))
    assert result(said("total", rounded(sum(counts))), table)[0] == ["unremarkable"]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(1, 10**9))
def test_exact_rows_that_are_more_always_contradict_and_the_difference_is_right(counts, over):
    total = sum(counts)
    table = said("countries", table=rows(*map(exactly, counts[:-1]), exactly(counts[-1] + over)))
    effects, words = result(said("total", exactly(total)), table)
    assert effects == ["contradicts"] and words.endswith(f"by {over:,}.")
