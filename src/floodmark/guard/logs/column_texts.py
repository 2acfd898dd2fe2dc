"""Targets of requests and what is cut out of them, as columns: equal to `targets` of each."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from floodmark.guard.logs import targets

_HEX = r"[0-9a-fA-F]{2}"
_HIGH = r"%[89a-fA-F][0-9a-fA-F]"
_ESCAPES = {
    f"%{first}{second}": chr(int(first + second, 16))
    for first in "01234567"
    for second in "0123456789abcdefABCDEF"
}


def normal(texts: pl.Series) -> pl.Series:
    """`targets.normal` of what `targets.LONGEST` leaves of each; String, null where null."""
    if ((texts.str.len_bytes() > targets.LONGEST).fill_null(False)).any():
        texts = texts.str.head(targets.LONGEST)
    return equivalent(texts)


def equivalent(texts: pl.Series) -> pl.Series:
    """`targets.normal` of each; String, null where null."""
    return _where(texts, targets.NEEDS_WORK, targets.normal)


def from_log(texts: pl.Series) -> pl.Series:
    r"""Targets as web servers write them: `\x22` for a byte that might end the field is `%22`."""
    if not texts.str.contains("\\", literal=True).any():
        return texts
    return texts.str.replace_all(rf"\\x({_HEX})", "%${1}").str.replace_all(r'\\(["\\])', "${1}")


def decoded(texts: pl.Series, *, form: bool, plus: bool) -> pl.Series:
    """`targets.decoded` of each."""
    if form and texts.str.contains("+", literal=True).any():
        spaced = texts.str.replace_all("+", " ", literal=True)
        if plus:
            leading = texts.str.starts_with("+").fill_null(False)
            spaced = ("+" + spaced.str.slice(1)).zip_with(leading, spaced)
        texts = spaced.alias(texts.name)
    if not texts.str.contains("%", literal=True).any():
        return texts
    high = texts.str.contains(_HIGH).fill_null(False)
    plain = texts.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    if not high.any():
        return plain
    slow = _where(texts, _HIGH, lambda text: targets.decoded(text, form=False, plus=False))
    return slow.zip_with(high, plain)


def queries(texts: pl.Series) -> pl.Series:
    """Queries of targets; null where there is none."""
    return texts.str.extract(r"(?s)\?(.*)$")


def first_values(texts: pl.Series, name: str) -> pl.DataFrame:
    """Of targets, the first value of a parameter of the query.

    Returns:
        Columns `named` (String, as it is written; null where there is none) and `several` (Boolean: whether there may
            be more).
    """
    named = texts.str.extract(rf"^[^?&]*\?{re.escape(name)}=([^&;#]+)$")
    several = named.is_null()  # there are other parameters, or none
    if several.any():
        at = several.arg_true()
        found = values(queries(texts.gather(at)), name).unique("row", keep="first", maintain_order=True)
        firsts = pl.Series([], dtype=pl.String).extend_constant(None, at.len())
        named = named.scatter(at, firsts.scatter(found["row"], found["text"]))
    return pl.DataFrame({"named": named, "several": several})


def values(queries: pl.Series, name: str) -> pl.DataFrame:
    """`targets.values` of each query.

    Returns:
        Columns `row` (UInt32, into the queries) and `text` (String, as it is written).
    """
    pair = rf"(?:^|[&;#]){re.escape(name)}(?:\[[^=&;#]*\])?=[^&;#]+"
    return (
        queries.str.extract_all(pair)
        .to_frame("text")
        .with_row_index("row")
        .filter(pl.col("text").list.len() > 0)
        .explode("text")
        .with_columns(pl.col("text").str.replace("^[^=]*=", ""))
    )


def _where(texts: pl.Series, shape: str, of: Callable[[str], str]) -> pl.Series:
    """A function of each distinct text of a shape; the others stay."""
    shaped = texts.str.contains(shape).fill_null(False)
    if not shaped.any():
        return texts
    part = texts.filter(shaped)
    distinct = part.unique()
    table = pl.DataFrame(
        {"text": distinct, "found": pl.Series([of(one) for one in distinct], dtype=pl.String)}
    )
    found = part.to_frame("text").join(table, on="text", how="left", maintain_order="left")["found"]
    return texts.scatter(shaped.arg_true(), found)
