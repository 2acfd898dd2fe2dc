"""Nothing lies over anything else in a drawing of a timeline."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.report.timeline_layout import Axis, rows

spans = st.lists(
    st.tuples(st.floats(0, 900), st.floats(0.1, 200)).map(lambda one: (one[0], sum(one))), max_size=60
)


@given(spans)
def test_spans_of_one_row_do_not_overlap_and_no_row_is_empty(found: list[tuple[float, float]]) -> None:
    found = sorted(found)
    placed = rows(found)
    for row in range(max(placed, default=-1) + 1):
        here = [span for span, at in zip(found, placed, strict=True) if at == row]
        assert here
        assert all(one[1] <= other[0] for one, other in pairwise(here))


@given(
    st.dates(),
    st.integers(0, 40_000),
    st.sampled_from([322, 574, 708]),
    st.lists(st.floats(0, 1), max_size=40),
)
def test_an_axis_names_dates_that_lie_on_it_and_have_room(
    first: date, span: int, wide: int, when: list[float]
) -> None:
    last = first + timedelta(days=min(span, (date.max - first).days))
    axis = Axis.around(first, last, 14, 14 + wide, [first + (last - first) * one for one in when])
    assert 14 <= axis.at(first) <= axis.at(last) <= 14 + wide
    ticks = axis.ticks()
    assert all(13.9 <= x <= 14.1 + wide for x, _ in ticks)
    assert len({words for _, words in ticks}) == len(ticks)
    for (x, words), (after, _) in pairwise(ticks):
        assert after - x >= 6.5 * len(words)
    assert ticks


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.lists(st.integers(0, 3000), min_size=1, max_size=60))
def test_a_later_day_never_stands_before_an_earlier_one(first: date, when: list[int]) -> None:
    days = sorted(first + timedelta(days=one) for one in when)
    axis = Axis.around(days[0], days[-1], 0, 700, days)
    places = [axis.at(days[0] + timedelta(days=one)) for one in range((days[-1] - days[0]).days + 1)]
    assert places == sorted(places)


def test_a_week_with_much_in_it_is_wider_than_a_year_of_silence() -> None:
    busy = [date(2021, 4, day) for day in range(3, 10)]
    axis = Axis.around(date(2018, 1, 1), date(2026, 1, 1), 0, 700, busy)
    week = axis.at(date(2021, 4, 10)) - axis.at(date(2021, 4, 2))
    year = axis.at(date(2024, 1, 1)) - axis.at(date(2023, 1, 1))
    assert week > 5 * year
