"""What of a request's headers is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.web.hot.headers import matches, unchanged
from floodmark.web.hot.ranges import RangeRefused, wanted


@given(st.integers(1, 10**12), st.binary(max_size=40) | st.from_regex(rb"(?i)bytes=[0-9 -]{0,20}"))
def test_any_range_lies_within_the_file_or_is_refused_or_is_none(size, value):
    try:
        found = wanted(value, size)
    except RangeRefused as error:
        assert error.headers == {"content-range": f"bytes */{size}"}
        return
    assert found is None or 0 <= found[0] < found[1] <= size


@given(st.integers(1, 10**6), st.data())
def test_zeros_before_change_nothing(size, data):
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first, size - 1))
    for digits in (1, 7, 16):
        value = f"bytes={first:0{digits}d}-{last:0{digits}d}".encode()
        assert wanted(value, size) == (first, last + 1)


@pytest.mark.parametrize(
    "since", ["", "yesterday", "Sat, 31 Jan 2026 13:04:59 GMT", "Sat, 31 Jan 99999 13:05:00 GMT", "\xff", "0"]
)
def test_a_date_that_is_none_or_too_early_says_nothing(since):
    assert not unchanged({"headers": [(b"if-modified-since", since.encode("latin-1"))]}, b'"x"', 1769864700)


def test_a_tag_beats_a_date():
    date = (b"if-modified-since", b"Sat, 31 Jan 2037 13:05:00 GMT")
    assert unchanged({"headers": [date]}, b'"x"', 0)
    assert not unchanged({"headers": [date, (b"if-none-match", b'"y"')]}, b'"x"', 0)


@given(st.binary(max_size=30) | st.text('*W/"tag, ', max_size=12).map(str.encode))
def test_only_the_very_tag_matches_or_a_star(value):
    told = [one.strip().removeprefix(b"W/") for one in value.split(b",")]
    assert matches(value, b'"tag"') == (told == [b"*"] or b'"tag"' in told)
