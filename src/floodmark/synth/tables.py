"""Tables of cell texts from the compiled data, ready to be gathered by index.

Every table has the empty text at index 0, so that a mask times an index is a column with empty cells.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Uniform = NDArray[np.float64]

# The window of the scrape that the press reports from the German federal court's hearing.
FIRST_STAMP, LAST_STAMP = date(2018, 1, 1), date(2019, 9, 30)
SLOTS = 96
FIRST_BIRTH, LAST_BIRTH = date(1935, 1, 1), date(2006, 12, 31)
BIRTH_DAYS = (LAST_BIRTH - FIRST_BIRTH).days + 1
STAMP_DAYS = (LAST_STAMP - FIRST_STAMP).days + 1
RELATIONSHIPS = (
    "Single", "In a relationship", "Engaged", "Married", "It's complicated", "In an open relationship",
    "Widowed", "Separated", "Divorced",
)  # fmt: skip
# Names that no mail can reach: RFC 2606 and RFC 6761 reserve them for documentation and tests.
DOMAINS = (
    "example.com", "example.net", "example.org", "mail.example", "post.example", "inbox.test", "mail.test",
    "web.invalid",
)  # fmt: skip
# What joins word and number of a password; the last one is the delimiter of the file.
JOINTS = ("", "", "", "_", "!", ".", "@", ":")
ENDINGS = 2000
SENTINEL = 1
FIRST_DATE = 2


@dataclass(frozen=True)
class Table:
    """Texts in groups.

    Attributes:
        texts: Series of str; entry 0 is empty.
        starts: index of each group's first text.
        sizes: number of texts of each group.
    """

    texts: pl.Series
    starts: Indices
    sizes: Indices

    def pick(self, groups: Indices | int, chance: Uniform) -> Indices:
        """Indices of one text of each row's group; `chance` in [0, 1) decides, low values being popular."""
        return np.asarray(self.starts[groups] + (chance * self.sizes[groups]).astype(np.int64))

    def gather(self, indices: Indices) -> pl.Series:
        """Texts at these indices."""
        return self.texts.gather(pl.Series(indices))


def table(groups: Iterable[Sequence[str]]) -> Table:
    """Table of these groups of texts."""
    listed = [list(group) for group in groups]
    sizes = np.array([len(group) for group in listed], dtype=np.int64)
    starts = 1 + np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    return Table(pl.Series(["", *(text for group in listed for text in group)]), starts, sizes)


@cache
def data(name: str) -> Any:
    """Content of a compiled JSON file."""
    return json.loads((files("floodmark.synth") / "data" / name).read_text(encoding="utf-8"))


@cache
def country_rows() -> tuple[dict[str, str], ...]:
    """Rows of `data/countries.csv`: published counts, each with its status."""
    text = (files("floodmark.synth") / "data" / "countries.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Names:
    """Names by country: `first` and its romanised twin `first_ascii` have groups pool x (male, female).

    Attributes:
        pools: int64 array (countries, 3): pools of names that people of a country have.
    """

    first: Table
    first_ascii: Table
    last: Table
    last_ascii: Table
    companies: Table
    locales: Table
    pools: Indices


@cache
def names(countries: tuple[str, ...]) -> Names:
    """Tables of names for these countries (ISO 3166-1 alpha-2), in this order."""
    content = data("names.json")
    pools = content["pools"]
    numbers = {locale: number for number, locale in enumerate(pools)}
    chosen = [[numbers[locale] for locale in content["locales"][country]] for country in countries]
    sexes = [(pool, sex) for pool in pools.values() for sex in ("male", "female")]
    companies = [
        [f'{text} "{text[0]}"' if place % 8 == 7 else text for place, text in enumerate(pool["companies"])]
        for pool in pools.values()
    ]
    return Names(
        first=table(pool[sex] for pool, sex in sexes),
        first_ascii=table(pool[f"{sex}_ascii"] for pool, sex in sexes),
        last=table(pool["last"] for pool in pools.values()),
        last_ascii=table(pool["last_ascii"] for pool in pools.values()),
        companies=table(companies),
        locales=table([locale] for locale in pools),
        pools=np.array([[own[slot % len(own)] for slot in range(3)] for own in chosen], dtype=np.int64),
    )


@cache
def cities(countries: tuple[str, ...]) -> Table:
    """`City, Country` by country."""
    places = data("places.json")["places"]
    return table(places[country] for country in countries)


@cache
def fixed(name: str) -> Table:
    """A table that does not depend on the countries, with one group."""
    return table([_fixed_texts(name)])


def _fixed_texts(name: str) -> list[str]:
    words = data("names.json")["words"]
    texts: dict[str, Callable[[], list[str]]] = {
        "gender": lambda: ["male", "female"],
        "relationship": lambda: list(RELATIONSHIPS),
        "domains": lambda: list(DOMAINS),
        "words": lambda: [*words, *(word.title() for word in words)],
        "year": lambda: [str(year) for year in range(1980, 2020)],
        "topics": lambda: [f"{one}, {two}" for one in words[::3] for two in words[1::16]],
        "endings": lambda: [f"{joint}{number}" for joint in JOINTS for number in range(ENDINGS)],
        "stamp_us": _stamps_us,
        "stamp_iso": _stamps_iso,
        "birth_us": _births_us,
        "birth_iso": lambda: [day.isoformat() for day in _days(FIRST_BIRTH, BIRTH_DAYS)],
    }
    return texts[name]()


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=day) for day in range(count)]


def _stamps_us() -> list[str]:
    slots = range(SLOTS)
    times = [f"{slot // 4 % 12 or 12}:{slot % 4 * 15:02}:00 {'AP'[slot // 48]}M" for slot in slots]
    days = [f"{day.month}/{day.day}/{day.year}" for day in _days(FIRST_STAMP, STAMP_DAYS)]
    return ["1/1/0001 12:00:00 AM", *(f"{day} {time}" for day in days for time in times)]


def _stamps_iso() -> list[str]:
    times = [f"{slot // 4:02}:{slot % 4 * 15:02}:00" for slot in range(SLOTS)]
    days = [day.isoformat() for day in _days(FIRST_STAMP, STAMP_DAYS)]
    return ["0001-01-01 00:00:00", *(f"{day} {time}" for day in days for time in times)]


def _births_us() -> list[str]:
    """Every birth date, then every day of a year without the year."""
    full = [f"{day:%m/%d/%Y}" for day in _days(FIRST_BIRTH, BIRTH_DAYS)]
    return [*full, *(f"{day:%m/%d}" for day in _days(date(2000, 1, 1), 366))]
