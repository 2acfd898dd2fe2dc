"""What requests ask for, however a client writes it; columns say what one request after the other says."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard.logs import column_texts, targets

pieces = st.sampled_from(
    [
        "/",
        "//",
        ".",
        "..",
        "users",
        "a",
        "%75",
        "%2F",
        "%2b",
        "%2B",
        "%25",
        "%",
        "%zz",
        "%C3%A9",
        "%c3",
        "%5B%5d",
        "?",
        "&",
        "=",
        "phone",
        "+",
        "é",
        " ",
        "http://",
        "example.org",
        "#",
        "\n",
        "[]",
        "[0]",
        ";",
        "%3B",
    ]
)
texts = st.lists(pieces, max_size=10).map("".join)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("/v1/%75sers/ada", "/v1/users/ada"),
        ("/v1//users/ada", "/v1/users/ada"),
        ("/v1/./x/../users/ada", "/v1/users/ada"),
        ("/../../users/ada", "/users/ada"),
        ("http://example.org/users/ada?x=1", "/users/ada?x=1"),
        ("http://example.org", "/"),
        ("/users/a?next=//x/../y%2Fz", "/users/a?next=//x/../y%2Fz"),
        ("/users%2Fada", "/users/ada"),
        ("/users/x%2f..%2Fada", "/users/ada"),
        ("/users/ada;a=1;b?x=;", "/users/ada?x=;"),
        ("/users/x/..;/ada", "/users/ada"),
        ("/users/ada#x?phone=1#", "/users/ada?phone=1#"),
        ("/search?%70hone=1&ids%5B%5D=2", "/search?phone=1&ids[]=2"),
        ("/a/..", "/"),
        ("/a/b/.", "/a/b/"),
    ],
)
def test_equivalent_targets_are_one(written, normal):
    assert targets.normal(written) == normal
    assert column_texts.normal(pl.Series([written])).to_list() == [normal]


@given(st.lists(texts, min_size=1, max_size=5))
def test_a_column_of_targets_is_made_normal_as_each_is(rows):
    assert column_texts.normal(pl.Series(rows)).to_list() == [targets.normal(row) for row in rows]


@given(texts)
def test_a_normal_target_stays_as_it_is_but_for_escapes_that_were_escaped(text):
    once = targets.normal(text)
    if "%" not in text:
        assert targets.normal(once) == once


@given(st.lists(texts, min_size=1, max_size=5), st.booleans(), st.booleans())
def test_a_column_of_values_is_decoded_as_each_is(rows, form, plus):
    expected = [targets.decoded(row, form=form, plus=plus) for row in rows]
    assert column_texts.decoded(pl.Series(rows), form=form, plus=plus).to_list() == expected


@given(st.lists(texts, min_size=1, max_size=5))
def test_a_column_of_queries_has_the_values_of_each(rows):
    found = column_texts.values(pl.Series(rows), "phone")
    expected = [(at, value) for at, row in enumerate(rows) for value in targets.values(row, "phone")]
    assert found.rows() == expected


def test_a_parameter_is_found_however_some_server_would_find_it():
    for query in (
        "x=1;phone=2",
        "x=#&phone=2",
        "x=1#phone=2",
        "phone[]=2",
        "phone[0]=2&phones=3",
        "phone[a]=2",
    ):
        assert targets.values(query, "phone") == ["2"]
        assert column_texts.values(pl.Series([query]), "phone")["text"].to_list() == ["2"]
        assert column_texts.first_values(pl.Series(["/find?" + query]), "phone")["named"].to_list() == ["2"]


def test_a_plus_before_a_phone_number_is_kept_and_any_other_is_a_space():
    assert targets.decoded("+44+7400", form=True, plus=True) == "+44 7400"
    assert targets.decoded("+44+7400", form=True, plus=False) == " 44 7400"
    assert targets.decoded("+44", form=False, plus=False) == "+44"
