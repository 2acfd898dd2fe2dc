import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.reports.labels import (
    column_name,
    country_name,
    delimiter_name,
    field_name,
    places,
    plain,
    words,
)
from floodmark.reports.numbers import Intervals, listing, share, size


@settings(deadline=None)
@given(st.text(max_size=300))
def test_shown_text_never_holds_a_control_or_format_character(text: str) -> None:
    for shown in (plain(text), column_name(text), delimiter_name(text), words(text), field_name(text)):
        assert all(unicodedata.category(c)[0] != "C" for c in shown)
        assert "\n" not in shown


@settings(deadline=None)
@given(st.text(max_size=5000))
def test_shown_text_is_never_longer_than_asked(text: str) -> None:
    assert len(plain(text, 40)) <= 40


@pytest.mark.parametrize(
    "raw", ["447700900123", "+44 7700 900123", "(020) 7946-0018", "x 4477009001", "٤٤٧٧٠٠٩٠٠١٢"]
)
def test_a_column_named_by_a_number_is_covered(raw: str) -> None:
    assert not any(c.isdigit() for c in column_name(raw))


def test_a_column_named_by_an_address_is_covered() -> None:
    shown = column_name("mail of some.one@mail.example here")
    assert shown.startswith("mail of ▮")
    assert "some" not in shown
    assert "mail.example" not in shown


@pytest.mark.parametrize("raw", ["phone", "address_2", "date 2019", "column12"])
def test_an_ordinary_name_stays_as_it_is(raw: str) -> None:
    assert column_name(raw) == raw


def test_a_name_without_a_visible_character_is_said_to_be_none() -> None:
    assert column_name("\x00\u200b ") == "(no name)"


def test_every_place_has_a_name_and_a_point_on_the_map() -> None:
    found = places()
    assert len({place["code"] for place in found}) == len(found) >= 245
    for place in found:
        longitude, latitude = place["dot"]
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90
        assert place["name"]


def test_unknown_codes_show_as_themselves_and_pseudo_countries_in_words() -> None:
    assert country_name("FR") == "France"
    assert country_name("ZZ") == "Country not known"
    assert country_name("QQ\x1b") == "QQ"


@settings(deadline=None)
@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_share_shows_zero_and_all_only_when_exact(part: int, whole: int) -> None:
    part = min(part, whole)
    shown = share(part, whole)
    assert (shown == "0 %") == (part == 0)
    assert (shown == "100 %") == (part == whole)


@settings(deadline=None)
@given(st.integers(0, 10**18))
def test_a_size_keeps_at_most_three_digits_before_its_point(value: int) -> None:
    digits = size(value).split()[0].split(".")[0]
    assert len(digits) <= 3 or value >= 999_950_000_000_000


def test_lists_and_intervals_read_as_phrases() -> None:
    assert listing([]) == "none"
    assert listing(["a"]) == "a"
    assert listing(["a", "b"]) == "a and b"
    intervals = Intervals({"/rows": [1000, 2000]})
    assert intervals.number(1500, "/rows") == "1,500 (1,000 to 2,000)"
    assert intervals.number(1500, "/other") == "1,500"
