"""Given and family names from public lists, to tell columns apart; never from leaked data.

>>> known(pl.Series(["maria", "gonzalez", "xqz"])).rows()
[(True, False), (False, True), (False, False)]
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl


def known(words: pl.Series) -> pl.DataFrame:
    """Which folded words are names.

    Args:
        words: single words as `folding.fold` gives them.

    Returns:
        Columns `given` and `family` (Boolean): the word is on that list. Some words are on both.
    """
    frame = pl.DataFrame({"name": words.cast(pl.String)})
    kind = frame.join(_names(), on="name", how="left", maintain_order="left")["kind"].fill_null("")
    return pl.DataFrame({"given": kind.is_in(["f", "b"]), "family": kind.is_in(["l", "b"])})


@cache
def _names() -> pl.DataFrame:
    """The lists: `name` (folded), `kind` (`f`, `l` or `b`)."""
    path = files("floodmark.identifiers").joinpath("data", "names.tsv")
    return pl.read_csv(
        path.read_bytes(),
        separator="\t",
        has_header=False,
        comment_prefix="#",
        quote_char=None,
        schema={"name": pl.String, "kind": pl.String},
    )
