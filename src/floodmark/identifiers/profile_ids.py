"""Profile ids: the number that a platform gave an account, as digits without leading zeros.

>>> import polars as pl
>>> pl.select(canonical(pl.lit("000500090001"))).item()
'500090001'
"""

from __future__ import annotations

import polars as pl

LONGEST = 20  # digits of 2**64 - 1


def canonical(expr: pl.Expr) -> pl.Expr:
    """The `canon 1` form of profile ids.

    Args:
        expr: text cells. White space around the number and leading zeros are dropped; anything but ASCII digits,
            more than 20 digits after that, and zero itself are invalid.

    Returns:
        String, null where invalid.
    """
    digits = expr.cast(pl.String).str.strip_chars().str.strip_chars_start("0")
    fits = digits.str.len_bytes().is_between(1, LONGEST)
    return pl.when(fits & digits.str.contains(r"^[0-9]+$")).then(digits)


def is_valid(expr: pl.Expr) -> pl.Expr:
    """Whether cells are profile ids; false for nulls."""
    return canonical(expr).is_not_null()
