"""Checks that a cell can be of a kind: check digits, addresses, links. All are Polars expressions.

Each takes text cells and gives Booleans, null where the cell is null.

>>> import polars as pl
>>> cells = pl.Series(["4111 1111 1111 1111", "4111 1111 1111 1112"])
>>> pl.select(card_number(pl.lit(cells))).to_series().to_list()
[True, False]
"""

from __future__ import annotations

import numpy as np
import polars as pl

# Length of an IBAN by country (IBAN registry, release 99).
_IBAN_LENGTHS = {
    length: countries.split()
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FK FI FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
}
_LETTERS = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
_LETTER_VALUES = [str(value) for value in range(10, 36)]
_LONGEST_IBAN_DIGITS = 72
_CHUNK = 12

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_PADDED = "(?:[01][0-9]{2}|2[0-4][0-9]|25[0-5])"
_GROUP = "[0-9A-Fa-f]{1,4}"
_IPV6 = "|".join(
    [rf"(?:{_GROUP}:){{7}}{_GROUP}", rf"(?:{_GROUP}:){{6}}{_IPV4}", rf"::(?:[Ff]{{4}}:)?{_IPV4}"]
    + [rf"(?:{_GROUP}:){{1,{left}}}(?::{_GROUP}){{1,{7 - left}}}" for left in range(1, 7)]
    + [rf"::(?:{_GROUP}:){{0,6}}{_GROUP}", rf"(?:{_GROUP}:){{1,7}}:", "::"]
)


def luhn(digits: pl.Expr) -> pl.Expr:
    """Luhn's check (ISO/IEC 7812-1, annex B) on 2 to 19 ASCII digits; false for anything else."""
    return digits.map_batches(_luhn, return_dtype=pl.Boolean, is_elementwise=True)


def _luhn(digits: pl.Series) -> pl.Series:
    fits = digits.str.contains("^[0-9]{2,19}$").fill_null(value=False)
    rest = digits.set(~fits, None).cast(pl.UInt64).fill_null(0).to_numpy()
    total = np.zeros(len(rest), np.uint64)
    for place in range(19):
        rest, digit = np.divmod(rest, np.uint64(10))
        total += _DOUBLED[digit] if place % 2 else digit
    return fits & pl.Series(total % 10 == 0)


# A digit in a doubled place, with the digits of its double added up.
_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], np.uint64)


def card_number(cell: pl.Expr) -> pl.Expr:
    """Payment card numbers: 13 to 19 digits in groups, an issuer prefix in use (2 to 6), Luhn's check."""
    digits = cell.str.replace_all("[ -]", "")
    shape = cell.str.contains("^[2-6][0-9]{3}[ -]?[0-9]{4,6}[ -]?[0-9]{4,5}[ -]?[0-9]{0,7}$")
    return shape & digits.str.len_bytes().is_between(13, 19) & luhn(digits)


def imei(cell: pl.Expr) -> pl.Expr:
    """Device numbers of mobile phones (3GPP TS 23.003, section 6): 15 digits with Luhn's check."""
    digits = cell.str.replace_all("[ -]", "")
    return cell.str.contains(r"^[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]$") & luhn(digits)


def gtin(cell: pl.Expr) -> pl.Expr:
    """Numbers of goods (GTIN, GS1 General Specifications 7.9): 8, 12, 13 or 14 digits with their check digit."""
    digits = cell.str.zfill(14)
    total = pl.lit(0, dtype=pl.Int32)
    for place in range(14):
        digit = digits.str.slice(place, 1).cast(pl.Int32, strict=False)
        total += digit * (1 if place % 2 else 3)
    return cell.str.contains("^(?:[0-9]{8}|[0-9]{12,14})$") & (total % 10 == 0).fill_null(value=False)


def iban(cell: pl.Expr) -> pl.Expr:
    """International bank account numbers (ISO 13616): the country's length and the remainder modulo 97."""
    text = cell.str.replace_all("[ -]", "").str.to_uppercase()
    country = text.str.head(2)
    length = text.str.len_bytes()
    known = pl.any_horizontal(
        (length == size) & country.is_in(countries) for size, countries in _IBAN_LENGTHS.items()
    )
    rearranged = text.str.slice(4) + text.str.head(4)
    digits = rearranged.str.replace_many(_LETTERS, _LETTER_VALUES).str.zfill(_LONGEST_IBAN_DIGITS)
    remainder = pl.lit(0, dtype=pl.Int64)
    for start in range(0, _LONGEST_IBAN_DIGITS, _CHUNK):
        chunk = digits.str.slice(start, _CHUNK).cast(pl.Int64, strict=False)
        remainder = (remainder * 10**_CHUNK + chunk) % 97
    shape = text.str.contains("^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")
    return shape & known & (remainder == 1).fill_null(value=False)


def ipv4(cell: pl.Expr) -> pl.Expr:
    """IPv4 addresses, four decimal numbers, each with leading zeros or none, a port allowed."""
    return cell.str.contains(rf"^(?:{_IPV4}|{_PADDED}(?:\.{_PADDED}){{3}})(?::[0-9]{{1,5}})?$")


def ipv6(cell: pl.Expr) -> pl.Expr:
    """IPv6 addresses as RFC 4291 section 2.2 writes them, without a zone, in brackets or not."""
    return cell.str.contains(rf"^\[?(?:{_IPV6})\]?$")


def ip_address(cell: pl.Expr) -> pl.Expr:
    """IPv4 or IPv6 addresses."""
    return ipv4(cell) | ipv6(cell)


def uuid(cell: pl.Expr) -> pl.Expr:
    """UUIDs with hyphens (RFC 9562), in braces or not."""
    return cell.str.contains(r"^\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?$")


def mac(cell: pl.Expr) -> pl.Expr:
    """MAC addresses: six pairs of hexadecimal digits with colons or hyphens, or three groups with dots."""
    pairs = r"^(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}"
    return cell.str.contains(pairs + r"|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2})$")


def url(cell: pl.Expr) -> pl.Expr:
    """Links: an http(s) or ftp scheme, or `www.`, then a host, without white space."""
    return cell.str.contains(r"^(?i:(?:https?|ftp)://|www\.)[^\s/]+\S*$")


def picture_url(cell: pl.Expr) -> pl.Expr:
    """Links whose path ends like a picture, or has a word for one in it."""
    named = cell.str.contains(
        r"(?i)\.(?:jpe?g|png|gif|webp|avif|bmp)(?:[?#].*)?$|/(?:avatars?|photos?|picture|pfp)(?:[/?._-]|$)"
    )
    return url(cell) & named


def coordinates(cell: pl.Expr) -> pl.Expr:
    """Latitude and longitude in decimal degrees in one cell, or one of the two with three decimals or more."""
    both = cell.str.extract_groups(
        r"^\(?\s*(-?[0-9]{1,2}\.[0-9]+)\s*[,; ]\s*(-?[0-9]{1,3}\.[0-9]+)\s*\)?$"
    ).struct
    in_range = both.field("1").cast(pl.Float64).is_between(-90, 90) & both.field("2").cast(
        pl.Float64
    ).is_between(-180, 180)
    # With a comma, three decimals would be thousands.
    number = cell.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    one = cell.str.contains(r"^-?[0-9]{1,3}(?:\.[0-9]{3,}|,[0-9]{4,})$") & (number.abs() <= 180)
    return in_range.fill_null(value=False) | one.fill_null(value=False)
