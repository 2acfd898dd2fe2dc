"""A country table of the reference set in a file of its own."""

from __future__ import annotations

import pytest

from floodmark.assessment.reference.table_file import COLUMNS, read_rows

HEAD = ",".join(COLUMNS)


def rows(tmp_path, *lines, head=HEAD):
    file = tmp_path / "table.csv"
    file.write_text("\n".join([head, *lines]), "utf-8")
    return read_rows(file)


def test_a_count_in_full_has_all_its_digits(tmp_path):
    assert rows(tmp_path, 'EG,44000000,,,,,"A paper, April 2021"') == [
        {
            "country": "EG",
            "source": "A paper, April 2021",
            "count": {"value": 44_000_000, "digits": 8, "bound": ""},
        }
    ]


def test_digits_bound_and_price_are_as_they_were_said(tmp_path):
    (row,) = rows(tmp_path, "US,6000000,1,at-least,7000,USD,A paper")
    assert row["count"] == {"value": 6_000_000, "digits": 1, "bound": "at-least"}
    assert row["price"] == {"value": 7_000, "digits": 1, "currency": "USD"}


def test_a_row_may_have_a_price_alone(tmp_path):
    (row,) = rows(tmp_path, "US,,,,2500,EUR,A paper")
    assert "count" not in row and row["price"]["digits"] == 2


@pytest.mark.parametrize("head", ["country,count", HEAD.replace("source", "where"), f"{HEAD},more"])
def test_other_columns_are_refused(tmp_path, head):
    with pytest.raises(ValueError, match="other columns"):
        rows(tmp_path, "EG,1,,,,,A paper", head=head)


def test_a_count_that_is_no_number_is_refused(tmp_path):
    with pytest.raises(ValueError, match="invalid literal"):
        rows(tmp_path, "EG,many,,,,,A paper")
