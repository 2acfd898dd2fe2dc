"""Text in which a delimiter does not end a cell."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.protect import PATTERNS, combined, mask, patterns_for, usual_times

COLON = ("timestamp", "url", "ipv6", "mac")


def cells(text: str, delimiter: str = ":", names: tuple[str, ...] | None = None) -> list[str]:
    chosen = names if names is not None else tuple(p.name for p in patterns_for(delimiter))
    masked = mask(text, delimiter, chosen)
    assert len(masked) == len(text)
    return [cell.replace("\0", delimiter) for cell in masked.split(delimiter)]


@pytest.mark.parametrize(
    "cell",
    [
        "5/8/2018 12:00:00 AM",
        "5/8/2018 1:02",
        "05.08.2018 01:02:03",
        "2018-05-08 12:30:00",
        "2018-05-08T12:30:00Z",
        "2018-05-08T12:30:00.123456+02:00",
        "2018-05-08T12:30:00+0200",
        "1/1/0001 12:00:00 AM",
        "http://a.example",
        "https://a.example/path?q=1",
        "http://a.example:8080/path",
        "ftp://a.example",
        "2001:db8::1",
        "fe80::1",
        "1:2:3:4:5:6:7:8",
        "2001:db8:0:1:2:3:4:5",
        "00:1a:2b:3c:4d:5e",
    ],
)
def test_a_colon_inside_a_time_an_address_or_a_link_does_not_split(cell: str) -> None:
    assert cells(f"left:{cell}:right") == ["left", cell, "right"]


@pytest.mark.parametrize(
    ("delimiter", "cell"),
    [
        ("/", "5/8/2018"),
        ("/", "2018/05/08"),
        ("-", "2018-05-08"),
        ("-", "08-05-2018"),
        ("-", "123e4567-e89b-12d3-a456-426614174000"),
        (" ", "5/8/2018 12:00:00 AM"),
        (" ", "2018-05-08 12:00"),
    ],
)
def test_other_delimiters_inside_dates_and_numbers_do_not_split(delimiter: str, cell: str) -> None:
    assert cells(f"left{delimiter}{cell}{delimiter}right", delimiter) == ["left", cell, "right"]


@pytest.mark.parametrize(
    "line",
    [
        "a:12:30:b",
        "a:12:00:00:b",
        "a::1:b",
        "http:x:80:b",
        "a:b:c:d:e:f",
        "12025550100:100000412:male:5",
        "5/8/2018:12:00",
        "a:ab:cd:b",
    ],
)
def test_what_only_resembles_a_protected_text_splits_everywhere(line: str) -> None:
    assert cells(line) == line.split(":")


def test_a_pattern_does_not_reach_into_the_next_cell() -> None:
    assert cells("http://a.example:80:b")[-2:] == ["80", "b"]
    assert cells("5/8/2018 12:00:00 AM:12:30") == ["5/8/2018 12:00:00 AM", "12", "30"]
    assert cells("00:1a:2b:3c:4d:5e:Ada") == ["00:1a:2b:3c:4d:5e", "Ada"]


def test_only_named_patterns_protect() -> None:
    line = "a:5/8/2018 12:00:00:http://x.example"
    assert cells(line, names=("url",)) == ["a", "5/8/2018 12", "00", "00", "http://x.example"]
    assert cells(line, names=()) == line.split(":")


def test_a_longer_delimiter_is_masked_by_as_many_characters() -> None:
    assert mask("a::2001:db8::1", "::", ("ipv6",)) == "a::2001:db8\0\0001"


@given(st.text("12:/ -.aAPMTZ", max_size=40))
def test_masking_changes_delimiters_only(text: str) -> None:
    assert mask(text, ":", COLON).replace("\0", ":") == text


@given(st.text("0123456789:/ -.aAPMTZfh", max_size=40))
def test_python_and_polars_find_the_same_protected_text(text: str) -> None:
    pattern = combined(tuple(p.name for p in PATTERNS), quoted=True)
    assert pattern is not None
    (by_polars,) = pl.Series([text]).str.replace_all(pattern, "").to_list()
    assert by_polars == re.sub(pattern, "", text, flags=re.ASCII)


def test_the_patterns_of_a_delimiter_are_those_in_which_it_stands() -> None:
    def names(delimiter: str) -> list[str]:
        return [pattern.name for pattern in patterns_for(delimiter)]

    assert names(":") == names("::") == names(" : ") == list(COLON)
    assert names("/") == ["url-path", "date"]
    assert names(" ") == ["date-and-time"]
    assert names(",") == names("\t") == names("|") == names("") == names(":|") == []


def test_nothing_to_protect_is_no_pattern_and_quoted_text_is_one_more() -> None:
    assert combined((), quoted=False) is None
    assert combined((), quoted=True) == '(?:"[^"]*")'
    assert combined(("mac",), quoted=True) != combined(("mac",), quoted=False)


# --- times that most cells share


def test_the_time_that_all_dates_share_is_usual() -> None:
    assert usual_times(["a:5/8/2018 12:00:00 AM:b", "a:1/1/0001 12:00:00 AM:b"]) == (" 12:00:00 AM",)


def test_two_times_can_share_the_cells_the_more_common_first() -> None:
    lines = ["5/8/2018 12:00:00 AM"] * 7 + ["5/8/2018 1:00:00 PM"] * 3
    assert usual_times(lines) == (" 12:00:00 AM", " 1:00:00 PM")


def test_times_that_differ_from_line_to_line_are_not_usual() -> None:
    assert usual_times([f"5/8/2018 12:{minute:02d}:00" for minute in range(60)]) == ()


@pytest.mark.parametrize("lines", [[], ["a:b"], ["a: 12:00:00 AM"], ["5/8/2018"]])
def test_without_dated_times_none_is_usual(lines: list[str]) -> None:
    assert usual_times(lines) == ()
