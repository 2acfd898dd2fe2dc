from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.evidence.evidence import STATES
from floodmark.assessment.evidence.testing import TESTS, test_all
from floodmark.assessment.evidence.unsettled import unsettled
from floodmark.assessment.fingerprint.known import KnownTable, said_table
from floodmark.assessment.population import population
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import exactly
from floodmark.assessment.statements.kinds import ASSERTION_KINDS
from floodmark.assessment.statements.statement import Statement

from ..contradictions.claimed import said, statements, table, total

COUNTS = {"EG": 44_823_547, "IT": 35_677_323, "US": 32_315_282, "FR": 19_848_559, "MA": 18_939_198}
OTHERS = {"EG": 12_345_678, "IT": 23_456_789, "US": 99_887_766, "FR": 7_654_321, "MA": 3_213_214}
NEW, OLD = Assertion(kind="new"), Assertion(kind="old")


def known(about: str = "earlier", dated: str = "2021-01", counted: bool = False, **counts: int) -> KnownTable:
    return KnownTable(
        id=f"profile:{about}" if counted else f"{about}/table",
        about=about,
        title="An earlier leak",
        dated=dated,
        counts={country: exactly(count) for country, count in (counts or COUNTS).items()},
        counted=counted,
    )


def advert(*claims: Assertion, on: str = "2022-11-16", **changed: str) -> Statement:
    return said("the seller", on, *claims, kind="advert", speaker_kind="seller", **changed)


def states(found: list[Statement], *tables: KnownTable) -> list[str]:
    return [one.state for one in test_all(found, tables)]


