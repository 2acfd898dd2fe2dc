"""Can this cell be of that type? Cheap Boolean expressions, one per type that can be checked.

The reader uses them to find shifted lines: strict enough that a neighbouring column's cells fail, lenient enough that a
real cell passes. Whether an identifier is valid is for its own module to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import polars as pl

from floodmark.identifiers import checks, date_forms, dates, password_hashes, places, vocabulary
from floodmark.identifiers.field_types import FieldType
from floodmark.identifiers.folding import fold_series

Recogniser = Callable[[pl.Expr], pl.Expr]

# A time of day follows whole dates only: `23/2017 12:00` is the rest of one.
_NUMERIC_DATE = (
    r"^(?:(?:[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-](?:[0-9]{4}|[0-9]{2})|[0-9]{4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,2})"
    r"(?:[T ][0-9]{1,2}:[0-9]{2}[0-9:.]*(?: ?[AaPp][Mm])?(?:Z| ?[+\-][0-9:]{2,6})?)?"
    r"|[0-9]{1,2}[/.\-][0-9]{1,2}|[0-9]{4}[/.\-][0-9]{1,2}|[0-9]{1,2}[/.\-][0-9]{4}|(?:1[89]|20)[0-9]{2})$"
)
_EPOCH = r"^(?:-?[0-9]{9}|1[0-9]{9}(?:[0-9]{3})?)(?:\.[0-9]+)?$"


def recogniser(field_type: FieldType) -> Recogniser | None:
    """The check of a type.

    Args:
        field_type: type of a column.

    Returns:
        A function from text cells (not empty) to Booleans, null where the cell is null; None for types whose cells
        cannot be told from other text: names, free text, passwords.
    """
    return _RECOGNISERS.get(field_type)


def phone(cell: pl.Expr) -> pl.Expr:
    """Digits that can be a telephone number: 7 to 16 of them, with or without `+`, spaces, dots, hyphens, brackets."""
    return cell.str.contains(r"^(?:tel:)?\+?\(?[0-9](?:[ ()./\-]{0,3}[0-9]){6,15}\)?(?:\.0)?$")


def profile_id(cell: pl.Expr) -> pl.Expr:
    """A positive whole number of 1 to 20 digits."""
    return cell.str.len_bytes().is_between(1, 20) & cell.str.contains("^[0-9]*[1-9][0-9]*$")


def email(cell: pl.Expr) -> pl.Expr:
    """One `@` with a dotted name after it and no white space."""
    return cell.str.contains(r"^[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+\.?$")


def username(cell: pl.Expr) -> pl.Expr:
    """2 to 64 characters without white space or an inner `@`."""
    return cell.str.len_chars().is_between(2, 64) & ~cell.str.contains(r"\s|.@|[:/<>,;]")


def gender(cell: pl.Expr) -> pl.Expr:
    """A word or code for a gender in ten languages."""
    return _spelling(cell).is_in(vocabulary.spellings("gender"))


def relationship(cell: pl.Expr) -> pl.Expr:
    """A relationship status in ten languages."""
    return _spelling(cell).is_in(vocabulary.spellings("relationship"))


def date(cell: pl.Expr) -> pl.Expr:
    """A date, whole or partial, in any form that `dates` reads except seconds since 1970."""
    return cell.map_batches(_dates, return_dtype=pl.Boolean, is_elementwise=True)


def date_shape(cell: pl.Expr) -> pl.Expr:
    """A date by its shape alone, without reading it: cheaper than `date`, for a few cells asked many times."""
    worded = cell.str.to_lowercase().str.contains(_month_pattern()) & cell.str.contains("[0-9]")
    return cell.str.contains(_NUMERIC_DATE) | worded


def moment(cell: pl.Expr) -> pl.Expr:
    """A date or seconds or milliseconds since 1970."""
    return date(cell) | cell.str.contains(_EPOCH) | (cell == "0")


def age(cell: pl.Expr) -> pl.Expr:
    """A whole number of years up to 120."""
    years = cell.cast(pl.UInt8, strict=False)
    return cell.str.len_bytes().is_between(1, 3) & years.is_not_null() & (years <= 120).fill_null(value=False)


def language(cell: pl.Expr) -> pl.Expr:
    """A locale or language code (`en`, `en_US`, `zh-Hans-CN`) or a word of letters."""
    return cell.str.contains(
        r"^(?:[a-z]{2,3}(?:[_\-][A-Za-z]{4})?(?:[_\-](?:[A-Za-z]{2}|[0-9]{3}))?(?:\.UTF-8)?|\p{L}{3,20})$"
    )


def postcode(cell: pl.Expr) -> pl.Expr:
    """Up to ten letters, digits, a space or a hyphen, with a digit."""
    return cell.str.contains(r"^[A-Za-z0-9][A-Za-z0-9 \-]{1,9}$") & cell.str.contains("[0-9]")


def device_id(cell: pl.Expr) -> pl.Expr:
    """An IMEI, a MAC address, a UUID, or 16 to 64 hexadecimal digits."""
    return (
        checks.uuid(cell) | checks.mac(cell) | checks.imei(cell) | cell.str.contains("^[0-9A-Fa-f]{14,64}$")
    )


def count(cell: pl.Expr) -> pl.Expr:
    """A whole number below ten milliards, thousands marked or not."""
    return cell.str.contains(r"^(?:[0-9]{1,10}|[0-9]{1,3}(?:[,. ][0-9]{3}){1,3})$")


def document_number(cell: pl.Expr) -> pl.Expr:
    """A number on an identity or tax document: 5 to 20 letters, digits, hyphens, dots, slashes, mostly digits."""
    return cell.str.contains(r"^[A-Za-z0-9][A-Za-z0-9 ./\-]{3,20}[A-Za-z0-9]$") & (
        cell.str.count_matches("[0-9]") >= 4
    )


def bank_account(cell: pl.Expr) -> pl.Expr:
    """An IBAN that passes its check, or 6 to 20 digits in groups."""
    return checks.iban(cell) | cell.str.contains("^[0-9][0-9 /-]{4,22}[0-9]$")


def password_hash(cell: pl.Expr) -> pl.Expr:
    """A password hash of any kind, also of those that look like other texts."""
    return password_hashes.password_hash(cell, named=True)


def country(cell: pl.Expr) -> pl.Expr:
    """A country's name or code."""
    return places.country(cell).is_not_null()


