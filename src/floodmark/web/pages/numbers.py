r"""Shares and sizes as pages print them.

>>> from floodmark.web.texts import texts
>>> percent(texts("en"), 0.33333), percent(texts("en"), 0.0004), percent(texts("en"), 1.0)
('33.3%', '< 0.1%', '100%')
>>> percent(texts("de"), 0.3333), size(texts("de"), 31_415_926), size(texts("en"), 999)
('33,3\xa0%', '31,4\xa0MB', '999\xa0B')
"""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent

from floodmark.web.texts import Texts

LEAST = 0.001
UNITS = ("B", "kB", "MB", "GB", "TB")


def percent(words: Texts, share: float) -> str:
    """A share between 0 and 1; something is never told as nothing."""
    if 0 < share < LEAST:
        return f"< {percent(words, LEAST)}"
    return format_percent(round(share, 3), locale=words.locale, decimal_quantization=False)


def size(words: Texts, value: int) -> str:
    """Bytes in decimal units."""
    amount, place = float(value), 0
    while amount >= 999.95 and place + 1 < len(UNITS):
        amount, place = amount / 1000, place + 1
    written = format_decimal(amount, "#,##0.0" if place else "#,##0", locale=words.locale)
    return f"{written}\N{NO-BREAK SPACE}{UNITS[place]}"
