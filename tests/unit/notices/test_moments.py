"""Times as people write them: read whole, or refused with a word on what is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.notices import UnclearTime, read_moment, span, stamp

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1972, 1, 1), datetime(8999, 1, 1), timezones=OFFSETS)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T14:05:00+01:00", "2026-01-31T13:05:00Z"),
        ("2026-01-31 14:05+01:00", "2026-01-31T13:05:00Z"),
        ("2026-01-31T14:05Z", "2026-01-31T14:05:00Z"),
        ("20260131T140509Z", "2026-01-31T14:05:09Z"),
        (" 2024-02-29T23:59:59.999-12:00\n", "2024-03-01T11:59:59Z"),
    ],
)
def test_a_time_with_its_offset_becomes_utc(text, moment):
    assert stamp(read_moment(text)) == moment


@pytest.mark.parametrize("text", ["2026-01-31", "20260131"])
def test_a_bare_date_is_refused_and_asked_for_its_time_of_day(text):
    with pytest.raises(UnclearTime, match="date alone") as caught:
        read_moment(text)
    assert "time of day" in caught.value.hint


@pytest.mark.parametrize("text", ["2026-01-31T14:05", "2026-01-31 14:05:09", "20260131T14"])
def test_a_time_without_its_offset_is_refused(text):
    with pytest.raises(UnclearTime, match="offset"):
        read_moment(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "31.01.2026 14:05",
        "2026-02-30T10:00Z",
        "2026-01-31T25:00Z",
        "2026-W05-6T10:00Z",
        "2026-01-31x14:05Z",
        "1" * 5000,
    ],
)
def test_what_is_no_time_is_refused_without_quoting_it(text):
    with pytest.raises(UnclearTime) as caught:
        read_moment(text)
    assert caught.value.message == "The time cannot be read."
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("text", ["0001-01-01T00:00+14:00", "0202-01-31T14:05Z", "9999-12-31T23:59-12:00"])
def test_a_year_that_cannot_be_meant_is_refused(text):
    with pytest.raises(UnclearTime, match="can be meant"):
        read_moment(text)


@given(moment=MOMENTS)
def test_a_moment_survives_being_kept(moment):
    kept = stamp(moment)
    assert len(kept) == 20
    assert read_moment(kept) == moment.astimezone(UTC).replace(microsecond=0)


@given(first=MOMENTS, second=MOMENTS)
def test_kept_moments_sort_as_text_the_way_they_sort_as_times(first, second):
    first, second = first.replace(microsecond=0), second.replace(microsecond=0)
    assert (stamp(first) < stamp(second)) == (first < second)


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        moment = read_moment(text)
    except UnclearTime:
        return
    assert moment.tzinfo is UTC


def test_a_moment_without_a_zone_is_not_kept():
    with pytest.raises(ValueError, match="time zone"):
        stamp(datetime(2026, 1, 31))


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "under a minute"),
        (timedelta(seconds=-59), "under a minute"),
        (timedelta(minutes=1, seconds=59), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=-23, minutes=-59), "23 h 59 min"),
        (timedelta(days=1, minutes=59), "1 day"),
        (timedelta(days=30, hours=23, minutes=59), "30 days 23 h"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(length, words):
    assert span(length) == words
