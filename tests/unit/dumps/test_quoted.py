"""Chunks of delimited text with quoting; Python's csv module is the oracle."""

from __future__ import annotations

import csv
import io
import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.dumps.chunks import cut
from floodmark.dumps.fates import Batch
from floodmark.dumps.plan import Plan
from floodmark.dumps.quoted import split_quoted, well_formed
from floodmark.identifiers import FieldType


def plan(columns: int = 2, delimiter: str = ",") -> Plan:
    names = tuple(f"c{number}" for number in range(columns))
    return Plan(delimiter, names, (FieldType.FREE_TEXT,) * columns, (), None)


def read(text: bytes, columns: int = 2, newline: str = "lf", delimiter: str = ",", quote: str = '"') -> Batch:
    """A batch of the text, after a look that its bytes and lines add up."""
    batch = split_quoted(text, 0, newline, plan(columns, delimiter), quote)
    assert batch.accepted_bytes + sum(span.size for span in batch.spans) == len(text)
    for first, second in itertools.pairwise(batch.spans):
        assert first.start + first.size <= second.start
    return batch


def fates(batch: Batch) -> list[tuple[str, str, int, int]]:
    return [(span.kind, span.reason, span.start, span.lines) for span in batch.spans]


def written(rows: list[list[str]], end: str, quoting: int, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=quoting, delimiter=delimiter).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.text('ab,"; é\n', max_size=5), min_size=width, max_size=width).map(lambda r: ["x" + r[0], *r[1:]]),
        min_size=1,
        max_size=8,
    )
)  # fmt: skip


# --- what the csv module writes comes back


@given(
    TABLES,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from([",", ";", "\t"]),
)
@settings(max_examples=80)
@example([["x", '"'], ["x", '""'], ["x", '","']], "\n", csv.QUOTE_ALL, ",")
@example([["x\n", "\n"], ["x", "\n\n\n"]], "\r\n", csv.QUOTE_MINIMAL, ",")
def test_a_quoted_table_comes_back_cell_for_cell(
    rows: list[list[str]], end: str, quoting: int, delimiter: str
) -> None:
    text = written(rows, end, quoting, delimiter).encode()
    batch = read(text, len(rows[0]), delimiter=delimiter)
    assert batch.frame.rows() == [tuple(row) for row in rows]
    assert batch.spans == ()
    assert batch.accepted_lines == text.count(b"\n")


@given(TABLES, st.integers(0, 30))
@settings(max_examples=40)
@example([["x", "\n\n"], ["x", '"\n"'], ["x", "a"]], 0)
def test_records_across_chunk_boundaries_come_back_whole(rows: list[list[str]], more: int) -> None:
    each = [written([row], "\n", csv.QUOTE_ALL).encode() for row in rows]
    size = max(map(len, each)) + more
    chunks = cut(io.BytesIO(b"".join(each)).read, 0, "lf", '"', size)
    found = [row for chunk in chunks for row in read(chunk.data, len(rows[0])).frame.rows()]
    assert found == [tuple(row) for row in rows]


def test_cells_of_a_record_over_several_lines_keep_their_line_ends() -> None:
    batch = read(b'"a\r\nb","c\n"\r\n1,2\r\n', newline="crlf")
    assert batch.frame.rows() == [("a\r\nb", "c\n"), ("1", "2")]
    assert batch.accepted_lines == 4


def test_blank_lines_inside_quotes_belong_to_their_cell_and_others_are_skipped() -> None:
    batch = read(b'"a\n\nb",c\n\n1,"2"\n')
    assert batch.frame.rows() == [("a\n\nb", "c"), ("1", "2")]
    assert fates(batch) == [("skipped", "blank", 9, 1)]


def test_a_chunk_without_a_quote_is_cut_as_plain_text() -> None:
    assert read(b"a,b\nc,d\n").frame.rows() == [("a", "b"), ("c", "d")]


def test_another_quoting_character_encloses_cells_too() -> None:
    assert read(b"'a,b',\"c\"\n'it''s',d\n", quote="'").frame.rows() == [("a,b", '"c"'), ("it's", "d")]


def test_a_longer_delimiter_inside_quotes_does_not_split() -> None:
    batch = read(b'"a||b"||c\nd||"e""f"\n', delimiter="||")
    assert batch.frame.rows() == [("a||b", "c"), ("d", 'e"f')]


def test_a_text_without_a_final_line_end_keeps_its_last_record() -> None:
    assert read(b'"a","b"\n"c","d"').frame.rows() == [("a", "b"), ("c", "d")]


# --- quotes that are text


@pytest.mark.parametrize(
    "text",
    [
        b'5" pipe,x\n1,2\n',
        b'5" pipe,x\n1,"2"\n',
        b'5" pipe,x\n1,2\n6" pipe,"y"\n',
        b'a,5"\n"c","d"\n',
        b'a,b"c"d\n"e",f\n',
        b'"e",f\na,5" and 6" and 7"\n1,2\n',
    ],
)
def test_a_quote_inside_an_unquoted_cell_is_text(text: bytes) -> None:
    batch = read(text)
    oracle = [tuple(row) for row in csv.reader(io.StringIO(text.decode(), newline=""))]
    assert batch.frame.rows() == oracle
    assert batch.spans == ()


