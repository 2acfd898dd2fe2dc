"""E-mail addresses: `canon 1`, validity and domain, as one Polars expression.

>>> import polars as pl
>>> pl.select(parse(pl.lit("Ada.Lovelace@EXAMPLE.org."))).item()
{'canonical': 'ada.lovelace@example.org', 'domain': 'example.org', 'valid': True}
"""

from __future__ import annotations

import polars as pl

from floodmark.identifiers import domains

LONGEST = 254
LONGEST_LOCAL = 64
STRUCT = pl.Struct({"canonical": pl.String, "domain": pl.String, "valid": pl.Boolean})

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~.\-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?"
SHAPE = rf"^{_LOCAL}@(?:{_LABEL}\.)+{_LABEL}$"
# Characters newer than Unicode 14.0 are refused: NFC of them is not the same under every client.
_INTERNATIONAL_LOCAL = r"^[[a-z0-9!#$%&'*+/=?^_`{|}~.\-][\p{Age:14.0}--[\x00-\x7F\s\p{Cc}\p{Cf}\p{Co}]]]+$"
# A name whose last label is a number is an address in disguise (WHATWG URL, "ends in a number").
NOT_A_NAME = r"[^.@]{64}$|@.*[^.]{64}\.|\.[0-9]+$"
_ENCODED_LABEL = r"[@.]xn--"
_UPPER = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
_LOWER = [chr(code) for code in range(ord("a"), ord("z") + 1)]


def parse(expr: pl.Expr) -> pl.Expr:
    """Reads e-mail addresses.

    White space around the address is not part of it. The local part is up to 64 bytes of RFC 5322 atom characters and
    dots anywhere (some networks hand out addresses with two dots in a row), and after NFC any non-ASCII character of
    Unicode 14.0 that is not white space, a control or for private use (RFC 6531);
    quoted local parts are not accepted. The domain has two labels or more and the last is no number.

    Args:
        expr: text cells; nulls and empty cells are invalid.

    Returns:
        Struct `{canonical: String, domain: String, valid: Boolean}`; the first two are null where `valid` is false.
    """
    return expr.map_batches(parse_series, return_dtype=STRUCT, is_elementwise=True)


def canonical(expr: pl.Expr) -> pl.Expr:
    """The `canon 1` form of e-mail addresses, null where invalid."""
    return parse(expr).struct.field("canonical")


def parse_series(cells: pl.Series) -> pl.Series:
    """`parse` on a whole column of text."""
    text = cells.cast(pl.String)
    plain = pl.col("cell").str.strip_chars()
    is_ascii = pl.col("cell").str.len_bytes() == pl.col("cell").str.len_chars()
    frame = pl.DataFrame({"cell": text}).with_columns(cell=plain)
    lowered = pl.col("cell").str.to_lowercase().str.strip_suffix(".")
    frame = frame.with_columns(canonical=pl.when(is_ascii).then(lowered))
    encoded = frame["canonical"].str.contains(_ENCODED_LABEL)
    slow = (frame.select(~is_ascii).to_series() | encoded).fill_null(value=False)
    if slow.any():
        frame = frame.with_columns(
            canonical=pl.when(slow)
            .then(_international(frame["cell"].filter(slow), slow))
            .otherwise("canonical")
        )
    valid = (
        _is_valid(pl.col("canonical"), pl.lit(slow)) if slow.any() else _is_ascii_valid(pl.col("canonical"))
    )
    frame = frame.with_columns(valid=valid.fill_null(value=False))
    frame = frame.select(
        canonical=pl.when("valid").then("canonical"),
        domain=pl.when("valid").then(pl.col("canonical").str.splitn("@", 2).struct.field("field_1")),
        valid="valid",
    )
    return frame.to_struct(cells.name)


def _is_ascii_valid(canonical: pl.Expr) -> pl.Expr:
    local = canonical.str.find("@", literal=True)
    return (
        canonical.str.contains(SHAPE)
        & (local <= LONGEST_LOCAL)
        & (canonical.str.len_bytes() <= LONGEST)
        & ~canonical.str.contains(NOT_A_NAME)
    )


def _is_valid(canonical: pl.Expr, slow: pl.Expr) -> pl.Expr:
    """Slow rows are null already where a part is invalid, so any text may stand before their `@`."""
    stripped = canonical.str.replace(r"^[^@]*@", "x@")
    size = canonical.str.find("@", literal=True) <= LONGEST_LOCAL
    international = _is_ascii_valid(stripped) & size & (canonical.str.len_bytes() <= LONGEST)
    return pl.when(slow).then(international).otherwise(_is_ascii_valid(canonical))


def _international(cells: pl.Series, slow: pl.Series) -> pl.Series:
    """Canonical forms of the rows in `slow`, other rows null; Python sees each distinct domain once."""
    frame = pl.DataFrame({"cell": cells.str.normalize("NFC")}).with_columns(
        local=pl.col("cell").str.extract(r"^([^@]+)@[^@]+$"),
        domain=pl.col("cell").str.extract(r"@([^@]+)$"),
    )
    names = frame["domain"].drop_nulls().unique()
    mapped = pl.Series([domains.to_ascii(name.removesuffix(".")) for name in names], dtype=pl.String)
    local_is_fine = pl.col("local").str.contains(_INTERNATIONAL_LOCAL)
    frame = frame.with_columns(
        local=pl.col("local").str.replace_many(_UPPER, _LOWER),
        domain=pl.col("domain").replace_strict(names, mapped, default=None, return_dtype=pl.String),
    ).select(canonical=pl.when(local_is_fine).then(pl.concat_str("local", pl.lit("@"), "domain")))
    rows = pl.DataFrame({"row": slow.arg_true(), "canonical": frame["canonical"]})
    every = pl.DataFrame({"slow": slow}).with_row_index("row").select("row")
    return every.join(rows, on="row", how="left", maintain_order="left")["canonical"]
