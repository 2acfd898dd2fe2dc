"""Usernames: NFC and full case folding by a table pinned to Unicode 14.0.

The table ships as data (`data/casefold-14.0.tsv`, Unicode's C and F foldings), so that the same name folds to the same
text under every Python, every Polars and in a browser. A name with a character that Unicode 14.0 had not assigned is
invalid: no pinned table can say how it folds.

>>> import polars as pl
>>> pl.select(canonical(pl.lit("Straße.Ада"))).item()
'strasse.ада'
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

UNICODE = "14.0"
LONGEST = 254
_TABLE = f"casefold-{UNICODE}.tsv"
_SHAPE = rf"^[\p{{Age:{UNICODE}}}--[\s\p{{Cc}}\p{{Noncharacter_Code_Point}}]]+$"


def canonical(expr: pl.Expr) -> pl.Expr:
    """The `canon 1` form of usernames.

    White space around the name and one leading `@` are dropped. What is left is NFC, folded, NFC again (folding can
    take a composed letter apart).

    Args:
        expr: text cells.

    Returns:
        String, null for empty cells, white space or controls inside, characters newer than Unicode 14.0, more than 254
        bytes of UTF-8 in the result.
    """
    return expr.map_batches(canonical_series, return_dtype=pl.String, is_elementwise=True)


def canonical_series(cells: pl.Series) -> pl.Series:
    """`canonical` on a whole column of text."""
    name = cells.cast(pl.String).str.strip_chars().str.strip_prefix("@")
    if not (name.str.len_bytes() == name.str.len_chars()).all():
        before, after = folding()
        name = name.str.normalize("NFC").str.replace_many(before, after).str.normalize("NFC")
    else:
        name = name.str.to_lowercase()
    cell = pl.col("name")
    fits = cell.str.contains(_SHAPE) & (cell.str.len_bytes() <= LONGEST)
    return pl.DataFrame({"name": name}).select(pl.when(fits).then(cell)).to_series().alias(cells.name)


@cache
def folding() -> tuple[list[str], list[str]]:
    """Characters and what each folds to."""
    text = files("floodmark.identifiers").joinpath("data", _TABLE).read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    before = [chr(int(code, 16)) for code, _ in rows]
    after = ["".join(chr(int(part, 16)) for part in folded.split()) for _, folded in rows]
    return before, after
