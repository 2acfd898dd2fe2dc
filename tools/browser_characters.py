"""Characters of Unicode 14.0, for the browser, whose own version is another in every browser.

Canon 1 is of Unicode 14.0: a later character has no category and no direction and is in no local part, whatever Python
and Polars know of it.
"""

from __future__ import annotations

from functools import cache

import polars as pl
from browser_packing import pack_runs

from floodmark.identifiers import emails

CODE_POINTS = range(0x110000)
SURROGATES = range(0xD800, 0xE000)


@cache
def characters() -> pl.Series:
    """Every code point as text; a surrogate is none and stands as `a`."""
    return pl.Series(["a" if code in SURROGATES else chr(code) for code in CODE_POINTS])


@cache
def known() -> list[bool]:
    """Of every code point, whether Unicode 14.0 has it."""
    return characters().str.contains(r"^\p{Age:14.0}$").to_list()


def local_parts() -> str:
    """Runs: 0 later than Unicode 14.0, 1 fit for a local part, 2 older but not fit (white space, controls)."""
    fit = characters().str.contains(emails._INTERNATIONAL_LOCAL)
    return pack_runs([int(fit) or 2 * int(old) for old, fit in zip(known(), fit, strict=True)])


def decimal_digits() -> str:
    """A pattern's class of the decimal digits that Polars knows and `phones_text` does not fold, with ASCII's."""
    digits = characters().str.contains(r"^\d$").to_list()
    later = [code for code in CODE_POINTS if digits[code] and not known()[code]]
    starts = [code for code in later if code - 1 not in later]
    ends = [code for code in later if code + 1 not in later]
    return "0-9" + "".join(f"\\u{{{a:x}}}-\\u{{{b:x}}}" for a, b in zip(starts, ends, strict=True))
