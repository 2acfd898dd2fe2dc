"""Escaped characters are out of sight while text is cut, and come back as what they stood for."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.delimited import split
from floodmark.dumps.escapes import hide
from floodmark.dumps.plan import Plan
from floodmark.dumps.quoted import split_quoted
from floodmark.dumps.raw_cells import STAND_INS
from floodmark.identifiers import FieldType

TEXTS = (FieldType.UNKNOWN, FieldType.UNKNOWN)
QUOTED = Plan(",", ("a", "b"), TEXTS, (), None, quote='"', escape="\\")
PLAIN = Plan(",", ("a", "b"), TEXTS, (), None, escape="\\")


def test_an_escaped_quote_closes_no_cell() -> None:
    batch = split_quoted(b'"a \\"b\\", c",d\n"e",f\n', 0, "lf", QUOTED, '"')
    assert batch.frame.rows() == [('a "b", c', "d"), ("e", "f")]
    assert (batch.accepted_lines, batch.spans) == (2, ())


def test_an_escaped_delimiter_ends_no_cell() -> None:
    assert split(b"a\\, b,c\nd,e\n", 0, "lf", PLAIN).frame.rows() == [("a, b", "c"), ("d", "e")]


def test_an_escaped_escape_is_one_and_escapes_nothing() -> None:
    assert split(b"a\\\\,b\n", 0, "lf", PLAIN).frame.rows() == [("a\\", "b")]


def test_an_escape_before_anything_else_is_text() -> None:
    assert split(b"C:\\new,b\\\n", 0, "lf", PLAIN).frame.rows() == [("C:\\new", "b\\")]


def test_where_every_control_byte_is_taken_nothing_is_hidden() -> None:
    text = b"".join(STAND_INS) + b"\\,"
    assert hide(text, "\\", None, ",").data == text


@given(st.text('ab,"\\\n\x1f\x1e'))
def test_what_is_hidden_has_the_same_length_and_comes_back(text: str) -> None:
    data = text.encode()
    hidden = hide(data, "\\", '"', ",")
    assert len(hidden.data) == len(data)
    assert hidden.data.count(b"\n") == data.count(b"\n")
    back = hidden.restored(pl.DataFrame({"cell": [hidden.data.decode()]})).item()
    expected, at = "", 0
    while at < len(text):
        escaped = text[at] == "\\" and text[at + 1 : at + 2] in {"\\", '"', ","}
        at += escaped
        expected += text[at]
        at += 1
    assert back == expected
