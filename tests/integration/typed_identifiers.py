"""Telephone numbers and e-mail addresses as people and machines write them, right and wrong, by a seeded generator."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import phone_oracle
import polars as pl
from idna import idnadata

from floodmark.identifiers import numbering
from floodmark.identifiers.phones_renumbered import renumberings
from floodmark.identifiers.phones_text import ZEROS

# Of characters that Unicode 14.0 did not have, Python's own version decides the direction and the class.
KNOWS_LATER = unicodedata.unidata_version == "14.0.0"
LATER_DIGITS = (0x1E4F0, 0x11F50, 0x16D70)
LATER = (
    "\u0897\u1acf\u1add\u1aeb\U000105c9\U000105d2\U000113ce\U00011f41\U0001611e\U00016121\U0001612f\U00016d67"
    "\U00016d68\U0001e08f\U0001e4ec\U0001f6dc\U0001fae8\U00031350"
)
SEPARATORS = [
    *" -./()[]_",
    *"\u00a0\u2009\u2011\u200e\ufeff\u0085\u3000\u2013\u30fc\t\n\u200b'\"=+\uff0b\uff08\uff09\uff0e\u00b7\u066b",
]
LABELS = [
    "tel:", "TEL: ", "Tel. ", "p:", "phone ", "Mobile:", "m.", "whatsapp://", "wa.me/", "\u017fm\u017f:", "call ",
    "fax:", "callto://", "t:t:", "T", '="', "'", "=", '"', "+", "++", "-", "\u2212", "\u202a", "(", "[", "00", "011",
]  # fmt: skip
ENDINGS = [
    " x123", " ext. 12", "ext12", " extensión 9", "EXTENSIÓN 9", ",12", ";ext=12", ";ext=a;b=c;D", " доб. 15",
    " ДОБ 15", "#12", "~1", "x12#", " x1234567890", "xtn 5", "int 7", "anexo 3", ".0", ".00", ",0", "E+11", "e5", "E0",
    ";phone-context=+44", ";phone-context=example.org", ";PHONE-CONTEXT=+1-(20)", ";phone-context=+55 ;x=y", '"', " ",
    ";\u017f=\u212a", "\u202c", " x \U0001e4f1", "e\U0001e4f1", ";;;;1", "/",
]  # fmt: skip
PARTS = [
    *"abcdexyz019-", *"éßςσΣİıאבعب\u0663\u06f4ー漢字가각\u1100\u1161\u11a8क\u094dि",
    *"\u200c\u200d\u00ad。．｡❤\ufe0f🦄🏽", *"ΩÅﬁ㎏Ⅷ𝒜ǅ\u0345ΐΰﷺ①½․…／＿！\u1806\u180e\u2060\u034f\U00017000",
]  # fmt: skip
HOSTS = [
    "example.org", "Bücher.example", "x", "a.b", "a_b.org", "-a.org", "a-.org", "1.2.3.4", "[127.0.0.1]",
    "exa mple.org", "a." + "b" * 63 + ".org", "a." + "b" * 64 + ".org", "x." + "b" * 63, ("c" * 60 + ".") * 4 + "org",
]  # fmt: skip
DOMAIN_ENDINGS = [
    ".org",
    ".org",
    ".ORG",
    "",
    ".org.",
    ".рф",
    ".123",
    ".xn--p1ai",
    "..org",
    ".-org",
    ".א",
    " ",
    "\u0085",
]
ATOMS = "abcXYZ019.!#$%&'*+/=?^_`{|}~-\"(),:;<>[]\\ @\t\n"


def international(count: int, seed: int) -> Iterator[str]:
    """Numbers of all countries, decorated."""
    rng = random.Random(seed)
    return (decorated(text, rng) for text in phone_oracle.international(count, seed))


def national(region: str, count: int, seed: int) -> Iterator[str]:
    """Numbers as dialled in a country, each plain and decorated."""
    rng = random.Random(f"{seed} {region}")
    for text in phone_oracle.national(region, count, seed):
        yield text
        yield decorated(text, rng)


def renumbered(each: int, seed: int) -> Iterator[str]:
    """Old numbers of every renumbering, plain and decorated."""
    rng = random.Random(seed)
    for one in renumberings():
        for _ in range(each):
            text = one.old + phone_oracle.digits(rng, one.digits - len(one.old))
            yield f"+{text}"
            yield decorated(text, rng)


def in_ranges(table: str, share: float, seed: int) -> Iterator[str]:
    """Digits from a share of the ranges that a numbering plan was compiled to: first, last and one between."""
    rng = random.Random(f"{seed} {table}")
    starts = [*map(int, numbering.table(table).starts), 10**19]
    for start, end in pairwise(starts):
        if rng.random() < share and end > start:
            for number in {start, end - 1, rng.randrange(start, end)}:
                yield str(number)


def decorated(text: str, rng: random.Random) -> str:
    """With a prefix, separators, labels, extensions and digits of other scripts, and sometimes a mistake."""
    if rng.random() < 0.35:
        text = rng.choice(("+", "+", "+", "00", "", "0", "\uff0b", "++", "+ ", "(+", "+0")) + text
    density = rng.choice((0, 0.1, 0.3, 0.6))
    known = SEPARATORS[: rng.choice((3, 10, len(SEPARATORS)))]
    text = "".join(one + (rng.choice(known) if rng.random() < density else "") for one in text)
    for choices, front in ((LABELS, True), (LABELS, True), (ENDINGS, False), (ENDINGS, False)):
        if rng.random() < 0.15:
            text = rng.choice(choices) + text if front else text + rng.choice(choices)
    if rng.random() < 0.2:
        zero = rng.choice((*ZEROS, *LATER_DIGITS))
        text = "".join(chr(zero + int(one)) if one in "0123456789" else one for one in text)
    if rng.random() < 0.1:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice([*SEPARATORS, *LABELS, *ENDINGS, "a", "²", "½", "①", "e"]) + text[at:]
    return text


def addresses(count: int, seed: int) -> Iterator[str]:
    """Addresses whose domain, local part or shape is unusual."""
    rng = random.Random(seed)
    for turn in range(count):
        if turn % 3 == 0:
            yield f"a@{_domain(rng)}"
        elif turn % 3 == 1:
            yield f"{_label(rng)}@{rng.choice(HOSTS[:2])}{rng.choice([*DOMAIN_ENDINGS[-2:], '', ''])}"
        else:
            local = "".join(rng.choices(ATOMS, k=rng.randrange(1, 12)))
            yield local + rng.choice(("", "@")) + rng.choice(HOSTS) + rng.choice(("", "", " ", ".", ".."))


def pasted(count: int, seed: int) -> Iterator[str]:
    """Addresses with quotation marks, bullets, pictures and any character around, within and at every end."""
    rng = random.Random(seed)
    signs = "\"'`“”„«»‹›‘’‚•·・*–…★😀🦄．。․ａ１①ﬁª½"
    signs += "\u0375\u05f3\u06fd\u0f0b\u3164\ufe0f\u034f\u200d\u00ad\ufeff\x1c\x85\xa0\u3000"
    letters = "abLl.яаλω漢カなبเำéüÄ\u0301"
    for _ in range(count):
        local = "".join(rng.choices(letters if rng.random() < 0.5 else "abl", k=rng.randrange(1, 5)))
        domain = rng.choice(
            ("example.org", "example.org", "bücher.example", "例え.jp", "ｅx.org", "i❤.example", "пример.рф")
        )
        text = f"{local}@{domain}"
        for _ in range(rng.choice((0, 1, 1, 1, 2, 2))):
            sign = rng.choice(signs) if rng.random() < 0.8 else rng.choice(_known())
            at = rng.choice((0, 0, len(text), len(text), rng.randrange(len(text)), text.find("@")))
            text = text[:at] + sign + text[at:]
        if rng.random() < 0.3:
            text = rng.choice("\"'`“„«‹‘‚»›”’") + text + rng.choice("\"'`“”„«»‹›‘’")
        yield text


def lengths(seed: int) -> Iterator[str]:
    """Addresses about the limits of 64, 63 and 254 bytes."""
    rng = random.Random(seed)
    for local in (1, 63, 64, 65):
        for labels in range(1, 5):
            for last in range(1, 65):
                yield (
                    "l" * local
                    + "@"
                    + "d" * last
                    + "."
                    + ("c" * rng.randrange(50, 64) + ".") * labels
                    + "org"
                )
    for count in range(20, 64):
        yield "é" * count + "@" + "ü" * count + ".example"


def characters(each: int, seed: int) -> Iterator[str]:
    """Every so many characters of Unicode 14.0, alone in a label, behind a joiner and in a local part."""
    rng = random.Random(seed)
    for one in _known()[rng.randrange(each) :: each]:
        yield f"a@x{one}y.example"
        yield f"a@{one}\u05d0.example"
        yield f"a@\u0628\u200c{one}.example"
        yield f"a@x{one}\u200dy.example"
        yield f"a{one}b@example.org"


@cache
def _known() -> list[str]:
    every = pl.Series([chr(code) for code in range(0x80, 0x110000) if not 0xD800 <= code < 0xE000])
    return every.filter(every.str.contains(r"^\p{Age:14.0}$")).to_list()


@cache
def _interesting() -> list[list[str]]:
    """Characters that decompose, marks, letters that join."""
    marks = [one for one in _known() if unicodedata.combining(one)]
    apart = [
        one for one in _known() if unicodedata.decomposition(one)[:1].isalnum() and not "가" <= one <= "힣"
    ]
    ranges = [(one >> 32, one & 0xFFFFFFFF) for kind in "DLRT" for one in idnadata.joining_types[kind]]
    known = set(_known())
    joining = [chr(code) for start, end in ranges for code in range(start, min(end, start + 3))]
    return [PARTS, PARTS, apart, marks, [one for one in joining if one in known], _known()]


def _label(rng: random.Random) -> str:
    groups = [*_interesting(), list(LATER)] if KNOWS_LATER else _interesting()
    letters = "abcdefghijklmnopqrstuvwxyz"
    size = rng.choice((1, 2, 2, 3, 3, 4, 5, 8))
    return "".join(
        rng.choice(rng.choice(groups)) if rng.random() < 0.7 else rng.choice(letters) for _ in range(size)
    )


def _encoded(rng: random.Random) -> str:
    """An `xn--` label, of an unusual label, of a usual one, or nonsense."""
    if rng.random() < 0.3:
        size = rng.choice((0, 1, 2, 3, 5, 8, 20, 58, 59, 60, 70))
        return rng.choice(("xn--", "XN--", "xN--")) + "".join(rng.choices("abcxyz0123456789--", k=size))
    label = (
        _label(rng) if rng.random() < 0.5 else "".join(rng.choices("éü漢ßبक🦄ñab-1", k=rng.randrange(1, 7)))
    )
    return "xn--" + label.encode("punycode").decode()


def _domain(rng: random.Random) -> str:
    kinds = (
        _label,
        _label,
        _label,
        _encoded,
        _encoded,
        lambda _: "example",
        lambda _: "x" * rng.randrange(61, 66),
    )
    labels = [rng.choice(kinds)(rng) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    return ".".join(labels) + rng.choice(DOMAIN_ENDINGS)
