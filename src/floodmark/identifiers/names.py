"""Given and family names from public lists, to tell columns apart; never from leaked data.

>>> known(pl.Series(["maria", "gonzalez", "xqz"])).rows()
[(True, False), (False, True), (False, False)]
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

_FAMILY = (
    r"^(?:\S{2,}(?:oglu|soy|kaya|demir|turk|ski|sky|ska|skiy|skaya|enko|chuk|shvili|idze|adze|yan|mann|berger|bauer|meyer"
    r"|mayer|inger|hoff|huber|stein|feld|elli|etti|ucci|acci|otti|azzi|oni|ini|aldi|ardi|escu|sson|sen|ton|ford|worth|field"
    r"|quez|guez|rez|nez|dez|mez|lez|vez|ães|aes|eira|eiro|eau|ault|aud|ier|ov|ova|ev|eva)"
    r"|\S{2,}(?:ов|ова|ев|ева|ский|ская|цкий|цкая|енко|чук|швили|дзе|ян)|ال\S{2,}[يى])$"
)


def known(words: pl.Series) -> pl.DataFrame:
    """Which folded words are names.

    Args:
        words: single words as `folding.fold` gives them.

    Returns:
        Columns `given` and `family` (Boolean): the word is on that list. Some words are on both.
    """
    names, kind = _names()
    text = words.cast(pl.String)
    nearest = names.search_sorted(text.fill_null("")).clip(upper_bound=len(names) - 1)
    frame = pl.DataFrame({"kind": kind.gather(nearest), "same": names.gather(nearest) == text})
    found = pl.when("same").then("kind").otherwise(pl.lit(""))
    return frame.select(given=found.is_in(["f", "b"]), family=found.is_in(["l", "b"]))


def family_like(word: pl.Expr) -> pl.Expr:
    """Whether single folded words end, or begin, as family names of many peoples do and given names hardly."""
    return word.str.contains(_FAMILY)


@cache
def _names() -> tuple[pl.Series, pl.Series]:
    """The lists: names (folded, sorted), and of each its kind (`f`, `l` or `b`)."""
    path = files("floodmark.identifiers").joinpath("data", "names.tsv")
    lists = pl.read_csv(
        path.read_bytes(),
        separator="\t",
        has_header=False,
        comment_prefix="#",
        quote_char=None,
        schema={"name": pl.String, "kind": pl.String},
    ).sort("name")
    return lists["name"], lists["kind"]
