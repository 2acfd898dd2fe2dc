"""Phone numbers: what a cell says, as an E.164 number with its region, kind and validity.

Agrees with libphonenumber (through the compiled plan in `numbering`); docs/reference/phones.md lists where it does
not on purpose.

Examples:
    >>> import polars as pl
    >>> frame = pl.DataFrame({"phone": ["+44 20 7031 3000", "0044 20 7031 3000", "hello"]})
    >>> frame.select(parse("phone").struct.field("e164", "region", "kind", "valid")).rows()[0]
    ('+442070313000', 'GB', 'fixed_line', True)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from floodmark.identifiers import numbering
from floodmark.identifiers.numbering import KINDS, METADATA_VERSION, REASONS, REGIONS, Codes, Keys
from floodmark.identifiers.phones_renumbered import canonical
from floodmark.identifiers.phones_text import typed

__all__ = [
    "KINDS",
    "METADATA_VERSION",
    "PARSED",
    "REASONS",
    "REGIONS",
    "canonical",
    "parse",
    "resolve",
    "shape",
]

PARSED = pl.Struct(
    {"e164": pl.String, "region": pl.String, "kind": pl.String, "valid": pl.Boolean, "reason": pl.String}
)
_BLANK = np.iinfo(np.uint16).max  # in place of an outcome code: the cell holds nothing
_MASK = "\N{BLACK VERTICAL RECTANGLE}"
_MOST_EXACT = 2**53


@dataclass(frozen=True)
class _Read:
    """Numbers and outcome codes of a column, `(n,)` each; `_BLANK` where the cell holds nothing."""

    numbers: Keys
    codes: Codes

    @property
    def final(self) -> Codes:
        """The codes with blank cells as no number."""
        return np.where(self.codes == _BLANK, numbering.outcomes().code("not_a_number"), self.codes)


def parse(expr: pl.Expr | str, region: str | None = None) -> pl.Expr:
    """Phone numbers of a column.

    Args:
        expr: expression or column name; text, integers or floats.
        region: ISO 3166-1 alpha-2 code of the region where national forms were typed. Without one, digits
            without a plus are read as international.

    Returns:
        A struct per row (dtype `PARSED`): `e164` (null where the cell is no number), `region` (null where
        unknown, `001` where the number belongs to no country), `kind` (one of `KINDS`), `valid`, and `reason`
        (one of `REASONS`, null when valid). The struct itself is null where the cell is null, blank or NaN.

    Raises:
        UsageError: no such region.
    """
    if region is not None:
        numbering.table(region)
    column = pl.col(expr) if isinstance(expr, str) else expr
    return column.map_batches(lambda cells: _parsed(cells, region), return_dtype=PARSED, is_elementwise=True)


def resolve(digits: pl.Series, region: str | None = None) -> pl.DataFrame:
    """Phone numbers of a column as integers, for work on millions of rows; no text is made.

    Args:
        digits: as for `parse`.
        region: as for `parse`.

    Returns:
        One row per cell: `number` (UInt64, the digits of E.164, null where there is no number), `region` (UInt16,
        index into `REGIONS`), `kind` (UInt8, index into `KINDS`) and `valid` (Boolean).

    Raises:
        UsageError: no such region.
    """
    read = _read(digits, region)
    outcomes, codes = numbering.outcomes(), read.final
    missing = ~outcomes.number[codes]
    numbers = pl.Series("number", read.numbers)
    if missing.any():
        numbers = numbers.zip_with(pl.Series(~missing), pl.Series("number", [None], pl.UInt64))
    return pl.DataFrame(
        [
            numbers,
            pl.Series("region", outcomes.region[codes]),
            pl.Series("kind", outcomes.kind[codes]),
            pl.Series("valid", outcomes.valid[codes]),
        ]
    )


def shape(expr: pl.Expr | str, region: str | None = None) -> pl.Expr:
    """What a number looks like, for reports: `+44 7▮▮▮ ▮▮▮▮▮▮`; null where there is no number.

    Args:
        expr: as for `parse`.
        region: as for `parse`.

    Returns:
        Text with the calling code, one digit, and a mask for every other digit.
    """
    if region is not None:
        numbering.table(region)
    column = pl.col(expr) if isinstance(expr, str) else expr
    return column.map_batches(
        lambda cells: _shapes(cells, region), return_dtype=pl.String, is_elementwise=True
    )


def _parsed(cells: pl.Series, region: str | None) -> pl.Series:
    read = _read(cells, region)
    outcomes, codes = numbering.outcomes(), read.final
    columns = pl.DataFrame(
        {
            "number": read.numbers,
            "is_number": outcomes.number[codes],
            "blank": read.codes == _BLANK,
            "region": _NAMES["region"].gather(outcomes.region[codes]),
            "kind": _NAMES["kind"].gather(outcomes.kind[codes]),
            "valid": outcomes.valid[codes],
            "reason": _NAMES["reason"].gather(outcomes.reason[codes]),
        }
    )
    number = pl.concat_str(pl.lit("+"), pl.col("number").cast(pl.String))
    fields = [pl.when("is_number").then(number).alias("e164"), pl.col("region", "kind", "valid", "reason")]
    structs = columns.select(pl.when(~pl.col("blank")).then(pl.struct(fields))).to_series()
    return structs.cast(PARSED).alias(cells.name)


_NAMES = {
    "region": pl.Series([None, *REGIONS[1:]], dtype=pl.String),
    "kind": pl.Series(KINDS, dtype=pl.String),
    "reason": pl.Series([None, *REASONS[1:]], dtype=pl.String),
}


def _shapes(cells: pl.Series, region: str | None) -> pl.Series:
    found = resolve(cells, region)
    digits = pl.col("number").cast(pl.String)
    calling = pl.coalesce(
        *(
            pl.when(digits.str.head(length).is_in([str(code) for code in numbering.CALLING_CODES])).then(
                length
            )
            for length in (1, 2, 3)
        )
    ).cast(pl.UInt32)
    hidden = digits.str.len_bytes() - calling - 1
    late = pl.min_horizontal(hidden, pl.lit(6))
    masks = pl.lit(_MASK * numbering.MOST_DIGITS)
    text = pl.concat_str(
        pl.lit("+"),
        digits.str.head(calling),
        pl.lit(" "),
        digits.str.slice(calling, 1),
        masks.str.head(hidden - late),
        pl.when(hidden > late).then(pl.lit(" ")).otherwise(pl.lit("")),
        masks.str.head(late),
    )
    return found.select(text).to_series().alias(cells.name)


def _read(cells: pl.Series, region: str | None) -> _Read:
    """Numbers and outcomes of a column of any type that can hold phone numbers."""
    if cells.dtype == pl.Null:
        cells = cells.cast(pl.String)
    if cells.dtype.is_float():
        return _read_floats(cells.cast(pl.Float64), region)
    if cells.dtype.is_integer():
        return _read_integers(cells, region)
    return _read_text(cells.cast(pl.String), region)


def _read_integers(cells: pl.Series, region: str | None) -> _Read:
    positive = cells.cast(pl.UInt64, strict=False)
    keys = positive.fill_null(0).to_numpy()
    lengths = np.searchsorted(numbering.POWERS, keys, side="right").astype(np.uint8)
    read = _look_up(keys, lengths, region)
    bad = (positive.is_null() & cells.is_not_null()).to_numpy()
    read.codes[bad] = numbering.outcomes().code("not_a_number")
    read.codes[cells.is_null().to_numpy()] = _BLANK
    return read


def _read_floats(cells: pl.Series, region: str | None) -> _Read:
    values = cells.fill_null(np.nan).to_numpy()
    inexact = np.abs(values) >= _MOST_EXACT
    whole = (values >= 0) & (values == np.floor(values)) & ~inexact
    read = _read_integers(pl.Series(np.where(whole, values, 0).astype(np.uint64)), region)
    read.codes[~whole] = numbering.outcomes().code("not_a_number")
    read.codes[inexact] = numbering.outcomes().code("lost_digits")
    read.codes[np.isnan(values)] = _BLANK
    return read


def _read_text(cells: pl.Series, region: str | None) -> _Read:
    """Plain digits at once by their value, then a plus and digits, then whatever else there is."""
    values = cells.cast(pl.UInt64, strict=False)
    keys = values.fill_null(0).to_numpy()
    lengths = cells.str.len_bytes().fill_null(0).to_numpy()
    plain = keys >= numbering.POWERS[np.clip(lengths, 1, 20) - 1]
    plain &= (lengths > 0) & (lengths <= numbering.MOST_DIGITS)
    read = _look_up(keys, lengths, region)
    rows = np.flatnonzero(~plain)
    if len(rows):
        rest = _read_other(cells.gather(rows), region)
        read.numbers[rows], read.codes[rows] = rest.numbers, rest.codes
    return read


def _read_other(cells: pl.Series, region: str | None) -> _Read:
    plus = cells.str.contains(r"^\+[0-9]+$").fill_null(False)
    if plus.all():
        return _read_digits(cells.str.slice(1), np.ones(len(cells), np.bool_), region)
    text = typed(cells)
    outcomes = numbering.outcomes()
    read = _read_digits(text["digits"], text["plus"].to_numpy(), region)
    reason = text["reason"]
    read.codes[(reason == "not_a_number").fill_null(False).to_numpy()] = outcomes.code("not_a_number")
    read.codes[(reason == "lost_digits").fill_null(False).to_numpy()] = outcomes.code("lost_digits")
    read.codes[(text["digits"].is_null() & reason.is_null()).to_numpy()] = _BLANK
    return read


def _read_digits(digits: pl.Series, plus: npt.NDArray[np.bool_], region: str | None) -> _Read:
    """Digits with their leading zeros; where `plus`, international whatever the region."""
    outcomes = numbering.outcomes()
    lengths = digits.str.len_bytes().fill_null(0).to_numpy()
    keys = digits.cast(pl.UInt64, strict=False).fill_null(0).to_numpy()
    zero = digits.str.starts_with("0").fill_null(False).to_numpy()
    abroad = digits.str.starts_with("00").fill_null(False).to_numpy()
    international = _look_up(keys, lengths, None)
    international.codes[zero] = outcomes.code("unknown_calling_code")
    bare = _Read(international.numbers.copy(), international.codes.copy())
    third = digits.str.slice(2, 1).fill_null("").to_numpy() != "0"
    dialled = abroad & ~plus & third
    again = _look_up(keys[dialled], np.maximum(lengths[dialled], 2) - 2, None)
    bare.numbers[dialled], bare.codes[dialled] = again.numbers, again.codes
    if region is None:
        bare.codes[zero & ~abroad & ~plus] = outcomes.code("no_region")
        return bare
    unknown = international.codes == outcomes.code("unknown_calling_code")
    national = _look_up_national(keys, lengths, region, bare)
    usual = ~plus | unknown
    return _Read(
        np.where(usual, national.numbers, international.numbers),
        np.where(usual, national.codes, international.codes),
    )


def _look_up(keys: Keys, lengths: npt.NDArray[np.unsignedinteger], region: str | None) -> _Read:
    """Numbers of digits without a plus, given by value and count."""
    international = _Read(*numbering.look_up(numbering.TYPED, keys)) if region is None else None
    if international is not None:
        international.codes[lengths > numbering.MOST_DIGITS] = numbering.outcomes().code("too_long")
        return international
    assert region is not None
    return _look_up_national(keys, lengths, region, None)


def _look_up_national(
    keys: Keys, lengths: npt.NDArray[np.unsignedinteger], region: str, bare: _Read | None
) -> _Read:
    """National forms first; where one is not valid, the same digits as international if that is valid."""
    outcomes = numbering.outcomes()
    fits = lengths <= numbering.MOST_NATIONAL_DIGITS
    front = numbering.POWERS[np.minimum(lengths, numbering.MOST_NATIONAL_DIGITS)]
    numbers, codes = numbering.look_up(region, np.where(fits, keys + front, numbering.POWERS[-1]))
    rows = np.flatnonzero(~outcomes.valid[codes])
    if len(rows):
        other = (
            _look_up(keys[rows], lengths[rows], None)
            if bare is None
            else _Read(bare.numbers[rows], bare.codes[rows])
        )
        better = outcomes.valid[other.codes]
        numbers[rows[better]], codes[rows[better]] = other.numbers[better], other.codes[better]
    return _Read(numbers, codes)
