"""What column names mean, in ten languages.

English, Arabic, Spanish, French, Portuguese, Italian, German, Russian, Turkish, Indonesian.

Case, accents, camelCase, underscores and trailing numbers do not matter. `data/headers.tsv` holds the names.

>>> [meaning.type.label for meaning in meanings(["Phone_Number", "fechaNacimiento", "Имя", "zzz"])]
['phone', 'birth_date', 'first_name', 'unknown']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from floodmark.identifiers.field_types import FieldType
from floodmark.identifiers.folding import fold_series

EXACT = 0.95
BY_WORDS = 0.75
MOST_SPANS = 24
_CAMEL = r"(\p{Ll}|[0-9])(\p{Lu})"
# Words that say whose or which column it is, not what it says.
_NOISE = frozenset(
    (
        "user users customer client member contact person profile account facebook fb my the of de la du do da di der "
        "des usr cust primary main raw value field col column current actual home personal private work business other "
        "your its x f t tbl fld txt str old new desc cliente kunde kunden musteri клиента العميل pelanggan"
    ).split()
)
# Words for a number of something, by themselves a number to call.
_NUMBERS = frozenset("رقم number numero nummer nomor номер no nr num numara numarasi kod code".split())
# Words for what something is called.
_CALLED = frozenset("name nombre nom nome namen имя название adi ad nama اسم".split())
# Words for how many of something there are.
_COUNTS = frozenset(
    "nb num number count counts total qtd qty anzahl jumlah nombre numero число количество عدد".split()
)

# How words begin that say of a date what happened then.
_HAPPENED = {
    FieldType.REGISTERED_AT: tuple(
        "regist signup join creat inscri enreg cadastr kayit daftar anmeld angemeld erstell регистр зарег создан تسجيل "
        "انشاء".split()
    ),
    FieldType.LAST_SEEN_AT: tuple(
        "login logon visit access seen online acces conex connex zugriff besuch вход визит giris ziyaret kunjung دخول "
        "زياره".split()
    ),
    FieldType.ACTIVE_AT: tuple(
        "updat modif chang aktualis ander geander измен обнов guncel diubah diperb actualiz atualiz aggiorn "
        "تحديث".split()
    ),
}


@dataclass(frozen=True)
class Meaning:
    """What a name says of its column: the type, how sure, and other readings, best first."""

    type: FieldType
    confidence: float
    others: tuple[FieldType, ...] = ()


NOTHING = Meaning(FieldType.UNKNOWN, 0.0)


def meanings(names: list[str]) -> list[Meaning]:
    """What each name means.

    Args:
        names: column names as found.

    Returns:
        One meaning per name; `NOTHING` where no reading is known.
    """
    spaced = pl.Series(names, dtype=pl.String).str.replace_all(_CAMEL, "$1 $2")
    return [
        _meaning(whole, words.split(" "))
        for whole, words in zip(
            fold_series(pl.Series(names, dtype=pl.String)).to_list(),
            fold_series(spaced).to_list(),
            strict=True,
        )
    ]


def _meaning(whole: str, words: list[str]) -> Meaning:
    known = _names()
    for spelling in (whole.replace(" ", ""), *_undecorated(words)):
        if spelling in known:
            return Meaning(known[spelling][0], EXACT, known[spelling][1:])
    telling = [word for word in words if word not in _NOISE]
    types = dict.fromkeys(
        kind for kind, stems in _HAPPENED.items() if any(word.startswith(stems) for word in words)
    )
    parts = (telling, telling[-2:], telling[:2], telling[-1:], telling[:1])
    if len(telling) > 1 and telling[-1] in _CALLED:  # a company's name is a company
        parts = (telling, telling[:-1], telling[:1], telling[-2:], telling[-1:])
    for part in parts:
        spelling = "".join(part).rstrip("0123456789")
        if len(spelling) > 2 and spelling not in _NUMBERS:
            types.update(dict.fromkeys(known.get(spelling) or _telling_names().get(spelling, ())))
    if FieldType.FRIEND_LINK in types and _COUNTS.intersection(words):
        types = {FieldType.FOLLOWER_COUNT: None, **types}
    best, *others = types or (FieldType.UNKNOWN,)
    return Meaning(best, BY_WORDS, tuple(others)) if types else NOTHING


def _undecorated(words: list[str]) -> Iterator[str]:
    """A name, then what is left without numbers, and without words before and after it that say nothing."""
    yield "".join(words)
    yield "".join(words).rstrip("0123456789")
    yield "".join(words).removesuffix("nr")
    words = [word for word in words if not word.isdigit()]
    before = next((i for i, word in enumerate(words) if word not in _NOISE), len(words))
    after = next((i for i, word in enumerate(reversed(words)) if word not in _NOISE), len(words))
    spans = [
        (i, j) for i in range(before + 1) for j in range(len(words), len(words) - after - 1, -1) if i < j
    ]
    for i, j in sorted(spans, key=lambda span: span[0] - span[1])[:MOST_SPANS]:
        yield "".join(words[i:j])


@cache
def _telling_names() -> dict[str, tuple[FieldType, ...]]:
    """`_names` of several words, without those words that `_meaning` passes over."""
    text = files("floodmark.dumps").joinpath("data", "headers.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    folded = fold_series(pl.Series([name for _, names in rows for name in names.split("|")])).to_list()
    known: dict[str, tuple[FieldType, ...]] = {}
    for name in folded:
        words = [word for word in name.split(" ") if word not in _NOISE]
        if len(words) > 1:
            known.setdefault("".join(words), _names()[name.replace(" ", "")])
    return known


@cache
def _names() -> dict[str, tuple[FieldType, ...]]:
    """Folded names without spaces, and the types that they stand for, the first named first."""
    text = files("floodmark.dumps").joinpath("data", "headers.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    labels = [label for label, names in rows for _ in names.split("|")]
    folded = fold_series(pl.Series([name for _, names in rows for name in names.split("|")]))
    known: dict[str, tuple[FieldType, ...]] = {}
    for label, name in zip(labels, folded.str.replace_all(" ", "", literal=True).to_list(), strict=True):
        field_type = FieldType.from_label(label)
        if field_type not in known.get(name, ()):
            known[name] = (*known.get(name, ()), field_type)
    return known
