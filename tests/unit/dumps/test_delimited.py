"""Chunks of delimited text in which quotes are ordinary text."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.delimited import split
from floodmark.dumps.fates import Batch
from floodmark.dumps.layouts import MAX_EXTRA
from floodmark.dumps.plan import Plan
from floodmark.dumps.raw_cells import STAND_INS
from floodmark.identifiers import FieldType


def text_plan(columns: int, delimiter: str = ":") -> Plan:
    """Columns of any text: nothing is checked, nothing is protected."""
    names = tuple(f"c{number}" for number in range(columns))
    return Plan(delimiter, names, (FieldType.FREE_TEXT,) * columns, (), None)


def fates(batch: Batch) -> list[tuple[str, str, int, int]]:
    return [(span.kind, span.reason, span.start, span.lines) for span in batch.spans]


def assert_partition(batch: Batch, text: bytes) -> None:
    """Every byte and line has one fate, and spans lie in order without touching twice."""
    assert batch.accepted_bytes + sum(span.size for span in batch.spans) == len(text)
    at = batch.start
    for span in batch.spans:
        assert span.start >= at
        at = span.start + span.size
    assert at <= batch.start + len(text)
    repaired = sum(span.lines for span in batch.spans if span.kind == "repaired")
    assert batch.frame.height == batch.accepted_lines + repaired


COUNTS = st.sampled_from([1, 2, 3, 3, 3, 4, 5, 3 + MAX_EXTRA + 1])


@given(
    delimiter=st.sampled_from([":", "\t", "|||", "¦", " - ", "::"]),
    ends=st.sampled_from([("lf", "\n"), ("crlf", "\r\n"), ("cr", "\r")]),
    counts=st.lists(COUNTS, max_size=10),
    cells=st.lists(st.text('aé"日0', max_size=3), min_size=20, max_size=20),
)
@settings(max_examples=40)
@example(delimiter=":", ends=("lf", "\n"), counts=list(range(1, 20)), cells=[""] * 20)
def test_lines_of_the_right_count_are_records_and_no_other_line_is(
    delimiter: str, ends: tuple[str, str], counts: list[int], cells: list[str]
) -> None:
    newline, end = ends
    rows = [[f"x{number}", *cells[: count - 1]] for number, count in enumerate(counts)]
    text = "".join(delimiter.join(row) + end for row in rows).encode()
    batch = split(text, 1000, newline, text_plan(3, delimiter))
    assert batch.frame.rows() == [tuple(row) for row in rows if len(row) == 3]
    assert_partition(batch, text)
    wanted = Counter(reason for count in counts if (reason := reason_of(count)))
    found: Counter[str] = Counter()
    for span in batch.spans:
        found[span.reason] += span.lines
    assert found == wanted


def reason_of(count: int) -> str:
    if count < 3:
        return "too-few-cells"
    if count > 3 + MAX_EXTRA:
        return "too-many-cells"
    return "" if count == 3 else "ambiguous-delimiters"


GOOD = {b"a:b": ("a", "b"), b" a:b ": (" a", "b "), b"\xc3\xa9:b": ("é", "b"), b":": ("", "")}
BAD = [b"", b"  ", b"\t", b"a", b"\xff:a", b"a\0:b", b"a:b:c", b"\r"]


@given(st.lists(st.sampled_from([*GOOD, *BAD]), max_size=12), st.booleans())
@settings(max_examples=40)
def test_good_lines_come_through_among_any_others(lines: list[bytes], last_end: bool) -> None:
    text = b"\n".join(lines) + (b"\n" if last_end else b"")
    batch = split(text, 0, "lf", text_plan(2))
    assert batch.frame.rows() == [GOOD[line] for line in lines if line in GOOD]
    assert_partition(batch, text)


def test_blank_lines_are_skipped_and_neighbours_are_one_span() -> None:
    batch = split(b"a:b\n\n \t \n\nc:d\n", 10, "lf", text_plan(2))
    assert fates(batch) == [("skipped", "blank", 14, 3)]
    assert batch.accepted_lines == 2


def test_a_line_of_delimiters_is_a_record_and_not_blank() -> None:
    batch = split(b":\n\t\t\n", 0, "lf", text_plan(2))
    assert batch.frame.rows() == [("", "")]
    batch = split(b"\t\n", 0, "lf", text_plan(2, "\t"))
    assert batch.frame.rows() == [("", "")]


@pytest.mark.parametrize("bad", [b"\xff:x", b"\xed\xa0\x80:x", b"\xc3:", b"a\0:b", b"\0"])
def test_a_line_that_is_no_utf_8_or_holds_a_nul_is_quarantined_alone(bad: bytes) -> None:
    batch = split(b"a:b\n" + bad + b"\nc:d\n", 0, "lf", text_plan(2))
    assert fates(batch) == [("quarantined", "invalid-utf-8-or-nul", 4, 1)]
    assert batch.frame.rows() == [("a", "b"), ("c", "d")]


def test_a_line_beyond_the_limit_is_quarantined_and_one_at_the_limit_is_read() -> None:
    longest = b"x" * (LINE_LIMIT - 2) + b":y"
    batch = split(longest + b"\nx" + longest + b"\na:b\n", 0, "lf", text_plan(2))
    assert fates(batch) == [("quarantined", "line-too-long", LINE_LIMIT + 1, 1)]
    assert batch.accepted_lines == 2


def test_a_chunk_without_a_line_has_no_records() -> None:
    batch = split(b"", 5, "lf", text_plan(2))
    assert (batch.start, batch.frame.shape, batch.spans) == (5, (0, 2), ())


def test_a_chunk_of_bad_lines_only_keeps_its_columns() -> None:
    batch = split(b"\n\xff\n", 0, "lf", text_plan(2))
    assert batch.frame.columns == ["c0", "c1"]
    assert batch.frame.height == 0


def test_one_column_without_a_delimiter_takes_each_line_whole() -> None:
    batch = split(b"12025550100\n\n12025550101,x\n", 0, "lf", text_plan(1, ""))
    assert batch.frame.rows() == [("12025550100",), ("12025550101,x",)]
    assert fates(batch) == [("skipped", "blank", 12, 1)]


def test_where_no_byte_can_stand_in_a_longer_delimiter_still_cuts() -> None:
    noise = b"".join(STAND_INS)
    batch = split(b"a||" + noise + b"\nb||c||d\n||\n", 0, "lf", text_plan(2, "||"))
    assert batch.frame.rows() == [("a", noise.decode()), ("", "")]
    assert fates(batch) == [("quarantined", "ambiguous-delimiters", 3 + len(noise) + 1, 1)]


def test_a_record_keeps_the_text_of_its_cells_as_found() -> None:
    batch = split(' "a" :=1+1\n<b>:\u2028é\n'.encode(), 0, "lf", text_plan(2))
    assert batch.frame.rows() == [(' "a" ', "=1+1"), ("<b>", "\u2028é")]
