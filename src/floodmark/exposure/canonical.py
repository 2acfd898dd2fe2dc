"""Cells as canonical identifiers, domains and prefixes, for watch files and dumps alike.

>>> canonical("domain", pl.Series(["Mail.Bücher.Example.", "@example.org", "*.example.org", "no"])).to_list()
['mail.xn--bcher-kva.example', 'example.org', 'example.org', None]
>>> canonical("prefix", pl.Series(["+44 20*", "004420", "+44"])).to_list()
[4420, 4420, 44]
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from floodmark.exposure.number_ranges import has_numbers
from floodmark.identifiers import KINDS, emails, phones, profile_ids, usernames

EntryKind = Literal["phone", "email", "profile_id", "username", "domain", "prefix"]
IDENTIFIERS: tuple[EntryKind, ...] = KINDS
ENTRIES: tuple[EntryKind, ...] = (*IDENTIFIERS, "domain", "prefix")
LONGEST_CELL = 512  # characters; the longest identifier has 254 bytes
MOST_PREFIX_DIGITS = 15
_HOST = r"^(?:@|\*\.)?(?:[^\s@.:/]+\.)+[^\s@.:/0-9]{2,}\.?$"

_NATIONAL_ZERO = r"^(\s*(?:\+|00)[\d\s.\-/]*)\(\s*0\s*\)"

# Read as a telephone number, many would be a valid one; read as a domain, none is.
_INTERNET_ADDRESS = r"^\d{1,3}(?:\.\d{1,3}){3}$"


def canonical(kind: EntryKind, cells: pl.Series, region: str | None = None) -> pl.Series:
    """The canonical form of every cell.

    Args:
        kind: what the cells are read as.
        cells: String, shape (n,).
        region: country of national phone numbers, ISO 3166-1 alpha-2.

    Returns:
        UInt64 for phones and prefixes (digits of the international form), else String; null where invalid, as is a
        prefix under which no number is valid.
    """
    if kind == "phone":
        return phone_numbers(cells, region)
    if kind == "email":
        return emails.parse_series(cells).struct.field("canonical")
    if kind == "profile_id":
        return cells.to_frame("cell").select(profile_ids.canonical(pl.col("cell"))).to_series()
    if kind == "username":
        names = usernames.canonical_series(cells)
        return names.set(names == "", None)
    if kind == "domain":
        return _domains(cells)
    digits = prefix_digits(cells)
    return digits.set(pl.Series(~has_numbers(digits.fill_null(0).to_numpy())), None)


def kinds_of(cells: pl.Series) -> pl.Series:
    """What each cell looks like in a column of mixed entries; never a profile id or a user name.

    Args:
        cells: String.

    Returns:
        String, `email`, `domain`, `prefix` or `phone`.
    """
    cell = pl.col("cell").str.strip_chars()
    kind = (
        pl.when(cell.str.contains(_HOST) | cell.str.contains(_INTERNET_ADDRESS))
        .then(pl.lit("domain"))
        .when(cell.str.contains("@", literal=True))
        .then(pl.lit("email"))
        .when(cell.str.ends_with("*"))
        .then(pl.lit("prefix"))
        .otherwise(pl.lit("phone"))
    )
    return cells.to_frame("cell").select(kind).to_series()


def phone_numbers(cells: pl.Series, region: str | None) -> pl.Series:
    """Valid numbers as UInt64, in today's numbering where a country has renumbered; null elsewhere."""
    found = phones.current(cells, region)
    return found["number"].set(~found["valid"].fill_null(False), None)


def _domains(cells: pl.Series) -> pl.Series:
    """By the rules for the domain of an address: two labels or more, UTS-46, the last label no number."""
    bare = cells.str.strip_chars().str.replace(r"^(?:@|\*\.)", "")
    address = pl.DataFrame({"cell": bare}).select(pl.concat_str(pl.lit("x@"), "cell")).to_series()
    return emails.parse_series(address).struct.field("domain")


def prefix_digits(cells: pl.Series) -> pl.Series:
    """Digits of cells that are written like an international prefix, UInt64; null elsewhere.

    The national 0 in brackets, as in `+44 (0)20`, is left out where no number begins with it.
    """
    typed = _digits(cells)
    bracketed = cells.str.contains(_NATIONAL_ZERO) & ~pl.Series(has_numbers(typed.fill_null(0).to_numpy()))
    if not bracketed.any():
        return typed
    return typed.zip_with(~bracketed.fill_null(False), _digits(cells.str.replace(_NATIONAL_ZERO, "$1")))


def _digits(cells: pl.Series) -> pl.Series:
    digits = (
        cells.str.replace_all(r"[\s().\-/]", "")
        .str.strip_suffix("*")
        .str.replace(r"^(?:\+|00)", "")
        .str.extract(rf"^([1-9][0-9]{{0,{MOST_PREFIX_DIGITS - 1}}})$")
    )
    return digits.cast(pl.UInt64)
