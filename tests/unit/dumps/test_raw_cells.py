"""Cutting lines at every delimiter, with the exact number of cells of each."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.dumps.chunks import find_lines
from floodmark.dumps.raw_cells import STAND_INS, RawCells, cells_one_by_one, cut_cells, stand_in

CELL = st.text(st.sampled_from("aé日 '\t0"), max_size=4)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=9), min_size=1, max_size=12)


def cut(text: bytes, width: int, delimiter: bytes = b":", newline: str = "lf") -> RawCells:
    table = find_lines(text, newline)
    cells = cut_cells(text, table.ends - table.starts, delimiter, width, newline)
    assert cells is not None
    return cells


def padded(row: list[str], width: int) -> tuple[str, ...]:
    return tuple((row + [""] * width)[:width])


# --- without quotes: str.split is the oracle


@pytest.mark.parametrize(("newline", "end"), [("lf", "\n"), ("crlf", "\r\n"), ("cr", "\r")])
@given(rows=ROWS, width=st.integers(1, 7), last_end=st.booleans())
@example(rows=[[""], ["", ""], ["", "", ""]], width=2, last_end=True)
@example(rows=[["a"], [""]], width=1, last_end=True)
@settings(max_examples=50)
def test_cells_and_counts_are_those_of_splitting_each_line(
    newline: str, end: str, rows: list[list[str]], width: int, last_end: bool
) -> None:
    lines = [":".join(row) for row in rows]
    last_end = last_end or not lines[-1]
    text = end.join(lines) + (end if last_end else "")
    raw = cut(text.encode(), width, newline=newline)
    assert raw.frame.rows() == [padded(line.split(":"), width) for line in lines]
    counts = [len(line.split(":")) for line in lines]
    assert np.minimum(raw.counts, width + 1).tolist() == [min(count, width + 1) for count in counts]


@pytest.mark.parametrize("count", range(1, 20))
def test_the_count_is_exact_up_to_the_width_and_beyond_it_only_too_many(count: int) -> None:
    raw = cut(b":".join([b"x"] * count) + b"\n", 12)
    assert raw.counts.tolist() == [count] if count <= 12 else raw.counts[0] > 12


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_are_ordinary_text_where_none_are_named(quote: str) -> None:
    line = f'{quote}a:b{quote}:c{quote}d:"'
    assert cut(f"{line}\nx:y\n".encode(), 6).frame.row(0) == padded(line.split(":"), 6)


def test_a_carriage_return_inside_a_line_stays_in_its_cell() -> None:
    raw = cut(b"a\rb:c\n\rd:e\n", 2)
    assert raw.frame.rows() == [("a\rb", "c"), ("\rd", "e")]
    assert raw.counts.tolist() == [2, 2]


def test_of_two_carriage_returns_before_a_line_feed_one_is_text() -> None:
    raw = cut(b"a:b\r\r\nc:d\r\n", 2)
    assert raw.frame.rows() == [("a", "b\r"), ("c", "d")]
    assert raw.counts.tolist() == [2, 2]


def test_no_line_gives_no_row_but_all_columns() -> None:
    raw = cut_cells(b"", np.zeros(0, np.int64), b":", 3, "lf")
    assert raw is not None
    assert raw.frame.shape == (0, 3)
    assert len(raw.counts) == 0


# --- with quotes: the csv module is the oracle


@given(
    rows=st.lists(st.lists(st.text('a,"é\n', max_size=5), min_size=1, max_size=7), min_size=1, max_size=8),
    width=st.integers(2, 5),
)
@settings(max_examples=80)
@example(rows=[["", ""], ['"'], ['""', '"', '"']], width=2)
@example(rows=[["a", "b", '"""', '"']], width=2)
def test_quoted_cells_and_counts_are_those_that_the_csv_module_wrote(
    rows: list[list[str]], width: int
) -> None:
    texts = [written(row) for row in rows]
    lengths = np.array([len(text.encode()) for text in texts])
    raw = cut_cells("\n".join(texts).encode(), lengths, b",", width, "lf", '"')
    assert raw is not None
    assert raw.frame.rows() == [padded(row, width) for row in rows]
    assert np.minimum(raw.counts, width + 1).tolist() == [min(len(row), width + 1) for row in rows]


