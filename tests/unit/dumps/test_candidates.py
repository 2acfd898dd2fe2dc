"""Delimiters that a sample could be written with."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.candidates import (
    MAX_LINES,
    Candidate,
    candidates,
    cut_evenly,
    delimiters,
    sample_cells,
    sample_rows,
)
from floodmark.dumps.quoting import ways
from floodmark.dumps.raw_cells import row_of

WORDS = ["Ada", "12025550100", "a@b.example", "Leeds"]


def lines(delimiter: str, count: int = 20) -> list[str]:
    return [delimiter.join([*WORDS, str(number)]) for number in range(count)]


@pytest.mark.parametrize(
    "delimiter",
    [",", ";", "\t", "|", ":", "^", "~", "\x01", "\x1f", "¦", "§", "#", "||", "|||", ":::", "::", "##", "<>", "=>",
     "*|*", ", ", "; ", " | ", " - ", " : "],
)  # fmt: skip
def test_the_delimiter_of_an_even_table_is_a_consistent_candidate(delimiter: str) -> None:
    table = [line.replace("12025550100", "1") for line in lines(delimiter)]
    found = {c.delimiter for c in candidates(table) if c.columns == 5 and c.consistency == 1.0}
    assert delimiter in found


def test_one_cell_a_line_is_always_a_candidate() -> None:
    for table in (["12025550100"], lines(":"), ["", "a b"]):
        assert candidates(table)[-1] == Candidate("", None, 1, 1.0)


def test_a_repeated_character_is_a_delimiter_only_as_the_run_that_is_always_repeated() -> None:
    assert "||" in delimiters(lines("||"))
    assert "|" not in delimiters(lines("||"))
    assert ":" in delimiters(["a:b::c", "d::e:f"])


def test_a_blank_after_every_delimiter_belongs_to_it() -> None:
    assert ", " in delimiters(lines(", "))
    assert "," in delimiters([*lines(", "), *lines(",")])


def test_a_character_in_less_than_half_of_the_lines_is_no_delimiter() -> None:
    table = ["a;b"] * 4 + ["a:b"] * 6
    assert ":" in delimiters(table)
    assert ";" not in delimiters(table)


def test_consistency_is_the_share_of_lines_with_the_most_usual_count() -> None:
    cut = cut_evenly(["a:b:c"] * 8 + ["a:b", "a:b:c:d"], ":")
    assert cut is not None
    assert (cut.columns, cut.consistency) == (3, 0.8)


def test_protected_delimiters_are_not_counted() -> None:
    cut = cut_evenly(["a:5/8/2018 12:00:00 AM:b", "a:5/8/2018:b", "a:http://x.example:b"], ":")
    assert cut is not None
    assert (cut.columns, cut.consistency) == (3, 1.0)


def test_a_delimiter_that_hardly_occurs_cuts_nothing() -> None:
    assert cut_evenly(["a b"] * 9 + ["a:b"], ":") is None


def test_only_the_first_lines_are_weighed() -> None:
    table = ["a:b"] * MAX_LINES + ["a;b;c"] * 5000
    assert candidates(table)[0].delimiter == ":"


# --- quoting


@pytest.mark.parametrize(
    ("table", "delimiter", "quote"),
    [
        (['"a","b"', '"c","d"'], ",", '"'),
        (['"a"|"b"'], "|", '"'),
        (['1:"b:c":d'], ":", '"'),
        (["a,b"], ",", '"'),
        (["a;b"], ";", '"'),
        (["a\tb"], "\t", '"'),
        (["a:b"], ":", None),
        (["a|b"], "|", None),
        (['5" pipe:6" pipe'], ":", None),
        (['say "hi" now:b'], ":", None),
    ],
)
def test_quotes_enclose_cells_where_they_are_seen_to_or_programs_usually_quote(
    table: list[str], delimiter: str, quote: str | None
) -> None:
    assert ways(table, delimiter)[0] == (quote, None)


def test_a_stated_quote_is_not_doubted() -> None:
    table = ["'a,b',c", "'d,e',f"]
    for stated, columns in (("'", 2), (None, 3)):
        cut = cut_evenly(table, ",", stated)
        assert cut is not None
        assert (cut.quote, cut.columns) == (stated, columns)


# --- cells of one line


@given(st.lists(st.text('a,"é ', max_size=5), min_size=1, max_size=6))
def test_cells_of_a_line_are_those_that_the_csv_module_wrote(row: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="", quoting=csv.QUOTE_ALL).writerow(row)
    assert row_of(out.getvalue(), ",", '"') == row


@given(st.text("ab:|", max_size=20), st.sampled_from([":", "||", ":|"]))
def test_without_quotes_cells_are_those_of_splitting(line: str, delimiter: str) -> None:
    assert row_of(line, delimiter, None) == line.split(delimiter)
    assert row_of(line, delimiter, '"') == line.split(delimiter)


def test_without_a_delimiter_a_line_is_one_cell() -> None:
    assert row_of("a:b", "", None) == ["a:b"]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"a||b"||c', ["a||b", "c"]),
        ('"a"||"b""c"', ["a", 'b"c']),
        ("a||b", ["a", "b"]),
        ('a||5" pipe', ["a", '5" pipe']),
    ],
)
def test_a_longer_delimiter_with_quotes_gives_the_same_cells_as_a_single_one(
    line: str, cells: list[str]
) -> None:
    assert row_of(line, "||", '"') == cells


def test_broken_quotes_raise_nothing() -> None:
    for line in ('"a', 'a,"b', '"', '"a"b,c', '""",'):
        assert isinstance(row_of(line, ",", '"'), list)


def test_sample_cells_keep_protected_delimiters() -> None:
    cut = cut_evenly(["a:5/8/2018 12:00:00 AM:b"], ":")
    assert cut is not None
    assert sample_cells("a:5/8/2018 12:00:00 AM:b", cut) == ["a", "5/8/2018 12:00:00 AM", "b"]


def test_sample_rows_are_those_of_the_usual_width() -> None:
    rows = sample_rows(["a:b", "c", "d:e:f", "g:h"], Candidate(":", None, 2, 0.5))
    assert rows == [["a", "b"], ["g", "h"]]
