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
_TOP_LEVELS = (
    "com|net|org|info|biz|edu|gov|io|me|co|app|dev|blog|shop|site|online|xyz|club|pro|name|tv|cc|ai|eu|uk"
    "|us|ca|au|nz|in|za|ie|ar|cl|mx|pe|es|fr|be|ch|br|pt|it|de|at|ru|su|by|ua|kz|tr|id|my|sg|eg|sa|ae|ma"
    "|dz|tn|jo|kw|qa|lb|iq|pl|cz|nl|se|no|dk|fi|gr|ro|hu|jp|cn|kr|hk|tw|vn|th|ph|ir|il|ng|ke|рф|example"
)
_PHONES = r"^\+?[0-9(][0-9 ()\-]{6,18}(?:\s*[/;,|]\s*\+?[0-9(][0-9 ()\-]{6,18})+$"
# A host without a scheme, and a path or not.
_SITE = rf"(?i)^(?:[a-z0-9][a-z0-9\-]*\.)+(?:{_TOP_LEVELS})(?::[0-9]+)?(?:[/?#]\S*)?$"
_IBAN_LIKE = "^[ -]*[A-Za-z][ -]*[A-Za-z][ -]*[0-9][ -]*[0-9][A-Za-z0-9 -]{11,}$"


# As states write them: the United States, Russia, Brazil, Spain, Mexico.
_STATE_NUMBER = (
    r"^(?:[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}|[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9Xx]"
    r"|[XYZ]?[0-9]{7,8}[TRWAGMYFPDXBNJZSQVHLCKE]|[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[A-Z0-9][0-9])$"
)
# Brazil's CPF and CNPJ, Indonesia's NPWP, Germany's identification number, the United States' EIN, Italy's codice
# fiscale, Mexico's RFC.
_TAX_NUMBER = (
    r"^(?:[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}"
    r"|[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}|[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{2}-[0-9]{7}"
    r"|[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]|[A-ZÑ&]{3,4}[0-9]{6}[A-Z0-9]{3})$"
)


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
        "parted": _CELL.str.contains("[,،(/|;]"),
        "handle": _CELL.str.contains(r"^@?[A-Za-z0-9._\-]{3,32}$") & _CELL.str.contains("[A-Za-z]"),
        "pronounced": _CELL.str.contains(
            r"^@?_{0,2}[A-Za-z]{2,}(?:[._\-]?[A-Za-z]+)*[._\-]?[0-9]{0,6}_{0,2}$"
        ),
        "lower": _CELL.str.contains(r"^[a-z0-9._\-]+$"),
        "joined": _CELL.str.contains(r"[a-z0-9][._][a-z0-9]|[a-z][0-9]+$"),
        "phone": recognise.phone(_CELL),
        "long_id": _CELL.str.contains("^1000[0-9]{11,13}$"),
        "url": checks.url(_CELL),
        "device": checks.uuid(_CELL) | checks.mac(_CELL),
        "gender": recognise.gender(_CELL),
        "relationship": recognise.relationship(_CELL),
        "flag": lowered.is_in(vocabulary.spellings("flag")),
        "language": lowered.is_in(vocabulary.spellings("language")),
        "at_first": _CELL.str.starts_with("@"),
        "underscored": _CELL.str.contains("_", literal=True),
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
    written &= _CELL.str.starts_with("+") | (_CELL.str.count_matches("[0-9]") <= 13)
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
            digit & ~letter & _CELL.str.contains("[.,]"),
            {"coordinates": checks.coordinates(_CELL)},
        ),
        Costly(
            numbers & _CELL.str.contains("^[0-9][0-9 -]+$"),
            {
                "card": checks.card_number(_CELL),
                "imei": checks.imei(_CELL),
                "amex": _CELL.str.contains("^3[47]"),
            },
        ),
        Costly(digit & letter & _CELL.str.contains(_IBAN_LIKE), {"iban": checks.iban(_CELL)}),
        Costly(pl.col("digits") & (size >= 12), {"gtin": checks.gtin(_CELL)}),
        Costly(
            size <= 7,
            {
                "blood": _CELL.str.contains(
                    r"^(?:A|B|AB|O|0)(?:\+|-|−| ?(?i:rh) ?[+\-]?| ?(?i:pos|neg)\.?)$"
                ),
                "small_code": places.is_code(_CELL.str.to_uppercase()) & _CELL.str.contains("^[a-z]{2}$"),
                "language_code": _CELL.is_in(vocabulary.spellings("language_code")),
            },
        ),
        Costly(
            digit & ~letter & (size <= 11),
            {
                "days": _CELL.str.contains("^-?[0-9]{5,10}$")
                & (_CELL.cast(pl.Int64, strict=False) % 86400 == 0)
            },
        ),
        Costly(
            pl.col("digits") & (size >= 10),
            {
                "dated_number": _CELL.str.contains(
                    "^20[0-3][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{2,}$"
                ),
                "compact_moment": _CELL.str.contains(
                    "^[0-9]{8}(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?$"
                ),
            },
        ),
        Costly(
            digit & ~letter & (size >= 17),
            {"phones": _CELL.str.contains(_PHONES)},
        ),
        Costly(
            pl.col("space") & letter,
            {
                "question": _CELL.str.contains(r"[?؟]\s*$"),
                "marks": _CELL.str.contains(r"[.!?…؟。]\s*(?:$|\s\S{1,12}$)"),
                "flowing": _CELL.str.contains(r"^\S+ (?:\p{Ll}[\p{Ll}'’,\-]*\s){2}"),
            },
        ),
        Costly(
            letter & _CELL.str.contains(".", literal=True),
            {
                "picture_file": _CELL.str.contains(
                    r"(?i)^[^\s@]+\.(?:jpe?g|png|gif|webp|avif|bmp)(?:[?#].*)?$"
                ),
                "site": _CELL.str.contains(_SITE),
            },
        ),
        Costly(
            digit & ~pl.col("space") & ~pl.col("digits") & letter,
            {
                "hexadecimal": _CELL.str.contains("^(?:[0-9a-f]{12,64}|[0-9A-F]{12,64})$"),
                "disease": _CELL.str.contains(r"^[A-TV-Z][0-9][0-9A-B](?:\.[0-9A-Z]{1,4})?$"),
            },
        ),
        Costly(
            digit & (size >= 9) & (size <= 20),
            {
                "state_number": _CELL.str.contains(_STATE_NUMBER),
                "sort_code": _CELL.str.contains("^[0-9]{2}-[0-9]{2}-[0-9]{2}[ -][0-9]{7,8}$"),
                "tax_number": _CELL.str.contains(_TAX_NUMBER),
            },
        ),
    )
