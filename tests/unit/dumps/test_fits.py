"""Whether cells fit their column's type."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.dumps.fits import MOST_KNOWN, Checked, fits, known_cells, misfit_count, misfits
from floodmark.identifiers import FieldType

TYPES = [
    FieldType.PHONE,
    FieldType.PROFILE_ID,
    FieldType.EMAIL,
    FieldType.GENDER,
    FieldType.RELATIONSHIP,
    FieldType.BIRTH_DATE,
]
CELLS = st.sampled_from(
    ["", "12025550100", "+44 7700 900123", "7", "0", "a@b.example", "male", "Single", "5/8/2018", "-", "+5",
     "1e9", "99999999999999999999", "00000000", " 12025550100", "123456", "1234567"]
)  # fmt: skip


def slow_misfits(cells: pl.Series, kind: FieldType) -> list[bool]:
    """One by one, without the quick tests and without known cells."""
    fitting = cells.to_frame("cell").select(fits(pl.col("cell"), kind)).to_series()
    return [not fit for fit in fitting.to_list()]


@pytest.mark.parametrize("kind", TYPES)
@settings(max_examples=40)
@given(cells=st.lists(CELLS | st.text("0123456789+-. @a", max_size=18), max_size=20))
@example(cells=["+5", "0000000000000000000000005"])
def test_the_quick_test_and_the_recogniser_agree_on_every_cell(kind: FieldType, cells: list[str]) -> None:
    column = pl.Series("c", cells, pl.String)
    wrong = misfits(column.to_frame(), [Checked("c", kind)])
    assert wrong.tolist() == slow_misfits(column, kind)
    assert misfit_count(column, kind) == int(wrong.sum())


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=20))
def test_misfits_of_several_columns_are_added_up_row_by_row(rows: list[tuple[str, str, str]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys("abc", pl.String), orient="row")
    kinds = {"a": FieldType.PHONE, "b": FieldType.EMAIL, "c": FieldType.GENDER}
    wrong = misfits(frame, [Checked(name, kind) for name, kind in kinds.items()])
    columns = [slow_misfits(frame[name], kind) for name, kind in kinds.items()]
    assert wrong.tolist() == [sum(row) for row in zip(*columns, strict=True)]


def test_an_empty_cell_fits_every_type() -> None:
    for kind in TYPES:
        assert misfit_count(pl.Series("c", ["", ""]), kind) == 0


def test_types_that_cannot_be_checked_have_no_misfits() -> None:
    assert misfit_count(pl.Series("c", ["a@b.example", "1"]), FieldType.FIRST_NAME) == 0


def test_no_rows_and_no_columns_have_no_misfits() -> None:
    assert misfits(pl.DataFrame(schema={"c": pl.String}), [Checked("c", FieldType.EMAIL)]).tolist() == []
    assert misfits(pl.DataFrame({"c": ["x", "y"]}), []).tolist() == [0, 0]


# --- known cells


@pytest.mark.parametrize("kind", [FieldType.GENDER, FieldType.RELATIONSHIP, FieldType.BIRTH_DATE])
@settings(max_examples=40)
@given(sample=st.lists(CELLS, max_size=30), cells=st.lists(CELLS, max_size=20))
def test_looking_up_known_cells_changes_no_answer(
    kind: FieldType, sample: list[str], cells: list[str]
) -> None:
    known = known_cells(pl.Series("c", sample * 3, pl.String), kind)
    column = pl.Series("c", cells, pl.String)
    assert misfit_count(column, kind, known) == sum(slow_misfits(column, kind))


def test_known_cells_are_the_different_cells_that_fit() -> None:
    known = known_cells(pl.Series("c", ["male", "female", "", "perhaps"] * 10), FieldType.GENDER)
    assert known is not None
    assert sorted(known) == ["female", "male"]


def test_a_column_whose_cells_nearly_all_differ_has_no_known_cells() -> None:
    cells = pl.Series("c", [f"{day}/{month}/1980" for day in range(1, 29) for month in range(1, 13)])
    assert known_cells(cells, FieldType.BIRTH_DATE) is None
    assert known_cells(cells.head(5), FieldType.BIRTH_DATE) is None


def test_identifiers_are_never_known_cells() -> None:
    cells = pl.Series("c", ["a@b.example"] * 100)
    assert known_cells(cells, FieldType.EMAIL) is None
    assert known_cells(pl.Series("c", ["12025550100"] * 100), FieldType.PHONE) is None


def test_too_many_different_cells_are_not_kept() -> None:
    cells = pl.Series("c", [str(number) for number in range(MOST_KNOWN + 1)] * 3)
    assert known_cells(cells, FieldType.AGE) is None
