import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import dates
from floodmark.identifiers.dates import DateOrder

DAY = datetime.date(2018, 5, 8)


def parse(cells: list[str | None], order: DateOrder = DateOrder.MDY) -> list[dict[str, object]]:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    return frame.select(dates.parse(pl.col("cell"), order)).to_series().to_list()


def parts(cell: str, order: DateOrder = DateOrder.MDY) -> tuple[object, object, object]:
    (row,) = parse([cell], order)
    return row["year"], row["month"], row["day"]


@pytest.mark.parametrize(
    "cell",
    [
        "5/8/2018",
        "05/08/2018",
        "5/8/18",
        "5/8/2018 12:00:00 AM",
        "5/8/2018 23:59",
        "2018-05-08",
        "2018/5/8",
        "2018-05-08T10:11:12Z",
        "2018-05-08 10:11:12.123456+02:00",
        "2018-05-08T10:11:12.000+0000",
        "20180508",
        "20180508101112",
        "May 8, 2018",
        "8 May 2018",
        "8-May-18",
        "Tuesday, May 8, 2018 at 10:11 AM",
        "Tue May 08 10:11:12 +0000 2018",
        "8 de mayo de 2018",
        "8 mai 2018",
        "8 maggio 2018",
        "8. Mai 2018",
        "8 мая 2018",
        "8 Mayıs 2018",
        "8 Mei 2018",
        "8 de maio de 2018",
        "٨ مايو ٢٠١٨",
        "8 أيار 2018",
        "1525773600",
        "1525773600000",
    ],
)
def test_one_day_in_many_forms_is_one_day(cell: str) -> None:
    assert parse([cell]) == [
        {"date": DAY, "year": 2018, "month": 5, "day": 8, "sentinel": False, "ok": True, "ambiguous": False}
    ]


def test_dots_and_hyphens_are_read_in_the_columns_order() -> None:
    assert [parts(cell, DateOrder.DMY) for cell in ("8.5.2018", "8-5-2018", "08.05.18")] == [(2018, 5, 8)] * 3


def test_a_partial_date_keeps_what_it_says_and_has_no_date() -> None:
    assert [parts(cell) for cell in ("02/29", "1985", "12/1985", "1985-12", "May 1990")] == [
        (None, 2, 29),
        (1985, None, None),
        (1985, 12, None),
        (1985, 12, None),
        (1990, 5, None),
    ]
    assert all(row["ok"] and row["date"] is None for row in parse(["02/29", "1985", "12/1985"]))


@pytest.mark.parametrize(
    "cell", ["1/1/0001 12:00:00 AM", "1900-01-01", "01/01/1970", "0000-00-00", "9999-12-31"]
)
def test_a_sentinel_is_a_date_that_says_nothing(cell: str) -> None:
    (row,) = parse([cell])
    assert row["sentinel"]
    assert row["ok"]
    assert row["date"] is None


def test_epoch_zero_is_a_sentinel_only_where_numbers_count_seconds() -> None:
    assert parse(["0"], DateOrder.UNIX_SECONDS)[0]["sentinel"]
    assert not parse(["0"], DateOrder.MDY)[0]["ok"]


def test_the_first_of_january_2000_stays_a_date() -> None:
    assert parse(["1/1/2000"])[0]["date"] == datetime.date(2000, 1, 1)
    assert (2000, 1, 1) in dates.SUSPICIOUS


@pytest.mark.parametrize(
    "cell", ["", "n/a", "13/13/2000", "2/30", "29.02.2001", "10:30:00", "123", "I came in May with 2 dogs"]
)
def test_what_is_no_date_is_not_read_as_one(cell: str) -> None:
    (row,) = parse([cell])
    assert not row["ok"]
    assert row["year"] is None


def test_a_missing_cell_is_no_date() -> None:
    assert not parse([None])[0]["ok"]


def test_a_day_above_twelve_overrules_the_order() -> None:
    assert parts("25/03/1980", DateOrder.MDY) == (1980, 3, 25)
    assert parts("03/25/1980", DateOrder.DMY) == (1980, 3, 25)


