"""What a report counts: traffic, actors, tenths."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from floodmark.guard.report.asked import asked
from floodmark.guard.report.guard_report import GuardReport, guard_report
from floodmark.guard.report.sizes import sizes
from floodmark.guard.report.traffic import MOST_MOMENTS, moments

from .asking import ABOUT, MADE_AT, START, asks, frame, many


@pytest.fixture(scope="module")
def big() -> GuardReport:
    return guard_report(many(), [ABOUT], made_at=MADE_AT)


def test_asking_again_is_counted_as_a_lookup_and_not_as_an_identifier() -> None:
    found = guard_report(frame(asks(7, [1, 2, 1, 1])), [ABOUT], made_at=MADE_AT)
    assert (found.traffic.lookups, found.traffic.new, found.traffic.identifiers) == (4, 2, 2)
    assert (found.actors[0].lookups, found.actors[0].new) == (4, 2)


def test_an_identifier_is_new_to_every_actor_that_asks_for_it() -> None:
    found = guard_report(frame(asks(7, [1, 2]) + asks(8, [1, 2])), [ABOUT], made_at=MADE_AT)
    assert (found.traffic.new, found.traffic.identifiers, found.traffic.actors) == (4, 2, 2)


def test_who_has_no_account_is_counted_by_address_and_who_has_neither_for_nobody() -> None:
    rows = asks(0, [1, 2], address=5) + asks(0, [3])
    found = guard_report(frame(rows), [ABOUT], made_at=MADE_AT)
    assert [one.name for one in found.actors] == ["address/0000000000000005"]
    assert (found.traffic.actors, found.traffic.unattributed, found.traffic.new) == (1, 1, 2)
    assert found.endpoints[0].actors == 1


def test_those_who_asked_for_most_identifiers_come_first_however_often_others_ask_again() -> None:
    rows = asks(1, [1] * 9) + asks(2, [1, 2, 3])
    found = guard_report(frame(rows), [ABOUT], made_at=MADE_AT)
    assert [one.name for one in found.actors] == ["account/0000000000000002", "account/0000000000000001"]


def test_the_busiest_day_is_that_with_most_new_identifiers() -> None:
    rows = asks(1, range(10)) + [
        one | {"at": START + timedelta(days=2)} for one in asks(1, [*range(10)] * 3 + [*range(20, 24)])
    ]
    (one,) = sizes(asked(frame(rows))).iter_rows(named=True)
    assert (one["busiest"], one["new"]) == (10, 14)


def test_tenths_hold_all_actors_once_and_actors_of_one_size_are_together(big: GuardReport) -> None:
    assert sum(one.actors for one in big.tenths) == big.traffic.actors
    assert sum(one.new for one in big.tenths) == big.traffic.new
    for smaller, larger in zip(big.tenths, big.tenths[1:], strict=False):
        assert smaller.most < larger.least
        assert smaller.tenth < larger.tenth


def test_where_most_ask_for_one_identifier_they_are_one_tenth_and_others_are_empty() -> None:
    rows = [row for actor in range(1, 10) for row in asks(actor, [actor])] + asks(10, range(5))
    found = guard_report(frame(rows), [ABOUT], made_at=MADE_AT)
    assert [(one.tenth, one.actors) for one in found.tenths] == [(5, 9), (10, 1)]


def test_stretches_of_time_hold_every_lookup_once_and_are_few(big: GuardReport) -> None:
    assert sum(one.lookups for one in big.moments) == big.traffic.lookups
    assert sum(one.new for one in big.moments) == big.traffic.new
    assert len(big.moments) <= MOST_MOMENTS
    widths = {one.end - one.at for one in big.moments}
    assert len(widths) == 1


@pytest.mark.parametrize("years", [0, 1, 60, 7_900])
def test_clocks_that_jump_by_years_make_no_more_stretches(years: int) -> None:
    last = START.replace(year=START.year + years)
    found = moments(asked(frame([{"at": START, "account": 1}, {"at": last, "account": 1, "identifier": 2}])))
    assert 1 <= len(found) <= 2
    assert all(one.at < one.end for one in found)


def test_more_actors_than_are_listed_are_counted_all_the_same() -> None:
    found = guard_report(many(), [ABOUT], made_at=MADE_AT, most=3)
    assert len(found.actors) == 3
    assert found.traffic.actors == 400


def test_endpoints_are_listed_up_to_a_number() -> None:
    rows = [row for place in range(80) for row in asks(1, [place], endpoint=f"e{place}")]
    found = guard_report(frame(rows), [ABOUT], made_at=MADE_AT)
    assert len(found.endpoints) == 50


def test_no_lookups_make_a_report_of_nothing() -> None:
    found = guard_report(pl.DataFrame(schema=many(2).schema), [ABOUT], made_at=MADE_AT)
    assert (found.traffic.lookups, found.traffic.first, found.actors, found.tenths) == (0, None, (), ())
