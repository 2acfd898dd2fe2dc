"""Dates as found in dumps: which order a column writes them in, partial dates, sentinels, ambiguous ones.

>>> import polars as pl
>>> cells = pl.Series(["5/8/2018 12:00:00 AM", "02/29", "1/1/0001"])
>>> [row["date"] and str(row["date"]) for row in pl.select(parse(pl.lit(cells), DateOrder.MDY)).to_series()]
['2018-05-08', None, None]
"""

from __future__ import annotations

import datetime
from enum import StrEnum

import polars as pl

from floodmark.identifiers import date_forms

STRUCT = pl.Struct(
    {
        "date": pl.Date,
        "year": pl.Int16,
        "month": pl.Int8,
        "day": pl.Int8,
        "sentinel": pl.Boolean,
        "ok": pl.Boolean,
        "ambiguous": pl.Boolean,
    }
)
MANY = 20_000  # distinct cells above which the time of day is cut off first, to leave few distinct days
SECONDS = (
    1e7,
    4.2e9,
)  # what a column of seconds holds, either sign: less are ages, counts or ids; more are phones
MILLISECONDS = (9e11, 4.2e12)  # 1998 to 2103: less are phones too
PIVOT = 30  # two-digit years below it are 20xx, the others 19xx
MOSTLY = 0.8  # share of a sample's cells that have to be dates
CONTRADICTED = 0.01  # share of deciding cells against the winner that leaves an order undecided

# Values that software writes when it has no date. (year, month, day) -> where it comes from.
SENTINELS: dict[tuple[int, int, int], str] = {
    (0, 0, 0): "MySQL zero date",
    (1, 1, 1): ".NET DateTime.MinValue",
    (1600, 12, 31): "Windows FILETIME 0, west of Greenwich",
    (1601, 1, 1): "Windows FILETIME 0",
    (1753, 1, 1): "SQL Server datetime minimum",
    (1899, 12, 30): "spreadsheet and OLE day 0",
    (1899, 12, 31): "spreadsheet day 0",
    (1900, 1, 1): "SQL Server and spreadsheet default",
    (1969, 12, 31): "Unix time 0, west of Greenwich",
    (1970, 1, 1): "Unix time 0",
    (9999, 12, 31): "'never' in SQL",
}
# Real dates that forms and imports over-produce; they count as dates, and heaping on them is worth a remark.
SUSPICIOUS: tuple[tuple[int, int, int], ...] = ((1980, 1, 1), (1990, 1, 1), (2000, 1, 1))


class DateOrder(StrEnum):
    """Order in which a column writes the parts of a date. `*_ASSUMED`: no cell decided, so rows may be ambiguous."""

    MDY = "mdy"
    DMY = "dmy"
    YMD = "ymd"
    MDY_ASSUMED = "mdy?"
    DMY_ASSUMED = "dmy?"
    UNIX_SECONDS = "unix-s"
    UNIX_MILLISECONDS = "unix-ms"

    @property
    def day_first(self) -> bool:
        """Whether the first of two small numbers is the day."""
        return self in {DateOrder.DMY, DateOrder.DMY_ASSUMED}

    @property
    def decided(self) -> bool:
        """Whether the column itself decided the order."""
        return self not in {DateOrder.MDY_ASSUMED, DateOrder.DMY_ASSUMED}


UNIX = frozenset({DateOrder.UNIX_SECONDS, DateOrder.UNIX_MILLISECONDS})


def parse(expr: pl.Expr, order: DateOrder | str) -> pl.Expr:
    """Reads dates; each distinct cell once.

    A cell whose day is above 12 is read as it must be, whatever the order. The time of day and its zone are dropped:
    the date is the one written.

    Args:
        expr: text cells.
        order: as `infer_order` found it, or its value.

    Returns:
        Struct `{date: Date, year: Int16, month: Int8, day: Int8, sentinel, ok, ambiguous: Boolean}`. `date` is null for
        partial dates, sentinels and what is no date; the parts keep what was written (partial: some null). `ok` is
        whether the cell is a date, partial or sentinel included. `ambiguous`: day and month could swap and the column
        did not decide.
    """
    chosen = DateOrder(order)
    return expr.map_batches(
        lambda cells: parse_series(cells, chosen), return_dtype=STRUCT, is_elementwise=True
    )


