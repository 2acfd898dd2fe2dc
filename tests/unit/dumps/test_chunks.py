"""Cutting a text into chunks of whole lines, and the line table of each chunk."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.dumps.chunks import Chunk, cut, find_lines, invalid_lines

NEWLINES = ["lf", "crlf", "cr", "mixed"]
# A line with its end, as each kind of line end says it.
WHOLE_LINES = {
    "lf": rb"[^\n]*\n|[^\n]+",
    "crlf": rb"[^\n]*\n|[^\n]+",
    "cr": rb"[^\r]*\r|[^\r]+",
    "mixed": rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+",
}
SIZES = [1, 2, 3, 4, 5, 7, 11, 64]


def lines_of(text: bytes, newline: str) -> list[bytes]:
    return re.findall(WHOLE_LINES[newline], text)


def reader(text: bytes, most: int | None = None) -> Callable[[int], bytes]:
    """A `read` of the text that returns at most so many bytes at once."""
    stream = io.BytesIO(text)
    return lambda size: stream.read(size if most is None else min(size, most))


def chunks(
    text: bytes, newline: str, size: int, quote: str | None = None, most: int | None = None
) -> list[Chunk]:
    return list(cut(reader(text, most), 0, newline, quote, size))


def stretches(parts: list[Chunk], newline: str) -> Iterator[tuple[int, int]]:
    """Offset and size of every line, in chunks or too long for one."""
    for part in parts:
        if part.oversize is not None:
            assert (part.data, part.start) == (b"", part.oversize.start)
            yield part.oversize.start, part.oversize.size
            continue
        table = find_lines(part.data, newline)
        for start, after in zip(table.starts.tolist(), table.nexts.tolist(), strict=True):
            yield part.start + start, after - start


def expected(text: bytes, newline: str) -> list[tuple[int, int]]:
    sizes = [len(line) for line in lines_of(text, newline)]
    return list(zip([0, *itertools.accumulate(sizes)], sizes, strict=False))


# --- the line table


@pytest.mark.parametrize("newline", ["lf", "cr"])
@given(st.binary(max_size=60) | st.text("ab\r\n", max_size=30).map(str.encode))
@example(b"")
@example(b"\n")
@example(b"\r\n")
@example(b"\r\r\n\n\r")
def test_the_line_table_covers_every_byte_once(newline: str, text: bytes) -> None:
    table = find_lines(text, newline)
    found = [text[a:b] for a, b in zip(table.starts.tolist(), table.nexts.tolist(), strict=True)]
    assert found == lines_of(text, newline)
    assert len(table) == len(found)


@pytest.mark.parametrize("newline", ["lf", "crlf"])
@given(st.text("ab\r\n", max_size=30).map(lambda text: f"{text}\n".encode()))
@example(b"\r\n\r\r\n\r\n")
def test_a_line_ends_before_its_line_feed_and_one_carriage_return(newline: str, text: bytes) -> None:
    table = find_lines(text, newline)
    found = [text[a:b] for a, b in zip(table.starts.tolist(), table.ends.tolist(), strict=True)]
    assert found == [re.sub(rb"\r?\n\Z", b"", line) for line in lines_of(text, newline)]


@given(st.lists(st.text("ab ", max_size=5).map(str.encode), min_size=1), st.sampled_from([b"\n", b"\r\n"]))
def test_lines_of_one_kind_of_end_are_those_of_splitlines(lines: list[bytes], end: bytes) -> None:
    text = b"".join(line + end for line in lines)
    table = find_lines(text, "lf")
    found = [text[a:b] for a, b in zip(table.starts.tolist(), table.ends.tolist(), strict=True)]
    assert found == text.splitlines()


@given(st.text("ab\r\n", max_size=20).map(str.encode))
def test_with_carriage_returns_as_ends_a_line_feed_is_text(text: bytes) -> None:
    table = find_lines(text, "cr")
    found = [text[a:b] for a, b in zip(table.starts.tolist(), table.ends.tolist(), strict=True)]
    assert found == [line.removesuffix(b"\r") for line in lines_of(text, "cr")]


# --- chunks


@pytest.mark.parametrize("newline", NEWLINES)
def test_every_short_text_is_cut_into_its_lines_at_any_chunk_size(newline: str) -> None:
    for length in range(6):
        for letters in itertools.product(b"a\r\n", repeat=length):
            text = bytes(letters)
            for size, most in itertools.product((1, 2, 3, 5), (None, 1)):
                found = list(stretches(chunks(text, newline, size, most=most), newline))
                assert found == expected(text, newline), (text, size, most)


@pytest.mark.parametrize("newline", NEWLINES)
@given(st.text("ab\r\n", max_size=60).map(str.encode), st.sampled_from(SIZES), st.sampled_from([None, 1, 4]))
@settings(max_examples=60)
@example(b"a\r\n", 1, 1)
@example(b"aaaa\r\naa\raa\n", 4, None)
def test_the_lines_do_not_depend_on_the_chunk_size(
    newline: str, text: bytes, size: int, most: int | None
) -> None:
    assert list(stretches(chunks(text, newline, size, most=most), newline)) == expected(text, newline)


@pytest.mark.parametrize("newline", ["lf", "crlf", "cr"])
@given(st.text("ab\r\n", max_size=60).map(str.encode), st.sampled_from(SIZES))
def test_chunks_hold_the_very_bytes_of_the_text_at_their_offsets(
    newline: str, text: bytes, size: int
) -> None:
    at = 0
    for part in chunks(text, newline, size):
        assert part.start == at
        assert text[at : at + len(part.data)] == part.data
        at += part.oversize.size if part.oversize else len(part.data)
    assert at == len(text)


@given(st.text("ab\r\n", max_size=60).map(str.encode))
def test_in_a_mixed_text_lone_carriage_returns_become_line_feeds_and_nothing_moves(text: bytes) -> None:
    joined = b"".join(part.data for part in chunks(text, "mixed", 1000))
    assert joined == re.sub(rb"\r(?!\n)", b"\n", text)


def test_offsets_begin_where_the_caller_says() -> None:
    first, second = cut(reader(b"ab\ncd\n"), 100, "lf", None, 3)
    assert (first.start, second.start) == (100, 103)


def test_no_chunk_is_longer_than_asked_for_while_lines_are_shorter() -> None:
    text = b"abc\n" * 50
    for size in range(4, 40):
        assert max(len(part.data) for part in chunks(text, "lf", size)) <= size


def test_a_text_without_a_final_line_end_keeps_its_last_line() -> None:
    assert [part.data for part in chunks(b"ab\ncd", "lf", 3)] == [b"ab\n", b"cd"]


def test_nothing_gives_no_chunk() -> None:
    assert chunks(b"", "lf", 8) == []


# --- lines that are too long


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("most", [None, 3])
def test_a_line_longer_than_a_chunk_is_one_quarantined_span_and_its_neighbours_stay(
    end: bytes, most: int | None
) -> None:
    text = b"ab" + end + b"x" * 100 + end + b"cd" + end
    parts = chunks(text, "lf", 16, most=most)
    (span,) = [part.oversize for part in parts if part.oversize]
    first = len(b"ab" + end)
    assert (span.kind, span.reason, span.start, span.size, span.lines) == (
        "quarantined",
        "line-too-long",
        first,
        100 + len(end),
        1,
    )
    assert b"".join(part.data for part in parts) == b"ab" + end + b"cd" + end


def test_two_long_lines_in_a_row_are_two_spans() -> None:
    parts = chunks(b"x" * 40 + b"\n" + b"y" * 50 + b"\nz\n", "lf", 8, most=8)
    assert [(p.oversize.start, p.oversize.size) for p in parts if p.oversize] == [(0, 41), (41, 51)]
    assert b"".join(part.data for part in parts) == b"z\n"


def test_a_long_line_at_the_end_without_a_line_end_is_counted_to_the_last_byte() -> None:
    (span,) = [part.oversize for part in chunks(b"x" * 77, "lf", 8, most=5) if part.oversize]
    assert (span.start, span.size) == (0, 77)


def test_a_long_mixed_line_ends_at_both_bytes_of_its_line_end() -> None:
    for length in range(8, 24):
        text = b"x" * length + b"\r\nab\n"
        parts = chunks(text, "mixed", 8, most=4)
        assert list(stretches(parts, "mixed")) == [(0, length + 2), (length + 2, 3)]


# --- quoted records


def quoted_table(cells: list[tuple[str, str]], end: str) -> tuple[bytes, set[int]]:
    """A table as the csv module writes it, and the offsets where its records begin."""
    text, begins = "", set()
    for row in cells:
        begins.add(len(text))
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerow(row)
        text += out.getvalue()
    return text.encode(), begins


@given(
    st.lists(st.tuples(st.text('a,"\n', max_size=6), st.text("b\n", max_size=6)), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(0, 20),
)
@example([("\n\n\n", "")], "\n", 0)
@example([("a", ""), ('"\n"', ""), ("\n", "\n")], "\n", 1)
def test_no_cut_falls_inside_a_quoted_record_that_fits_a_chunk(
    cells: list[tuple[str, str]], end: str, more: int
) -> None:
    text, begins = quoted_table(cells, end)
    edges = [*sorted(begins), len(text)]
    size = max(b - a for a, b in itertools.pairwise(edges)) + more
    parts = chunks(text, "lf", size, quote='"')
    assert b"".join(part.data for part in parts) == text
    assert {part.start for part in parts} <= begins


def test_a_quote_that_never_closes_still_lets_every_byte_through() -> None:
    text = b'a,"b\n' + b"c,d\n" * 100
    for size in (4, 5, 9, 64):
        parts = chunks(text, "lf", size, quote='"')
        assert list(stretches(parts, "lf")) == expected(text, "lf")


# --- lines that are not text


@given(
    st.lists(st.binary(max_size=6) | st.sampled_from([b"\xc3\xa9", b"a\0b", "ж日😀".encode()]), max_size=8)
)
@example([b"\xc3", b"\xa9"])
@example([b"\xff\xfe\xff", b"", b"\xed\xa0\x80"])
def test_the_lines_that_are_no_utf_8_or_hold_a_nul_are_named(lines: list[bytes]) -> None:
    lines = [line.replace(b"\n", b"").replace(b"\r", b"") for line in lines]
    text = b"".join(line + b"\n" for line in lines)
    assert invalid_lines(text, find_lines(text, "lf")).tolist() == [not is_text(line) for line in lines]


def is_text(line: bytes) -> bool:
    try:
        return "\0" not in line.decode()
    except UnicodeDecodeError:
        return False


def test_a_character_cut_off_at_the_end_of_the_text_marks_the_last_line_only() -> None:
    text = b"a\nb\n\xf0\x9f\x98"
    assert np.flatnonzero(invalid_lines(text, find_lines(text, "lf"))).tolist() == [2]
