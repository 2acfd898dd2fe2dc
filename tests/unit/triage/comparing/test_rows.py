"""Rows of two dumps by what their shared cells say."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import Column, Grammar
from floodmark.identifiers import FieldType
from floodmark.identifiers.digests import DigestKey
from floodmark.triage.comparing.columns import Columns, Key
from floodmark.triage.comparing.comparable import plan_of
from floodmark.triage.comparing.comparison import RowPair
from floodmark.triage.comparing.rows import RowSpool, compare_rows, said

KEY = DigestKey(bytes(range(32)))


def grammar(*columns: Column) -> Grammar:
    return Grammar("delimited", "plain", "utf-8", False, ",", None, "lf", True, 0, (), columns, 1.0)


TEXT = grammar(Column(0, "one", FieldType.UNKNOWN, 0.0), Column(1, "two", FieldType.UNKNOWN, 0.0))
TWO = (Key("unknown", "one"), Key("unknown", "two"))
COLUMNS = Columns()
COLUMNS.add(0, TWO, [1, 1], 1)
COLUMNS.add(1, TWO, [1, 1], 1)
PLAN = plan_of(COLUMNS)


def rows_of(a: list[tuple[str, str]], b: list[tuple[str, str]], parts: int = 1) -> RowPair:
    with RowSpool(PLAN, KEY) as first, RowSpool(PLAN, KEY) as second:
        for spool, rows in ((first, a), (second, b)):
            for part in range(parts):
                frame = pl.DataFrame(rows[part::parts], {"one": pl.String, "two": pl.String}, orient="row")
                spool.add(frame, TEXT)
        return compare_rows(first, second)


cells = st.sampled_from(["", "a", "b", "\x1f", "\x1e", "a\x1f", "\x1e1", "\x1e0", "\x1fb", " a ", "ä\u202e"])
tables = st.lists(st.tuples(cells, cells), max_size=30)


@settings(max_examples=60)
@given(tables, tables, st.integers(1, 3))
def test_rows_are_counted_as_sets_of_them_say(
    a: list[tuple[str, str]], b: list[tuple[str, str]], parts: int
) -> None:
    found = rows_of(a, b, parts)
    # Blanks around a cell say nothing, and Polars knows the same blanks as Unicode does.
    left, right = (Counter((x.strip(" "), y.strip(" ")) for x, y in rows) for rows in (a, b))
    blank = left.pop(("", ""), 0), right.pop(("", ""), 0)
    assert (found.blank_a, found.blank_b) == blank
    assert (found.a, found.b) == (left.total(), right.total())
    assert (found.distinct_a, found.distinct_b) == (len(left), len(right))
    assert found.distinct_both == len(left.keys() & right.keys())
    assert found.a_in_b == sum(n for row, n in left.items() if row in right)
    assert found.b_in_a == sum(n for row, n in right.items() if row in left)
    assert found.only_a == found.a - found.a_in_b


def test_a_cell_that_ends_where_the_next_begins_is_another_row() -> None:
    assert rows_of([("a\x1f", "b")], [("a", "\x1fb")]).distinct_both == 0
    assert rows_of([("ab", "")], [("a", "b")]).distinct_both == 0


@pytest.mark.parametrize(
    ("kind", "cell", "other"),
    [
        (FieldType.PHONE, "+44 20 7946 0000", "00442079460000"),
        (FieldType.EMAIL, "Ada@EXAMPLE.org", "ada@example.org"),
        (FieldType.PROFILE_ID, "000100000000000004", "100000000000004"),
    ],
)
def test_an_identifier_is_the_same_however_it_is_written(kind: FieldType, cell: str, other: str) -> None:
    one, two = said(pl.Series([cell, other]), kind.label, None).to_list()
    assert one == two != ""


def test_a_date_is_the_same_in_another_order_and_a_time_of_day_says_nothing() -> None:
    american = said(pl.Series(["02/13/1984 12:00:00 AM", "1/1/0001"]), "date", "mdy").to_list()
    iso = said(pl.Series(["1984-02-13", "0001-01-01"]), "date", "ymd").to_list()
    assert american == iso


def test_rows_of_a_table_without_a_compared_column_are_counted_and_not_compared() -> None:
    one = grammar(Column(0, "two", FieldType.UNKNOWN, 0.0))
    with RowSpool(PLAN, KEY) as first, RowSpool(PLAN, KEY) as second:
        first.add(pl.DataFrame({"c0": ["x", ""]}), one)
        first.add(pl.DataFrame({"c0": ["", ""], "c1": ["x", ""]}), TEXT)
        second.add(pl.DataFrame({"c0": ["", "y"], "c1": ["x", "x"]}), TEXT)
        found = compare_rows(first, second)
    assert (found.a, found.blank_a, found.lacking_a, found.uncompared_a) == (1, 1, 2, 3)
    assert (found.distinct_both, found.only_b, found.uncompared_b) == (1, 1, 0)