def parse_series(cells: pl.Series, order: DateOrder) -> pl.Series:
    """`parse` on a whole column of text."""
    frame = pl.DataFrame({"cell": cells.cast(pl.String)})
    distinct = frame.unique()
    if len(distinct) > MANY:
        milliseconds = order is DateOrder.UNIX_MILLISECONDS
        short = date_forms.without_time(pl.col("cell"), unix=order in UNIX, milliseconds=milliseconds)
        frame = frame.select(cell=short)
        distinct = frame.unique()
    parsed = _read(date_forms.numbers(distinct["cell"]), order).hstack(distinct)
    joined = frame.join(parsed, on="cell", how="left", maintain_order="left", nulls_equal=True)
    return joined.drop("cell").to_struct(cells.name)


def infer_order(series: pl.Series) -> DateOrder | None:
    """The order that a sample of cells is written in.

    Args:
        series: text cells, empty ones and nulls allowed.

    Returns:
        The order, or None when fewer than 80 % of the non-empty cells are dates in any order.
    """
    cells = pl.DataFrame({"cell": series.cast(pl.String).str.strip_chars()}).filter(pl.col("cell") != "")
    counts = cells.group_by("cell").agg(rows=pl.len()).with_columns(column=0)
    return infer_orders(counts)[0].get(0) if counts.height else None


def infer_orders(cells: pl.DataFrame) -> tuple[dict[int, DateOrder], pl.DataFrame]:
    """The orders of several columns, each by itself, and their cells read.

    Args:
        cells: one row or more of distinct non-empty cells by column: `column` (an integer), `cell` (String), `rows`
            (how often it stands there).

    Returns:
        Orders by column, of the columns of which 80 % of the rows are dates; and the cells of these columns, with the
        fields of `STRUCT` beside them.
    """
    forms = cells.hstack(date_forms.numbers(cells["cell"]))
    tallies = forms.group_by("column", maintain_order=True).agg(**_tallies()).to_dicts()
    likely = {tally["column"]: _order_of(tally) for tally in tallies}
    orders: dict[int, DateOrder] = {}
    read = []
    weight = pl.col("rows")
    for order in sorted(set(likely.values())):
        some = pl.col("column").is_in([column for column, its_order in likely.items() if its_order is order])
        few = forms.filter(some)
        parsed = few.select(cells.columns).hstack(_read(few, order))
        mostly = weight.filter("ok").sum() >= MOSTLY * weight.sum()
        kept = parsed.filter(mostly.over("column"))
        orders.update(dict.fromkeys(kept["column"].unique().to_list(), order))
        read.append(kept)
    return orders, pl.concat(read)


def _tallies() -> dict[str, pl.Expr]:
    """What tells orders apart, counted in rows, by name."""
    first, second, rows = pl.col("first"), pl.col("second"), pl.col("rows")
    small = pl.col("width1") <= 2
    counted = {
        "ymd": (pl.col("width1") == 4) | pl.col("compact").struct.field("1").is_not_null(),
        "day_first": small & first.is_between(13, 31) & second.is_between(1, 12),
        "month_first": small & second.is_between(13, 31) & first.is_between(1, 12),
        "slashes": small & (pl.col("separator") == "/"),
        "small": small,
        "named": pl.col("named_month").is_not_null(),
        "seconds": pl.col("epoch").abs().is_between(*SECONDS) & ~_is_year_or_compact(),
        "zeros": pl.col("epoch") == 0,
        "milliseconds": pl.col("epoch").is_between(*MILLISECONDS) & ~_is_year_or_compact(),
    }
    return {"total": rows.sum(), **{name: rows.filter(test).sum() for name, test in counted.items()}}


