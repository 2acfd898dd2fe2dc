from dataclasses import replace

import pytest

from floodmark.assessment.contradictions import contradictions
from floodmark.assessment.report.contradiction_words import how
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity

from .claimed import said

BILLION = 10**9


def things(*assertions: Assertion) -> list[str]:
    """What disagrees when each of these is said by somebody else."""
    return [
        one.thing
        for one in contradictions(
            [said(f"speaker {place}", "2021", one) for place, one in enumerate(assertions)]
        )
    ]


def money(value: int, currency: str, digits: int = 2) -> Assertion:
    return Assertion(kind="amount", quantity=Quantity(value, digits), currency=currency)


def of(kind: str, **changed: str) -> Assertion:
    return Assertion(kind=kind, **changed)  # type: ignore[arg-type]


def fields(*labels: str) -> Assertion:
    return Assertion(kind="fields", fields=labels)


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        (money(1_200_000_000, "EUR"), money(1_200_000_000, "USD"), True),
        (money(1_200_000_000, "EUR"), money(1_300_000_000, "USD"), False),
        (money(1_200_000_000, "EUR"), money(1_500_000_000, "EUR"), True),
        (money(265_000_000, "EUR", 3), money(265_000_000, "EUR", 3), False),
        (money(265_000_000, "EUR", 3), money(300_000_000, "EUR", 1), False),
        (money(265_000_000, "EUR", 3), money(265_000_000, "", 3), False),
        (money(1_000_000, "EUR", 1), money(1_000_000, "CHF", 1), False),
        (money(1_000_000, "CHF", 1), money(1_000_000, "JPY", 1), True),
    ],
)
def test_sums_disagree_in_value_or_in_currency(a: Assertion, b: Assertion, apart: bool) -> None:
    assert things(a, b) == ["amount"] * apart


def test_two_authorities_that_impose_a_fine_each_do_not_disagree() -> None:
    found = [
        said(name, "2019", money(value, "USD"), speaker_kind="regulator", kind="fine")
        for name, value in (("one authority", 5 * BILLION), ("another authority", 100_000_000))
    ]
    assert contradictions(found) == ()
    (one,) = contradictions([*found, said("a newspaper", "2019", money(6 * BILLION, "USD"))])
    assert len(one.sides) == 3


def test_currencies_near_par_disagree_only_on_one_thing() -> None:
    sums = [replace(money(1_000_000, currency, 1), scope="transfers") for currency in ("EUR", "CHF")]
    assert things(*sums) == ["amount"]


def test_one_authority_may_impose_several_fines() -> None:
    fines = [
        said("The Authority", on, money(value, "EUR", 3), speaker_kind="regulator", kind="fine")
        for on, value in (("2022-11", 265_000_000), ("2023-05", 1_200_000_000))
    ]
    assert contradictions(fines) == ()
    twice = said(
        "The Authority", "2022-11", money(5, "EUR"), money(9, "EUR"), speaker_kind="regulator", kind="fine"
    )
    assert [one.how for one in contradictions([twice])] == [("within",)]
    decision = said("The Authority", "2023", money(9, "EUR"), speaker_kind="regulator", kind="decision")
    assert [one.how for one in contradictions([fines[0], decision])] == [("changed",)]


def test_an_offer_at_another_price_is_another_offer() -> None:
    offers = [
        said("the seller", on, money(value, "USD", 1), kind="advert", speaker_kind="seller")
        for on, value in (("2019", 30_000), ("2021", 8))
    ]
    assert contradictions(offers) == ()


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("2021-04-08", "2021-04-06", True),
        ("2021-04-08", "2021-04", False),
        ("2021-04-08", "2021", False),
        ("2019-08", "2019-09", True),
        ("2019", "2021-04", True),
        ("2021-04-08", "soon", False),
    ],
)
def test_dates_disagree_where_no_day_is_in_both(a: str, b: str, apart: bool) -> None:
    assert things(of("dated", on=a), of("dated", on=b)) == ["dated"] * apart


