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

_BOUNDS = {
    "about": "~|≈|≃|∼|～|about|around|approx|approximately|appr|circa|ca|c|roughly|nearly|almost|some|close to|or so|"
    "estimated|est|near|etwa|ungefähr|rund|fast|knapp|zirka|environ|près de|presque|autour de|à peu près|alrededor de|"
    "aproximadamente|aprox|unos|unas|casi|cerca de|quase|por volta de|aproximadamente|circa|quasi|intorno a|"
    "ongeveer|bijna|omkring|cirka|noin|około|okolo|cca|asi|primerno|приблизительно|около|почти|примерно|близько|"
    "yaklaşık|sekitar|kira-kira|hampir|khoảng|約|约|大约|약|حوالي|نحو|ما يقارب|قرابة|تقريبا|حدود|تقریبا|लगभग|करीब|প্রায়",
    "at-least": ">|≥|>=|⩾|＞|over|more than|at least|above|upwards of|min|minimum|exceeding|greater than|"
    "über|mehr als|mindestens|plus de|plus que|au moins|au-dessus de|más de|mas de|al menos|por lo menos|mais de|"
    "pelo menos|ao menos|oltre|più di|almeno|meer dan|minstens|ruim|mer än|minst|mere end|mindst|yli|ponad|powyżej|"
    "co najmniej|více než|nejméně|более|больше|свыше|не менее|не менше|понад|більше|fazla|en az|lebih dari|"
    "setidaknya|hơn|ít nhất|超|超过|超過|至少|以上|أكثر من|اكثر من|ما يزيد عن|بیش از|से अधिक",
    "at-most": "<|≤|<=|⩽|＜|up to|upto|under|less than|fewer than|at most|below|max|maximum|no more than|not more than|"
    "bis zu|höchstens|weniger als|maximal|jusqu'à|moins de|au plus|hasta|menos de|como máximo|até|fino a|meno di|"
    "al massimo|tot|minder dan|hoogstens|upp till|mindre än|högst|do|mniej niż|maximálně|до|менее|не более|менше|"
    "en fazla|hingga|kurang dari|không quá|最多|少于|不到|حتى|أقل من|اقل من|ما يصل إلى|کمتر از",
}
_AFTER = {
    "+": "at-least",
    "plus": "at-least",
    "or more": "at-least",
    "and more": "at-least",
    "and counting": "at-least",
    "以上": "at-least",
    "이상": "at-least",
    "dan fazla": "at-least",
    "den fazla": "at-least",
    "or less": "at-most",
    "or fewer": "at-most",
    "以下": "at-most",
    "이하": "at-most",
    "or so": "about",
    "approx": "about",
    "ca": "about",
    "~": "about",
    "左右": "about",
    "余": "at-least",
    "多": "at-least",
}
_SIGNS = "~≈≃∼><≥≤⩾⩽=＞＜～"


def scales(word: str) -> tuple[int, ...]:
    """Powers of ten, in ascending order, that a word can stand for; none where it is no such word."""
    return _scales().get(fold(word), ())


def bound_before(words: str) -> str | None:
    """What words before a number make of it, one of `quantity.BOUNDS`; None where they are no such words."""
    words = words.strip()
    return _bounds().get(_key(words) or "?") if words else ""


def bound_after(words: str) -> str | None:
    """What words after a number make of it, as `bound_before`."""
    words = words.strip()
    return _afters().get(_key(words) or "?") if words else ""


def _key(words: str) -> str:
    signs = "".join(c for c in words if not c.isspace())
    return signs if signs and all(c in _SIGNS + "+" for c in signs) else fold(words)


@cache
def _bounds() -> dict[str, str]:
    return {_key(word): bound for bound, listed in _BOUNDS.items() for word in listed.split("|")}


@cache
def _afters() -> dict[str, str]:
    return {_key(word): bound for word, bound in _AFTER.items()}


@cache
def _scales() -> dict[str, tuple[int, ...]]:
    text = (files("floodmark") / "assessment/data/number_words.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {word: tuple(map(int, numbers.split())) for word, numbers in rows}