def _order_of(counts: dict[str, int]) -> DateOrder:  # noqa: PLR0911  a list of cases
    """The best order by `_tallies`; whether it is good enough is not asked here."""
    if counts["seconds"] + counts["milliseconds"] > (counts["total"] - counts["zeros"]) / 2:
        return (
            DateOrder.UNIX_SECONDS
            if counts["seconds"] >= counts["milliseconds"]
            else DateOrder.UNIX_MILLISECONDS
        )
    if counts["ymd"] > counts["small"]:
        return DateOrder.YMD
    deciding = counts["day_first"] + counts["month_first"]
    if counts["day_first"] > (1 - CONTRADICTED) * deciding:
        return DateOrder.DMY
    if counts["month_first"] > (1 - CONTRADICTED) * deciding:
        return DateOrder.MDY
    if counts["small"] == 0:
        return DateOrder.DMY if counts["named"] else DateOrder.YMD
    if deciding:
        return DateOrder.DMY_ASSUMED if counts["day_first"] > counts["month_first"] else DateOrder.MDY_ASSUMED
    return DateOrder.MDY_ASSUMED if counts["slashes"] > counts["small"] / 2 else DateOrder.DMY_ASSUMED


def _is_year_or_compact() -> pl.Expr:
    year = pl.col("lone").str.len_bytes() == 4
    compact = pl.col("compact").struct
    month, day = compact.field("2").cast(pl.Int32), compact.field("3").cast(pl.Int32)
    century = compact.field("1").cast(pl.Int32).is_between(1850, 2100)
    return year | (century & month.is_between(1, 12) & day.is_between(1, 31)).fill_null(value=False)


def _read(numbers: pl.DataFrame, order: DateOrder) -> pl.DataFrame:
    """Dates of cells by their `date_forms.numbers`: the fields of `STRUCT` as columns."""
    forms = _roles(numbers.lazy(), order).with_columns(_from_epoch(order))
    year = pl.coalesce("named_year", "year", "epoch_year")
    month = pl.coalesce("named_month", "month", "epoch_month")
    day = pl.coalesce("named_day", "day", "epoch_day")
    short = pl.coalesce(
        pl.when(pl.col("named_month").is_not_null()).then(pl.col("named_year") < 100),
        pl.col("short_year"),
        pl.lit(value=False),
    )
    forms = forms.with_columns(
        year=pl.when(short).then(year + pl.when(year < PIVOT).then(2000).otherwise(1900)).otherwise(year),
        month=month,
        day=day,
    )
    return _judge(forms).collect()


def _roles(forms: pl.LazyFrame, order: DateOrder) -> pl.LazyFrame:
    """Gives the numbers their roles: adds `year`, `month`, `day`, `short_year`, `undecided`."""
    first, second, third = pl.col("first"), pl.col("second"), pl.col("third")
    if order is DateOrder.YMD:
        year_first = (pl.col("width1") == 4) | ((pl.col("width3") <= 2) & (pl.col("width1") <= 2))
    else:
        year_first = pl.col("width1") == 4
    year_second = third.is_null() & (second > 99)
    day_first = (first > 12) if not order.day_first else ~((second > 12) & (first <= 12))
    compact, backwards = pl.col("compact").struct, pl.col("compact_day_first").struct
    use_compact = _is_year_or_compact() & compact.field("1").is_not_null()
    use_backwards = ~use_compact & backwards.field("1").is_not_null()
    early, late = ("1", "2") if order.day_first else ("2", "1")
    lone_year = pl.when(pl.col("lone").str.len_bytes() == 4).then(pl.col("epoch").cast(pl.Int32))
    return forms.with_columns(
        year=pl.when(use_compact)
        .then(compact.field("1").cast(pl.Int32))
        .when(use_backwards)
        .then(backwards.field("3").cast(pl.Int32))
        .when(year_first)
        .then(first)
        .when(year_second)
        .then(second)
        .otherwise(pl.coalesce(third, lone_year)),
        month=pl.when(use_compact)
        .then(compact.field("2").cast(pl.Int32))
        .when(use_backwards)
        .then(backwards.field(late).cast(pl.Int32))
        .when(year_first)
        .then(second)
        .when(year_second)
        .then(first)
        .otherwise(pl.when(day_first).then(second).otherwise(first)),
        day=pl.when(use_compact)
        .then(compact.field("3").cast(pl.Int32))
        .when(use_backwards)
        .then(backwards.field(early).cast(pl.Int32))
        .when(year_first)
        .then(third)
        .when(year_second)
        .then(None)
        .otherwise(pl.when(day_first).then(first).otherwise(second)),
        short_year=pl.when(year_first).then(pl.col("width1") <= 2).otherwise(pl.col("width3") <= 2),
        undecided=pl.lit(not order.decided) & ~year_first & ~year_second & (first <= 12) & (second <= 12),
    )


