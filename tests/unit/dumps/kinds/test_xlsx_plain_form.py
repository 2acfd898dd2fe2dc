from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.kinds.xlsx_cells import Cells, joined
from floodmark.dumps.kinds.xlsx_events import by_events
from floodmark.dumps.kinds.xlsx_sheet import blocks, cells_of
from floodmark.dumps.kinds.xlsx_stretches import stretches
from floodmark.dumps.kinds.xlsx_strings import _by_events, texts_of
from floodmark.dumps.kinds.xlsx_tokens import tokens

from .workbooks import sheet_xml

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
)
VALUES = st.one_of(st.none(), TEXTS, st.integers(), st.booleans(), st.floats(allow_nan=False))
ROWS = st.lists(st.lists(VALUES, max_size=5), min_size=1, max_size=8)
# What writers put in rows: beside plain cells, some that are odd, and some that are wrong.
PIECES = st.sampled_from(
    [
        '<row r="1">', "<row>", "</row>", "<row/>", '<row r="2" hidden="1"/>', '<c r="A1">', '<c r="B1" t="s">',
        '<c r="C1" s="3" t="str">', '<c r="XFE9">', '<c r="AAAA1">', '<c r="a1">', "<c>", '<c r="D1"/>', "</c>",
        "<v>", "</v>", "<v/>", "<is>", "</is>", "<t>", "</t>", "<t/>", '<t xml:space="preserve">', "<f>", "</f>",
        "<f/>", "<r>", "</r>", "<rPh>", "</rPh>", "1", "x y", "&amp;", "&#65;", "&lt;", "&nbsp;", ">", "<", "&",
        "<!-- a -->", "<![CDATA[<v>]]>", "\n", "\r\n", "\t", "\x01", "é", "'", '"', "<v >", "<v a='1'>", "<x:v>",
        "<rows>", "<cell>", "<va>", "</sheetData>",
    ]
)  # fmt: skip


def same(one: Cells, other: Cells) -> bool:
    arrays = all(
        (getattr(one, name) == getattr(other, name)).all() for name in ("rows", "columns", "kinds", "styles")
    )
    return arrays and one.values.to_list() == other.values.to_list() and one.height == other.height


def by_parser(body: bytes) -> Cells:
    part = b"<worksheet><sheetData>" + body + b"</sheetData></worksheet>"
    return joined(list(by_events(io.BytesIO(part).read)))


@given(ROWS)
def test_sheets_as_writers_write_them_are_of_the_plain_form(rows: list[list[object]]) -> None:
    part = sheet_xml(rows).encode()
    body = part[part.index(b"<sheetData>") + 11 : part.index(b"</sheetData>")]
    quick = cells_of(body)
    assert quick is not None
    assert same(quick, by_parser(body))


@given(st.lists(PIECES, max_size=14))
def test_whatever_is_decided_quickly_is_what_the_parser_says(pieces: list[str]) -> None:
    body = "".join(pieces).encode()
    quick = cells_of(body) if body else None
    if quick is not None:
        slow = by_parser(body)
        assert slow.whole
        assert same(quick, slow)


@given(ROWS, st.lists(PIECES, max_size=6), st.integers(0, 400))
def test_a_sheet_is_the_same_whichever_way_it_is_read(
    rows: list[list[object]], odd: list[str], at: int
) -> None:
    xml = sheet_xml(rows)
    part = (xml[:at] + "".join(odd) + xml[at:]).encode()
    found, expected = (
        joined(list(blocks(io.BytesIO(part).read))),
        joined(list(by_events(io.BytesIO(part).read))),
    )
    if expected.whole:
        assert same(found, expected)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.lists(PIECES, max_size=5))
def test_shared_texts_are_the_same_whichever_way_they_are_read(texts: list[str], odd: list[str]) -> None:
    clean = [text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in texts]
    body = "".join(f"<si><t>{text}</t></si>" for text in clean)
    quick = texts_of(body.encode())
    assert quick is not None
    assert quick.to_list() == texts
    spoilt = (body + "<si>" + "".join(odd) + "</si>").encode()
    if (quick := texts_of(spoilt)) is not None:
        slow = pl.concat(list(_by_events(io.BytesIO(b"<sst>" + spoilt + b"</sst>").read)))
        assert quick.to_list() == slow.to_list()


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a><b>\xe9</b></a>',
        "\ufeff<a><b>x</b></a>".encode("utf-16"),
        b"<!DOCTYPE a><a><b>x</b></a>",
        b"<a/>",
        b"no markup",
        b"",
    ],
)
def test_a_part_that_cannot_be_cut_is_given_to_the_parser_from_its_beginning(part: bytes) -> None:
    (stretch,) = stretches(io.BytesIO(part).read, b"a", b"b")
    assert stretch.data == b""
    assert stretch.again(1000) == part


def test_a_part_in_many_stretches_loses_nothing_between_them() -> None:
    texts = [f"<b>{i:07}{'x' * 500}</b>" for i in range(20_000)]
    part = io.BytesIO(f"<a>{''.join(texts)}</a>".encode())
    assert b"".join(stretch.data for stretch in stretches(part.read, b"a", b"b")) == "".join(texts).encode()


def test_text_that_is_no_markup_is_not_cut() -> None:
    assert tokens(b"a<b>", {"b": 0}) is None
    assert tokens(b"<b>a>b</b>", {"b": 0, "/b": 1}) is None
    assert tokens(b"<b>\xff</b>", {"b": 0, "/b": 1}) is None
    assert tokens(b"<<b>>", {"b": 0}) is None
