"""Small closed sets of words that cells of some types are made of, in the ten supported languages.

`data/vocabulary.tsv` keeps the words as people write them.

>>> "weiblich" in spellings("gender"), "kadin" in spellings("gender")
(True, True)
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import polars as pl

from floodmark.identifiers.folding import fold_series

WordSet = Literal[
    "gender",
    "relationship",
    "religion",
    "language",
    "language_code",
    "flag",
    "company",
    "school",
    "job",
    "street",
    "area",
]


@cache
def spellings(name: WordSet) -> tuple[str, ...]:
    """A set in lower case, as written and as folded, so that a cell needs only lower case to be looked up."""
    lowered = pl.Series(_words(name)).str.to_lowercase()
    return tuple(pl.concat([lowered, fold_series(lowered)]).unique().sort().to_list())


@cache
def folded(name: WordSet) -> tuple[str, ...]:
    """A set as `identifiers.folding.fold` gives it, without repeats."""
    return tuple(fold_series(pl.Series(_words(name))).unique().sort().to_list())


def _words(name: WordSet) -> list[str]:
    text = files("floodmark.identifiers").joinpath("data", "vocabulary.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [word for key, words in rows if key == name for word in words.split("|")]
