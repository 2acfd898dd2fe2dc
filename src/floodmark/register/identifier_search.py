"""Does a text hold an identifier? For what a user writes into the register, which keeps none.

Better one harmless number too many found than one person's number kept: nine digits in a row are enough, whatever
stands between them, unless they are plainly a date or a reference. Commas part numbers, so that counts pass.

    >>> identifier_in("ask ada@example.org"), identifier_in("rang 07700 900 123"), identifier_in("ISO 27001:2022")
    ('an e-mail address', 'a phone number or another long number', None)
    >>> identifier_in("On 2026-01-31 14:05 the seller asked 1,200,000,000, see CVE-2021-44228")
"""

from __future__ import annotations

import re
import unicodedata

FEWEST_DIGITS = 9
_ADDRESS = re.compile(r"[^\s@<>()\[\]{},;:\"'|]{1,64}@[^\s@<>()\[\]{},;:\"'|?&=#/\\!*~`]{1,255}")
_DIGITS = re.compile(r"(?<![0-9])(?:\+ ?)?\(?[0-9](?:[ ()./_\-]{0,3}[0-9]){6,}")
_LOCAL = re.compile(r"[^\s@]@localhost\b", re.IGNORECASE)
# As people spell an address that is not to be found: ada (at) example [dot] org.
_SPELT = re.compile(r"\s*[(\[{<]\s*(?:(at)|dot|punkt)\s*[)\]}>]\s*", re.IGNORECASE)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
# Three capitals before a number make it a reference, unless they label a number to call.
_REFERENCE = r"\b(?!(?:TEL|PHONE|MOBILE|MOB|CELL|FAX|SMS|WHATSAPP|WA)(?![A-Z]))[A-Z]{3,10}[0-9]{0,2}[\-#]?"
_HARMLESS = re.compile(
    "|".join(
        (
            # a date, with or without a time of day and an offset
            r"(?<![0-9+])[0-9]{4}-[0-9]{2}-[0-9]{2}"
            r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z| ?[+\-][0-9]{2}:[0-9]{2})?)?(?![0-9])",
            r"(?<![0-9+./\-])[0-9]{1,2}([./])[0-9]{1,2}\1[0-9]{4}(?![0-9])",
            # an IP address of version 4
            r"(?<![0-9.+])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])",
            # a ticket that begins with its day, as OTRS numbers them; no phone number has 16 digits
            r"(?<![0-9+])20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{8}(?![0-9])",
            # CVE-2021-44228, INC0012345678
            _REFERENCE + r"(?:(?:19|20)[0-9]{2}-)?[0-9]+",
            # a checksum or a UUID: hexadecimal with letters among the digits
            r"\b(?=[0-9a-f\-]{16})(?=[0-9\-]{0,64}[a-f])(?=[a-f\-]{0,64}[0-9])[0-9a-f]{8}[0-9a-f\-]{8,}\b",
        )
    )
)


def identifier_in(text: str) -> str | None:
    """What kind of identifier a text seems to hold.

    Args:
        text: anything; digits of every script count, and characters that do not show are passed over.

    Returns:
        Words for a message, or None where it seems to hold none.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    spelt = _SPELT.sub(lambda match: "@" if match[1] else ".", plain)
    if _LOCAL.search(spelt) or _is_address([match[0] for match in _ADDRESS.finditer(spelt)]):
        return "an e-mail address"
    rest = _HARMLESS.sub(" ; ", _DASHES.sub("-", plain))
    runs = [match[0] for match in _DIGITS.finditer(rest)]
    if any(sum(c.isdecimal() for c in run) >= FEWEST_DIGITS for run in runs):
        return "a phone number or another long number"
    # A few countries have numbers of fewer digits, which only a plus tells from other numbers.
    return "a phone number" if _is_phone([run for run in runs if run.startswith("+")]) else None


def _is_address(candidates: list[str]) -> bool:
    if not candidates:
        return False
    import polars as pl

    from floodmark.identifiers import emails

    cells = pl.Series(candidates, dtype=pl.String).str.strip_chars(".*_`~/\\!?")
    return bool(emails.parse_series(cells).struct.field("valid").any())


def _is_phone(candidates: list[str]) -> bool:
    if not candidates:
        return False
    import polars as pl

    from floodmark.identifiers import phones

    return bool(phones.resolve(pl.Series(candidates, dtype=pl.String))["valid"].any())
