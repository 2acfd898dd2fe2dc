"""Cells of a column as canonical identifiers: the one reading that counting, keeping and sealing share.

>>> found = identify("phone", pl.Series(["+44 20 7946 0000", "", "no number"]))
>>> found.valid.to_list(), found.canonical[0][0].to_list(), found.canonical[0][1].tolist()
([True, False, False], [442079460000], [0])
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.identifiers import emails, phones, profile_ids, usernames


@dataclass(frozen=True)
class Identified:
    """A column of identifiers of one batch.

    Attributes:
        valid: which cells are valid, Boolean, shape (rows,).
        groups: of the valid cells in order: the phone's region (an index), the address's domain; else nothing.
        canonical: the valid cells' canonical forms (numbers UInt64, else String) with their rows; a column of
            profile ids has two parts, the second those beyond 64 bits.
    """

    valid: pl.Series
    groups: pl.Series | None = None
    canonical: tuple[tuple[pl.Series, NDArray[np.intp]], ...] = ()


def identify(kind: str, cells: pl.Series, region: str | None = None) -> Identified:
    """The valid identifiers among the cells of a column.

    Args:
        kind: of identifier.
        cells: String, shape (rows,); empty where there is none.
        region: country of phone numbers written without country code, ISO 3166-1 alpha-2.
    """
    if kind == "phone":
        found = phones.current(cells, region)
        valid = found["valid"].fill_null(False)
        good = found.filter(valid)
        return Identified(valid, good["region"], ((good["number"], _rows(valid)),))
    if kind == "email":
        filled = cells != ""
        parsed = emails.parse_series(cells.filter(filled)).struct.unnest()
        valid = parsed["valid"].fill_null(False)
        good = parsed.filter(valid)
        everywhere = pl.repeat(False, cells.len(), eager=True).scatter(filled.arg_true(), valid)
        return Identified(everywhere, good["domain"], ((good["canonical"], _rows(everywhere)),))
    if kind == "profile_id":
        numbers, long = _profile_numbers(cells)
        parts = tuple((part.drop_nulls(), _rows(part.is_not_null())) for part in (numbers, long))
        return Identified(numbers.is_not_null() | long.is_not_null(), None, parts)
    canonical = usernames.canonical_series(cells)
    valid = canonical.is_not_null() & (canonical != "")
    return Identified(valid, None, ((canonical.filter(valid), _rows(valid)),))


def _rows(valid: pl.Series) -> NDArray[np.intp]:
    return np.flatnonzero(valid.to_numpy())


def _profile_numbers(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Profile ids as UInt64 and, for the few that need more than 64 bits, as text; null where they are not."""
    numbers = cells.cast(pl.UInt64, strict=False)
    # What a cast reads as `profile_ids.canonical` does: digits alone, zeros before them dropped.
    plain = (numbers > 0).fill_null(False) & ~cells.str.starts_with("+")
    texts = pl.repeat(None, cells.len(), dtype=pl.String, eager=True)
    odd = (~plain & (cells != "")).arg_true()
    if not odd.len():
        return numbers.set(~plain, None), texts
    canonical = pl.select(profile_ids.canonical(pl.lit(cells.gather(odd)))).to_series()
    few = canonical.cast(pl.UInt64, strict=False)
    long = canonical.set(few.is_not_null(), None)
    return numbers.set(~plain, None).scatter(odd, few), texts.scatter(odd, long)
