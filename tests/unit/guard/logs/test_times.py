"""Times of logs."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard.logs.times import Clock, read

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)


def one(text: str, clock: Clock = Clock(until=UNTIL)) -> str | None:  # noqa: B008  # frozen
    time = read(pl.Series([text]), clock)[0]
    return None if time is None else time.replace(tzinfo=None).isoformat()


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("17/May/2015:10:05:03 +0200", "2015-05-17T08:05:03"),
        ("2015-05-17T10:05:03Z", "2015-05-17T10:05:03"),
        ("2015-05-17 10:05:03,250", "2015-05-17T10:05:03.250000"),
        ("2015-05-17T10:05:03.123456789-05:30", "2015-05-17T15:35:03.123456"),
        ("2015-05-17T10:05:03+0100", "2015-05-17T09:05:03"),
        ("1431857103", "2015-05-17T10:05:03"),
        ("1431857103.5", "2015-05-17T10:05:03.500000"),
        ("1431857103250", "2015-05-17T10:05:03.250000"),
        ("1431857103250001", "2015-05-17T10:05:03.250001"),
        ("Feb 28 23:59:59", "2026-02-28T23:59:59"),
        ("Mar  7 13:06:56", "2025-03-07T13:06:56"),
        ("Feb 29 12:00:00", "2024-02-29T12:00:00"),
        ("Feb 30 12:00:00", None),
        ("soon", None),
        ("", None),
        ("17/May/1815:10:05:03 +0200", None),
        ("99999-01-01T00:00:00Z", None),
        ("2015-05-17T25:05:03Z", None),
    ],
)
def test_a_time_is_read_as_logs_write_it(text, time):
    assert one(text) == time


def test_a_time_without_a_zone_is_of_the_logs():
    clock = Clock("Europe/Berlin", UNTIL)
    assert one("2015-07-17T10:05:03", clock) == "2015-07-17T08:05:03"
    assert one("Jan  5 10:00:00", clock) == "2026-01-05T09:00:00"
    assert one("2015-03-29T02:30:00", clock) is None  # the clock was put forward over it


def test_a_form_of_its_own_is_read_first():
    assert one("2015.137 10:05", Clock(form="%Y.%j %H:%M")) == "2015-05-17T10:05:00"
    assert one("05/06/15 01:00 +0100", Clock(form="%d/%m/%y %H:%M %z")) == "2015-06-05T00:00:00"


@given(st.lists(st.text(alphabet="0123456789-T:.Z+/ Mayeb\n\0é", max_size=30), max_size=5))
def test_no_text_is_more_than_no_time(texts):
    assert read(pl.Series(texts, dtype=pl.String), Clock(until=UNTIL)).len() == len(texts)
