"""Which lines are valid UTF-8, told for all at once and as Python's own decoder tells it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.utf8_lines import high_and_valid, is_utf8, kept, line_edges, valid_lines

NEAR_MISSES = [
    "é".encode(),
    "€".encode(),
    "😀".encode(),
    *(b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x80\x80\x80", b"\xf5"),
    *(b"\xc3", b"\xe2\x82", b"\xa9", b"\n", b"a", b"\r"),
]


def is_valid(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(NEAR_MISSES), max_size=20).map(b"".join)))
@settings(max_examples=200)
def test_each_line_is_judged_as_python_judges_it(data: bytes) -> None:
    edges = line_edges(data)
    lines = [data[start:stop] for start, stop in pairwise(edges.tolist())]
    assert b"".join(lines) == data
    if data:
        high, valid = high_and_valid(data, edges)
        assert high.tolist() == [not line.isascii() for line in lines]
        assert valid.tolist() == [is_valid(line) for line in lines]
    assert is_utf8(data) == is_valid(data)


@pytest.mark.parametrize("every", [1, 2, 15, 16, 17, 100, 5000])
def test_lines_that_are_not_valid_are_found_among_few_and_among_many(every: int) -> None:
    wrong = [b"\xe2\x82 cut\n", b"\xff\n", "naïve ".encode("latin-1") * 3000 + b"\n"]
    good = ["Zoë;1\n".encode(), b"plain\n", ("Müller " * 4000).encode() + b"\n", b"\n"]
    lines = [
        wrong[at // every % 3] if at % every == every - 1 else good[at * at % 29 % (3 + (at % 50 == 0))]
        for at in range(3000)
    ]
    lines[-1] = lines[-1].rstrip(b"\n") + b"\xc3"
    data = b"".join(lines)
    assert valid_lines(data, line_edges(data)).tolist() == [is_valid(line) for line in lines]


def test_lines_end_at_lf_or_where_there_is_none_at_cr() -> None:
    assert line_edges(b"a\r\nb\rc\nd").tolist() == [0, 3, 7, 8]
    assert line_edges(b"a\rb\r").tolist() == [0, 2, 4]
    assert line_edges(b"").tolist() == [0]


def test_some_lines_are_kept_with_their_edges() -> None:
    data = b"one\ntwo\nthree\n"
    edges = line_edges(data)
    lines, places = kept(data, edges, edges[:-1] != 4)
    assert (lines, places.tolist()) == (b"one\nthree\n", [0, 4, 10])
