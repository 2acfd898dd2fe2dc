"""Made-up people, each cell of a row about the same one."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from anyascii import anyascii

from .words import words

DAYS = 366 * 62


@dataclass(frozen=True)
class Person:
    """One made-up person."""

    given: str
    family: str
    female: bool
    born: date
    city: str
    state: str

    @property
    def ascii_given(self) -> str:
        return plain(self.given)

    @property
    def ascii_family(self) -> str:
        return plain(self.family)


@dataclass(frozen=True)
class Making:
    """What a column is made from: randomness, the people of its table, their language and the part."""

    rng: random.Random
    people: list[Person]
    language: str
    part: str

    def words(self, name: str) -> list[str]:
        return words(name, self.language, self.part)

    def each(self, choices: list[str] | tuple[str, ...], weights: list[float] | None = None) -> list[str]:
        """One of the choices for every person."""
        return self.rng.choices(choices, weights, k=len(self.people))

    def digits(self, count: int, first: str = "0123456789") -> str:
        return self.rng.choice(first) + "".join(self.rng.choices("0123456789", k=count - 1))


def plain(text: str) -> str:
    """A name in lower-case ASCII letters."""
    folded = anyascii(unicodedata.normalize("NFC", text)).lower()
    return "".join(c for c in folded if "a" <= c <= "z") or "x"


def people(rng: random.Random, language: str, part: str, count: int) -> list[Person]:
    """People of one language, with names and towns as popular as such things are (a few make up most)."""
    male, female = words("male", language, part), words("female", language, part)
    family, women = words("family", language, part), words("family_female", language, part)
    cities, states = words("city", language, part), words("state", language, part)
    for pool in (male, female, family, women, cities, states):
        rng.shuffle(pool)
    made = []
    for _ in range(count):
        is_female = rng.random() < 0.48
        born = date(2006, 12, 31) - timedelta(days=int(rng.betavariate(1.6, 3) * DAYS))
        made.append(
            Person(
                given=_popular(rng, female if is_female else male),
                family=_popular(rng, women if is_female and women else family),
                female=is_female,
                born=born,
                city=_popular(rng, cities),
                state=_popular(rng, states),
            )
        )
    return made


def _popular(rng: random.Random, pool: list[str]) -> str:
    return pool[int(len(pool) * rng.random() ** 2)]
