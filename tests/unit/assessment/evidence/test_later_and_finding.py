from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.evidence.bearing_out import bears_out
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.finding import FINDING
from floodmark.assessment.evidence.later import LATER
from floodmark.assessment.evidence.testing import test_all
from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement

from ..contradictions.claimed import assertions, said, statements, total

MILLION = 10**6
FAULT, BREACH, NOT_OURS = Assertion(kind="fault"), Assertion(kind="breach"), Assertion(kind="not-ours")
ATTACK = Assertion(kind="attack-by", who="A")
COMPANY = {"speaker_kind": "company"}


def states(*found: Statement) -> list[str]:
    """States of the first statement's assertions."""
    return [one.state for one in test_all(found, of=found[:1])]


def evidence(*found: Statement) -> list[Evidence]:
    return [each for one in test_all(found, of=found[:1]) for each in one.evidence]


def decision(*claims: Assertion, speaker: str = "the regulator", on: str = "2022-11-25") -> Statement:
    return said(
        speaker,
        on,
        *claims,
        speaker_kind="regulator",
        kind="decision",
        source_url="https://regulator.example",
    )


def test_a_speakers_own_later_word_contradicts_its_first() -> None:
    first = said("Example Ltd", "2024-03-05", FAULT, **COMPANY)
    second = said("Example Ltd", "2024-03-08", BREACH, **COMPANY)
    assert states(first, second) == ["contradicted"]
    assert states(second, first) == ["untested"]
    (found,) = evidence(first, second)
    assert (found.test, found.sources) == ("later-statement", (second.id,))
    assert found.words == ("Example Ltd (8 March 2024) said otherwise later: a breach of security.")


def test_a_corrected_number_contradicts_the_first_and_a_repeated_one_is_no_evidence() -> None:
    first = said("Example Ltd", "2018-09-28", total(50 * MILLION, 2, "accounts"), **COMPANY)
    again = said("Example Ltd", "2018-10-02", total(50 * MILLION, 2, "accounts"), **COMPANY)
    fewer = said("Example Ltd", "2018-10-12", total(30 * MILLION, 2, "accounts"), **COMPANY)
    assert states(first, again, fewer) == ["contradicted"]
    assert states(first, again) == ["untested"]
    assert evidence(fewer, first, again) == []


def test_a_later_confirmation_contradicts_that_it_was_not_theirs() -> None:
    denial = said("Example Ltd", "2021-04-03", NOT_OURS, kind="denial", **COMPANY)
    confirmed = said("Example Ltd", "2021-04-06", Assertion(kind="scraped"), kind="confirmation", **COMPANY)
    assert states(denial, confirmed) == ["contradicted"]


def test_a_memo_that_is_confirmed_does_not_confirm_the_data() -> None:
    denial = said("Example Ltd", "2018-09-01", NOT_OURS, kind="denial", **COMPANY)
    memo = Assertion(kind="dated", on="2018-01", scope="memo")
    assert states(denial, said("Example Ltd", "2018-10-01", memo, kind="confirmation", **COMPANY)) == [
        "untested"
    ]


@pytest.mark.parametrize("name", ["a researcher", "the company", "other press reports", "press agencies"])
def test_somebody_who_has_no_name_but_a_role_is_not_corrected_by_another(name: str) -> None:
    first = said(name, "2021-01-02", total(500_000, 6, "rows"), speaker_kind="researcher")
    second = said(name, "2021-03-02", total(700_000, 6, "rows"), speaker_kind="researcher")
    assert states(first, second) == ["untested"]
    named = [replace(one, speaker="Research Ltd") for one in (first, second)]
    assert states(*named) == ["contradicted"]
    assert states(named[0], replace(named[1], speaker_kind="regulator")) == ["untested"]


def test_a_second_fine_and_an_earlier_repair_correct_nothing() -> None:
    fines = [
        said("The Authority", on, money, kind="fine", speaker_kind="regulator")
        for on, money in (
            ("2022-11", Assertion(kind="amount", quantity=Quantity(265 * MILLION, 3), currency="EUR")),
            ("2023-05", Assertion(kind="amount", quantity=Quantity(1_200 * MILLION, 2), currency="EUR")),
        )
    ]
    assert states(*fines) == ["untested"]
    shut = [
        said("Example Ltd", on, Assertion(kind="fixed-before", on=before), **COMPANY)
        for on, before in (("2021-01", "2019-09"), ("2021-05", "2018"))
    ]
    assert states(*shut) == states(*shut[::-1]) == ["untested"]