def _spelling(cell: pl.Expr) -> pl.Expr:
    """Lower case; the dot that Turkish capital I leaves over it is dropped."""
    return cell.str.strip_chars().str.to_lowercase().str.replace_all("\u0307", "", literal=True)


def _names_a_month(text: pl.Series) -> pl.Series:
    """Whether texts name a month in one of the ten languages, or have digits of another script."""
    return fold_series(text).str.contains(_month_pattern()) | text.str.contains(r"[\p{N}--[0-9]]")


@cache
def _month_pattern() -> str:
    names = sorted(date_forms.month_names(), key=len, reverse=True)
    return rf"(?:^|[\s\d.,/-])(?:{'|'.join(map(re.escape, names))})(?:$|[\s\d.,/-])"


def _dates(cells: pl.Series) -> pl.Series:
    """Numeric forms by their shape; what is left, by reading it."""
    text = cells.cast(pl.String)
    fits = text.str.contains(_NUMERIC_DATE)
    # Month names, or digits of another script; a text without any digit is not worth reading.
    left = ~fits & text.str.contains(r"\p{N}") & text.str.contains(r"\p{L}{3}|[\p{N}--[0-9]]")
    left = left & text.str.len_chars().is_between(5, 60)
    left = left & ~text.str.contains(_EPOCH)
    rows = left.arg_true()
    if not left.any() or not (named := _names_a_month(text.gather(rows))).any():
        return fits
    rows = rows.filter(named)
    read = dates.parse_series(text.gather(rows), dates.DateOrder.YMD).struct.field("ok")
    return fits.scatter(rows, read)


_RECOGNISERS: dict[FieldType, Recogniser] = {
    FieldType.PHONE: phone,
    FieldType.EMAIL: email,
    FieldType.PROFILE_ID: profile_id,
    FieldType.USERNAME: username,
    FieldType.GENDER: gender,
    FieldType.BIRTH_DATE: date,
    FieldType.AGE: age,
    FieldType.POSTCODE: postcode,
    FieldType.COUNTRY: country,
    FieldType.COORDINATES: checks.coordinates,
    FieldType.RELATIONSHIP: relationship,
    FieldType.LANGUAGE: language,
    FieldType.NATIONAL_ID: document_number,
    FieldType.PASSPORT: document_number,
    FieldType.TAX_ID: document_number,
    FieldType.CARD_NUMBER: checks.card_number,
    FieldType.BANK_ACCOUNT: bank_account,
    FieldType.PASSWORD_HASH: password_hash,
    FieldType.IP_ADDRESS: checks.ip_address,
    FieldType.DEVICE_ID: device_id,
    FieldType.URL: checks.url,
    FieldType.AVATAR: checks.url,
    FieldType.REGISTERED_AT: moment,
    FieldType.ACTIVE_AT: moment,
    FieldType.LAST_SEEN_AT: moment,
    FieldType.FOLLOWER_COUNT: count,
}
