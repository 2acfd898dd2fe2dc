from __future__ import annotations

import polars as pl

from floodmark.dumps import Overrides
from floodmark.dumps.kinds.table_head import Head, head_of

NAMES = ["Name", "E-mail", "City"]
PEOPLE = [[f"Ada {i}", f"p{i}@mail.example", "Rome"] for i in range(5)]


def head(rows: list[list[str]], **given: object) -> Head:
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row")
    return head_of(frame, Overrides(**given))  # type: ignore[arg-type]


def test_the_row_that_names_the_columns_is_found_below_titles() -> None:
    assert head([NAMES, *PEOPLE]) == Head(0, NAMES)
    assert head([["Members", "", ""], ["as of 2021", "", ""], NAMES, *PEOPLE]) == Head(2, NAMES)


def test_a_title_above_records_without_a_header_is_no_record() -> None:
    assert head([["Members", "", ""], *PEOPLE]) == Head(1, None)


def test_a_first_record_with_few_cells_stays_a_record() -> None:
    assert head([["Ada", "a@mail.example", ""], *PEOPLE]) == Head(0, None)
    assert head([["Ada", "", "Rome"], *PEOPLE]) == Head(0, None)


def test_what_is_stated_is_not_asked_of_the_rows() -> None:
    assert head(PEOPLE, header=True) == Head(0, PEOPLE[0])
    assert head([NAMES, *PEOPLE], header=False) == Head(0, None)
    assert head([NAMES, *PEOPLE], preamble=2, header=True) == Head(2, PEOPLE[1])
    assert head(PEOPLE, preamble=99, header=False) == Head(4, None)


def test_words_that_no_list_knows_name_columns_of_numbers_and_dates() -> None:
    names = ["Order no", "Total", "Ordered"]
    orders = [[str(10_000 + i), f"{i}.5", f"2021-03-{i + 1:02}"] for i in range(20)]
    assert head([names, *orders]) == Head(0, names)
    assert head([["Orders", "", ""], names, *orders]) == Head(1, names)
    assert head([names, *orders], preamble=0) == Head(0, names)


def test_a_row_of_numbers_names_no_columns_of_numbers() -> None:
    orders = [[str(10_000 + i), f"{i}.5", f"2021-03-{i + 1:02}"] for i in range(20)]
    assert head(orders) == Head(0, None)
    assert head([["Order no", "Total", "Ordered"], *orders], header=False) == Head(0, None)


def test_a_first_record_of_words_above_words_names_nothing() -> None:
    assert head([["Ada", "blue", "Rome"], ["Bob", "green", "Oslo"], ["Eve", "red", "Bern"]]) == Head(0, None)
