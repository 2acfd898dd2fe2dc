"""Cells of delimited lines, and what quotes may not do to the lines after them."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.watch_rows import MOST_LINES, RowCutter, delimiter_of


def cut(lines, delimiter=",", at=None):
    """Records, their lines and the spoilt lines; the lines given in two blocks where `at` says."""
    cutter = RowCutter(delimiter)
    blocks = [(1, lines)] if at is None else [(1, lines[:at]), (at + 1, lines[at:])]
    records, numbers, spoilt = [], [], []
    for block, (first, part) in enumerate(blocks):
        rows = cutter.rows(first, pl.Series(part, dtype=pl.String), last=block == len(blocks) - 1)
        records += [rows.record(row) for row in range(len(rows))]
        numbers += rows.lines.tolist()
        spoilt += rows.open_quotes
    return records, numbers, spoilt


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a,b", "c,d"], ","),
        (["a;b,c", "d;e,f,g"], ";"),
        (["a\tb", "c\td"], "\t"),
        (["a|b|c"] * 3, "|"),
        (["ada@example.org", "+44 20 7031 3000"], None),
        (["Doe, Jane", "plain", "other", "more"], None),
        (['"a;b",c', '"d;e;f",g'], ","),
        (["", ""], None),
    ],
)
def test_the_delimiter_gives_most_lines_one_number_of_cells(lines, delimiter):
    assert delimiter_of(pl.Series(lines)) == delimiter


def test_a_lone_quote_spoils_its_own_line_and_no_other():
    lines = ["name,mail", '"Ada,ada@example.org', "Bob,bob@example.org", 'Cy,"cy@example.org']
    records, numbers, spoilt = cut(lines)
    assert records == [["name", "mail"], ["Bob", "bob@example.org"]]
    assert (numbers, spoilt) == ([1, 3], [2, 4])


def test_two_lone_quotes_do_not_swallow_the_lines_between_them():
    lines = ["a,b", '"x,y', "1,2", "3,4", '"u,v', "5,6"]
    assert cut(lines) == ([["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]], [1, 3, 4, 6], [2, 5])


def test_a_quoted_cell_may_hold_line_ends_and_its_record_has_the_first_line():
    lines = ["name,address,mail", 'Ada,"1 Road', '2 Town",ada@example.org', "Bob,,bob@example.org"]
    for at in range(len(lines)):
        records, numbers, spoilt = cut(lines, at=at)
        assert records[1] == ["Ada", "1 Road\n2 Town", "ada@example.org"]
        assert (numbers, spoilt) == ([1, 2, 4], [])


def test_a_record_of_too_many_lines_is_spoilt():
    lines = ["a,b", '"x', *["y"] * MOST_LINES, 'z",w', "c,d"]
    records, _, spoilt = cut(lines)
    assert spoilt[0] == 2 and records[-1] == ["c", "d"]
    assert ["y"] in records


def test_cells_together_longer_than_the_csv_module_allows_are_spoilt_not_fatal():
    lines = ["a,b", '"' + "x" * 60_000, *["y" * 60_000] * 3, "c,d"]
    records, _, spoilt = cut(lines)
    assert spoilt == [2]
    assert records[-1] == ["c", "d"]


def test_a_list_of_one_column_needs_no_commas_and_drops_quotes_around_a_line():
    lines = ['"ada@example.org"', "Doe, Jane", '"lone']
    assert cut(lines, None)[0] == [["ada@example.org"], ["Doe, Jane"], ['"lone']]


def test_a_column_that_a_record_does_not_reach_is_null():
    rows = RowCutter(",").rows(1, pl.Series(["a,b", "c", "", "d,e,f"]), last=True)
    assert rows.column(1).to_list() == ["b", None, None, "e"]
    assert rows.filled().lines.tolist() == [1, 2, 4]


@given(
    st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), min_size=2, max_size=12),
    st.integers(0, 20),
)
def test_what_the_csv_module_writes_comes_back(records, at):
    records = [[cell.replace("\r", " ") for cell in record] for record in records]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["name", "text"], *records])
    lines = out.getvalue().removesuffix("\n").split("\n")
    found, numbers, spoilt = cut(lines, at=min(at, len(lines)))
    assert found == [["name", "text"], *records]
    assert (spoilt, numbers) == ([], sorted(numbers))


@given(st.lists(st.text('",ab', max_size=6), min_size=1, max_size=30))
def test_every_line_is_a_record_or_spoilt_whatever_its_quotes(lines):
    _, numbers, spoilt = cut(lines)
    assert len(set(numbers) | set(spoilt)) == len(numbers) + len(spoilt) <= len(lines)
    plain = {number for number, line in enumerate(lines, 1) if '"' not in line}
    inside = plain - set(numbers)
    # A line without quotes is lost only inside a record that lies around it, and never to an open quote.
    assert not inside & set(spoilt)
    assert all(any(number < line for number in numbers) for line in inside)