def test_a_cell_that_opens_a_quote_and_never_closes_it_is_read_as_text_and_said_to_be_repaired() -> None:
    batch = read(b'1,2\n"a,b\n3,"4"\n')
    assert batch.frame.rows() == [("1", "2"), ('"a', "b"), ("3", "4")]
    assert fates(batch) == [("repaired", "quotes-as-text", 4, 1)]


def test_broken_quotes_that_give_no_right_count_are_quarantined() -> None:
    batch = read(b'1,"2"\n"a,b"c,d\n3,4\n')
    assert batch.frame.rows() == [("1", "2"), ("3", "4")]
    assert fates(batch) == [("quarantined", "broken-quotes", 6, 1)]


@pytest.mark.parametrize("lines", [3, 300])
def test_an_unterminated_quote_takes_no_other_line_with_it(lines: int) -> None:
    batch = read(b'"a,b\n' + b"1,2\n" * lines + b'3,"4"\n')
    assert batch.frame.rows() == [('"a', "b"), *[("1", "2")] * lines, ("3", "4")]


def test_two_broken_lines_are_not_taken_for_one_record() -> None:
    assert ("1", "2") in read(b'a,"b\n1,2\nc",d\n').frame.rows()


@pytest.mark.parametrize(
    ("text", "newline", "rows"),
    [
        (b'"a",b\r\r\n1,2\r\n', "crlf", [("a", "b\r"), ("1", "2")]),
        (b'"a",b\nc\r1,2\r', "cr", [("a", "b\nc"), ("1", "2")]),
        (b'"a","b\nc"\r1,2\r', "cr", [("a", "b\nc"), ("1", "2")]),
        (b'"a",b\rc\n1,2\n', "lf", [("a", "b\rc"), ("1", "2")]),
        (b'5" x,b\rc\n1,"2"\n', "lf", [('5" x', "b\rc"), ("1", "2")]),
    ],
)
def test_other_line_ends_than_the_files_own_are_text(
    text: bytes, newline: str, rows: list[tuple[str, str]]
) -> None:
    batch = read(text, newline=newline)
    assert batch.frame.rows() == rows
    assert batch.spans == ()


# --- damage of other kinds


def test_a_bad_byte_in_one_line_of_a_record_sets_all_of_its_lines_aside() -> None:
    batch = read(b'"a\n\xff\nb",c\n1,2\n')
    assert fates(batch) == [("quarantined", "invalid-utf-8-or-nul", 0, 3)]
    assert batch.frame.rows() == [("1", "2")]


def test_a_record_with_too_many_cells_is_quarantined_with_all_of_its_lines() -> None:
    batch = read(b'1,2\n"a\nb",c,d\n3,4\n')
    assert {(span.kind, span.start) for span in batch.spans[:1]} == {("quarantined", 4)}
    assert sum(span.lines for span in batch.spans) == 2
    assert batch.frame.rows() == [("1", "2"), ("3", "4")]


@given(st.lists(st.text('ab,"\r é\0', max_size=10), max_size=10), st.sampled_from(["lf", "cr"]))
@settings(max_examples=100)
@example(['5" a,x', "1,2"], "lf")
@example(['a,5"', '"b', 'c"'], "lf")
@example(['"', '"', '"'], "lf")
def test_any_lines_end_in_records_or_in_spans_and_never_in_an_error(lines: list[str], newline: str) -> None:
    end = "\r" if newline == "cr" else "\n"
    text = "".join(line + end for line in lines).encode()
    batch = read(text, newline=newline)
    assert batch.accepted_lines + sum(span.lines for span in batch.spans) == text.count(end.encode())


# --- well-formed records


@given(st.lists(st.text('a,"\n é', max_size=5), min_size=1, max_size=5), st.sampled_from([",", ";", "|"]))
def test_whatever_the_csv_module_writes_is_well_formed(row: list[str], delimiter: str) -> None:
    assert well_formed([written([row], "", csv.QUOTE_ALL, delimiter)], delimiter, '"').all()


@given(st.text('a,"b ', max_size=12))
def test_a_well_formed_record_is_one_that_the_csv_module_accepts(text: str) -> None:
    if well_formed([text], ",", '"').all():
        assert len(list(csv.reader(io.StringIO(text, newline=""), strict=True))) == bool(text)


@pytest.mark.parametrize("text", ['"a', 'a,"b', '"a"b', '"a" ,b', '"a""', 'a,"b"c,d'])
def test_a_quote_that_encloses_no_whole_cell_is_not_well_formed(text: str) -> None:
    assert not well_formed([text], ",", '"').any()


@pytest.mark.parametrize("text", ["", ",", '""', '"",""', '5" pipe', 'a,b"', '"a""b",c', '"a\nb"'])
def test_empty_cells_doubled_quotes_and_quotes_inside_text_are_well_formed(text: str) -> None:
    assert well_formed([text], ",", '"').all()
