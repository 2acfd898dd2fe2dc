"""Every line of a text has one fate, whatever is in it."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.guard.logs.blocks import block_of, blocks

piece = st.sampled_from(
    [b"\n", b"\r\n", b"one", b"\xff", b"\xc3\xa9", b"\x00", b" ", b"x" * 40, b"\xed\xa0\x80"]
)


def read(data, size=64):
    lines, fates = [], {}
    for block in blocks(BytesIO(data).read, size):
        lines += block.lines.to_list()
        for fate, count in block.fates.items():
            fates[fate] = fates.get(fate, 0) + count
    return lines, fates


@given(st.lists(piece, max_size=30).map(b"".join))
def test_every_line_is_read_or_counted(data):
    lines, fates = read(data)
    expected = data.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert len(lines) + sum(fates.values()) == len(expected)
    for line in lines:
        assert line.encode() in {one.removesuffix(b"\r") for one in expected}


@pytest.mark.parametrize("size", [1 << 12, 16 << 20])
def test_a_line_that_is_too_long_is_counted_and_the_next_is_read(size):
    data = b"one\n" + b"x" * (LINE_LIMIT + 1) + b"\ntwo\n" + b"\xff" * (LINE_LIMIT + 1) + b"\nthree"
    assert read(data, size) == (["one", "two", "three"], {"too-long": 2})


def test_bytes_that_are_no_text_do_not_spoil_the_lines_around_them():
    block = block_of(b"one\ntw\xffo\nthr\x00ee\n\n   \nfour\r\n")
    assert block.lines.to_list() == ["one", "four"]
    assert block.fates == {"not-utf-8": 2, "blank": 2}
