"""Cells of a workbook as a person would have typed them."""

from __future__ import annotations

import numpy as np
import polars as pl

from floodmark.dumps.kinds.xlsx_cells import (
    BOOLEAN,
    ERROR,
    FORMULA,
    INLINE,
    ISO,
    NUMBER,
    SHARED,
    TOO_LONG,
    Cells,
)
from floodmark.dumps.kinds.xlsx_formats import GENERAL, Format
from floodmark.dumps.kinds.xlsx_strings import unescaped

DAY = 86_400
LAST_SERIAL = 2_958_466  # the day after the end of year 9999
DIGITS = 15  # that a workbook keeps of a number
LONGEST = 21  # digits of whole numbers that are written without an exponent
PLAIN = r"^-?[0-9]{1,40}$"
# Microseconds before 1970 of day 0; 1 March 1900 is day 61, as in every workbook.
EPOCH_1900 = -25_569 * DAY * 1_000_000
EPOCH_1904 = -24_107 * DAY * 1_000_000


def texts_of(cells: Cells, shared: pl.Series, styles: tuple[Format, ...], since_1904: bool) -> pl.Series:
    """Text of every cell; null where it cannot be known (`Cells.kinds` tells why).

    Args:
        cells: some cells of a sheet.
        shared: the workbook's shared texts, by index.
        styles: format of each cell style.
        since_1904: whether days are counted from 1904.

    Returns:
        String, one for each cell.
    """
    found = pl.repeat(None, cells.values.len(), dtype=pl.String, eager=True)
    for kind in np.unique(cells.kinds).tolist():
        where = np.flatnonzero(cells.kinds == kind)
        values = cells.values.gather(where)
        if kind == SHARED:
            # An index beyond all texts becomes null.
            at = values.str.strip_chars().cast(pl.UInt32, strict=False)
            texts = shared.gather(at.set(at >= shared.len(), None))
        elif kind == NUMBER:
            texts = _numbers(values.str.strip_chars(), cells.styles[where], styles, since_1904)
        elif kind in {FORMULA, INLINE}:
            texts = unescaped(values)
        elif kind == BOOLEAN:
            texts = values.replace_strict(
                {"1": "TRUE", "true": "TRUE"}, default="FALSE", return_dtype=pl.String
            )
        elif kind == ISO:
            texts = values.str.replace("T", " ", literal=True).str.strip_suffix(" 00:00:00")
        else:
            texts = pl.repeat("" if kind == ERROR else None, len(where), dtype=pl.String, eager=True)
        found = found.scatter(where, texts)
    return found


def too_long(cells: Cells) -> bool:
    """Whether any cell is longer than a line may be."""
    return bool((cells.kinds == TOO_LONG).any())


def _numbers(
    values: pl.Series,
    style: np.ndarray[tuple[int], np.dtype[np.int64]],
    styles: tuple[Format, ...],
    since_1904: bool,
) -> pl.Series:
    """Numbers as their formats show them, without exponent and without what a double adds."""
    texts = plain_numbers(values)
    for number in np.unique(style).tolist():
        form = styles[number] if number < len(styles) else GENERAL
        if form == GENERAL:
            continue
        where = np.flatnonzero(style == number)
        mine = texts.gather(where)
        if form.shows == "number":
            digits = mine.str.contains(r"^[0-9]+$")
            shown = pl.lit(form.prefix) + pl.col("n").str.zfill(form.digits)
            mine = (
                pl.DataFrame({"n": mine, "d": digits})
                .select(pl.when("d").then(shown).otherwise("n"))
                .to_series()
            )
        else:
            mine = _dates(values.gather(where), mine, form, since_1904)
        texts = texts.scatter(where, mine)
    return texts


def plain_numbers(values: pl.Series) -> pl.Series:
    """Numbers as written in XML, written out: to the digits that a workbook keeps.

    Examples:
        >>> plain_numbers(pl.Series(["4.47700900123E11", "1.1000000000000001", "12", "1E300", "-0.50"])).to_list()
        ['447700900123', '1.1', '12', '1e+300', '-0.5']
    """
    odd = (~values.str.contains(PLAIN)).arg_true()
    if not odd.len():
        return values
    text, number = pl.col("text"), pl.col("text").cast(pl.Float64, strict=False)
    found = pl.DataFrame({"text": values.gather(odd)})
    exact, rounded = number.cast(pl.String), number.round_sig_figs(DIGITS).cast(pl.String)
    written = (
        pl.when(~number.is_finite() | number.is_null())
        .then(text)
        .when(number.abs() >= 10.0**LONGEST)
        .then(exact)
        .when(number == number.floor())
        .then(_whole(number).cast(pl.String))
        .when(rounded.str.len_bytes() < exact.str.len_bytes())
        .then(rounded)
        .otherwise(exact)
    )
    return values.scatter(odd, found.select(written).to_series())


def _whole(number: pl.Expr) -> pl.Expr:
    """Whole numbers of up to `LONGEST` digits, those after the fifteenth rounded away."""
    whole = number.cast(pl.Int128, strict=False)
    found = whole
    for zeros in range(1, LONGEST - DIGITS + 1):
        step = 10**zeros
        nearest = (whole.abs() + step // 2) // step * step * whole.sign()
        found = pl.when(whole.abs() >= 10 ** (DIGITS + zeros - 1)).then(nearest).otherwise(found)
    return found


def _dates(values: pl.Series, texts: pl.Series, form: Format, since_1904: bool) -> pl.Series:
    """Serial numbers of days as ISO 8601; what cannot be one stays the number that it is."""
    serial = pl.col("value").cast(pl.Float64, strict=False)
    good = serial.is_between(0, LAST_SERIAL, closed="left").fill_null(False)
    seconds = pl.when(good).then(serial * DAY).otherwise(0).round().cast(pl.Int64)
    # The workbook's year 1900 has a 29 February (day 60), for the sake of older programs.
    early = pl.lit(0) if since_1904 else (seconds < 60 * DAY).cast(pl.Int64) * DAY
    epoch = EPOCH_1904 if since_1904 else EPOCH_1900
    at = (epoch + (seconds + early) * 1_000_000).cast(pl.Datetime("us"))
    moment = at.dt.strftime("%Y-%m-%d %H:%M:%S")
    if form.shows == "time":
        shown = (seconds // 3600).cast(pl.String).str.zfill(2) + at.dt.strftime(":%M:%S")
    elif form.shows == "date":
        shown = pl.when(seconds % DAY == 0).then(at.dt.strftime("%Y-%m-%d")).otherwise(moment)
    else:
        shown = moment
    frame = pl.DataFrame([values.alias("value"), texts.alias("text")])
    return frame.select(pl.when(good).then(shown).otherwise("text")).to_series()
