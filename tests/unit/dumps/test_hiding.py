"""Hiding common times before splitting, and putting them back wherever they were."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from floodmark.dumps.delimited import split
from floodmark.dumps.hiding import hide
from floodmark.dumps.plan import Plan
from floodmark.dumps.protect import combined
from floodmark.dumps.raw_cells import STAND_INS, RawCells, cut_cells
from floodmark.identifiers import FieldType

MIDNIGHT = " 12:00:00 AM"
TYPES = (FieldType.FREE_TEXT, FieldType.REGISTERED_AT, FieldType.EMAIL)
PLAN = Plan(
    delimiter=":",
    names=("note", "date", "mail"),
    types=TYPES,
    strong=(1, 2),
    protected=combined(("timestamp", "url", "ipv6", "mac"), quoted=True),
    usual_extra=2,
    times=(MIDNIGHT,),
)
GOOD = "some:5/8/2018 12:00:00 AM:a@b.example"


def cut(text: bytes, width: int) -> RawCells:
    lines = text.split(b"\n")[:-1]
    lengths = pl.Series([len(line) for line in lines]).to_numpy()
    cells = cut_cells(text, lengths, b":", width, "lf")
    assert cells is not None
    return cells


def test_the_delimiters_of_a_usual_time_are_hidden_and_nothing_else_changes() -> None:
    text = f"{GOOD}\n{GOOD}\n".encode()
    hidden = hide(text, (MIDNIGHT,), b":")
    assert hidden is not None
    assert hidden.times == 2
    assert len(hidden.data) == len(text)
    assert hidden.data.count(b":") == 4
    assert hidden.data.replace(hidden.byte.encode(), b":") == text


@pytest.mark.parametrize("column", range(5))
def test_a_hidden_time_comes_back_in_whatever_column_it_is(column: int) -> None:
    cells = ["a", "b", "c", "d", "e"]
    cells[column] = f"5/8/2018{MIDNIGHT}"
    text = (":".join(cells) + "\n").encode()
    hidden = hide(text, (MIDNIGHT,), b":")
    assert hidden is not None
    assert hidden.restored(cut(hidden.data, 5), PLAN).frame.row(0) == tuple(cells)


CELLS = st.sampled_from(["x", "", f"5/8/2018{MIDNIGHT}", f"a{MIDNIGHT}{MIDNIGHT}"])


@given(st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=6), st.integers(3, 6))
@settings(max_examples=50)
@example([["x", f"a{MIDNIGHT}{MIDNIGHT}", "x"], [f"5/8/2018{MIDNIGHT}", "x"]], 3)
@example([["x"] * 6 + [f"5/8/2018{MIDNIGHT}"]], 3)
def test_hidden_times_come_back_in_every_column_and_row(rows: list[list[str]], width: int) -> None:
    text = "".join(":".join(row) + "\n" for row in rows).encode()
    hidden = hide(text, (MIDNIGHT,), b":")
    assert hidden is not None
    raw = hidden.restored(cut(hidden.data, width), PLAN)
    assert raw.frame.rows() == [tuple((row + [""] * width)[:width]) for row in rows]


def test_hidden_times_come_back_where_no_column_holds_dates() -> None:
    plan = replace(PLAN, types=(FieldType.FREE_TEXT,) * 3, strong=())
    batch = split(f"{GOOD}\n".encode(), 0, "lf", plan)
    assert batch.frame.rows() == [("some", f"5/8/2018{MIDNIGHT}", "a@b.example")]


def test_without_usual_times_nothing_is_hidden() -> None:
    assert hide(GOOD.encode(), (), b":") is None


def test_where_every_stand_in_occurs_nothing_is_hidden() -> None:
    assert hide(GOOD.encode() + b"".join(STAND_INS), (MIDNIGHT,), b":") is None


def test_a_stand_in_that_occurs_in_the_data_is_not_used() -> None:
    hidden = hide(GOOD.encode() + STAND_INS[0] + STAND_INS[1], (MIDNIGHT,), b":")
    assert hidden is not None
    assert hidden.byte.encode() == STAND_INS[2]


@pytest.mark.parametrize(
    "line",
    [
        GOOD,
        f"5/8/2018{MIDNIGHT}:5/8/2018{MIDNIGHT}:a@b.example",
        f"a:b:5/8/2018{MIDNIGHT}:a@b.example",
        f"a:5/8/2018{MIDNIGHT}",
        f"a:5/8/2018{MIDNIGHT}:a@b.example:c",
        "a:5/8/2018 12:00:00:a@b.example",
        f"a{MIDNIGHT}:5/8/2018 1:02:03 PM:a@b.example",
    ],
)
def test_a_line_has_the_same_fate_with_and_without_hiding(line: str) -> None:
    text = f"{GOOD}\n{line}\n".encode()
    with_hiding, without = (
        split(text, 0, "lf", PLAN),
        split(text, 0, "lf", replace(PLAN, times=())),
    )
    assert with_hiding.spans == without.spans
    assert_frame_equal(with_hiding.frame, without.frame)
