"""Which raw cells belong to which column: protected widths, unique repairs, and signs of shifts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.dumps import Column, Grammar
from floodmark.dumps.layouts import MAX_EXTRA, REASONS, in_order, resolve_all
from floodmark.dumps.plan import Plan
from floodmark.dumps.protect import combined
from floodmark.identifiers import FieldType

Row = tuple[str, ...]
COLON = ("timestamp", "url", "ipv6", "mac")
NAMES = ("phone", "name", "gender", "date", "mail")
TYPES = (
    FieldType.PHONE,
    FieldType.FULL_NAME,
    FieldType.GENDER,
    FieldType.REGISTERED_AT,
    FieldType.EMAIL,
)
PLAN = Plan(":", NAMES, TYPES, (0, 2, 3, 4), combined(COLON, quoted=True), 2)
GOOD = "12025550100:Ada Quint:female:5/8/2018 10:11:12 AM:a@b.example"


def decide(lines: list[str], plan: Plan = PLAN) -> list[tuple[str, Row | None]]:
    """For each line the reason (empty when accepted) and its cells, None when it is not kept."""
    rows = [line.split(plan.delimiter) for line in lines]
    counts = np.array([len(row) for row in rows], np.int64)
    width = int(counts.max())
    frame = pl.DataFrame(
        [row + [""] * (width - len(row)) for row in rows],
        schema={str(number): pl.String for number in range(width)},
        orient="row",
    )
    resolved = resolve_all(frame, counts, plan)
    cells = iter(resolved.cells.rows())
    return [
        (REASONS[reason], next(cells) if kept else None)
        for kept, reason in zip(resolved.kept.tolist(), resolved.reason.tolist(), strict=True)
    ]


def one(line: str, plan: Plan = PLAN) -> tuple[str, Row | None]:
    (decision,) = decide([line], plan)
    return decision


def plan_of(types: list[FieldType], strong: tuple[int, ...], protected: tuple[str, ...] = ()) -> Plan:
    names = tuple(f"c{number}" for number in range(len(types)))
    return Plan(":", names, tuple(types), strong, combined(protected, quoted=False))


TEXT, MAIL = FieldType.FREE_TEXT, FieldType.EMAIL

# --- lines that are as they should be


@pytest.mark.parametrize(
    "date",
    ["5/8/2018 10:11:12 AM", "5/8/2018 10:11", "5/8/2018", "", "2018-05-08T10:11:12Z", "2018-05-08 10:11:12+02:00"],
)  # fmt: skip
def test_a_date_is_one_cell_however_many_colons_its_time_has(date: str) -> None:
    line = f"12025550100:Ada:female:{date}:a@b.example"
    assert one(line) == ("", ("12025550100", "Ada", "female", date, "a@b.example"))


@pytest.mark.parametrize(
    "cell", ['"A:B"', "http://x.example/a", "http://x.example:8080/a", "2001:db8::1", "00:1a:2b:3c:4d:5e"]
)
def test_protected_text_in_any_column_keeps_its_delimiters(cell: str) -> None:
    line = f"12025550100:{cell}:female:5/8/2018 10:11:12 AM:a@b.example"
    assert one(line) == ("", ("12025550100", cell, "female", "5/8/2018 10:11:12 AM", "a@b.example"))


def test_empty_cells_are_accepted_everywhere() -> None:
    assert one("::::") == ("", ("", "", "", "", ""))


def test_one_bad_cell_is_only_a_bad_cell() -> None:
    reason, cells = one("12025550100:Ada:??:5/8/2018:a@b.example")
    assert reason == ""
    assert cells is not None
    assert cells[2] == "??"


# --- too few, too many


@pytest.mark.parametrize("count", range(1, 5))
def test_fewer_cells_than_columns_are_too_few(count: int) -> None:
    assert one(":".join(["1"] * count)) == ("too-few-cells", None)


def test_more_extra_cells_than_the_bound_are_too_many() -> None:
    assert one(":".join(["x"] * (5 + MAX_EXTRA + 1))) == ("too-many-cells", None)


def test_extra_cells_that_no_layout_explains_are_too_many() -> None:
    assert one("a:b:c:d:e:f")[1] is None


@pytest.mark.parametrize("date", ["5/8/2018 10:11:12 AM", "11/23/2017 1:02:03 PM", "2018-05-08T10:11:12Z"])
def test_a_line_cut_off_after_its_time_is_not_kept_with_half_a_time_as_its_last_cell(date: str) -> None:
    assert one(f"12025550100:Ada:female:{date}")[1] is None


def test_a_line_cut_off_inside_its_time_is_not_kept() -> None:
    assert one("12025550100:Ada:female:5/8/2018 10:11")[1] is None


# --- repairs


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a:b:x@y.example:c", ("a:b", "x@y.example", "c")),
        ("a:x@y.example:b:c", ("a", "x@y.example", "b:c")),
        ("a:b:x@y.example:c:d", ("a:b", "x@y.example", "c:d")),
        ("a:b:c:x@y.example:d", ("a:b:c", "x@y.example", "d")),
    ],
)
def test_a_stray_delimiter_is_joined_where_exactly_one_layout_fits(line: str, cells: Row) -> None:
    assert one(line, plan_of([TEXT, MAIL, TEXT], (1,))) == ("stray-delimiter-joined", cells)


def test_a_stray_delimiter_beside_a_time_is_joined() -> None:
    line = "12025550100:Ada:Quint:female:5/8/2018 10:11:12 AM:a@b.example"
    cells = ("12025550100", "Ada:Quint", "female", "5/8/2018 10:11:12 AM", "a@b.example")
    assert one(line) == ("stray-delimiter-joined", cells)


def test_a_stray_delimiter_that_fits_two_cells_is_ambiguous() -> None:
    assert one("a:b:c:x@y.example", plan_of([TEXT, TEXT, MAIL], (2,))) == ("ambiguous-delimiters", None)
    assert one("a:b:c", plan_of([TEXT, TEXT], ())) == ("ambiguous-delimiters", None)


@pytest.mark.parametrize("swallowed", ["z@y.example", "12025550101", "5/8/2018"])
def test_no_repair_lets_a_text_swallow_what_belongs_in_another_column(swallowed: str) -> None:
    assert one(f"a:{swallowed}:x@y.example:b", plan_of([TEXT, MAIL, TEXT], (1,)))[1] is None


@pytest.mark.parametrize(
    "line", ["a::x@y.example:b", ":a:x@y.example:b", "a:x@y.example::b", "a:x@y.example:b:"]
)
def test_a_stray_delimiter_at_the_edge_of_a_cell_is_ambiguous(line: str) -> None:
    assert one(line, plan_of([TEXT, MAIL, TEXT], (1,))) == ("ambiguous-delimiters", None)


@pytest.mark.parametrize("password", ["p:w", "p:", ":w", "p:w:d", ":"])
def test_a_password_may_hold_delimiters_anywhere(password: str) -> None:
    plan = plan_of([MAIL, FieldType.PASSWORD], (0,))
    assert one(f"x@y.example:{password}", plan) == ("stray-delimiter-joined", ("x@y.example", password))


def test_an_extra_cell_never_widens_a_column_that_can_be_checked() -> None:
    assert one("x@y.example:z:a", plan_of([MAIL, FieldType.GENDER], (0, 1))) == ("too-many-cells", None)


@given(
    st.lists(st.lists(st.sampled_from(["a", "bc", "d e"]), min_size=1, max_size=3), min_size=3, max_size=3),
    st.sampled_from(["x@y.example", ""]),
)
@settings(max_examples=40)
@example([["a"], ["a", "bc"], ["a"]], "x@y.example")
def test_a_line_comes_back_as_written_or_not_at_all(parts: list[list[str]], mail: str) -> None:
    first, second, third = (":".join(part) for part in parts)
    plan = plan_of([TEXT, MAIL, TEXT, MAIL, TEXT], (1, 3))
    _, cells = one(f"{first}:x@y.example:{second}:{mail}:{third}", plan)
    assert cells in ((first, "x@y.example", second, mail, third), None)


# --- shifts


@pytest.mark.parametrize(
    "line",
    [
        "Ada:12025550100:female:5/8/2018:a@b.example",
        "12025550100:female:Ada:5/8/2018:a@b.example",
        "x:12025550100:Ada:female:5/8/2018",
        "12025550100:Ada:female:a@b.example:5/8/2018",
        "12025550100:Ada:female:Leeds:5/8/2018",
        "12025550100:12025550101:Ada:5/8/2018:a@b.example",
    ],
)
def test_cells_that_stand_where_their_neighbours_belong_are_a_shift(line: str) -> None:
    assert one(line) == ("shifted-cells", None)


@pytest.mark.parametrize("intruder", ["12025550101", "+441632960000", "z@b.example", "5/8/2018"])
def test_a_number_or_an_address_among_words_is_a_shift_when_another_cell_does_not_fit(intruder: str) -> None:
    assert one(f"12025550100:{intruder}:??:5/8/2018:a@b.example") == ("shifted-cells", None)
    assert one(f"12025550100:{intruder}:female:5/8/2018:a@b.example")[0] == ""


@pytest.mark.parametrize("glued", ["Quintfemale", "femaleQuint"])
def test_a_known_cell_with_something_stuck_to_it_is_a_shift(glued: str) -> None:
    plan = replace(PLAN, known={2: pl.Series(["female", "male"])})
    assert one(f"12025550100:Ada:{glued}:5/8/2018:a@b.example", plan) == ("shifted-cells", None)
    assert one("12025550100:Ada:female:5/8/2018:a@b.example", plan)[0] == ""


def test_known_cells_with_marks_of_patterns_are_taken_literally() -> None:
    plan = replace(PLAN, known={2: pl.Series(["(fe|", "ma.*"])})
    assert one("12025550100:Ada:female:5/8/2018:a@b.example", plan)[0] == ""


def test_without_columns_to_check_nothing_is_a_shift() -> None:
    assert one("Ada:12025550100:x:y:z", replace(PLAN, strong=()))[0] == ""


# --- lines together


def test_every_line_is_decided_as_if_it_were_alone() -> None:
    lines = [
        GOOD,
        "12025550100:Ada",
        "12025550101:Ada:Quint:female:5/8/2018 10:11:12 AM:a@b.example",
        "12025550102:Ada:female::a@b.example",
        "Ada:12025550100:female:5/8/2018:a@b.example",
        ":".join("x" * 30),
        "12025550103:http://x.example:male:5/8/2018 10:11 PM:c@d.example",
        "12025550104:a::male:5/8/2018:c@d.example",
        GOOD.replace("100", "105"),
    ]
    together = decide(lines)
    assert together == [one(line) for line in lines]
    filled_up = [("empty-cells-added", one(lines[1], replace(PLAN, pads=True))[1])]
    assert {reason for reason, _ in together + filled_up} == {*REASONS}


def test_a_short_line_gets_its_empty_cells_only_where_the_writer_leaves_them_out() -> None:
    plan = replace(PLAN, pads=True)
    assert one("12025550100:Ada:female", plan) == (
        "empty-cells-added",
        ("12025550100", "Ada", "female", "", ""),
    )
    assert one("12025550100:Ada:female")[0] == "too-few-cells"
    assert one("12025550100", plan)[0] == "too-few-cells"
    assert one("Ada:12025550100:female", plan)[1] is None


@given(st.permutations(range(6)))
@settings(max_examples=8)
def test_records_keep_the_order_of_their_lines(order: list[int]) -> None:
    shapes = [
        "1202555010{}:Ada:male:5/8/2018:a@b.example",
        "1202555010{}:Ada:male:5/8/2018 10:11:a@b.example",
        "1202555010{}:Ada:male:5/8/2018 10:11:12:a@b.example",
        "1202555010{}:Ada:Bo:male:5/8/2018:a@b.example",
        "1202555010{}:Ada:Bo:male:5/8/2018 10:11:a@b.example",
        "1202555010{}:http://x.example:male:5/8/2018:a@b.example",
    ]
    decisions = decide([shapes[number].format(number) for number in order])
    assert [cells[0] for _, cells in decisions if cells] == [f"1202555010{number}" for number in order]


def test_no_line_gives_no_record_but_all_columns() -> None:
    resolved = resolve_all(pl.DataFrame(schema={"0": pl.String}), np.zeros(0, np.int64), PLAN)
    assert resolved.cells.columns == list(NAMES)
    assert resolved.cells.height == len(resolved.kept) == 0


def test_raw_cells_beyond_a_lines_count_are_not_looked_at() -> None:
    raw = pl.DataFrame({"0": ["a"], "1": ["b"], "2": ["not mine"]})
    resolved = resolve_all(raw, np.array([2]), plan_of([TEXT, TEXT], ()))
    assert resolved.cells.rows() == [("a", "b")]


def test_parts_are_put_in_order_by_their_places() -> None:
    plan = plan_of([TEXT], ())
    parts = [
        pl.DataFrame({"c0": ["b", "d"]}),
        pl.DataFrame(schema={"c0": pl.String}),
        pl.DataFrame({"c0": ["a"]}),
    ]
    places = [np.array([5, 9]), np.zeros(0, np.int64), np.array([2])]
    assert in_order(parts, places, plan)["c0"].to_list() == ["a", "b", "d"]


# --- plans


def grammar(types: list[FieldType], protected: tuple[str, ...], quote: str | None = None) -> Grammar:
    return Grammar(
        record="delimited",
        container="plain",
        encoding="utf-8",
        bom=False,
        delimiter=":",
        quote=quote,
        newline="lf",
        header=False,
        preamble=0,
        protected=protected,
        columns=tuple(Column(i, f"c{i}", kind, 0.9) for i, kind in enumerate(types)),
        confidence=0.9,
    )


def test_a_plan_expects_two_more_cells_for_every_column_of_times_up_to_four() -> None:
    date = FieldType.REGISTERED_AT
    extras = [Plan.of(grammar([MAIL, *[date] * count], COLON)).usual_extra for count in range(4)]
    assert extras == [0, 2, 4, 4]
    assert Plan.of(grammar([date], ())).usual_extra == 0


def test_only_columns_that_can_be_checked_are_strong_in_a_plan() -> None:
    known = pl.Series(["male"])
    plan = Plan.of(grammar([TEXT, FieldType.GENDER, MAIL], COLON), {0: None, 1: known, 2: None})
    assert plan.strong == (1, 2)
    assert plan.known == {1: known}


def test_quoted_text_is_protected_only_where_quotes_are_text() -> None:
    assert Plan.of(grammar([TEXT], ())).protected is not None
    assert Plan.of(grammar([TEXT], (), quote='"')).protected is None


def test_a_time_stuck_to_the_next_cell_does_not_lend_it_its_seconds() -> None:
    plan = plan_of([FieldType.PHONE, FieldType.ACTIVE_AT, MAIL, TEXT], (0, 1, 2), COLON)
    reason, cells = one("12025550100:3/5/2018 6:00:00 PMgodo@mail.example:", plan)
    assert cells is None
    assert reason in {"too-few-cells", "too-many-cells", "shifted-cells"}
