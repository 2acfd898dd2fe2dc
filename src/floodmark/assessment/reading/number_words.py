"""Words beside a number: powers of ten in every language that CLDR has, and words that make it an end or a guess.

>>> scales("Mio."), scales("mil"), scales("crore"), scales("records")
((1000000,), (1000, 1000000), (10000000,), ())
>>> bound_before("more than"), bound_before("~"), bound_before("see")
('at-least', 'about', None)
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from floodmark.assessment.reading.folding import fold
from floodmark.assessment.reading.table_words import key, words


def scales(word: str) -> tuple[int, ...]:
    """Powers of ten, in ascending order, that a word can stand for; none where it is no such word."""
    return _scales().get(fold(word), ())


def bound_before(text: str) -> str | None:
    """What words before a number make of it, one of `quantity.BOUNDS`; None where they are no such words."""
    return _bound(text, "before")


def bound_after(text: str) -> str | None:
    """What words after a number make of it, as `bound_before`."""
    return _bound(text, "after")


def _bound(text: str, group: str) -> str | None:
    text = "".join(text.split()) if not any(map(str.isalnum, text)) else text.strip()
    return words(group).get(key(text)) if text else ""


@cache
def _scales() -> dict[str, tuple[int, ...]]:
    text = (files("floodmark") / "assessment/data/number_words.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {word: tuple(map(int, numbers.split())) for word, numbers in rows}
