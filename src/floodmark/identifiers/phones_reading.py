"""From a column of any type to numbers and outcomes: the work that `phones.parse` and `phones.resolve` share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from floodmark.identifiers.numbering import (
    MOST_DIGITS,
    MOST_NATIONAL_DIGITS,
    POWERS,
    TYPED,
    Codes,
    Keys,
    look_up,
    outcomes,
)
from floodmark.identifiers.phones_text import typed

Lengths = npt.NDArray[np.integer]
Mask = npt.NDArray[np.bool_]

_MOST_EXACT = 2**53  # the first float whose neighbour is not one away


@dataclass(frozen=True)
class Read:
    """What a column says, one entry per cell.

    Attributes:
        numbers: digits of E.164 as an integer, meaningful where the outcome is a number; dtype uint64.
        codes: outcome codes (`numbering.Outcomes`), dtype uint16.
        blank: whether the cell holds nothing at all.
    """

    numbers: Keys
    codes: Codes
    blank: Mask

    @classmethod
    def of(cls, numbers: Keys, codes: Codes) -> Read:
        """Cells none of which is blank."""
        return cls(numbers, codes, np.zeros(len(numbers), np.bool_))

    def put(self, rows: npt.NDArray[np.intp], other: Read) -> None:
        """Replace the rows by those of `other`, which has as many."""
        self.numbers[rows], self.codes[rows], self.blank[rows] = other.numbers, other.codes, other.blank

    def take(self, rows: npt.NDArray[np.intp] | Mask) -> Read:
        """Some of the rows."""
        return Read(self.numbers[rows], self.codes[rows], self.blank[rows])

    def refuse(self, rows: Mask, reason: str) -> None:
        """Mark the rows as no number."""
        self.codes[rows] = outcomes().code(reason)

    def prefer_valid(self, other: Read) -> None:
        """Take from `other` where it is valid and this is not."""
        valid = outcomes().valid
        rows = np.flatnonzero(~valid[self.codes] & valid[other.codes])
        self.put(rows, other.take(rows))


def read(cells: pl.Series, region: str | None) -> Read:
    """Numbers and outcomes of a column.

    Args:
        cells: text, integers or floats; other types are read as the text that Polars makes of them.
        region: where national forms were typed, or None.

    Returns:
        One entry per cell; blank cells have the outcome `not_a_number`.
    """
    if cells.dtype.is_float():
        return _floats(cells.cast(pl.Float64), region)
    if cells.dtype.is_integer():
        return _integers(cells, region)
    return _text(cells.cast(pl.String), region)


def _integers(cells: pl.Series, region: str | None) -> Read:
    positive = cells.cast(pl.UInt64, strict=False)
    keys = positive.fill_null(0).to_numpy()
    lengths = np.searchsorted(POWERS, keys, side="right")
    found = _plain(keys, lengths, region)
    found.refuse(positive.is_null().to_numpy(), "not_a_number")
    found.blank[:] = cells.is_null().to_numpy()
    return found


def _floats(cells: pl.Series, region: str | None) -> Read:
    """A float is exact when it is whole and small enough for its neighbours to be told apart."""
    values = cells.fill_null(np.nan).to_numpy()
    inexact = np.abs(values) >= _MOST_EXACT
    whole = (values >= 0) & (values == np.floor(values)) & ~inexact
    found = _integers(pl.Series(np.where(whole, values, 0).astype(np.uint64)), region)
    found.refuse(~whole, "not_a_number")
    found.refuse(inexact, "lost_digits")
    found.blank[:] = np.isnan(values)
    return found


def _text(cells: pl.Series, region: str | None) -> Read:
    """Plain digits by their value at once; then whatever else there is."""
    values = cells.cast(pl.UInt64, strict=False)
    keys = values.fill_null(0).to_numpy()
    lengths = cells.str.len_bytes().fill_null(0).to_numpy()
    # A plus or a leading zero makes the text longer than the digits of its value.
    plain = keys >= POWERS[np.clip(lengths, 1, MOST_DIGITS) - 1]
    plain &= lengths <= MOST_DIGITS
    found = _plain(keys, lengths, region)
    found.blank[:] = lengths == 0
    found.refuse(found.blank, "not_a_number")
    rows = np.flatnonzero(~plain & ~found.blank)
    if len(rows):
        found.put(rows, _other(cells.gather(rows), region))
    return found


def _other(cells: pl.Series, region: str | None) -> Read:
    plus = cells.str.contains(r"^\+[0-9]+$").fill_null(False)
    if plus.all():
        return _digits(cells.str.slice(1), np.ones(len(cells), np.bool_), region)
    text = typed(cells)
    found = _digits(text["digits"], text["plus"].to_numpy(), region)
    blank = (text["digits"].is_null() & text["reason"].is_null()).to_numpy()
    found.blank[:] = blank
    found.refuse(blank, "not_a_number")
    for reason in ("not_a_number", "lost_digits"):
        found.refuse(text["reason"].eq_missing(reason).to_numpy(), reason)
    return found


def _plain(keys: Keys, lengths: Lengths, region: str | None) -> Read:
    """Digits without a leading zero and without a plus."""
    if region is None:
        return _international(keys, lengths)
    found = _national(keys, lengths, region)
    rows = np.flatnonzero(~outcomes().valid[found.codes])
    if len(rows):
        national = found.take(rows)
        national.prefer_valid(_international(keys[rows], lengths[rows]))
        found.put(rows, national)
    return found


def _digits(digits: pl.Series, plus: Mask, region: str | None) -> Read:
    """Digits with their leading zeros; where `plus`, they are international if their calling code exists."""
    lengths = digits.str.len_bytes().fill_null(0).to_numpy()
    keys = digits.cast(pl.UInt64, strict=False).fill_null(0).to_numpy()
    zero = digits.str.starts_with("0").fill_null(False).to_numpy()
    abroad = digits.str.contains("^00(?:[^0]|$)").fill_null(False).to_numpy()
    abroad &= ~plus
    found = _international(keys, np.where(abroad, lengths - 2, lengths))
    found.refuse(zero & ~abroad, "unknown_calling_code")
    if region is None:
        double = digits.str.starts_with("00").fill_null(False).to_numpy()
        found.refuse(zero & ~double & ~plus, "no_region")
        return found
    national = _national(keys, lengths, region)
    national.prefer_valid(found)
    rows = np.flatnonzero(~plus | (found.codes == outcomes().code("unknown_calling_code")))
    found.put(rows, national.take(rows))
    return found


def _international(keys: Keys, lengths: Lengths) -> Read:
    found = Read.of(*look_up(TYPED, keys))
    found.refuse(lengths > MOST_DIGITS, "too_long")
    return found


def _national(keys: Keys, lengths: Lengths, region: str) -> Read:
    """A digit 1 goes in front, so that leading zeros count; the compiled plan expects it."""
    fits = lengths <= MOST_NATIONAL_DIGITS
    front = POWERS[np.minimum(lengths, MOST_NATIONAL_DIGITS)]
    return Read.of(*look_up(region, np.where(fits, keys + front, POWERS[MOST_DIGITS])))
