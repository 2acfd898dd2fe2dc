"""From a cell of text to the digits that were typed, for the cells that are not plain digits already."""

from __future__ import annotations

import polars as pl

# Code point of the zero of every set of decimal digits in Unicode 14 but ASCII's (general category Nd).
ZEROS = (
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50,
    0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0,
    0x1E950, 0x1FBF0,
)  # fmt: skip
_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff0d\ufe63\uff70"
TO_ASCII = {
    **{chr(zero + digit): str(digit) for zero in ZEROS for digit in range(10)},
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("\uff0b\ufe62\u207a", "+"),
    **dict.fromkeys("\uff0e\u00b7\u2024\u066b", "."),
    **dict.fromkeys("\uff08\uff3b", "("),
    **dict.fromkeys("\uff09\uff3d", ")"),
    **dict.fromkeys("\uff0f\u2044", "/"),
    **{"\uff1a": ":", "\uff1b": ";", "\uff1d": "=", "\u2019": "'", "\uff45": "e", "\uff25": "E"},
}
LABEL = r"(?i)^(?:(?:tel|telephone|phone|mobile|mob|cell|fax|sms|callto|whatsapp|wa|p|t|m)\s*[.:]+\s*(?://)?|wa\.me/)"
MESSENGER = r"^\+?(\d{5,19})(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$"
CONTEXT = r"(?i);phone-context=(\+[\d().\- ]+)"
EXTENSION = (
    r"(?i)\s*(?:(?:;[a-z-]+(?:=[^;]*)?)+"
    r"|(?:[,;]+|ext(?:ensi[oó]n|n)?|xtn?|int|anexo|доб|x|#|~)[.:]?\s*\d{1,9}\s*#?)$"
)
SPREADSHEET = r"^\+?(\d+)(?:[.,](\d*))?[eE]\+?([0-9]{1,2})$"
WHOLE = r"^\+?\d{5,}[.,]0{0,2}$"


def typed(cells: pl.Series) -> pl.DataFrame:
    """What was typed in each cell.

    Args:
        cells: text, dtype String.

    Returns:
        Columns `digits` (ASCII digits, null where the cell is no number), `plus` (whether they are
        international) and `reason` (`not_a_number` or `lost_digits`; null where there are digits or the cell
        is blank). One row per cell.
    """
    cell = pl.col("cell")
    frame = cells.alias("cell").to_frame()
    cleaned = (
        pl.when(cell.str.contains(r"[^\x00-\x7f]"))
        .then(cell.str.replace_many(list(TO_ASCII), list(TO_ASCII.values())))
        .otherwise(cell)
        .str.replace(r"^[\s'\"=]+", "")
        .str.replace(r"[\s'\"]+$", "")
        .str.replace(LABEL, "")
        .str.replace(MESSENGER, "+$1")
    )
    context = cell.str.extract(CONTEXT)
    frame = frame.with_columns(cleaned.alias("cell"), pl.lit(None, pl.String).alias("reason"))
    frame = frame.with_columns(
        pl.when(context.is_not_null() & ~cell.str.starts_with("+"))
        .then(pl.concat_str(context.fill_null(""), cell))
        .otherwise(cell)
        .str.replace(CONTEXT, "")
        .alias("cell"),
    )
    frame = frame.with_columns(_spreadsheet().alias("sheet"))
    frame = frame.with_columns(
        pl.when(pl.col("sheet").is_not_null())
        .then(pl.col("sheet"))
        .when(cell.str.contains(WHOLE))
        .then(cell.str.extract(r"^(\+?\d+)"))
        .otherwise(cell.str.replace(EXTENSION, "").str.replace_all(r"[\s().\-/\[\]_]", ""))
        .alias("plain"),
        cell.str.starts_with("-").alias("negative"),
    )
    plain = pl.col("plain")
    good = plain.str.contains(r"^\+*\d+$") & ~pl.col("negative")
    return frame.select(
        pl.when(good).then(plain.str.strip_chars_start("+")).alias("digits"),
        (good & plain.str.starts_with("+")).fill_null(False).alias("plus"),
        pl.when(good | cell.is_null() | (cell == ""))
        .then(None)
        .when(plain == "lost")
        .then(pl.lit("lost_digits"))
        .otherwise(pl.lit("not_a_number"))
        .alias("reason"),
    )


def _spreadsheet() -> pl.Expr:
    """Digits of `4.47911123456E+11`, `lost` where the exponent asks for more than there are, else null."""
    cell = pl.col("cell")
    whole = cell.str.extract(SPREADSHEET, 1)
    fraction = cell.str.extract(SPREADSHEET, 2).fill_null("")
    exponent = cell.str.extract(SPREADSHEET, 3).cast(pl.UInt32)
    kept = pl.concat_str(whole, fraction.str.head(exponent))
    return (
        pl.when(whole.is_null())
        .then(None)
        .when((fraction.str.len_bytes() < exponent) | fraction.str.slice(exponent).str.contains("[1-9]"))
        .then(pl.lit("lost"))
        .otherwise(kept)
    )
