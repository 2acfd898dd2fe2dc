"""Statements in the order of what happened."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.contradictions import contradictions
from floodmark.assessment.evidence.evidence import Evidence, Tested
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.kinds import SPEAKER_KINDS
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.timeline import Timeline, narrowed, timelines
from floodmark.reports.partial_dates import days

from .sayings import many, saying

dates = st.builds(
    lambda day, known: day.isoformat()[:known],
    st.dates(date(2015, 1, 1), date(2026, 12, 31)),
    st.sampled_from([4, 7, 10]),
)


def one_of(*said: object) -> Timeline:
    (found,) = timelines(said, titles={})  # type: ignore[arg-type]
    return found


def test_a_year_stands_before_its_months_and_a_month_before_its_days() -> None:
    on = ["2021-04-03", "2022", "2021", "2021-04", "2020-12-31", "2021-03"]
    found = one_of(*(saying(id=str(place), said_on=one) for place, one in enumerate(on, 1)))
    said = [entry.statement.said_on for entry in found.entries]
    assert said == ["2020-12-31", "2021", "2021-03", "2021-04", "2021-04-03", "2022"]
    assert [entry.number for entry in found.entries] == [1, 2, 3, 4, 5, 6]


def test_statements_of_one_day_keep_the_order_in_which_they_come() -> None:
    found = one_of(*(saying(id=name) for name in ("10", "acme/b", "2", "acme/a")))
    assert [entry.statement.id for entry in found.entries] == ["10", "acme/b", "2", "acme/a"]


def test_what_became_known_later_stands_at_both_dates() -> None:
    memo = saying(id="1", said_on="2021-04-08", learnt_on="2021-04-19")
    other = saying(id="2", said_on="2021-04-10")
    found = one_of(memo, other)
    assert [(one.on, one.is_said, one.entry.number) for one in found.moments] == [
        ("2021-04-08", True, 1),
        ("2021-04-10", True, 2),
        ("2021-04-19", False, 1),
    ]
    assert found.days == ("2021-04-08", "2021-04-19")


def test_what_became_known_at_once_stands_once() -> None:
    assert len(one_of(saying(learnt_on="2021-04-03")).moments) == 1


def test_the_order_in_which_statements_of_different_days_come_does_not_matter() -> None:
    said = [one for one in many(40)[0] if len(one.said_on) == 10]
    said = [*{one.said_on: one for one in said}.values()]
    tested = [Tested(one, each, "untested", ()) for one in said for each in one.assertions]
    mixed = random.Random(2).sample(said, len(said))
    found = timelines(said, tested, contradictions(said), titles={})
    assert found == timelines(mixed, tested, contradictions(mixed), titles={})


def test_every_incident_has_its_own_statements_tests_and_contradictions() -> None:
    first, of_first = many(12, seed=1, about="first")
    second, of_second = many(12, seed=2, about="second")
    second = [saying(**{**vars(one), "id": f"s{one.id}"}) for one in second]
    of_second = [Tested(saying(**{**vars(one.statement), "id": f"s{one.statement.id}"}), one.assertion, one.state, ())
                 for one in of_second]  # fmt: skip
    said = [*first, *second]
    found = timelines(said, [*of_first, *of_second], contradictions(said), titles={"first": "The first"})
    assert {one.incident.title for one in found} == {"The first", "second"}
    for one in found:
        assert {entry.statement.about for entry in one.entries} == {one.incident.slug}
        assert {against.about for against in one.contradictions} == {one.incident.slug}
        assert all(each.statement is not None and each.statement.id == entry.statement.id
                   for entry in one.entries for each in entry.tested)  # fmt: skip
    assert sum(len(entry.tested) for one in found for entry in one.entries) == len(of_first) + len(of_second)


@given(dates, dates, dates, st.none() | dates)
def test_a_span_leaves_what_may_lie_in_it_and_nothing_else(
    since: str, until: str, said_on: str, learnt_on: str | None
) -> None:
    whole = timelines([saying(said_on=said_on, learnt_on=learnt_on)], titles={})
    first, last = days(since)[0], days(until)[1]
    within = any(
        days(on)[0] <= last and days(on)[1] >= first for on in (said_on, learnt_on) if on is not None
    )
    assert bool(narrowed(whole, since=since, until=until)) == within
    assert narrowed(whole) == whole


@pytest.mark.parametrize("kind", SPEAKER_KINDS)
def test_a_part_of_a_timeline_keeps_numbers_tests_and_contradictions(kind: str) -> None:
    said, tested = many(60)
    whole = timelines(said, tested, contradictions(said), titles={})
    (part,) = narrowed(whole, by=[kind])
    assert {entry.statement.speaker_kind for entry in part.entries} == {kind}
    assert all(entry in whole[0].entries for entry in part.entries)
    kept = {entry.statement.id for entry in part.entries}
    assert part.contradictions == tuple(one for one in whole[0].contradictions if kept & set(one.statements))


def test_an_unreadable_span_is_an_error() -> None:
    with pytest.raises(ValueError, match="2021"):
        narrowed((), since="last year")


def test_what_an_earlier_assertion_says_already_is_known_as_repeated() -> None:
    result = Evidence(test="fingerprint", effect="flags", words="The same.", power="")
    other = Evidence(test="fingerprint", effect="flags", words="Another.", power="")
    said = saying(assertions=(Assertion(kind="new"), Assertion(kind="total", quantity=Quantity(5, 1))))
    tested = [Tested(said, said.assertions[0], "untested", (result,)),
              Tested(said, said.assertions[1], "untested", (other, result))]  # fmt: skip
    (found,) = timelines([said], tested, titles={})
    entry = found.entries[0]
    assert not entry.is_repeated(0, result)
    assert not entry.is_repeated(1, other)
    assert entry.is_repeated(1, result)
