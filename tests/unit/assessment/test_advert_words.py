"""The sentences of an assessment: each says what was compared, and none more than that."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.assessment.advert import AdvertAssessment, assess
from floodmark.assessment.advert_reading import pasted
from floodmark.assessment.fingerprint.statistics import statistics_tables
from floodmark.assessment.population import population
from floodmark.assessment.report.advert_html import render
from floodmark.assessment.report.advert_words import words
from floodmark.assessment.report.row_words import chance
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Price, exactly
from floodmark.assessment.statements.quantity import Quantity

from .adverts import COUNTS, OTHER, assessed, known, made

ROUNDED = {
    country: Quantity(count // 10**5 * 10**5, len(str(count)) - 5)
    for country, count in COUNTS.items()
    if count > 10**6
}


def all_words(found: AdvertAssessment) -> str:
    said = words(found)
    findings = [f"{one.words} {one.power}" for one in said.findings]
    claims = [f"{one.words} {one.state} {one.why} {one.credibility}" for one in said.claims]
    limits = [*said.not_shown, *said.cannot_tell, *said.settle, *said.certainty]
    return "\n".join([said.headline, *said.assessed, *said.remarks, *findings, *claims, *limits])


def test_the_headline_counts_the_figures_and_names_the_table_with_its_date():
    assert words(assessed()).headline == (
        "All 7 figures of the advert agree with those of “An old leak” (table of 3 April 2019)."
    )


def test_the_headline_says_when_figures_were_rounded_and_when_some_differ():
    some = {**COUNTS, "US": 9, "FR": Quantity(19_800_000, 3)}
    assert words(assessed(made(some))).headline.startswith(
        "6 of the 7 figures of the advert agree, as far as they are given, with those of"
    )


@pytest.mark.parametrize(
    ("said", "tables", "headline"),
    [
        (made(), [known(OTHER)], "The advert's figures were not found in the only known table."),
        (made({"EG": 44_823_547}), [known()], "The advert gives too little to tell"),
        (made(), [], "No known table has a figure of what the advert names, so that none could be compared."),
        (made({}), [known()], "The advert gives no count and no total, so that no figure could be compared."),
    ],
)  # fmt: skip
def test_the_headline_of_what_was_not_found_says_what_was_compared(said, tables, headline):
    assert words(assessed(said, tables)).headline.startswith(headline)


def test_the_headline_says_when_figures_were_multiplied():
    tripled = made({country: 3 * count for country, count in COUNTS.items()})
    found = assessed(tripled)
    assert words(found).headline == (
        "All 6 figures that could be compared agree, as far as figures and factor go, with 3 times those of "
        "“An old leak” (table of 3 April 2019), where one further figure gives the factor."
    )
    told = all_words(found)
    assert "in both" not in told and " there" not in told.replace("there is", "").replace("if there are", "")


def test_figures_that_differ_are_named_with_both_values_as_a_finding_of_their_own():
    found = words(assessed(made({**COUNTS, "US": 9_999_999}))).findings
    differs = [one for one in found if one.mark == "differs"]
    assert [one.words for one in differs] == [
        "1 figure does not agree: United States 9,999,999 here and 32,315,282 there."
    ]


def test_a_figure_that_a_slip_would_explain_is_told_from_one_that_is_the_same():
    found = words(assessed(made({**COUNTS, "EG": 44_833_547}))).findings[0].words
    assert "6 the same in every digit given" in found
    assert (
        "1 that one slip of typing would explain (Egypt 44,833,547 here and 44,823,547 there, one digit differs)"
        in found
    )
    assert found.endswith("and none different.")


def test_countries_that_could_not_be_compared_are_named():
    said = made({**COUNTS, "JP": 428_625})
    assert "1 country of the advert could not be compared" in all_words(assessed(said))
    assert "lacks Japan." in all_words(assessed(said))


def test_a_conclusion_that_hangs_on_how_tables_differ_says_so_wherever_it_stands():
    found = assessed(made(ROUNDED), [known()])
    assert found.result == "repeats-if"
    said = words(found)
    assert any("very likely (80 to 95 %)" in line and "provided that" in line for line in said.certainty)
    assert any(
        one.words.startswith("Provided that unrelated tables typically differ by a factor of 1.")
        for one in said.findings
    )


def test_which_table_is_older_is_said_only_where_the_dates_say_it():
    for said_on, sentence in (
        ("2022-11-16", "The other table is the older one by its date, 3 April 2019."),
        ("2018", "The advert is the older one by its date; the other table is dated 3 April 2019."),
        ("2019", "Which of the two tables is older cannot be said from the dates given."),
        ("", "Which of the two tables is older cannot be said from the dates given."),
    ):
        assert sentence in words(assessed(made(said_on=said_on))).certainty


@pytest.mark.parametrize("drawn", ["seller", "unknown"])
def test_nothing_follows_from_a_sample_that_the_seller_may_have_chosen(drawn):
    said = words(assessed(made(sample=100_000, drawn=drawn)))
    assert any("100,000 rows" in line and "nothing about the rest follows" in line for line in said.settle)


def test_how_many_rows_to_ask_for_is_worked_out_from_the_total_and_left_out_where_there_are_few():
    assert any(
        "Of 487 million that would be about 49,000." in line
        for line in words(assessed(made(total=Quantity(487_000_000, 3)))).settle
    )
    assert not any("that would be about" in line for line in words(assessed(made({"EG": 300}))).settle)


def test_prices_are_shown_as_no_part_of_the_result():
    price = Price(exactly(7000), "USD")
    found = assessed(
        made(prices={"US": price, "GB": price}), [known(prices={"US": price, "GB": Price(exactly(1), "USD")})]
    )
    assert "Both name prices of 2 countries; the same for United States. Prices are round" in all_words(found)


def test_an_advert_with_prices_alone_is_not_said_to_have_no_figures():
    price = Price(exactly(7000), "USD")
    said = pasted(
        [Assertion(kind="countries", table=CountryTable((CountryRow("US", None, price),)))],
        name="a",
        content=b"a",
    )
    told = words(assessed(said))
    assert told.headline.startswith("The advert gives no count and no total")
    assert told.assessed[0] == "The advert, whose date was not given, has prices of 1 country."


def test_several_tables_that_agree_count_once():
    found = assessed(tables=[known(), known(slug="a-copy")])
    assert all_words(found).count("counts once") == 1
    assert all_words(found).count("below one in a million") < 5


def test_what_is_found_about_an_assertion_and_what_it_would_take_is_told():
    said = words(assessed(made(COUNTS, Assertion(kind="attack-by", who="A group"), said_on="2022-11-16")))
    claim = said.claims[-1]
    assert (claim.state, claim.credibility[0]) == ("cannot be told", "6")
    assert "systems and the logs" in claim.why


@given(st.floats(-300, 0))
def test_no_chance_is_said_to_be_smaller_than_it_may_be_and_none_larger_than_it_is(log10_p):
    said = chance(log10_p)
    if log10_p <= -6:
        assert said == "below one in a million"
    elif odds := re.search(r"one in ([\d,]+)", said):
        assert 1 / int(odds[1].replace(",", "")) >= 10**log10_p * (1 - 1e-9)
        assert int(odds[1].replace(",", "")) < 1_000_000
    else:
        assert log10_p > -1


JUDGING = re.compile(
    r"\b(fake|hoax|fraud|scam|lie|lies|lied|lying|liar|prove[ns]?d?|proof|undoubtedly|bogus)\b", re.I
)
COUNTRIES = st.sampled_from(sorted(COUNTS))


@settings(deadline=None, max_examples=60)
@given(
    counts=st.dictionaries(COUNTRIES, st.integers(0, 10**9), max_size=7),
    share=st.dictionaries(COUNTRIES, st.sampled_from(sorted(COUNTS.values())), max_size=7),
    tables=st.integers(0, 3),
)
def test_no_assessment_judges_anybody_or_leaves_out_what_it_cannot_tell(counts, share, tables):
    found = assessed(made({**counts, **share}), [known(slug=f"leak-{place}") for place in range(tables)])
    told = all_words(found)
    assert not JUDGING.search(told)
    assert "  " not in told
    assert ".." not in told
    assert " 1 figures" not in told and "1 countries" not in told
    said = words(found)
    assert said.cannot_tell and said.not_shown and said.settle and said.certainty
    for line in said.headline, *said.not_shown, *said.cannot_tell, *said.settle, *said.certainty:
        assert (line[0].isupper() or line[0].isdigit()) and line.endswith(".")


def test_two_figures_that_agree_in_full_are_not_called_a_table_and_not_said_to_be_too_round():
    found = assessed(made({"EG": COUNTS["EG"], "US": COUNTS["US"]}))
    assert found.result == "partly"
    told = all_words(found)
    assert "That is too little to say that the tables are the same." in told
    assert "Fewer than three figures are never called a table" in told
    assert "could not be ruled out" not in told


def test_figures_that_are_too_round_are_said_to_be():
    round_ones = {
        country: Quantity(int(str(count)[0] + "0" * (len(str(count)) - 1)), 1)
        for country, count in COUNTS.items()
    }
    found = assessed(made(round_ones))
    assert found.result == "cannot-tell"
    assert (
        "However well these 7 figures agreed, they are too few or too round to rule chance out."
        in all_words(found)
    )


def test_a_table_that_was_counted_here_has_no_date_of_its_own():
    found = words(assessed(made(said_on="2022-11-16"), [known(counted=True)]))
    assert "(counted here on 3 April 2019)" in found.headline
    assert "Which of the two tables is older cannot be said from the dates given." in found.certainty


def test_figures_that_stand_beside_other_countries_are_said_to_and_have_no_order_of_size():
    moved = made(dict(zip(COUNTS, reversed(COUNTS.values()), strict=True)))
    told = all_words(assessed(moved))
    assert "where 6 figures stand beside other countries" in told
    assert "order of size" not in told and "that same advert" not in told


def test_a_figure_that_a_slip_would_explain_is_not_counted_among_those_that_agree():
    typed = {**COUNTS, "EG": 44_833_547, "US": 32_351_282}
    assert words(assessed(made(typed))).headline == (
        "5 of the 7 figures of the advert agree with those of “An old leak” (table of 3 April 2019); "
        "2 more would but for one slip of typing each."
    )


def test_a_table_of_made_up_data_is_marked_wherever_it_is_shown():
    marked = "SYNTHETIC DATA: “An old leak” (counted here on 3 April 2019) describes no real leak."
    found = assessed(made(), [known(counted=True, synthetic=True)])
    assert words(found).synthetic == marked
    assert marked in render(found)
    assert words(assessed()).synthetic == ""


REST = {country: 10**6 + place * 77_777 for place, country in enumerate(["JP", "NO", "SE", "FI", "DK", "IS"])}


def test_the_headline_names_how_many_figures_could_not_be_compared():
    some = made({**COUNTS, **REST}, total=Quantity(487_000_000, 3))
    assert words(assessed(some)).headline == (
        "All 7 figures that could be compared agree with those of “An old leak” (table of 3 April 2019); the advert's "
        "other 7 figures could not be compared."
    )
    assert "The total was not compared: the other table has none." in all_words(assessed(some))


def test_a_few_copied_figures_of_a_long_advert_are_not_called_its_table():
    long = {
        f"{first}{second}": 10**6 + 7_919 * ord(first) + 104_729 * ord(second)
        for first in "MN"
        for second in "ACEGILMNRSTZ"
    }
    three = dict(list(COUNTS.items())[:3])
    found = assessed(made({**long, **three}))
    said = words(found)
    assert found.result == "partly"
    assert found.likelihood is None
    assert said.headline.endswith("That is too little to say that the tables are the same.")
    assert "Less than a quarter of an advert's figures is never called its table" in all_words(found)
    assert not any("almost certain" in line for line in said.certainty)


def test_a_likelihood_is_of_the_table_only_where_all_of_it_agrees_and_else_of_the_figures_that_do():
    for said, subject in (
        (made(), "that this table and “An old leak” (table of 3 April 2019) have a common origin"),
        (made({**COUNTS, "JP": 428_625}), "that these 7 figures and those of “An old leak”"),
        (made({**COUNTS, "US": 9}), "that these 6 figures and those of “An old leak”"),
        (made(total=Quantity(487_000_000, 3)), "that these 7 figures and those of “An old leak”"),
    ):
        found = assessed(said)
        assert subject in words(found).certainty[0]
        assert (
            "That is provided that unrelated tables typically differ by a factor of 1.001 or more"
            in (words(found).certainty[0])
        )


def test_nothing_is_almost_certain_that_hangs_on_how_far_unrelated_tables_are_apart():
    three = {
        country: Quantity(round(count, 3 - len(str(count))), 3)
        for country, count in (COUNTS | {"DE": 6_054_423, "ES": 10_894_206, "PE": 8_075_317}).items()
    }
    known_ones = COUNTS | {"DE": 6_054_423, "ES": 10_894_206, "PE": 8_075_317}
    found = assessed(made(three), [known(known_ones)])
    assert found.result == "repeats"
    assert (found.found[0].least_sigma or 0) > 0.001
    assert "It is very likely (80 to 95 %)" in words(found).certainty[0]


def test_the_headline_of_what_hangs_on_a_proviso_has_it():
    found = assessed(made(ROUNDED), [known()])
    assert "This tells something only provided that unrelated tables typically differ by a factor of" in (
        words(found).headline
    )
    assert any("two counts of the same service" in line for line in words(found).not_shown)


def test_figures_that_are_all_a_slip_away_are_said_to_be_and_not_that_none_agrees():
    typed = {country: count + 1 for country, count in COUNTS.items() if count % 10 < 9}
    assert words(assessed(made(typed))).headline.startswith(
        f"All {len(typed)} figures of the advert are one digit from those of “An old leak”"
    )


def test_where_none_agrees_in_full_each_way_in_which_figures_are_near_is_counted():
    changed = {country: count // 1000 * 1000 + (count + 456) % 1000 for country, count in COUNTS.items()}
    mixed = {**changed, "EG": 44_833_547, "US": 32_351_282, "ID": 131_331}
    assert words(assessed(made(mixed))).headline.startswith(
        "Of the 7 figures of the advert, none agrees in full, but 3 are one slip of typing from and 4 are alike in the "
        "first digits alone to those of “An old leak”"
    )


def test_figures_that_only_begin_alike_are_said_to_and_count_as_none_that_agrees():
    changed = {country: count // 1000 * 1000 + (count + 456) % 1000 for country, count in COUNTS.items()}
    del changed["ID"]
    found = assessed(made(changed))
    assert words(found).headline.startswith(
        "All 6 figures of the advert are alike in the first digits alone to those of “An old leak”"
    )
    assert "6 the same in the first digits alone (Egypt 44,823,003 here and 44,823,547 there; " in all_words(
        found
    )


def test_what_cannot_be_told_is_not_said_to_be_not_found():
    found = assessed(made({"EG": COUNTS["EG"]}), [known(), known(OTHER, slug="another")])
    assert found.result == "cannot-tell"
    assert "not found" not in all_words(found)
    assert (
        "1 other known table has too few figures in common with it, or too round ones, to tell."
        in all_words(found)
    )


def test_tables_with_too_little_in_common_are_not_counted_among_those_without_the_figures():
    found = assessed(made(), [known(OTHER), known({"EG": 5, "US": 7}, slug="another")])
    assert words(found).headline == (
        "The advert's figures were not found in the one known table, of 2 tables, that has enough in common."
    )


def test_of_figures_compared_only_those_with_enough_digits_are_said_to_be_enough():
    mixed = {**COUNTS, "SG": Quantity(3_000_000, 1), "GB": Quantity(10_000_000, 1)}
    assert re.search(
        r"Of 7 figures compared, any [3-5] of the 5 with enough digits", all_words(assessed(made(mixed)))
    )


def test_how_many_rows_to_ask_for_names_the_total_as_it_was_given():
    told = words(assessed(made(total=exactly(487_654_321)))).settle
    assert any("Of 487,654,321 that would be about 49,000." in line for line in told)
    assert any("Of about 1" in line for line in words(assessed()).settle)


def test_a_figure_from_a_text_of_a_later_year_is_named_and_why_it_was_not_compared():
    later = known(sources=dict.fromkeys(COUNTS, "a newspaper, 2019") | {"US": "a list, 2024"})
    told = all_words(assessed(made(said_on="2022-11-16"), [later]))
    assert "in texts of a later year than the advert, and may be the advert's own: United States." in told


FOLLOWING = {country: round(count * 0.07) for country, count in population().items() if count > 10**6}


def test_figures_that_follow_a_statistic_get_words_of_their_own_and_it_is_not_listed_among_leaks():
    found = assess(made(FOLLOWING), [known(OTHER), *statistics_tables()])
    said = words(found)
    assert re.match(
        r"All \d+ figures that could be compared agree, as far as figures and factor go, with 0\.07 times those of the "
        "statistic “Population by country”",
        said.headline,
    )
    assert [one.mark for one in said.findings[:3]] == ["flag", "flag", "flag"]
    assert "can be worked out from it by anybody, without any data" in said.findings[1].words
    assert any("and no count of them" in line for line in said.not_shown)
    assert any(
        "of the statistic “Population by country” have a common origin" in line for line in said.certainty
    )
    assert "other table" not in " ".join(said.certainty)
    page = render(found)
    leaks = page[
        page.index("Known tables that it was compared with") : page.index("Statistics of countries that")
    ]
    assert "Population" not in leaks and "An old leak" in leaks


def test_statistics_count_among_what_could_have_agreed_by_chance():
    found = assess(made(), [known(), *statistics_tables()])
    assert "with the only known table or 2 statistics of countries is below one in a million" in all_words(
        found
    )
    assert "The figures do not follow the statistic “Population by country” and the statistic “Mobile" in (
        all_words(found)
    )


def test_that_data_are_old_is_at_most_possible_where_only_figures_were_published_before():
    said = made(COUNTS, Assertion(kind="old"), about="new-leak", said_on="2022-11-16")
    found = assessed(said)
    (old,) = [one for one in found.tested if one.assertion.kind == "old"]
    assert (old.state, [one.test for one in old.evidence if one.effect == "supports"]) == (
        "supported",
        ["fingerprint"],
    )
    assert words(found).claims[-1].credibility == "3 (possibly true)"


def test_of_very_many_flags_the_first_are_told_and_the_others_counted():
    far = {country: 5 * count for country, count in population().items() if count > 10**6}
    flags = [one for one in words(assessed(made(far), [known(OTHER)])).findings if one.mark == "flag"]
    assert len(flags) == 9
    assert re.fullmatch(r"\d+ further flags of this kind: the JSON form has each\.", flags[-1].words)


def test_an_advert_of_a_total_alone_is_told_without_a_file():
    said = words(assessed(pasted([Assertion(kind="total", quantity=Quantity(533_000_000, 3))])))
    assert said.assessed == (
        "The advert, whose date was not given, has a total of 533 million.",
        "Its words and figures were assessed. Nothing of the data that it offers was seen.",
    )


def test_a_total_that_another_table_has_as_well_is_named_and_said_to_tell_nothing():
    said = pasted([Assertion(kind="total", quantity=Quantity(533_000_000, 3))])
    told = all_words(
        assessed(said, [known(total=Quantity(533_000_000, 3)), known(slug="another", total=exactly(7))])
    )
    assert (
        "The total, 533 million, is that of “An old leak” (table of 3 April 2019) as well. One figure alone does not "
        "tell where it is from."
    ) in told


def test_too_few_figures_with_enough_digits_are_counted_and_not_all_called_round():
    found = assessed(made({"EG": COUNTS["EG"], "US": COUNTS["US"], "FR": 0}), [known(OTHER)])
    assert found.result == "cannot-tell"
    assert "Of 3 figures compared, 2 have enough digits to tell: too few to rule chance out" in all_words(
        found
    )