def _from_epoch(order: DateOrder) -> list[pl.Expr]:
    """Year, month and day of lone numbers that count seconds or milliseconds."""
    epoch = pl.col("epoch")
    unix = order in UNIX
    evident = epoch.is_between(10**8, SECONDS[1]) | epoch.is_between(*MILLISECONDS)
    usable = ~_is_year_or_compact() & epoch.is_not_null() & (pl.lit(unix) | evident)
    milliseconds = (epoch.abs() >= 1e11) | pl.lit(order is DateOrder.UNIX_MILLISECONDS)
    days = (pl.when(milliseconds).then(epoch / 1000).otherwise(epoch) / date_forms.SECONDS_A_DAY).floor()
    date = pl.when(usable & days.is_between(-62_000, 80_000)).then(days.cast(pl.Int32).cast(pl.Date))
    return [
        date.dt.year().cast(pl.Int32).alias("epoch_year"),
        date.dt.month().cast(pl.Int32).alias("epoch_month"),
        date.dt.day().cast(pl.Int32).alias("epoch_day"),
    ]


def _judge(forms: pl.LazyFrame) -> pl.LazyFrame:
    """Whole dates, sentinels, partial dates, ambiguity, from numbers that have their roles."""
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    # A partial 29 February is good in any year, so it is tried in a leap year.
    parts = (year.fill_null(2000), month.fill_null(1), day.fill_null(1))
    written = pl.concat_str(
        [part.cast(pl.String).str.zfill(size) for part, size in zip(parts, (4, 2, 2), strict=True)]
    )
    date = written.str.to_date("%Y%m%d", strict=False)
    possible = (
        year.is_null() | year.is_between(1, 9999),
        month.is_null() | month.is_between(1, 12),
        day.is_null() | day.is_between(1, 31),
        year.is_not_null() | (month.is_not_null() & day.is_not_null()),
        day.is_null() | month.is_not_null(),
    )
    zero = pl.all_horizontal(part == 0 for part in (year, month, day)).fill_null(value=False)
    fits = pl.all_horizontal(*possible)
    forms = forms.with_columns(whole=pl.when(fits).then(date), zero=zero)
    known = [datetime.date(*parts) for parts in SENTINELS if all(parts)]
    complete = pl.all_horizontal(part.is_not_null() for part in (year, month, day))
    sentinel = zero | (complete & pl.col("whole").is_in(known)).fill_null(value=False)
    ok = zero | pl.col("whole").is_not_null()
    return forms.select(
        date=pl.when(complete & ~sentinel).then("whole"),
        year=pl.when(ok).then(year).cast(pl.Int16),
        month=pl.when(ok).then(month).cast(pl.Int8),
        day=pl.when(ok).then(day).cast(pl.Int8),
        sentinel=sentinel,
        ok=ok,
        ambiguous=(ok & pl.col("undecided") & (month != day)).fill_null(value=False),
    )
