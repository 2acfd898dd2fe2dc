"""Folding for look-ups: one spelling for names, words and headings, whatever case, accents or script variant.

It is for matching words against our own tables only; identifiers have `canon`.

>>> import polars as pl
>>> pl.select(fold(pl.lit("  Übermensch_São-Paulo (IŞIK) "))).item()
'ubermensch sao paulo isik'
"""

from __future__ import annotations

import polars as pl

# Letters that NFKD leaves whole; Arabic script variants of one letter; Persian and Urdu forms of kaf and yeh.
_LETTERS = {
    "ı": "i",
    "ß": "ss",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ə": "e",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ة": "ه",
    "ٱ": "ا",
    "ـ": "",
    "'": "",
    "’": "",
    "ʼ": "",
    "`": "",
}


def fold(expr: pl.Expr) -> pl.Expr:
    """Lower case, no marks, words of letters and digits parted by single spaces.

    Args:
        expr: text.

    Returns:
        Folded text, empty where nothing is left.
    """
    bare = expr.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    plain = bare.str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    return plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars(" ")


def fold_series(cells: pl.Series) -> pl.Series:
    """`fold` on a column."""
    return pl.DataFrame({"cell": cells}).select(fold(pl.col("cell"))).to_series()
