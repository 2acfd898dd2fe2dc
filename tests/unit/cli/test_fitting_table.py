"""Tables that fit their terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from floodmark.cli.fitting_table import FittingTable

ACTOR = "account/1a2b3c4d5e6f7081"
TABLE = FittingTable(
    "ACTORS", "actor|>asked|by|first asked|kind", [(ACTOR, "20,000", "evidence", "2026-01-12", "call-centre")]
)


def shown(table: FittingTable, width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False, markup=False).print(table)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [30, 40, 57, 60, 80, 200])
def test_a_digest_is_never_broken_and_no_line_is_too_long(width: int) -> None:
    lines = shown(TABLE, width)
    assert any(line.startswith(ACTOR) for line in lines)
    assert max(map(len, lines)) <= width


def test_columns_without_room_are_left_out_from_the_end_and_named() -> None:
    text = " ".join(shown(TABLE, 46))
    assert "20,000" in text
    assert "call-centre" not in text
    assert "No room for: first asked, kind." in " ".join(text.split())
    assert "No room for" not in " ".join(shown(TABLE, 80))


def test_headings_go_over_two_lines_before_a_column_is_left_out() -> None:
    whole = FittingTable("T", "name|>lookups unanswered", [("search", "7")])
    assert "lookups unanswered" in " ".join(shown(whole, 30))
    lines = shown(whole, 18)
    assert not any("lookups unanswered" in line for line in lines)
    assert "No room for" not in " ".join(lines)


def test_a_column_that_may_be_folded_takes_what_is_left() -> None:
    reason = "Call centre, and a reason of many words that is long"
    lines = shown(FittingTable("T", "actor|~why", [(ACTOR, reason)]), 50)
    assert " ".join(" ".join(lines).replace(ACTOR, "").split()).endswith(reason)
    assert "No room for" not in " ".join(lines)


def test_without_rows_there_is_nothing() -> None:
    assert shown(FittingTable("T", "a|b", []), 80) == []


@given(
    st.lists(st.tuples(*[st.text("ab ü漢", max_size=30)] * 3), min_size=1, max_size=4), st.integers(20, 100)
)
def test_no_text_is_wider_than_the_terminal(rows: list[tuple[str, ...]], width: int) -> None:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    for line in console.render_lines(FittingTable("T", "one|>two three|~four", rows), pad=False):
        assert sum(part.cell_length for part in line) <= width