def test_only_an_assumed_order_leaves_rows_ambiguous() -> None:
    cells: list[str | None] = ["1/2/1990", "2/2/1990", "13/2/1990", "1990-01-02", "1/2"]
    assert [row["ambiguous"] for row in parse(cells, DateOrder.MDY_ASSUMED)] == [
        True,
        False,
        False,
        False,
        True,
    ]
    assert not any(row["ambiguous"] for row in parse(cells, DateOrder.MDY))


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["1/2/1990", "1/13/1990"], DateOrder.MDY),
        (["1/2/1990", "13/1/1990"], DateOrder.DMY),
        (["1/2/1990", "3/4/1991"], DateOrder.MDY_ASSUMED),
        (["1.2.1990", "3.4.1991"], DateOrder.DMY_ASSUMED),
        (["1/13/1990", "13/1/1990"], DateOrder.MDY_ASSUMED),
        (["1990-01-02"], DateOrder.YMD),
        (["20180508", "19900101"], DateOrder.YMD),
        (["1525773600", "0", "1325773600"], DateOrder.UNIX_SECONDS),
        (["1525773600000"], DateOrder.UNIX_MILLISECONDS),
        (["1985", "1990"], DateOrder.YMD),
        (["12/31", "1/2", ""], DateOrder.MDY),
        (["8 May 2018"], DateOrder.DMY),
        (["447700900123", "447700900124"], None),
        (["37", "52", "18"], None),
        (["Cairo", "Lyon"], None),
        (["", ""], None),
    ],
)
def test_the_column_decides_its_order(cells: list[str], order: DateOrder | None) -> None:
    assert dates.infer_order(pl.Series(cells)) == order


@given(
    st.dates(min_value=datetime.date(1901, 1, 1), max_value=datetime.date(2099, 12, 30)),
    st.sampled_from(list(DateOrder)),
)
def test_every_day_survives_writing_and_reading(day: datetime.date, order: DateOrder) -> None:
    if (day.year, day.month, day.day) in dates.SENTINELS:
        return
    moment = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    written = {
        DateOrder.MDY: f"{day.month}/{day.day}/{day.year}",
        DateOrder.MDY_ASSUMED: f"{day.month:02}/{day.day:02}/{day.year} 12:00:00 AM",
        DateOrder.DMY: f"{day.day}.{day.month}.{day.year}",
        DateOrder.DMY_ASSUMED: f"{day.day:02}-{day.month:02}-{day.year}",
        DateOrder.YMD: day.isoformat(),
        DateOrder.UNIX_SECONDS: str(int(moment.timestamp())),
        DateOrder.UNIX_MILLISECONDS: str(int(moment.timestamp() * 1000)),
    }[order]
    if order in dates.UNIX and abs(moment.timestamp()) < 1e9:
        return
    assert parse([written], order)[0]["date"] == day


@given(
    st.lists(st.text(alphabet="0123456789/.-: TZAPMayMei", max_size=24), max_size=30),
    st.sampled_from(list(DateOrder)),
)
def test_any_text_gives_one_answer_per_row(cells: list[str], order: DateOrder) -> None:
    rows = parse(list(cells), order)
    assert len(rows) == len(cells)
    assert all(row["date"] is None or (row["ok"] and not row["sentinel"]) for row in rows)


@pytest.mark.parametrize("order", [DateOrder.UNIX_SECONDS, DateOrder.UNIX_MILLISECONDS, DateOrder.MDY])
def test_many_distinct_cells_are_read_as_few_are(order: DateOrder) -> None:
    seconds = pl.int_range(0, 30_000, eager=True) * 61_234 + 100_000
    if order is DateOrder.MDY:
        cells = (seconds * 1000).cast(pl.Datetime("ms")).dt.strftime("%m/%d/%Y %I:%M:%S %p")
    else:
        cells = (seconds * (1 if order is DateOrder.UNIX_SECONDS else 1000)).cast(pl.String)
    whole = dates.parse_series(cells, order)
    pieces = pl.concat(
        [dates.parse_series(cells.slice(start, 5_000), order) for start in range(0, 30_000, 5_000)]
    )
    assert whole.equals(pieces)