def test_findings_and_later_words_are_printed_as_they_were_said() -> None:
    claim = said("Example Ltd", "2021-04-03", NOT_OURS, **COMPANY)
    quoted = Assertion(kind="breach", quote="a personal data breach within the meaning of Article 4(12)")
    (found,) = evidence(claim, decision(quoted))
    assert found.words == f"The regulator (25 November 2022) found: {in_words(BREACH)} (“{quoted.quote}”)."
    (later,) = evidence(claim, said("Example Ltd", "2021-04-06", quoted, **COMPANY))
    assert later.words.endswith(f"said otherwise later: {in_words(BREACH)} (“{quoted.quote}”).")


def test_a_denial_takes_back_no_admission() -> None:
    admitted = said("Example Ltd", "2024-03-05", BREACH, kind="confirmation", **COMPANY)
    denied = said("Example Ltd", "2024-03-06", FAULT, NOT_OURS, kind="denial", **COMPANY)
    assert states(admitted, denied) == ["untested"]
    again = said("Example Ltd", "2024-03-08", BREACH, kind="confirmation", **COMPANY)
    assert [one.state for one in test_all([denied, again], of=[denied])] == ["contradicted", "contradicted"]


def test_a_sum_was_imposed_and_anything_else_found() -> None:
    amount = Assertion(kind="amount", quantity=Quantity(265 * MILLION, 3), currency="EUR")
    scraped = Assertion(kind="scraped")
    reported = said("a newspaper", "2022-11-29", amount, scraped)
    fine = decision(amount, scraped)
    assert [one.words for one in evidence(reported, fine)] == [
        "The regulator (25 November 2022) imposed: EUR 265 million.",
        "The regulator (25 November 2022) found: collected through an interface, not taken from within.",
    ]


@pytest.mark.parametrize("later", ["2024-03-05", "2024-03", "2024", "2024-03-04", "soon"])
def test_what_was_not_surely_said_later_corrects_nothing(later: str) -> None:
    first = said("Example Ltd", "2024-03-05", FAULT, **COMPANY)
    assert states(first, said("Example Ltd", later, BREACH, **COMPANY)) == ["untestable"]


@given(
    statements(most=4),
    assertions,
    st.sampled_from(["seller", "journalist", "claimed-attacker", "researcher"]),
)
def test_words_of_sellers_journalists_researchers_and_claimants_are_evidence_of_nothing(
    found: list[Statement], claim: Assertion, who: str
) -> None:
    heard = said("somebody", "2023", claim, speaker_kind=who)
    tests = (LATER, FINDING)
    before = test_all(found, tests=tests)
    assert test_all([*found, heard], of=found, tests=tests) == before


def test_sellers_and_newspapers_do_not_correct_themselves_as_evidence() -> None:
    for who in ("seller", "journalist", "claimed-attacker"):
        first = said("somebody", "2022-11-16", total(487 * MILLION), speaker_kind=who)
        second = said("somebody", "2022-11-28", total(478 * MILLION), speaker_kind=who)
        assert [one.test for one in evidence(first, second)] == ["plausibility"]


def test_a_decision_supports_and_contradicts_as_a_finding_with_its_limits() -> None:
    claim = said("Example Ltd", "2021-04-06", Assertion(kind="scraped"), NOT_OURS, **COMPANY)
    found = decision(Assertion(kind="scraped"), Assertion(kind="breach", scope="another part"))
    assert states(claim, found) == ["supported", "untested"]
    (one,) = evidence(claim, found)
    assert one.words == (
        "The regulator (25 November 2022) found: collected through an interface, not taken from within."
    )
    assert "appealed" in one.power
    assert one.sources == (found.id, "https://regulator.example")
    assert states(claim, decision(BREACH)) == ["untested", "contradicted"]


def test_a_breach_in_law_may_be_a_scrape_or_a_fault() -> None:
    claim = said("Example Ltd", "2021-04-06", FAULT, **COMPANY)
    assert states(claim, decision(BREACH)) == ["untestable"]
    assert states(claim, decision(ATTACK)) == ["contradicted"]