@given(statements().flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_statements_changes_no_state(both: tuple[list[Statement], list[Statement]]) -> None:
    found, shuffled = both
    results = test_all(found)
    assert [(one.statement, one.assertion) for one in results] == [
        (one, claim) for one in found for claim in one.assertions
    ]
    assert all(one.state in STATES for one in results)
    others = test_all(shuffled, of=found)
    assert [one.state for one in others] == [one.state for one in results]
    for one, other in zip(results, others, strict=True):
        assert sorted(map(repr, one.evidence)) == sorted(map(repr, other.evidence))


@given(statements(about=("acme",), most=4), statements(about=("other",), most=4))
def test_statements_about_something_else_change_no_state(
    found: list[Statement], others: list[Statement]
) -> None:
    assert test_all([*found, *others], of=found) == test_all(found)


@given(statements())
def test_what_settles_comes_before_what_does_not(found: list[Statement]) -> None:
    for one in test_all(found):
        settles = [each.effect in ("supports", "contradicts") for each in one.evidence]
        assert settles == sorted(settles, reverse=True)
        assert all(each.words and each.power for each in one.evidence)


def test_an_advert_with_the_figures_of_an_earlier_leak_is_not_new() -> None:
    sold = advert(NEW, table(**COUNTS))
    new, countries = test_all([sold], [known(), known("unrelated", **OTHERS)])
    assert new.state == "contradicted"
    (found,) = new.evidence
    assert found.numbers["known"] == "earlier/table" and found.numbers["at_floor"]
    assert found.words == (
        "In the table of the seller (16 November 2022), 5 of 5 figures are those of “An earlier leak” (January 2021);"
        " by chance less than once in a million, if digits after the first two are random in unrelated tables."
        " So the figures of the table were published before."
    )
    assert (countries.state, countries.evidence[0].effect) == ("untested", "flags")


MORE = {
    "SA": 28_804_686,
    "TR": 19_638_821,
    "ZA": 14_323_766,
    "MY": 11_675_894,
    "GB": 11_522_328,
    "DZ": 11_505_898,
}
REST = {
    "DE": 6_054_423,
    "NG": 9_000_131,
    "GH": 1_027_969,
    "RU": 9_996_405,
    "CO": 17_957_908,
    "ES": 10_894_206,
}


def figures(agreeing: int, others: int) -> dict[str, int]:
    """A table of which so many figures are those of `COUNTS` and `MORE`, and so many are of other countries."""
    same = dict([*(COUNTS | MORE).items()][:agreeing])
    return same | dict([*REST.items()][:others])


@pytest.mark.parametrize(("agreeing", "others", "state"), [(5, 5, "contradicted"), (5, 6, "untested")])
def test_fewer_than_half_of_an_adverts_figures_say_nothing_of_the_advert(
    agreeing: int, others: int, state: str
) -> None:
    earlier = known(**COUNTS | MORE)
    (new, countries) = test_all([advert(NEW, table(**figures(agreeing, others)))], [earlier])
    assert new.state == state
    words = new.evidence[0].words
    assert (
        f"{agreeing} of the 5 figures that could be compared, out of {agreeing + others}, are those" in words
    )
    assert ("less than half of the advert's figures" in words) == (state == "untested")
    assert countries.evidence[0].effect == "flags"


@pytest.mark.parametrize("claim", [NEW, OLD])
def test_an_advert_without_a_date_may_be_the_earlier_of_the_two(claim: Assertion) -> None:
    undated = advert(claim, table(**COUNTS), on="")
    found = test_all([undated], [known()])[0]
    assert (found.state, found.evidence[0].effect) == ("untested", "flags")
    assert found.evidence[0].words.endswith(
        "The advert may be the earlier of the two: its date was not given."
    )


@pytest.mark.parametrize(
    ("dated", "kind", "state"),
    [
        ("2021-01", "report", "contradicted"),
        ("2022-10", "report", "untested"),
        ("2021-01", "advert", "untested"),
        ("2022", "report", "untested"),
    ],
)
def test_a_table_with_all_the_figures_may_be_of_the_same_advert(dated: str, kind: str, state: str) -> None:
    first = said("somebody", dated, table(**COUNTS), about="earlier", id="earlier/table", kind=kind)
    sold = advert(NEW, table(**COUNTS))
    (new, _) = test_all([sold, first], [known(dated=dated)], of=[sold])
    assert new.state == state
    if state == "untested":
        assert ("it may be the same advert" in new.evidence[0].words) is (dated != "2022")
    fewer = advert(NEW, table(**COUNTS | {"ZA": 14_323_766}), id="fewer")
    (new, _) = test_all([fewer, first], [known(dated=dated)], of=[fewer])
    assert new.state == ("untested" if dated == "2022" else "contradicted")


def test_figures_that_fit_up_to_a_factor_settle_nothing() -> None:
    scaled = {country: round(count * 1.3) for country, count in (COUNTS | MORE | REST).items()}
    (new, _) = test_all([advert(NEW, table(**scaled))], [known(**COUNTS | MORE | REST)])
    assert new.evidence[0].numbers["conclusion"] == "found"
    assert (new.state, new.evidence[0].effect) == ("untested", "flags")
    assert "multiplied by 1.3" in new.evidence[0].words
    assert new.evidence[0].words.endswith("when it is multiplied by a factor settles nothing.")


@pytest.mark.parametrize("factor", [1, 0.7])
def test_figures_of_a_statistic_only_flag_how_many_there_are(factor: float) -> None:
    people = {country: round(count * factor) for country, count in [*population().items()][:60]}
    sold = advert(NEW, total(sum(people.values()), 10), table(**people))
    for one in test_all([sold], [known()]):
        found = [each for each in one.evidence if "follow a statistic" in each.words]
        assert [each.effect for each in found] == ["flags"] * (one.assertion.kind != "new")
        assert all("“Population by country”" in each.words and "made from it" in each.words for each in found)
        assert one.assertion.kind != "new" or one.state == "untested"


def test_what_was_said_within_and_came_out_later_was_not_published_when_it_was_said() -> None:
    memo = said(
        "Example Ltd",
        "2019-01-01",
        table(**COUNTS),
        learnt_on="2025-01-01",
        about="earlier",
        id="earlier/memo",
    )
    made = said_table(memo, "A memo")
    assert made is not None
    sold = advert(NEW, table(**COUNTS))
    assert [one.state for one in test_all([memo, sold], [made], of=[sold])] == ["untested", "untested"]
    counted = known(counted=True, dated="2026-01-01")
    heard = replace(memo, assertions=())
    assert test_all([heard, sold], [counted], of=[sold])[0].state == "untested"


def test_the_companys_old_is_supported_by_the_sellers_figures() -> None:
    sold = advert(table(**COUNTS))
    answer = said("Example Ltd", "2022-11-28", OLD, kind="denial", speaker_kind="company")
    assert states([answer, sold], known())[0] == "supported"
    assert states([answer, sold], known("unrelated", **OTHERS))[0] == "untested"
    assert states([answer], known())[0] == "untested"


def test_old_since_a_date_is_supported_by_a_table_of_that_date_alone() -> None:
    sold = advert(table(**COUNTS))
    claims = [Assertion(kind="old", on=on) for on in ("2021", "2021-01", "2019")]
    answer = said("Example Ltd", "2022-11-28", *claims, speaker_kind="company")
    tested = test_all([answer, sold], [known()])[:3]
    assert [one.state for one in tested] == ["supported", "supported", "untested"]
    assert tested[2].evidence[0].words.endswith("That it was published since 2019, this does not show.")


def test_figures_that_were_moved_to_other_countries_are_found_and_said_to_be() -> None:
    moved = dict(zip(COUNTS, [*COUNTS.values()][::-1], strict=True)) | {"US": 32_315_282}
    (new, _) = test_all([advert(NEW, table(**moved | {"ZA": 14_323_766}))], [known(**COUNTS, ZA=14_323_766)])
    assert new.state == "contradicted"
    assert ", under other countries; by chance" in new.evidence[0].words


def test_too_few_figures_cannot_tell_and_others_are_unremarkable() -> None:
    (new, _) = test_all([advert(NEW, table(EG=44_823_547))], [known()])
    assert (new.state, [one.effect for one in new.evidence]) == ("untestable", ["cannot-tell"])
    assert unsettled(new).startswith("What is at hand is too little to tell. It would take ")
    (new, countries) = test_all([advert(NEW, table(**COUNTS))], [known("unrelated", **OTHERS)])
    assert (new.state, [one.effect for one in new.evidence]) == ("untested", ["unremarkable"])
    assert new.evidence[0].words == (
        "In the table of the seller (16 November 2022), none of 5 figures are those of “An earlier leak” (January"
        " 2021): no more than unrelated tables share."
    )
    assert "fingerprint" not in {one.test for one in countries.evidence}


def test_a_table_of_the_same_leak_is_no_evidence_on_it() -> None:
    assert states([advert(NEW, table(**COUNTS))], known("acme")) == ["untested", "untested"]
    assert states([advert(NEW, table(**COUNTS), id="earlier/table")], known()) == ["untested", "untested"]


def test_a_later_copy_takes_nothing_from_what_it_is_a_copy_of() -> None:
    first = advert(NEW, table(**COUNTS), on="2021-01-14")
    (new, _) = test_all([first], [known("copy", dated="2022-11-16")])
    assert (new.state, new.evidence) == ("untested", ())


@pytest.mark.parametrize(("spoken_of", "state"), [("2021-04-03", "contradicted"), ("", "untested")])
def test_a_table_that_was_counted_here_is_as_old_as_what_was_said_of_it(spoken_of: str, state: str) -> None:
    sold = advert(NEW, table(**COUNTS))
    heard = [said("a newspaper", spoken_of, about="earlier")] if spoken_of else []
    assert states([sold, *heard], known(counted=True, dated="2026-01-01"))[0] == state


def test_synthetic_data_says_nothing_of_public_statements_on_real_leaks() -> None:
    heard = said("a newspaper", "2021-04-03", about="earlier")
    counted = known(counted=True, dated="2026-01-01")
    for number, synthetic, state in (
        ("acme/advert", True, "untested"),
        ("acme/advert", False, "contradicted"),
        ("7", True, "contradicted"),
    ):
        profile = {"synthetic": synthetic, "rows": 1000}
        sold = advert(NEW, table(**COUNTS), id=number)
        tested = test_all([sold, heard], [counted], {"earlier": profile})
        assert tested[0].state == state


def test_a_profile_tests_what_is_said_of_the_leak_that_was_saved_under_the_same_name() -> None:
    profile = {"synthetic": False, "rows": 1000, "fields": [{"type": "phone", "rows": 1000, "valid": 990}]}
    denial = said("Example Ltd", "2021", Assertion(kind="public-only"), speaker_kind="company")
    assert [one.state for one in test_all([denial], profiles={"acme": profile})] == ["contradicted"]
    assert [one.state for one in test_all([denial], profiles={"other": profile})] == ["untested"]


@pytest.mark.parametrize("kind", ASSERTION_KINDS)
def test_what_is_not_settled_says_what_would_settle_it(kind: str) -> None:
    (one,) = test_all([said("somebody", "2021", Assertion(kind=kind))])
    words = unsettled(one)
    assert one.state == ("untestable" if kind in ("fault", "attack-by") else "untested")
    assert words.endswith(".") and "decision of a regulator" in words
    asked_for = [test for test in TESTS if test.is_asked_for(kind)]
    assert asked_for and (one.state == "untestable" or all(test.needs in words for test in asked_for))


def test_what_is_settled_needs_no_words() -> None:
    new, countries = test_all([advert(NEW, table(**COUNTS))], [known()])
    assert unsettled(new) == ""
    assert unsettled(countries).startswith("What was tested settles nothing. It would take ")


def test_each_test_has_a_name_of_its_own() -> None:
    assert len({test.name for test in TESTS}) == len(TESTS)
    assert all(test.kinds <= {*ASSERTION_KINDS} and test.needs for test in TESTS)