def test_what_was_shut_before_one_day_was_shut_before_a_later_one() -> None:
    assert things(of("fixed-before", on="2018"), of("fixed-before", on="2019-09")) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (of("new"), of("old"), ["age"]),
        (of("scraped"), of("breach"), ["cause"]),
        (of("fault"), of("breach"), ["cause"]),
        (of("fault"), of("attack-by", who="A"), ["cause"]),
        (of("attack-by", who="A"), of("attack-by", who="B"), ["cause"]),
        (of("attack-by", who="A"), of("attack-by", who="B, C and A"), []),
        (of("attack-by", who="A and B"), of("attack-by", who="b & a"), []),
        (of("attack-by", who="A"), of("attack-by", who=" a"), []),
        (of("attack-by", who="A"), of("attack-by"), []),
        (of("attack-by", who="A"), of("breach"), []),
        (of("scraped"), of("fault"), []),
        (of("not-ours"), of("breach"), ["origin"]),
        (of("not-ours"), of("scraped"), []),
        (of("public-only"), fields("first_name", "phone"), ["visibility"]),
        (of("public-only"), fields("first_name"), []),
        (of("public-only"), of("scraped"), []),
        (of("old", on="2019"), of("old", on="2021"), []),
        (of("fault"), of("breach", scope="another part"), []),
    ],
)
def test_answers_exclude_each_other_as_the_table_says(
    a: Assertion, b: Assertion, expected: list[str]
) -> None:
    assert things(a, b) == expected
    assert things(b, a) == expected
    assert things(a, a) == things(b, b) == []


def test_who_calls_a_scrape_a_breach_at_once_does_not_contradict_himself() -> None:
    both = said("the regulator", "2022", of("scraped"), of("breach"), of("fault"), kind="decision")
    assert contradictions([both]) == ()
    (found,) = contradictions([both, said("Example Ltd", "2021", of("scraped"))])
    assert found.how == ("disagree",)


def test_a_confirmation_stands_against_not_ours_unless_it_says_so_itself() -> None:
    denial = said("Example Ltd", "2021-04-03", of("not-ours"), kind="denial")
    for claim in (of("scraped"), fields("phone"), of("breach")):
        (found,) = contradictions([denial, said("Example Ltd", "2021-04-06", claim, kind="confirmation")])
        assert (found.thing, found.how) == ("origin", ("changed",))
        assert found.sides[1].said[0].assertion == claim
    of_another = said("a researcher", "2021-04-06", of("not-ours"), kind="confirmation")
    assert contradictions([denial, of_another]) == ()


@pytest.mark.parametrize(
    "claims", [[], [of("dated", on="2018-01")], [of("scraped", scope="memo")], [of("old")]]
)
def test_a_confirmation_of_something_else_is_none_of_the_data(claims: list[Assertion]) -> None:
    denial = said("Example Ltd", "2021-04-03", of("not-ours"), kind="denial")
    assert contradictions([denial, said("Example Ltd", "2021-04-06", *claims, kind="confirmation")]) == ()


def test_several_who_claim_one_attack_are_one_group() -> None:
    claims = [
        said(
            name,
            "2024-03-05",
            of("attack-by", who=name),
            kind="attack-claim",
            speaker_kind="claimed-attacker",
        )
        for name in ("group A", "group B", "group C")
    ]
    notice = said("Example Ltd", "2024-03-05", of("fault"), speaker_kind="company", kind="outage-notice")
    (found,) = contradictions([*claims, notice])
    assert len(found.sides) == 4
    assert (found.how, found.pairs) == (("disagree", "claimed"), ((0, 3), (1, 3), (2, 3)))
    (claimed,) = contradictions(claims)
    assert (claimed.how, claimed.pairs, len(claimed.sides)) == (("claimed",), (), 3)
    assert claimed.words.endswith("Several claim the attack; that they made it together is not excluded.")
    assert how(claimed) == "several claim it"


def test_what_was_new_when_it_was_said_may_be_old_later() -> None:
    advert = said("the seller", "2021-01", of("new"), kind="advert", speaker_kind="seller")
    assert contradictions([advert, said("Example Ltd", "2021-04-03", of("old", on="2021-01"))]) == ()
    assert contradictions([advert, said("Example Ltd", "2021-04-03", of("old", on="2021-03"))]) == ()
    assert contradictions([advert, said("Example Ltd", "2021-04-03", of("old"))]) == ()
    middle = said("the seller", "2021-06-10", of("new"), kind="advert", speaker_kind="seller")
    assert contradictions([middle, said("Example Ltd", "2023", of("old", on="2021"))]) == ()
    (found,) = contradictions([middle, said("Example Ltd", "2021-06-01", of("old"))])
    assert found.thing == "age"
    (found,) = contradictions([advert, said("Example Ltd", "2021-04-03", of("old", on="2019"))])
    assert found.thing == "age"
