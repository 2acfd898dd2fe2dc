"""The written forms of dates: from distinct cells to the numbers in them.

Three families: numbers with separators (`5/8/2018`, `2018-05-08T10:11:12Z`, `02/29`, `1985`, `20180508`), seconds or
milliseconds since 1970, and month names in the ten languages of `data/months.tsv`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from floodmark.identifiers.folding import fold

MOST_WORDS = 4  # "viernes 5 de mayo de 2018"; more words are prose
SECONDS_A_DAY = 86_400
_NATIVE_DIGITS = [chr(zero + digit) for zero in (0x0660, 0x06F0, 0x0966, 0xFF10) for digit in range(10)]
_ASCII_DIGITS = [str(digit) for digit in range(10)] * 4
_TIME = (
    r"(?i)(?:^|[T ,]+)[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|UTC|GMT)?\s*(?:[+-][0-9]{2}:?[0-9]{2})?(?:\s*\([A-Z ]+\))?(?:$|(?P<year> [0-9]{4})$)"
)
_PARTS = r"^([0-9]{1,4})\s*([/.\-])\s*([0-9]{1,2})(?:\s*[/.\-]\s*([0-9]{1,4}))?\.?$"
_YEAR_LAST_PAIR = r"^([0-9]{1,2})\s*[/.\-]\s*([0-9]{4})$"
_COMPACT = r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{4}(?:[0-9]{2})?)?$"
_COMPACT_DAY_FIRST = r"^([0-9]{2})([0-9]{2})([0-9]{4})$"
_NUMBER = r"^-?[0-9]{1,14}(?:\.[0-9]+)?$"

_WITH_TIME = (
    r"^([0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,4})[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?: ?[AaPp][Mm])?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
)


def without_time(cell: pl.Expr, *, unix: bool, milliseconds: bool) -> pl.Expr:
    """Cuts the time of day off the commonest forms, so that few distinct cells are left; other cells stay as they are.

    Args:
        cell: text cells.
        unix: whether whole numbers count from 1970; they become the number of their midnight.
        milliseconds: whether they count milliseconds, not seconds.

    Returns:
        Text that `numbers` reads as the same day.
    """
    if not unix:
        return pl.coalesce(cell.str.extract(_WITH_TIME), cell)
    count = cell.cast(pl.Int64, strict=False)
    a_day = pl.when(count >= 10**12).then(1000 * SECONDS_A_DAY).otherwise(SECONDS_A_DAY)
    midnight = (count // a_day * a_day).cast(pl.String)
    # Other counts are left: shorter ones could be read as years, and between them the unit is the order's to say.
    fits = count.is_between(10**12, 10**13 - 1) if milliseconds else count.is_between(10**9, 10**10 - 1)
    return pl.when(fits & (midnight.str.len_bytes() == cell.str.len_bytes())).then(midnight).otherwise(cell)


def numbers(cells: pl.Series) -> pl.DataFrame:
    """Numbers in distinct cells, their roles still open.

    Args:
        cells: non-empty distinct text.

    Returns:
        One row per cell: `first`, `second`, `third` (Int32, numbers with separators, in order; the third null for
        pairs), `width1`, `width3` (digits written), `separator`, `epoch` (Float64, a lone number as it stands),
        `lone` (its text), and `named_year`, `named_month`, `named_day` (Int32, from a month's name).
    """
    text = pl.col("text")
    frame = pl.DataFrame({"text": cells.cast(pl.String)}).with_columns(text.str.strip_chars())
    if not frame.select((text.str.len_bytes() == text.str.len_chars()).all()).item():
        frame = frame.with_columns(text.str.replace_many(_NATIVE_DIGITS, _ASCII_DIGITS))
    frame = frame.with_columns(text.str.replace(_TIME, "${year}").str.strip_chars(" ,T"))
    parts = text.str.extract_groups(_PARTS)
    pair = text.str.extract_groups(_YEAR_LAST_PAIR)
    frame = frame.with_columns(
        _first=pl.coalesce(parts.struct.field("1"), pair.struct.field("1")),
        separator=parts.struct.field("2"),
        _second=pl.coalesce(parts.struct.field("3"), pair.struct.field("2")),
        _third=parts.struct.field("4"),
        lone=pl.when(text.str.contains(_NUMBER)).then(text),
    )
    return frame.select(
        first=_integer("_first"),
        second=_integer("_second"),
        third=_integer("_third"),
        width1=pl.col("_first").str.len_bytes(),
        width3=pl.col("_third").str.len_bytes(),
        separator="separator",
        lone="lone",
        epoch=pl.col("lone").cast(pl.Float64),
        compact=pl.col("lone").str.extract_groups(_COMPACT),
        compact_day_first=pl.col("lone").str.extract_groups(_COMPACT_DAY_FIRST),
    ).hstack(_named(frame["text"]))


def _integer(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32, strict=False)


def _named(text: pl.Series) -> pl.DataFrame:
    """Year, month and day of cells with a month's name; nulls elsewhere."""
    schema = {"named_year": pl.Int32, "named_month": pl.Int32, "named_day": pl.Int32}
    cell = pl.col("text")
    frame = pl.DataFrame({"text": text}).with_row_index("row")
    wordy = frame.filter(cell.str.contains(r"\p{L}{3}"))
    if wordy.is_empty():
        return pl.DataFrame(
            {name: pl.Series([None] * len(text), dtype=dtype) for name, dtype in schema.items()}
        )
    wordy = wordy.with_columns(fold(cell)).filter(cell.str.count_matches(r"\p{L}+") <= MOST_WORDS)
    # Two-word months (Levantine Arabic) come before words; the longest match wins.
    word = cell.str.extract_all(r"(?:كانون|تشرين) \p{L}+|\p{L}+").alias("word")
    found = (
        wordy.select("row", word)
        .explode("word")
        .join(_months(), on="word", how="inner")
        .group_by("row")
        .agg(pl.col("month").first(), pl.len().alias("found"))
        .filter(pl.col("found") == 1)
    )
    named = wordy.join(found, on="row", how="inner").select(
        "row",
        named_year=pl.coalesce(
            cell.str.extract(r"(?:^|[^0-9])([0-9]{4})(?:[^0-9]|$)"),
            cell.str.extract(r"[0-9][^0-9]+([0-9]{2})$"),
        ).cast(pl.Int32),
        named_month=pl.col("month"),
        named_day=cell.str.extract(r"(?:^|[^0-9])([0-9]{1,2})(?:[^0-9]|$)").cast(pl.Int32),
    )
    return frame.select("row").join(named, on="row", how="left", maintain_order="left").select(*schema)


def month_names() -> list[str]:
    """Names of months in the ten languages, as `folding.fold` gives them."""
    return _months()["word"].to_list()


@cache
def _months() -> pl.DataFrame:
    """Month names: `word` (folded), `month` (1 to 12)."""
    text = files("floodmark.identifiers").joinpath("data", "months.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return pl.DataFrame(
        {"word": [name for name, _ in rows], "month": [int(number) for _, number in rows]},
        schema={"word": pl.String, "month": pl.Int32},
    )
