"""Tables of made-up people: columns of random kinds, in half of the tables with names."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from . import cells_dates, cells_numbers, cells_people, cells_places, cells_secrets, cells_texts
from .kinds import KINDS, Kind
from .people import Making, people
from .words import LANGUAGES, forms_of

CELLS = (cells_dates, cells_numbers, cells_people, cells_places, cells_secrets, cells_texts)
HEADERS = Path(__file__).with_name("headers.tsv")
BEFORE = ("user", "customer", "cust", "usr", "f", "tbl", "contact", "client", "member", "x")
AFTER = ("1", "2", "value", "txt", "old", "field")


@dataclass(frozen=True)
class Truth:
    """What one column truly is."""

    kind: Kind
    form: str
    language: str

    @property
    def case(self) -> str:
        """Columns of one case are made alike, so they count as one for an interval."""
        return f"{self.kind.name}/{self.form}/{self.language}"

    def right(self, headed: bool) -> frozenset[str]:
        return self.kind.right if headed else self.kind.bare


@dataclass(frozen=True)
class Table:
    """Cells without a header, the names of the columns or None, and the truth of each."""

    cells: pl.DataFrame
    names: list[str] | None
    truths: list[Truth]


def table(seed: int, part: str, rows: int = 300) -> Table:
    """One table: the seed, the part and the number of rows decide all of it."""
    rng = random.Random(f"{seed} {part}")
    language = LANGUAGES[seed % len(LANGUAGES)]
    headed = seed // len(LANGUAGES) % 2 == 0
    width = rng.choice([1, 2, 3, 5, 6, 7, 8, 9, 10, 12])
    made = people(rng, language, part, rows)
    truths, names, columns = [], [], []
    for kind in _kinds(rng, width):
        header = _header(rng, kind.name, language, part) if headed else ""
        if header is None:
            continue
        form = rng.choice(forms_of(list(kind.forms), part))
        truths.append(Truth(kind, form, language))
        names.append(header)
        columns.append(kind.forms[form](Making(rng, made, language, part)))
    cells = pl.DataFrame({f"c{i}": column for i, column in enumerate(columns)})
    return Table(cells, names if headed else None, truths)


def _kinds(rng: random.Random, width: int) -> list[Kind]:
    chosen: list[Kind] = []
    pool = list(KINDS.values())
    while len(chosen) < width:
        kind = rng.choices(pool, [kind.weight for kind in pool])[0]
        if kind not in chosen:
            chosen.append(kind)
    return chosen


@cache
def _headers() -> dict[tuple[str, str], list[str]]:
    rows = [line.split("\t") for line in HEADERS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {(kind, language): names.split("|") for kind, language, names in rows}


def _header(rng: random.Random, kind: str, language: str, part: str) -> str | None:
    """A name of the part, in the language or else in English, now and then decorated as programs do."""
    known = _headers()
    names = known.get((kind, language)) if rng.random() < 0.85 else None
    names = names or known.get((kind, "en"))
    if not names:
        return None
    name = rng.choice(forms_of(names, part))
    if rng.random() < 0.25:
        name = name.upper()
    plain = re.fullmatch(r"[a-zA-Z_ ]{3,}", name) is not None
    if plain and rng.random() < 0.2:
        name = f"{rng.choice(BEFORE)}_{name.replace(' ', '_')}"
    elif plain and rng.random() < 0.12:
        name = f"{name}_{rng.choice(AFTER)}"
    return name
