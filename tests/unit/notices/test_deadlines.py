"""When each duty is due, to the second, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.notices import DUTIES, Deadline, NoSuchDuty, State, deadlines, duty_of, stamp
from floodmark.notices.deadlines import months_later

AWARE = datetime(2026, 1, 30, 12, 0, tzinfo=UTC)  # a Friday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
SLUGS = st.sampled_from([duty.slug for duty in DUTIES])


def by_slug(*args, **more) -> dict[str, Deadline]:
    return {one.duty.slug: one for one in deadlines(*args, **more)}


def due(slug: str, *args, **more) -> str:
    moment = by_slug(*args, **more)[slug].due
    assert moment is not None
    return stamp(moment)


def test_each_duty_in_hours_is_due_to_the_second_after_becoming_aware():
    aware = AWARE + 17 * SECOND
    assert due("nis2-early-warning", aware, AWARE) == "2026-01-31T12:00:17Z"
    assert due("nis2-notification", aware, AWARE) == "2026-02-02T12:00:17Z"
    assert due("gdpr-authority", aware, AWARE) == "2026-02-02T12:00:17Z"


def test_hours_run_through_a_weekend_and_an_end_on_sunday_is_not_moved():
    thursday = AWARE - DAY
    late = by_slug(thursday, thursday)["gdpr-authority"]
    assert late.due is not None and late.due.strftime("%A") == "Sunday"
    assert late.rest_day is None


def test_hours_do_not_change_with_the_clocks():
    """Brussels goes to summer time on 29 March 2026 at 01:00 UTC: 24 hours there end an hour later by the wall."""
    zone = ZoneInfo("Europe/Brussels")
    aware = datetime(2026, 3, 28, 12, 0, tzinfo=zone)
    end = by_slug(aware, aware, zone=zone)["nis2-early-warning"].due
    assert end is not None
    assert end - aware.astimezone(UTC) == DAY
    assert end.astimezone(zone).hour == 13


@pytest.mark.parametrize(
    ("submitted", "final"),
    [
        ("2026-01-30T09:30:00", "2026-02-28T09:30:00Z"),
        ("2026-01-31T09:30:00", "2026-02-28T09:30:00Z"),
        ("2024-01-31T09:30:00", "2024-02-29T09:30:00Z"),
        ("2024-02-29T09:30:00", "2024-03-29T09:30:00Z"),
        ("2026-02-28T09:30:00", "2026-03-28T09:30:00Z"),
        ("2026-12-31T23:59:59", "2027-01-31T23:59:59Z"),
        ("2000-01-31T00:00:00", "2000-02-29T00:00:00Z"),
        ("2100-01-29T00:00:00", "2100-02-28T00:00:00Z"),
    ],
)
def test_the_final_report_is_due_a_month_after_the_notification_was_submitted(submitted, final):
    at = datetime.fromisoformat(submitted).replace(tzinfo=UTC)
    given_that = {"nis2-notification": at}
    assert due("nis2-final-report", at - 10 * HOUR, at, given_that) == final
    assert not by_slug(at - HOUR, at, given_that)["nis2-final-report"].provisional


def test_until_the_notification_is_submitted_the_final_report_counts_from_its_deadline_and_says_so():
    final = by_slug(AWARE, AWARE)["nis2-final-report"]
    assert final.due == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert final.provisional
    late = AWARE + 80 * HOUR
    assert due("nis2-final-report", AWARE, late, {"nis2-notification": late}) == "2026-03-02T20:00:00Z"


def test_a_month_is_counted_in_the_calendar_of_the_zone():
    """At 03:00 UTC on 1 March it is still 28 February in New York, and a month from there ends on 28 March."""
    at = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    submitted = {"nis2-notification": at}
    assert due("nis2-final-report", at, at, submitted) == "2026-04-01T03:00:00Z"
    zone = ZoneInfo("America/New_York")
    assert due("nis2-final-report", at, at, submitted, zone=zone) == "2026-03-29T02:00:00Z"


@pytest.mark.parametrize(
    ("submitted", "rest_day"),
    [
        ("2026-01-27T09:00:00", None),
        ("2026-01-28T09:00:00", "Saturday"),  # 28 February 2026
        ("2026-02-01T09:00:00", "Sunday"),  # 1 March
        ("2026-02-02T09:00:00", None),
    ],
)
def test_a_month_that_ends_at_a_weekend_is_not_moved_but_says_so(submitted, rest_day):
    at = datetime.fromisoformat(submitted).replace(tzinfo=UTC)
    final = by_slug(at, at, {"nis2-notification": at})["nis2-final-report"]
    assert final.rest_day == rest_day
    assert final.due == months_later(at, 1)


def test_the_day_of_the_week_is_that_of_the_zone():
    at = datetime(2026, 1, 27, 23, 30, tzinfo=UTC)
    notified = {"nis2-notification": at}
    assert by_slug(at, at, notified)["nis2-final-report"].rest_day is None
    east = timezone(2 * HOUR)
    assert by_slug(at, at, notified, zone=east)["nis2-final-report"].rest_day == "Saturday"


def test_the_duty_towards_persons_has_no_clock():
    persons = by_slug(AWARE, AWARE + 1000 * DAY)["gdpr-persons"]
    assert (persons.state, persons.due, persons.margin) == (State.UNTIMED, None, None)
    assert persons.words() == "due without undue delay"


@pytest.mark.parametrize(
    ("passed", "state", "words"),
    [
        (timedelta(0), State.RUNNING, "due in 1 day"),
        (DAY - SECOND, State.RUNNING, "due in under a minute"),
        (DAY, State.RUNNING, "due in under a minute"),
        (DAY + SECOND, State.OVERDUE, "overdue by under a minute"),
        (3 * DAY + 2 * HOUR, State.OVERDUE, "overdue by 2 days 2 h"),
    ],
)
def test_a_clock_runs_until_its_last_second(passed, state, words):
    early = by_slug(AWARE, AWARE + passed)["nis2-early-warning"]
    assert (early.state, early.words()) == (state, words)


@pytest.mark.parametrize(
    ("passed", "state", "words"),
    [(DAY, State.MET, "met"), (DAY + 5 * SECOND, State.MET_LATE, "met late by under a minute")],
)
def test_a_duty_that_was_met_stands_still_whenever_it_is_looked_at(passed, state, words):
    met = {"nis2-early-warning": AWARE + passed}
    early = by_slug(AWARE, AWARE + 100 * DAY, met)["nis2-early-warning"]
    assert (early.state, early.words(), early.met_at) == (state, words, AWARE + passed)


def test_what_was_met_later_was_not_met_yet_when_looked_at_from_before():
    met = {"nis2-notification": AWARE + 10 * HOUR}
    before, after = by_slug(AWARE, AWARE + 9 * HOUR, met), by_slug(AWARE, AWARE + 10 * HOUR, met)
    assert before["nis2-notification"].words() == "due in 2 days 15 h"
    assert before["nis2-final-report"].provisional
    assert after["nis2-notification"].state is State.MET
    assert after["nis2-final-report"].due == datetime(2026, 2, 28, 22, 0, tzinfo=UTC)


def test_a_duty_that_does_not_bind_has_no_clock_that_counts():
    one = by_slug(AWARE, AWARE + 9 * DAY, exempt=["gdpr-authority"])["gdpr-authority"]
    assert (one.state, one.open, one.words()) == (State.EXEMPT, False, "does not apply")


def test_the_most_pressing_comes_first_and_what_is_done_comes_last():
    met = {"nis2-early-warning": AWARE + HOUR, "gdpr-persons": AWARE + HOUR}
    order = [one.duty.slug for one in deadlines(AWARE, AWARE + 73 * HOUR, met, ["gdpr-authority"])]
    assert order == [
        "nis2-notification",
        "nis2-final-report",
        "nis2-early-warning",
        "gdpr-persons",
        "gdpr-authority",
    ]


@given(aware=MOMENTS, passed=st.integers(0, 10**8), zone=st.integers(-12, 14))
def test_every_deadline_has_one_state_that_agrees_with_its_due_time(aware, passed, zone):
    now = aware + timedelta(seconds=passed)
    for one in deadlines(aware, now, zone=timezone(timedelta(hours=zone))):
        if one.due is None:
            assert one.state is State.UNTIMED
        else:
            assert one.state is (State.RUNNING if now <= one.due else State.OVERDUE)
            assert one.margin == one.due - now
            assert one.due.utcoffset() == timedelta(0)


@given(aware=MOMENTS, met=st.dictionaries(SLUGS, st.integers(0, 10**7)), exempt=st.sets(SLUGS))
def test_every_duty_is_listed_once_and_in_order_of_urgency(aware, met, exempt):
    done = {slug: aware + timedelta(seconds=seconds) for slug, seconds in met.items()}
    found = deadlines(aware, aware + 40 * DAY, done, exempt)
    assert sorted(one.duty.slug for one in found) == sorted(duty.slug for duty in DUTIES)
    states = [list(State).index(one.state) for one in found]
    assert states == sorted(states)
    assert all((one.state is State.EXEMPT) == (one.duty.slug in exempt) for one in found)


@given(moment=st.datetimes(datetime(1999, 1, 1), datetime(2101, 1, 1)), months=st.integers(0, 30))
def test_months_keep_the_date_where_the_month_has_it_and_never_skip_a_month(moment, months):
    later = months_later(moment, months)
    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == months
    assert later.time() == moment.time()
    last_day = later.day == moment.day or (later + DAY).month != later.month
    assert later.day <= moment.day and last_day


@given(aware=MOMENTS, offset=st.integers(-12, 14))
def test_the_same_moment_in_another_zone_gives_the_same_deadlines(aware, offset):
    elsewhere = aware.astimezone(timezone(timedelta(hours=offset)))
    assert deadlines(elsewhere, elsewhere) == deadlines(aware, aware)


def test_json_has_every_fact_and_no_clock_for_what_is_done():
    found = by_slug(AWARE, AWARE + HOUR, {"nis2-early-warning": AWARE})
    running, met = found["gdpr-authority"].to_dict(), found["nis2-early-warning"].to_dict()
    assert running["due_at"] == "2026-02-02T12:00:00Z"
    assert running["seconds_left"] == 71 * 3600
    assert "33(1)" in running["source"]
    assert (met["state"], met["met_at"], met["seconds_left"]) == ("met", "2026-01-30T12:00:00Z", None)


def test_every_duty_names_its_article_and_how_its_period_is_counted():
    for duty in DUTIES:
        assert "article" in duty.source and duty.rule.endswith(".") and duty.binds
        assert duty_of(duty.slug) is duty
        assert duty.after is None or duty.after in {one.slug for one in DUTIES[: DUTIES.index(duty)]}


def test_an_unknown_duty_is_refused_with_those_that_there_are():
    with pytest.raises(NoSuchDuty) as caught:
        duty_of("nis2")
    assert all(duty.slug in caught.value.hint for duty in DUTIES)


@pytest.mark.parametrize("place", range(3))
def test_a_time_without_a_zone_is_a_programming_error(place):
    times = [AWARE, AWARE, AWARE]
    times[place] = AWARE.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        deadlines(times[0], times[1], {"gdpr-authority": times[2]})
