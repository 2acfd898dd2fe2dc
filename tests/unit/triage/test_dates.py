"""Tallies of date columns: ends, sentinels apart, and minors with partial and ambiguous dates."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from floodmark.triage.dates import DateTally, tally_dates

AS_OF = date(2021, 4, 3)


def tally(cells: dict[str, int], order: str = "ymd", births: date | None = None) -> DateTally:
    counts = pl.DataFrame({"cell": list(cells), "rows": list(cells.values())})
    return tally_dates(counts, order, births)


def test_sentinels_are_apart_from_the_ends() -> None:
    found = tally({"0001-01-01": 7, "2018-03-05": 2, "2019-09-30": 1, "no date": 4})
    assert (found.rows, found.parsed) == (14, 10)
    assert (found.earliest, found.latest) == (date(2018, 3, 5), date(2019, 9, 30))
    assert found.sentinels == {"0001-01-01": 7}
    assert found.years == {2018: 2, 2019: 1}


@pytest.mark.parametrize(
    ("born", "certain", "perhaps"),
    [
        ("2003-04-03", 0, 0),
        ("2003-04-04", 1, 0),
        ("2021-04-03", 1, 0),
        ("2021-04-04", 0, 0),
        ("2035-01-01", 0, 0),
    ],
)
def test_who_turns_eighteen_on_the_day_is_no_minor(born: str, certain: int, perhaps: int) -> None:
    found = tally({born: 1}, births=AS_OF)
    assert (found.minors, found.perhaps) == (certain, perhaps)


@pytest.mark.parametrize(
    ("born", "certain", "perhaps"),
    [("2003", 0, 3), ("2004", 3, 0), ("2002", 0, 0), ("2021", 3, 0), ("2003-04", 0, 3), ("2003-05", 3, 0)],
)
def test_a_partial_date_leaves_open_what_it_leaves_open(born: str, certain: int, perhaps: int) -> None:
    found = tally({born: 3}, births=AS_OF)
    assert (found.parsed, found.minors, found.perhaps) == (3, certain, perhaps)


def test_a_date_whose_day_and_month_may_swap_can_leave_it_open() -> None:
    found = tally({"02/05/2003": 1, "05/05/2003": 1}, "mdy?", AS_OF)
    assert (found.minors, found.perhaps) == (1, 1)


def test_tallies_of_batches_add_up() -> None:
    whole = tally({"2018-03-05": 2, "2019-09-30": 1, "1970-01-01": 5, "2010-01-01": 1}, births=AS_OF)
    total = DateTally()
    for part in ({"2018-03-05": 2}, {"2019-09-30": 1, "1970-01-01": 5}, {"2010-01-01": 1}):
        total.add(tally(part, births=AS_OF))
    assert total == whole


def test_no_cells_make_an_empty_tally() -> None:
    assert (
        tally_dates(pl.DataFrame(schema={"cell": pl.String, "rows": pl.UInt32}), "ymd", AS_OF) == DateTally()
    )
