"""Whole delimited texts with all that surrounds a table: whatever is cut off or changed, every byte has one fate."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.accounting import Accounting
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.infer_delimited import delimited_grammar
from floodmark.dumps.line_reader import LineReader
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import lines_of, newline_of
from floodmark.dumps.table import count
from floodmark.errors import FloodmarkError

TEXT = (
    b'Title\n#c\n\nid,x,t\n,[m],\n1,2,"a \\"b\\" c"\n#d,e,f\n2,3,"x, y"\nid,x,t\n3,5,"two\nlines"\n,,\n4,9,"z"\n'
    b"Total,19,\n\nSource: us\n"
)


def account(text: bytes, complete: bool = True) -> tuple[Accounting, list[tuple[str, ...]]]:
    newline = newline_of(text)
    sample = Sample(text, (), "plain", Encoding("utf-8", False), complete)
    reader = LineReader(delimited_grammar(sample, newline, lines_of(text, newline), Overrides()))
    accounting, rows = Accounting(), []
    for chunk in reader.chunks(BytesIO(text).read, 0):
        for batch in reader.split(chunk):
            count(accounting, batch)
            rows += batch.frame.rows()
    return accounting, rows


def test_records_come_out_of_all_that_surrounds_them() -> None:
    accounting, rows = account(TEXT)
    assert rows == [("1", "2", 'a "b" c'), ("2", "3", "x, y"), ("3", "5", "two\nlines"), ("4", "9", "z")]
    assert {reason: tally.lines for reason, tally in accounting.reasons["skipped"].items()} == {
        "preamble": 2,
        "header": 1,
        "units": 1,
        "comment": 1,
        "repeated-header": 1,
        "blank": 3,
        "footer": 2,
    }
    assert not accounting.lines["quarantined"]


def test_a_text_cut_off_anywhere_is_read_or_refused_and_every_byte_counts() -> None:
    for size in range(0, len(TEXT), 3):
        try:
            accounting, rows = account(TEXT[:size])
        except FloodmarkError as error:
            assert error.hint
            continue
        assert accounting.total_bytes == size
        assert accounting.records == len(rows)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.binary(max_size=3), st.booleans())
def test_a_text_with_some_bytes_changed_is_read_or_refused_and_every_byte_counts(
    at: int, change: bytes, complete: bool
) -> None:
    text = TEXT[:at] + change + TEXT[at + len(change) :]
    try:
        accounting, _ = account(text, complete)
    except FloodmarkError:
        return
    assert accounting.total_bytes == len(text)


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_line_ends_change_nothing(end: bytes) -> None:
    text = TEXT.replace(b'"two\nlines"', b'"one"').replace(b"\n", end)
    assert [row[0] for row in account(text)[1]] == ["1", "2", "3", "4"]
