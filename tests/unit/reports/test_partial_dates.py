"""Dates of which a day, a month or only a year is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.reports.partial_dates import days, in_words


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_a_day_lies_within_what_is_known_of_it(day: date, known: int) -> None:
    first, last = days(day.isoformat()[:known])
    assert first <= day <= last
    assert first.isoformat()[:known] == last.isoformat()[:known] == day.isoformat()[:known]


@given(st.dates(max_value=date(9998, 12, 31)), st.sampled_from([4, 7]))
def test_the_day_after_the_last_is_of_another_month_or_year(day: date, known: int) -> None:
    last = days(day.isoformat()[:known])[1]
    assert (last + timedelta(days=1)).isoformat()[:known] != day.isoformat()[:known]


@pytest.mark.parametrize(
    "text", ["", "2021-13", "2021-00-01", "2021-02-30", "21", "2021-4", "April 2021", "2021-04-03T10:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"2021|must be in|out of range"):
        days(text)
    with pytest.raises(ValueError, match=r"2021|must be in|out of range"):
        in_words(text)