def written(row: list[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="", quoting=csv.QUOTE_ALL).writerow(row)
    return out.getvalue()


def test_lines_that_do_not_add_up_under_quotes_are_not_cut() -> None:
    lengths = np.array([4, 4])
    assert cut_cells(b'"a,b\nc,d"', lengths, b",", 2, "lf", '"') is None


# --- delimiters of more than one byte


@pytest.mark.parametrize("delimiter", ["::", "|||", " | ", "¦", "§§", "->", "日"])
@given(rows=ROWS, width=st.integers(1, 6))
@settings(max_examples=25)
@example(rows=[["a:", ":b"], ["-", ">"], ["|", "|||"]], width=3)
def test_a_longer_delimiter_cuts_as_splitting_each_line_does(
    delimiter: str, rows: list[list[str]], width: int
) -> None:
    lines = [delimiter.join(row) for row in rows]
    data, byte = stand_in("".join(line + "\n" for line in lines).encode(), delimiter)
    assert byte is not None
    assert len(byte) == 1
    raw = cut(data, width, byte)
    split = [line.split(delimiter) for line in lines]
    assert raw.frame.rows() == [padded(row, width) for row in split]
    assert np.minimum(raw.counts, width + 1).tolist() == [min(len(row), width + 1) for row in split]


def test_the_byte_that_stands_in_does_not_occur_in_the_data() -> None:
    used = b"".join(STAND_INS[:5])
    data, byte = stand_in(b"a||b" + used, "||")
    assert byte == STAND_INS[5]
    assert data == b"a" + STAND_INS[5] + b"b" + used


def test_where_every_stand_in_occurs_there_is_none_and_the_data_stays() -> None:
    data = b"a||b" + b"".join(STAND_INS)
    assert stand_in(data, "||") == (data, None)


def test_a_delimiter_of_one_byte_needs_no_stand_in() -> None:
    assert stand_in(b"a:b", ":") == (b"a:b", b":")


# --- a few lines, one by one


@given(
    st.lists(st.text("ab|:", max_size=12), min_size=1), st.sampled_from([":", "||", "|"]), st.integers(1, 5)
)
def test_a_few_lines_without_quotes_are_cut_as_by_splitting(
    lines: list[str], delimiter: str, width: int
) -> None:
    raw = cells_one_by_one(lines, delimiter, None, width)
    assert raw.frame.rows() == [padded(line.split(delimiter), width) for line in lines]
    assert raw.counts.tolist() == [len(line.split(delimiter)) for line in lines]


@given(st.lists(st.lists(st.text('a,"\n', max_size=4), min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_few_quoted_records_come_back_as_written(rows: list[list[str]]) -> None:
    raw = cells_one_by_one([written(row) for row in rows], ",", '"', 5)
    assert raw.frame.rows() == [padded(row, 5) for row in rows]
    assert raw.counts.tolist() == [len(row) for row in rows]


@pytest.mark.parametrize("inside", ["\n", "\r", "\r\n"])
def test_a_line_end_outside_quotes_makes_no_cell_of_its_own(inside: str) -> None:
    raw = cells_one_by_one([f'a,b{inside}c,"d"'], ",", '"', 4)
    assert raw.counts.tolist() == [3]
    assert raw.frame.row(0) == ("a", f"b{inside}c", "d", "")


def test_a_cell_longer_than_the_csv_module_allows_by_default_is_read() -> None:
    raw = cells_one_by_one(['"' + "x" * 200_000 + '",b'], ",", '"', 2)
    assert raw.counts.tolist() == [2]
