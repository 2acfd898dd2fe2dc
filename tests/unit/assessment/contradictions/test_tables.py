from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.contradictions import contradictions

from .claimed import said, table, total

counts = st.dictionaries(
    st.sampled_from(["EG", "IT", "US", "FR", "MA"]), st.sampled_from([1_000, 2_000, 3_000]), min_size=1
)


@given(counts, counts)
def test_two_tables_disagree_in_the_rows_that_both_have_and_no_others(
    first: dict[str, int], second: dict[str, int]
) -> None:
    found = contradictions([said("a", "2021", table(**first)), said("b", "2022", table(**second))])
    apart = [country for country in first if country in second and first[country] != second[country]]
    assert len(found) == bool(apart)
    for one in found:
        assert [len(side.said) for side in one.sides] == [1, 1]
        named = min(3, len(apart))
        assert [side.words.count(",000") for side in one.sides] == [named, named]
        assert (f"and {len(apart) - 3} more" in one.words) == (len(apart) > 3)


def test_a_typed_digit_in_a_copied_table_is_shown() -> None:
    printed = said("a newspaper", "2021-04", table(EG=44_823_547, IT=35_677_323, US=32_315_282))
    other = said("a company", "2021-05", table(EG=44_833_547, IT=35_677_377, FR=1))
    (found,) = contradictions([printed, other])
    assert found.words == (
        "How many in each country? Egypt 44,823,547, Italy 35,677,323, says a newspaper (April 2021); Egypt 44,833,547,"
        " Italy 35,677,377, says a company (May 2021)."
    )
    assert contradictions([printed, said("another", "2021", table(FR=19_848_559))]) == ()


def test_nobody_stands_on_the_side_of_a_row_that_he_has_not() -> None:
    found = contradictions(
        [
            said("a", "2019", table(EG=1_000, IT=1_000)),
            said("b", "2020", table(EG=2_000, IT=2_000)),
            said("c", "2021", table(IT=1_000)),
        ]
    )
    assert [one.words for one in found] == [
        "How many in each country? Egypt 1,000, says a (2019); Egypt 2,000, says b (2020).",
        "How many in each country? Italy 1,000, say a (2019) and c (2021); Italy 2,000, says b (2020).",
    ]


def test_rounded_rows_agree() -> None:
    exact = said("a", "2021", table(SA=28_804_686))
    assert contradictions([exact, said("b", "2022", total(28_800_000, 3, scope="SA"))]) == ()


def test_a_total_of_one_country_stands_against_its_row_unless_it_counts_something_else() -> None:
    printed = said("a newspaper", "2020", table(US=32_315_282), total(533_000_000))
    assert contradictions([printed, said("b", "2021", total(32_000_000, 2, scope="US"))]) == ()
    assert contradictions([printed, said("b", "2021", total(40_000_000, 2, of="emails", scope="US"))]) == ()
    (found,) = contradictions([printed, said("b", "2021", total(40_000_000, 2, scope="US"))])
    assert (found.thing, found.scope) == ("table", "")
    assert [side.words for side in found.sides] == ["United States 32,315,282", "United States 40 million"]


def test_a_country_that_is_named_stands_against_its_row() -> None:
    printed = said("a newspaper", "2020", table(US=32_315_282))
    (found,) = contradictions([printed, said("b", "2021", total(40_000_000, 2, scope="United States"))])
    assert found.thing == "table"


def test_two_totals_of_one_country_are_one_contradiction() -> None:
    found = contradictions(
        [
            said("a", "2021", total(32_000_000, 2, scope="US")),
            said("b", "2021", total(40_000_000, 2, scope="US")),
        ]
    )
    assert [one.thing for one in found] == ["total"]
