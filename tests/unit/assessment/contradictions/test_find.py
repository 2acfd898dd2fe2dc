import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.contradictions import HOW, contradictions
from floodmark.assessment.contradictions.find import answers, is_shown
from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.report.contradiction_words import quote
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement

from .claimed import said, statements, total

MILLION = 10**6
FAULT, BREACH = Assertion(kind="fault"), Assertion(kind="breach")


@given(statements().flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_statements_does_not_matter(both: tuple[list[Statement], list[Statement]]) -> None:
    assert contradictions(both[0]) == contradictions(both[1])


@given(statements())
def test_a_statement_given_twice_is_one(found: list[Statement]) -> None:
    assert contradictions([*found, *found]) == contradictions(found)


@given(statements(about=("acme",)), statements(about=("other",)))
def test_statements_about_something_else_change_nothing(
    found: list[Statement], others: list[Statement]
) -> None:
    assert contradictions([*found, *others]) == (*contradictions(found), *contradictions(others))


@given(statements())
def test_a_statement_contradicts_itself_only_by_its_own_assertions(found: list[Statement]) -> None:
    for one in found:
        alone = contradictions([one])
        mine = [*answers(one)]
        assert bool(alone) == any(is_shown(a, b) for a in mine for b in mine)
        assert all(each.changed == (one.speaker,) * ("within" in each.how) for each in alone)
        assert all({*each.how} <= {"within", "claimed"} for each in alone)
        if len(one.assertions) < 2:
            assert alone == ()


@given(statements())
def test_there_is_a_contradiction_where_two_answers_exclude_each_other_and_nowhere_else(
    found: list[Statement],
) -> None:
    everything = [answer for one in found for answer in answers(one)]
    expected = {
        (a.statement.about, a.thing, a.part, a.scope)
        for a in everything
        for b in everything
        if is_shown(a, b)
    }
    shown = contradictions(found)
    one_each = [
        one for one in shown if one.thing != "table"
    ]  # countries on which the sides are the same are one
    assert len(one_each) == len([place for place in expected if place[1] != "table"])
    assert {(one.about, one.thing) for one in shown} == {place[:2] for place in expected}


@given(statements())
def test_each_answer_to_a_disputed_number_or_date_is_shown_once(found: list[Statement]) -> None:
    for one in contradictions(found):
        given_answers = [
            (each.statement.id, each.words) for side in (*one.sides, *one.between) for each in side.said
        ]
        if one.thing in ("total", "countries", "dated", "fixed-before"):
            scope = " ".join(one.scope.casefold().split())
            expected = [
                (answer.statement.id, answer.words)
                for each in found
                if each.about == one.about
                for answer in answers(each)
                if answer.thing == one.thing and answer.scope == scope
            ]
            assert {*given_answers} <= {*expected}
            assert one.thing == "total" or sorted(given_answers) == sorted(expected)
        assert all(i < j < len(one.sides) for i, j in one.pairs)
        if "claimed" not in one.how:
            assert {place for pair in one.pairs for place in pair} == {*range(len(one.sides))}
        assert one.how and one.how == tuple(how for how in HOW if how in one.how)


def test_a_speaker_who_says_otherwise_later_has_changed_and_others_disagree() -> None:
    first = said("Example Ltd", "2024-03-05", FAULT, speaker_kind="company", kind="outage-notice")
    second = said("example  ltd, by a spokesperson", "2024-03-08", BREACH, speaker_kind="company")
    (changed,) = contradictions([second, first])
    assert (changed.how, changed.changed, changed.pairs) == (("changed",), ("Example Ltd",), ((0, 1),))
    assert changed.words == (
        "What happened? A technical fault or an error, says Example Ltd (5 March 2024); a breach of security, says"
        " example ltd, by a spokesperson (8 March 2024). Example Ltd said more than one of these."
    )
    third = said("a newspaper", "2024-03-06", BREACH)
    (both,) = contradictions([first, second, third])
    assert both.how == ("disagree", "changed")
    assert [[each.statement.id for each in side.said] for side in both.sides] == [
        [first.id],
        [third.id, second.id],
    ]


def test_two_papers_that_print_two_numbers_make_one_group_with_a_rounding_between_them() -> None:
    found = [
        said("the seller", "2022-11-16", total(487 * MILLION)),
        said("one newspaper", "2022-11-28", total(487 * MILLION)),
        said("another newspaper", "2022-11-28", total(478 * MILLION)),
        said("a third newspaper", "2022-11-29", total(500 * MILLION, 1)),
        said("a researcher", "2022-12", total(487_113_902, 9)),
    ]
    (one,) = contradictions(found)
    assert [(side.words, len(side.said)) for side in one.sides] == [
        ("487,113,902 phone numbers", 3),
        ("478 million phone numbers", 1),
    ]
    assert [side.words for side in one.between] == ["500 million phone numbers"]
    assert one.how == ("disagree",)
    assert one.statements == (found[0].id, found[1].id, found[4].id, found[2].id)


def test_parts_are_compared_with_the_same_part_alone() -> None:
    whole, part = total(50 * MILLION, 2), total(6 * MILLION, 1, scope="US")
    assert contradictions([said("a", "2021", whole), said("b", "2021", part)]) == ()
    (found,) = contradictions(
        [said("a", "2021", part), said("b", "2021", total(8 * MILLION, 1, scope=" us"), whole)]
    )
    assert found.scope in ("US", " us") and found.words.startswith("How many (")


def test_answers_have_neutral_names_and_beside_them_the_words_that_were_used() -> None:
    quoted = Assertion(kind="breach", quote="There was a breach of security earlier\x1b[31m\u202e")
    first = said("Example Ltd", "2024-03-05", FAULT, speaker_kind="company", kind="outage-notice")
    (one,) = contradictions([first, said("Another Ltd", "2024-03-08", quoted, speaker_kind="company")])
    assert [side.words for side in one.sides] == [in_words(FAULT), in_words(BREACH)]
    quoted = "“There was a breach of security earlier[31m”"
    assert one.words.endswith(
        f"; {in_words(BREACH)}, says Another Ltd (8 March 2024), in the words {quoted}."
    )
    assert quote(one.sides[1].said[0]) == f": {quoted}"
    assert quote(one.sides[0].said[0]) == ""


def test_a_country_is_one_scope_by_its_name_and_by_its_code() -> None:
    scopes = ("US", " us", "United States", "Vereinigte Staaten", "EG")
    numbers = [
        said(f"speaker {n}", "2021", total(n * MILLION, 7, scope=scope)) for n, scope in enumerate(scopes, 2)
    ]
    (found,) = contradictions(numbers)
    assert [side.words for side in found.sides] == [f"{n},000,000 phone numbers" for n in range(2, 6)]


@pytest.mark.parametrize(
    "name", ["a researcher", "The seller", "another newspaper", "press", "press agencies"]
)
def test_who_has_no_name_but_a_role_may_be_another_each_time(name: str) -> None:
    found = [said(name, "2021", FAULT), said(name, "2022", BREACH)]
    (one,) = contradictions(found)
    assert (one.how, one.changed) == (("disagree",), ())
    (alone,) = contradictions([said(name, "2021", total(5), total(9))])
    assert (alone.how, alone.changed) == (("within",), (name,))


def test_one_name_of_two_kinds_of_speakers_is_of_two() -> None:
    company = said("Example", "2021", FAULT, speaker_kind="company")
    (one,) = contradictions([company, said("Example", "2022", BREACH, speaker_kind="seller")])
    assert one.how == ("disagree",)


def test_nobody_is_called_wrong() -> None:
    found = contradictions([said("a", "2021", total(50)), said("b", "2022", total(30), BREACH, FAULT)])
    for one in found:
        assert not {"wrong", "error", "false", "fake", "lie"} & {*one.words.replace(",", "").split()} - {
            "error"
        }


def test_texts_of_people_are_made_safe_to_show() -> None:
    hostile = said("\x1b[31mA\u202e" + "x" * 400, "2021", FAULT)
    (one,) = contradictions([hostile, said("b", "soon\x07", BREACH)])
    assert "\x1b" not in one.words and "\u202e" not in one.words and "\x07" not in one.words
    assert len(one.words) < 500


def test_words_stay_short_however_many_disagree() -> None:
    found = [said(f"speaker {place}", "2021", total(place * MILLION, 3)) for place in range(100, 400, 3)]
    (one,) = contradictions(found)
    assert len(one.sides) == 100
    assert one.words.endswith("; and 92 more answers.") and len(one.words) < 1_000
