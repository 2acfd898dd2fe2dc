"""Lines of every format, good and bad."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.guard.logs.csv_format import CsvFormat
from floodmark.guard.logs.cutting import JsonFormat
from floodmark.guard.logs.formats import PatternFormat

HEAD = "203.0.113.7 - ada [17/May/2015:10:05:03 +0000]"
ACCESS = ("address", "user", "method", "target", "status", "size", "agent", "forwarded")


def cut(form, line, wanted):
    found = form.cut(pl.Series([line]), wanted)
    return found.fields.row(0) if found.fits[0] else None


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ('"GET /a HTTP/1.1" 200 12 "-" "curl"', ("GET", "/a", "200", "12", "curl", None)),
        ('"GET /a HTTP/1.1" 200 - "-" "curl" "1.2.3.4"', ("GET", "/a", "200", "-", "curl", "1.2.3.4")),
        (
            '"GET /a HTTP/1.1" 200 12 "-" "c" "9.9.9.9\\", 1.2.3.4" 0.1',
            ("GET", "/a", "200", "12", "c", '9.9.9.9\\", 1.2.3.4'),
        ),
        ('"GET /a\\"b HTTP/1.1" 200 12 "-" "c\\\\"', ("GET", '/a\\"b', "200", "12", "c\\\\", None)),
        ('"GET /a" 200 12 "-" "c"', ("GET", "/a", "200", "12", "c", None)),
        ('"\\x16\\x03" 400 0 "-" "-"', (None, None, "400", "0", "-", None)),
        ('"-" 408 - "-" "-"', (None, None, "408", "-", "-", None)),
        ('"GET /a HTTP/1.1" 2000 12 "-" "curl"', None),
        ('"GET /a HTTP/1.1', None),
        ("", None),
    ],
)
def test_a_combined_line_is_cut_whatever_is_quoted_in_it(rest, expected):
    found = cut(PatternFormat("combined"), f"{HEAD} {rest}", ACCESS)
    assert found == (expected and ("203.0.113.7", "ada", *expected))


def test_a_user_with_spaces_and_brackets_shifts_nothing():
    line = '203.0.113.7 - a [b] "c [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 12'
    assert cut(PatternFormat("common"), line, ("user", "target")) == ('a [b] "c', "/a")


@pytest.mark.parametrize(
    ("said", "event", "user", "address"),
    [
        ("Invalid user oracle from 203.0.113.7", "Invalid user", "oracle", "203.0.113.7"),
        ("Invalid user oracle from 203.0.113.7 port 4022", "Invalid user", "oracle", "203.0.113.7"),
        ("Invalid user  from 203.0.113.7", "Invalid user", "", "203.0.113.7"),
        (
            "Invalid user x from 9.9.9.9 port 1 from 203.0.113.7 port 2",
            "Invalid user",
            "x from 9.9.9.9 port 1",
            "203.0.113.7",
        ),
        (
            "Accepted publickey for ada from 2001:db8::7 port 22 ssh2: RSA SHA256:x",
            "Accepted",
            "ada",
            "2001:db8::7",
        ),
        ("Failed password for root from 203.0.113.7 port 22 ssh2", "Failed", "root", "203.0.113.7"),
        (
            "Failed password for invalid user x from 203.0.113.7 port 22 ssh2",
            "Failed password for invalid user",
            "x",
            "203.0.113.7",
        ),
        ("Connection closed by 203.0.113.7", None, None, None),
    ],
)
def test_a_line_of_sshd_names_who_was_tried_and_from_where(said, event, user, address):
    for head in ("Mar  7 13:06:56 host sshd[1291]: ", "2026-03-07T13:06:56.1+01:00 host sshd-session[1]: "):
        found = cut(PatternFormat("sshd"), head + said, ("event", "user", "address"))
        assert found == (event, user, address)


def test_a_line_of_no_log_is_none_of_sshd():
    assert cut(PatternFormat("sshd"), "Invalid user oracle from 203.0.113.7", ("user",)) is None


def test_ones_own_expression_names_its_fields():
    form = PatternFormat("regex", r"^(?P<time>\S+) (?:id=(?P<who>\w+)|-) (?P<phone>\+?\d+)$")
    assert form.names == ("time", "who", "phone")
    assert cut(form, "1431857103 id=ada +44", ("who", "phone")) == ("ada", "+44")
    assert cut(form, "1431857103 - 44", ("who", "phone")) == (None, "44")
    assert cut(form, "else", ("who",)) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1,+44,ada", ("+44", "ada")),
        ('1,"+44","a ""b"" , c"', ("+44", 'a "b" , c')),
        ("1,,", ("", "")),
        ("1,+44", None),
        ("1,+44,ada,more", None),
        ('1,"+44,ada', None),
        ('1,+4"4,ada', None),
    ],
)
def test_a_line_of_separated_values_has_as_many_cells_as_the_header(line, expected):
    assert cut(CsvFormat.of_header("time,phone,who", ""), line, ("phone", "who")) == expected


def test_a_column_that_a_table_has_not_is_empty():
    assert cut(CsvFormat.of_header("a\tb", ""), "1\t2", ("b", "c")) == ("2", None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"a": {"b": "x"}, "n": 7}', ("x", "7")),
        ('{"a": {"b": {"c": 1}}, "n": 7}', (None, "7")),
        ('{"a": [1], "n": 1.5}', (None, "1.5")),
        ('{"n": "\\ud800"}', None),
        ('{"n": 1', None),
        ("[1]", None),
        ("null", None),
        ("{}x", None),
        ("[" * 5000, None),
        ("{" * 5000, None),
    ],
)
def test_a_json_line_is_an_object_and_what_is_not_there_is_empty(line, expected):
    lines = pl.Series(['{"a": {"b": "y"}}'] * 20 + [line])
    found = JsonFormat().cut(lines, ("a.b", "n"))
    assert found.fits[:20].all()
    if expected is not None:
        assert found.fields.row(20) == expected
    elif found.fits[20]:
        assert "\\ud800" in line


@pytest.mark.parametrize(
    "wanted", [("a", "a.b"), ("a.b", "a[]"), ("a[]", "a[].b"), ("a", "a[]"), ("a[].b", "a.b", "a")]
)
def test_names_that_go_into_one_another_are_empty_where_there_are_parts(wanted):
    lines = pl.Series(['{"a": {"b": "x"}}', '{"a": [{"b": "y"}]}', '{"a": ["z"]}', '{"a": "t"}'])
    found = JsonFormat().cut(lines, wanted)
    assert found.fits.all()
    assert found.fields.columns == list(wanted)


@settings(max_examples=40)  # of many rows: a column takes as long for twenty as for one
@given(st.lists(st.text(max_size=40), min_size=1, max_size=20))
def test_no_line_is_more_than_malformed(lines):
    for form, wanted in (
        (PatternFormat("combined"), ACCESS),
        (PatternFormat("sshd"), ("user",)),
        (CsvFormat.of_header("a,b", ""), ("a", "b")),
        (JsonFormat(), ("a.b", "c[]")),
    ):
        found = form.cut(pl.Series(lines), wanted)
        assert found.fits.len() == found.fields.height == len(lines)
        assert found.fits.null_count() == 0
