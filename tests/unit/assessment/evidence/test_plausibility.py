"""Counts by country against people and subscriptions: flags, never more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment import reference
from floodmark.assessment.evidence.plausibility import NO_NUMBERS, plausibility, plausibility_of
from floodmark.assessment.population import population
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Quantity, exactly
from floodmark.assessment.statements.statement import Saying
from floodmark.assessment.subscriptions import subscriptions
from floodmark.identifiers.numbering import REGIONS

QUANTITIES = st.integers(0, 10**13).flatmap(
    lambda value: st.builds(
        Quantity,
        st.just(value),
        st.integers(1, len(str(value))),
        st.sampled_from(["", "about", "at-least", "at-most"]),
    )
)


def table(**counts):
    return CountryTable(tuple(CountryRow(country, count) for country, count in counts.items()))


def advert(*assertions):
    return Saying(
        kind="advert",
        speaker_kind="seller",
        speaker="an account on a forum",
        said_on="2021-01",
        text="Offers numbers.",
        assertions=assertions,
    )


def flagged(found):
    return {one.numbers["country"]: one.numbers["flags"] for one in found if one.effect == "flags"}


def test_more_numbers_of_tunisia_than_it_has_people_and_subscriptions_are_flagged_with_both_sources():
    found = plausibility(table(TN=exactly(30_000_000), EG=exactly(44_823_547)), None)
    assert flagged(found) == {"TN": ["population", "subscriptions"]}
    assert found[0].words == (
        "Tunisia: 30,000,000 is 2.5 times the population, 12,048,800 (as in Unicode CLDR 48.2, which gives no"
        " year); 1.9 times the mobile subscriptions, 16,000,000 (ITU, 2022)."
    )
    assert "not a person" in found[0].power
    assert (found[0].numbers["population"], found[0].numbers["subscriptions"]) == (12_048_800, 16_000_000)
    assert found[-1].words.startswith("1 of 2 counts stands out (2 held") and found[-1].numbers["flags"] == 1


def test_as_many_numbers_as_people_or_subscriptions_are_not_flagged():
    people, (lines, _) = population()["TN"], subscriptions()["TN"]
    assert people < lines
    assert flagged(plausibility(table(TN=exactly(people)), None)) == {}
    assert flagged(plausibility(table(TN=exactly(lines)), None)) == {"TN": ["population"]}
    assert "a little more than the population" in plausibility(table(TN=exactly(people + 1)), None)[0].words


def test_more_numbers_than_people_are_nothing_new_where_there_are_more_subscriptions_than_people():
    people, (lines, _) = population()["HK"], subscriptions()["HK"]
    found = plausibility(table(HK=exactly((people + lines) // 2)), None)
    assert flagged(found) == {"HK": ["population"]}


def test_subscriptions_are_rounded_and_of_another_year_so_that_a_tenth_more_is_no_flag():
    lines, _ = subscriptions()["PK"]
    assert flagged(plausibility(table(PK=exactly(lines * 11 // 10)), None)) == {}
    assert flagged(plausibility(table(PK=exactly(lines * 11 // 10 + 1)), None)) == {"PK": ["subscriptions"]}


def test_digits_that_were_not_said_count_for_whoever_printed_them():
    people = population()["TN"]
    assert 10_000_000 < people < 20_000_000
    assert flagged(plausibility(table(TN=Quantity(20_000_000, 1)), None)) == {}  # 1 digit: cut off or rounded
    found = plausibility(table(TN=Quantity(20_000_000, 2)), None)
    assert flagged(found) and "20 million is 1.7 times" in found[0].words  # in words, as it was printed
    assert flagged(plausibility(table(TN=Quantity(20_000_000, 2, "at-most")), None)) == {}


def test_a_country_without_telephone_numbers_is_flagged():
    found = plausibility(table(AQ=exactly(12)), None)
    assert flagged(found) == {"AQ": ["networks"]}
    assert (found[0].numbers["population"], found[0].numbers["subscriptions"]) == (300, None)


def test_the_countries_without_numbers_are_those_that_no_numbering_plan_has():
    assert {*population()} - {*REGIONS} == NO_NUMBERS


def test_a_share_of_the_total_that_is_far_from_that_of_the_world_is_flagged():
    rows = table(TN=exactly(6_000_000), EG=exactly(5_000_000))
    found = plausibility(rows, Quantity(100_000_000, 2))
    assert flagged(found) == {"TN": ["share"]}
    assert "6.0 % of the total, from 0.2 % of the world's mobile subscriptions (ITU, 2022)" in found[1].words
    assert found[1].numbers["said"] == 6_000_000
    assert flagged(plausibility(rows, Quantity(900_000_000, 2))) == {}  # below one in a hundred of the total
    assert flagged(plausibility(rows, None)) == {}  # a table of two countries is a part


def test_a_set_that_is_mainly_of_one_country_is_not_flagged_for_that():
    rows = table(IS=exactly(300_000), DK=exactly(20_000))
    assert flagged(plausibility(rows, exactly(330_000))) == {}
    assert flagged(plausibility(rows, exactly(700_000))) == {"IS": ["share"], "DK": ["share"]}


def test_how_many_were_compared_is_said_with_and_without_flags():
    found = plausibility(table(TN=exactly(30_000_000), EG=exactly(44_823_547), AQ=exactly(1)), None)
    assert found[-1].words == (
        "2 of 3 counts stand out (3 held against the population, 2 against mobile subscriptions)."
    )
    quiet = plausibility(table(EG=exactly(44_823_547)), None)
    assert [one.effect for one in quiet] == ["unremarkable"]
    assert quiet[0].words.startswith("None of 1 count stands out (1 held")


def test_the_page_has_the_greatest_share_of_the_public_table_right():
    known = next(one for one in reference.known_tables() if one.id == "facebook-2021/country-list")
    everywhere = sum(lines for lines, _ in subscriptions().values())
    shares = {country: count.value / known.total.value for country, count in known.counts.items()}
    greatest = max(
        shares[country] * everywhere / subscriptions()[country][0]
        for country in shares
        if shares[country] > 0.01
    )
    assert 9 < greatest < 10
    assert sum(lines > population()[country] for country, (lines, _) in subscriptions().items()) == 131


def test_a_table_of_prices_alone_and_no_table_at_all_say_nothing():
    assert plausibility(CountryTable((CountryRow("US", None),)), None) == ()
    assert plausibility(None, None) == ()


def test_a_total_is_held_against_all_the_subscriptions_of_the_world():
    more, less = plausibility(None, exactly(12_000_000_000)), plausibility(None, Quantity(1_200_000_000, 2))
    assert [one.effect for one in (*more, *less)] == ["flags", "unremarkable"]
    assert "1.2 billion is 14.0 % of the 8.6 billion mobile subscriptions of 209 countries" in less[0].words
    assert "is more than the 8.6 billion mobile subscriptions" in more[0].words
    everywhere = more[0].numbers["subscriptions"]
    assert plausibility(None, exactly(everywhere))[0].effect == "unremarkable"


@pytest.mark.parametrize(
    ("changed", "tested"),
    [
        ({"of": "phones"}, True),
        ({}, True),
        ({"of": "emails"}, False),  # one person has any number of addresses
        ({"of": "rows"}, False),
        ({"scope": "US"}, False),
    ],
)
def test_only_totals_of_numbers_and_people_are_held_against_the_world(changed, tested):
    said = Assertion(kind="total", quantity=Quantity(12_000_000_000, 2), **changed)
    assert bool(plausibility_of(said, advert(said))) == tested


def test_a_tables_shares_are_of_the_total_that_is_said_beside_it():
    rows = Assertion(kind="countries", table=table(TN=exactly(6_000_000)))
    whole = Assertion(kind="total", quantity=Quantity(100_000_000, 2))
    part = Assertion(kind="total", quantity=Quantity(100_000_000, 2), scope="Africa")
    assert flagged(plausibility_of(rows, advert(rows, whole))) == {"TN": ["share"]}
    assert flagged(plausibility_of(rows, advert(rows, part))) == {}


def test_of_the_public_tables_of_2021_and_2022_a_misprint_stands_out_and_nothing_else():
    found = {
        one.id: flagged(plausibility_of(said, one))
        for one in reference.statements()
        for said in one.assertions
        if said.table is not None and one.about in ("facebook-2021", "whatsapp-2022")
    }
    assert {name for name, flags in found.items() if flags} == {"whatsapp-2022/egypt-945-million"}
    assert len(found) > 4


@given(st.dictionaries(st.sampled_from([*population(), "XX"]), QUANTITIES), st.none() | QUANTITIES)
def test_whatever_is_printed_is_at_most_flagged(counts, total):
    found = plausibility(table(**counts), total)
    assert {one.effect for one in found} <= {"flags", "unremarkable"}
    assert all(one.words.endswith(".") and one.power for one in found)
    assert len(found) == (total is not None) + bool(counts) + sum("country" in one.numbers for one in found)
