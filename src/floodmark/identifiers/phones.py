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

import polars as pl

from floodmark.identifiers import numbering
from floodmark.identifiers.numbering import KINDS, METADATA_VERSION, REASONS, REGIONS
from floodmark.identifiers.phones_reading import read
from floodmark.identifiers.phones_renumbered import canonical, renumber

__all__ = [
    "KINDS",
    "METADATA_VERSION",
    "PARSED",
    "REASONS",
    "REGIONS",
    "canonical",
    "current",
    "parse",
    "resolve",
    "shape",
]

PARSED = pl.Struct(
    {"e164": pl.String, "region": pl.String, "kind": pl.String, "valid": pl.Boolean, "reason": pl.String}
)
_MASK = "\N{BLACK VERTICAL RECTANGLE}"


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
    found = read(digits, region)
    outcomes, codes = numbering.outcomes(), found.codes
    missing = ~outcomes.number[codes]
    numbers = pl.Series("number", found.numbers)
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


def current(digits: pl.Series, region: str | None = None) -> pl.DataFrame:
    """As `resolve`, in today's numbering: a number of before a renumbering is the number that it has become.

    A dump is as old as it is: `+52 1 55…` was how a Mexican mobile was written until 2019, and is no valid number
    today. Its holder has the number without the 1, and is found by it.

    Args:
        digits: as for `parse`.
        region: as for `parse`.

    Returns:
        The columns of `resolve`; `number`, `region`, `kind` and `valid` are those of the renumbered number where
        that is valid and the number as it stands is not.

    Raises:
        UsageError: no such region.
    """
    found = resolve(digits, region)
    stale = (~found["valid"].fill_null(False) & found["number"].is_not_null()).arg_true()
    if not stale.len():
        return found
    old = found["number"].gather(stale)
    new = pl.Series(renumber(old.to_numpy()), dtype=pl.UInt64)
    moved = (old != new).arg_true()
    if not moved.len():
        return found
    texts = new.gather(moved).to_frame("number").select(pl.concat_str(pl.lit("+"), "number")).to_series()
    now = resolve(texts)
    good = now["valid"].fill_null(False)
    rows, now = stale.gather(moved).filter(good), now.filter(good)
    return found.with_columns(found[name].scatter(rows, now[name]) for name in found.columns)


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
    found = read(cells, region)
    outcomes, codes = numbering.outcomes(), found.codes
    columns = pl.DataFrame(
        {
            "number": found.numbers,
            "is_number": outcomes.number[codes],
            "blank": found.blank,
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
