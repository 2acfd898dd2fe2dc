"""Properties of single cells that tell types of columns apart, as expressions over distinct cells.

Cheap ones are asked of every cell. A costly one is asked only of cells that a cheap test leaves possible, so that the
answers are the same and a column of names never meets the numbering plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from floodmark.identifiers import checks, emails, password_hashes, phones, places, recognise, vocabulary

_CELL = pl.col("cell")
_POSTCODE = (
    r"^(?:[0-9]{4,6}|[0-9]{5}-[0-9]{3,4}|[0-9]{4}-[0-9]{3}"
    r"|[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}|[0-9]{4} ?[A-Z]{2}"
    r"|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[0-9]{3} [0-9]{2}|[A-Z]{1,2}-[0-9]{4,5})$"
)
_IBAN_LIKE = "^[ -]*[A-Za-z][ -]*[A-Za-z][ -]*[0-9][ -]*[0-9][A-Za-z0-9 -]{11,}$"


@dataclass(frozen=True)
class Costly:
    """Properties that are asked of few cells.

    Attributes:
        possible: a test by the cheap properties, by their names, that every cell with one of the properties passes.
        properties: by name, the expression over `cell`.
    """

    possible: pl.Expr
    properties: dict[str, pl.Expr]


@cache
def cheap() -> dict[str, pl.Expr]:
    """Properties of `cell` asked of every cell, by name: one pass of a regular expression or a look-up each."""
    letter, lowered = _CELL.str.contains(r"\p{L}"), _CELL.str.to_lowercase()
    return {
        "digits": _CELL.str.contains("^[0-9]+$"),
        "zero_first": _CELL.str.starts_with("0") & (_CELL.str.len_bytes() > 1),
        "digit": _CELL.str.contains(r"\p{N}"),
        "letter": letter,
        "only_letters": _CELL.str.contains(r"^[\p{L}\p{M}' .’ʼ\-]+$") & letter,
        "capital_first": _CELL.str.contains(r"^(?:\p{Lu}|[\p{Lo}])"),
        "mixed": letter & _CELL.str.contains("[0-9]"),
        "space": _CELL.str.contains(r"\s"),
        "comma": _CELL.str.contains("[,،]"),
        "at": _CELL.str.contains("@", literal=True),
        "handle": _CELL.str.contains(r"^[A-Za-z0-9._\-]{3,32}$") & _CELL.str.contains("[A-Za-z]"),
        "lower": _CELL.str.contains(r"^[a-z0-9._\-]+$"),
        "joined": _CELL.str.contains(r"[a-z0-9][._][a-z0-9]|[a-z][0-9]+$"),
        "phone": recognise.phone(_CELL),
        "long_id": _CELL.str.contains("^1000[0-9]{11,13}$"),
        "url": checks.url(_CELL),
        "device": checks.uuid(_CELL) | checks.mac(_CELL),
        "gender": recognise.gender(_CELL),
        "relationship": recognise.relationship(_CELL),
        "religion": lowered.is_in(vocabulary.spellings("religion")),
        "locale": _CELL.str.contains(r"^[a-z]{2,3}[_\-](?:[A-Z][a-z]{3}[_\-])?[A-Z]{2}(?:[.@]\S+)?$"),
        "code2": _CELL.str.contains("^[A-Z]{2}$"),
        "code3": _CELL.str.contains("^[A-Z]{3}$"),
        "state": _CELL.is_in(places.STATES),
        "postcode": _CELL.str.contains(_POSTCODE),
        "tenth": _CELL.str.contains("^[2-9][0-9]{2}[2-9][0-9]{6}$"),
        "ten": _CELL.str.contains("^[0-9]{10}$"),
        "long_number": _CELL.str.contains("^[0-9]{15,}$"),
    }


@cache
def costly() -> tuple[Costly, ...]:
    """Properties asked of few cells."""
    digit, letter, size = pl.col("digit"), pl.col("letter"), _CELL.str.len_bytes()
    written = _CELL.str.contains(r"^(?:\+|00|\(|tel:)|^[0-9]{2,4}[ .\-/][0-9 .\-/]{5,}$")
    numbers = digit & ~letter & (size >= 13)
    return (
        Costly(pl.col("at"), {"email": emails.parse(_CELL).struct.field("valid")}),
        Costly(
            pl.col("phone"),
            {"phone_valid": phones.parse(_CELL).struct.field("valid"), "phone_written": written},
        ),
        Costly(pl.col("url"), {"picture": checks.picture_url(_CELL)}),
        Costly(size >= 20, {"hash": password_hashes.password_hash(_CELL)}),
        Costly(_CELL.str.contains("[:.]"), {"ip": checks.ip_address(_CELL)}),
        Costly(
            digit & ~letter & _CELL.str.contains(".", literal=True),
            {"coordinates": checks.coordinates(_CELL)},
        ),
        Costly(
            numbers & _CELL.str.contains("^[0-9][0-9 -]+$"),
            {"card": checks.card_number(_CELL), "imei": checks.imei(_CELL)},
        ),
        Costly(digit & letter & _CELL.str.contains(_IBAN_LIKE), {"iban": checks.iban(_CELL)}),
    )