def test_a_finding_with_a_date_that_is_none_is_shown_without_it() -> None:
    claim = said("Example Ltd", "2021-04-06", Assertion(kind="old"), **COMPANY)
    (found,) = evidence(claim, decision(Assertion(kind="old", on="soon")))
    assert found.words == "The regulator (25 November 2022) found: published before."


def test_findings_on_both_sides_cannot_tell() -> None:
    claim = said("Example Ltd", "2021-04-06", FAULT, **COMPANY)
    assert states(claim, decision(FAULT), decision(ATTACK, speaker="the court of appeal")) == ["untestable"]


@pytest.mark.parametrize(
    "changed",
    [{"kind": "inquiry"}, {"kind": "settlement"}, {"speaker_kind": "journalist"}, {"about": "other"}],
)
def test_what_finds_nothing_is_no_finding(changed: dict[str, str]) -> None:
    claim = said("Example Ltd", "2021-04-06", BREACH, **COMPANY)
    other = {"kind": "decision", "speaker_kind": "regulator"} | changed
    assert states(claim, said("the regulator", "2022", BREACH, **other)) == ["untested"]


def test_nobodys_decision_is_evidence_on_itself() -> None:
    assert states(decision(BREACH)) == ["untested"]
    assert states(decision(BREACH), decision(BREACH, on="2023")) == ["untested"]


@given(assertions)
def test_an_assertion_that_says_something_bears_itself_out(one: Assertion) -> None:
    says_nothing = (
        (one.kind in ("dated", "fixed-before") and one.on in ("", "soon"))
        or (one.kind == "old" and one.on == "soon")
        or (one.kind == "countries" and one.quantity is None)
        or (one.kind == "fields" and not one.fields)
        or (one.kind == "attack-by" and not one.who)
    )
    assert bears_out(one, one) is not says_nothing


@pytest.mark.parametrize(
    ("found", "claim", "expected"),
    [
        (total(533_313_128, 9), total(533 * MILLION), True),
        (total(533 * MILLION), total(533_313_128, 9), True),
        (total(509 * MILLION), total(533 * MILLION), False),
        (total(533 * MILLION), total(533 * MILLION, of="rows"), False),
        (total(533 * MILLION), total(533 * MILLION, scope="US"), False),
        (total(MILLION, 1, bound="at-least"), total(533 * MILLION), False),
        (total(8 * MILLION, 1), total(6 * MILLION, 1, bound="at-least"), True),
        (Assertion(kind="fixed-before", on="2019-09"), Assertion(kind="fixed-before", on="2019"), True),
        (Assertion(kind="fixed-before", on="2019-09"), Assertion(kind="fixed-before", on="2019-08"), False),
        (Assertion(kind="fixed-before", on="2018"), Assertion(kind="fixed-before", on="2019-09"), True),
        (total(1000 * MILLION, 1, "users", bound="about"), total(600 * MILLION, 1, "users"), False),
        (total(100 * MILLION, 1, "users", bound="about"), total(51 * MILLION, 2, "users"), False),
        (total(19 * MILLION, 2), total(10 * MILLION, 1), False),
        (total(500 * MILLION, 1), total(487 * MILLION), True),
        (total(533 * MILLION, 3, "accounts"), total(533 * MILLION, 3, "users"), True),
        (total(533 * MILLION, scope="United States"), total(533 * MILLION, scope="US"), True),
        (total(MILLION, 1), total(50 * MILLION, 1, bound="at-most"), False),
        (Assertion(kind="old"), Assertion(kind="old", on="2019"), False),
        (Assertion(kind="old", on="2019"), Assertion(kind="old"), True),
        (
            Assertion(kind="fields", fields=("phone", "email")),
            Assertion(kind="fields", fields=("phone",)),
            True,
        ),
        (
            Assertion(kind="fields", fields=("phone",)),
            Assertion(kind="fields", fields=("phone", "email")),
            False,
        ),
        (Assertion(kind="attack-by", who="A"), Assertion(kind="attack-by", who="a"), True),
        (Assertion(kind="attack-by"), Assertion(kind="attack-by"), False),
        (BREACH, FAULT, False),
        (
            Assertion(kind="amount", quantity=Quantity(265 * MILLION, 3), currency="EUR"),
            Assertion(kind="amount", quantity=Quantity(265 * MILLION, 3), currency="USD"),
            False,
        ),
    ],
)
def test_a_finding_bears_out_what_says_the_same(found: Assertion, claim: Assertion, expected: bool) -> None:
    assert bears_out(found, claim) is expected
