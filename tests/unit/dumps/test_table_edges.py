"""Where the table of a text begins and ends, and what names its columns."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.candidates import Candidate
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.grammar import Grammar
from floodmark.dumps.infer_delimited import delimited_grammar
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import lines_of, stated_separator
from floodmark.dumps.sample_records import sample_records
from floodmark.dumps.table_edges import find_edges
from floodmark.dumps.table_end import below
from floodmark.dumps.table_top import find_top, stands_out
from floodmark.dumps.typing_columns import Inferred
from floodmark.errors import FloodmarkError

ROWS = "2020-01-01,3,4.5\n2020-01-02,5,6.5\n2020-01-03,7,8.5\n2020-01-04,9,10.5\n"
COMMA = Candidate(",", '"', 3, 1.0)


def inferred(text: str, **overrides: object) -> Inferred:
    sample = Sample(text.encode(), (), "plain", Encoding("utf-8", False), complete=True)
    return delimited_grammar(sample, "lf", lines_of(sample.head, "lf"), Overrides(**overrides))  # type: ignore[arg-type]


def grammar(text: str, **overrides: object) -> Grammar:
    return inferred(text, **overrides).grammar


def reasons(text: str, **overrides: object) -> dict[str, str]:
    return {line.decode(): reason for line, reason in inferred(text, **overrides).asides.lines}


# --- headers


@pytest.mark.parametrize("header", ["day,rain,wind", "Tag,Regen,Wind", "день,дождь,ветер", "#day,rain,wind"])
def test_words_above_dates_and_numbers_name_the_columns_in_any_language(header: str) -> None:
    found = grammar(f"{header}\n{ROWS}")
    assert (found.header, found.preamble, found.names) == (True, 0, header.split(","))


def test_records_without_a_header_have_none() -> None:
    assert (grammar(ROWS).header, grammar(ROWS).preamble) == (False, 0)


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ("A title\n", 1),
        ("A title,,\n,,\n", 2),
        ("Rain, wind, and sun, all in one\n\n", 1),
        (",2019,2020\n", 1),
        ("Where:,Harbour\nWho:,Office\n", 2),
    ],
)
def test_titles_notes_and_groups_above_the_header_are_preamble(above: str, lines: int) -> None:
    found = grammar(f"{above}day,rain,wind\n{ROWS}")
    assert (found.header, found.preamble, found.names) == (True, lines, ["day", "rain", "wind"])


@pytest.mark.parametrize("units", ["yyyy-mm-dd,mm,m/s", ",[mm],[m/s]", ",(mm),"])
def test_units_below_the_header_are_set_aside(units: str) -> None:
    text = f"day,rain,wind\n{units}\n{ROWS}"
    assert grammar(text).names == ["day", "rain", "wind"]
    assert reasons(text)[units] == "units"


def test_a_rule_below_the_header_is_set_aside() -> None:
    assert reasons(f"day,rain,wind\n---,----,----\n{ROWS}")["---,----,----"] == "rule"


def test_the_header_come_again_is_set_aside() -> None:
    assert reasons(f"day,rain,wind\n{ROWS}day,rain,wind\n{ROWS}")["day,rain,wind"] == "repeated-header"


def test_years_that_follow_each_other_name_columns_and_other_numbers_do_not() -> None:
    rows = "north,3,4,5\nsouth,4,5,6\neast,5,6,7\nwest,9,1,2\n"
    assert grammar(f"region,2018,2019,2020\n{rows}").header
    assert not grammar(f"region,2020,2018,2019\n{rows}").header
    assert not grammar(f"region,17,18,19\n{rows}").header


def test_a_header_that_lacks_a_name_is_widened_on_the_right_side() -> None:
    rows = "".join(f"{n},{n * 7},k{n}\n" for n in range(1, 6))
    assert grammar(f"size,kind\n{rows}").names == ["column_1", "size", "kind"]
    trailing = "".join(f"{n},k{n},\n" for n in range(1, 6))
    assert grammar(f"size,kind\n{trailing}").names == ["size", "kind", "column_3"]


def test_a_caller_who_says_that_there_is_no_header_is_believed() -> None:
    found = grammar(f"day,rain,wind\n{ROWS}", header=False)
    assert (found.header, found.preamble) == (False, 0)


def test_small_letters_or_capitals_above_words_stand_out() -> None:
    cells = pl.DataFrame({"a": ["Leeds", "Lyon", "Lund", "Linz"], "b": ["Oak", "Ash", "Elm", "Fir"]})
    assert stands_out(["town", "tree"], cells)
    assert stands_out(["TOWN", "TREE"], cells)
    assert not stands_out(["Town", "Tree"], cells)
    assert not stands_out(["town", "town"], cells)
    assert not stands_out(["town", "tree"], cells.with_columns(a=pl.Series(["a", "Lyon", "Lund", "Linz"])))


def test_a_line_that_states_the_delimiter_is_believed_and_skipped() -> None:
    found = grammar("sep=^\nday^rain\n2020-01-01^3,5\n2020-01-02^4,5\n")
    assert (found.delimiter, found.preamble, found.names) == ("^", 1, ["day", "rain"])
    assert stated_separator(["sep=\t"]) == "\t"
    assert stated_separator(["september"]) is None


# --- the end


@pytest.mark.parametrize(
    "note",
    [
        "Source: the rain office",
        "(4 rows affected)",
        "* provisional",
        "Total,24,30.0",
        "Insgesamt,24,30",
        "Notes:,,",
    ],
)
def test_notes_and_totals_below_the_last_record_are_set_aside(note: str) -> None:
    assert reasons(f"day,rain,wind\n{ROWS}{note}\n")[note] == "footer"
    assert reasons(f"day,rain,wind\n{ROWS}\n{note}\n")[note] == "footer"


@pytest.mark.parametrize("last", ["2020-01-05,1", "2020", "2020-01-05,1,2", "2020-01-05,,"])
def test_half_a_record_at_the_end_is_no_note(last: str) -> None:
    assert last not in reasons(f"day,rain,wind\n{ROWS}{last}")


def test_a_table_below_is_no_note() -> None:
    records = sample_records(f"{ROWS}\nmonth,sum\n01,3\n02,4\n".split("\n"), COMMA)
    assert below(records, records, 3) == []


# --- short lines


def test_short_lines_are_whole_where_no_record_writes_an_empty_cell_at_its_end() -> None:
    short = "2020-01-05\n2020-01-06,1\n2020-01-07,2\n"
    assert inferred(f"day,rain,wind\n{ROWS}{short}{ROWS}").pads
    assert not inferred(f"day,rain,wind\n{ROWS}{short}2020-01-08,4,\n").pads
    assert not inferred(f"day,rain,wind\n{ROWS}1,2020-01-06\n2,2020-01-07\n{ROWS}").pads
    assert not inferred(ROWS + short + ROWS).pads


def test_the_header_says_how_many_columns_there_are_where_most_lines_leave_out_the_last() -> None:
    rows = "".join(f"2020-01-{n:02d},{n}\n" for n in range(1, 20))
    found = inferred(f"day,rain,remark\n{rows}2020-02-01,4,hail\n")
    assert (found.pads, found.grammar.names) == (True, ["day", "rain", "remark"])


# --- anything


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text('a1,;"# \\-', max_size=12), max_size=25), st.integers(1, 4))
def test_edges_of_any_lines_lie_within_them(lines: list[str], width: int) -> None:
    best = Candidate(",", '"', width, 1.0)
    edges = find_edges([*lines, "x"], 0, best, Overrides(), complete=True)
    assert 0 <= edges.preamble <= len(lines)
    assert edges.names is None or len(edges.names) == width
    top = find_top(sample_records(lines, best), width)
    assert top.header is None or 0 <= top.header.line < len(lines)


@settings(max_examples=60, deadline=None)
@given(st.text("ab1,;\t|:\"'\\#-\n =.", max_size=200))
def test_any_text_is_inferred_or_refused(text: str) -> None:
    try:
        found = grammar(text)
    except FloodmarkError as error:
        assert error.hint
    else:
        assert len(set(found.names)) == len(found.columns)
