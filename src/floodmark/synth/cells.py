"""Cells of a chunk: one Polars Series of text for each column, from tables and arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from floodmark.synth import tables
from floodmark.synth.chunks import Chunk, Mask, Plan
from floodmark.synth.tables import BIRTH_DAYS, FIRST_DATE, SENTINEL, SLOTS, STAMP_DAYS, Indices

SENTINELS = 0.15
MIDNIGHTS = 0.8
PARTIAL_BIRTHS = 0.3
ELSEWHERE = 0.05
STAYED = 0.6
SHOUTED = 0.02
WOMEN = 0.45


@dataclass(frozen=True)
class People:
    """Who the n records of a chunk are about; each array int64 (n,), indices into the tables of names.

    Attributes:
        pools: pool of names.
        sexes: group of first names: 2 x pool, plus 1 for women.
        first: first name.
        last: last name.
        domains: e-mail domain, from 0.
        lands: index of the country of the present place.
        homes: present place.
    """

    pools: Indices
    sexes: Indices
    first: Indices
    last: Indices
    domains: Indices
    lands: Indices
    homes: Indices


@dataclass
class Cells:
    """Cells of one chunk.

    Attributes:
        filled: mask by column name.
        domains: index of each record's e-mail domain, from 0; meaningless without an address.
        texts: Series of str by column name; empty text where the cell is not filled.
        dates: by name of a date column, index into its table (0 where empty).
        places: country index of each place, by column name; meaningless where not filled.
        split: whether a filled password holds the delimiter.
    """

    filled: dict[str, Mask]
    domains: Indices
    split: Mask
    texts: dict[str, pl.Series] = field(default_factory=dict)
    dates: dict[str, Indices] = field(default_factory=dict)
    places: dict[str, Indices] = field(default_factory=dict)


class CellMaker:
    """Makes the cells of the columns of one plan.

    Args:
        plan: what is to be made.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = tables.names(plan.countries)
        self.cities = tables.cities(plan.countries)
        self.edges = np.cumsum(plan.shares)[:-1]
        self.makers: dict[str, Callable[[str, Chunk, People, Cells], pl.Series]] = {
            "phone": self._phone,
            "uid": self._profile_id,
            "link": self._link,
            "first": self._first,
            "last": self._last,
            "gender": self._gender,
            "locale": self._locale,
            "work": self._work,
            "city": self._city,
            "hometown": self._hometown,
            "email": self._email,
            "reused_email": self._reused_email,
            "password": self._password,
        }

    def cells(self, chunk: Chunk) -> Cells:
        """Cells of all columns; draws in the twin's usual column order, so a shuffle changes no cell."""
        people = self._people(chunk)
        made = Cells(chunk.filled, people.domains, np.zeros(len(people.pools), dtype=np.bool_))
        for column in self.plan.twin.columns:
            if column.source in self.makers:
                texts = self.makers[column.source](column.name, chunk, people, made)
            elif column.source.startswith(("stamp", "birth")):
                made.dates[column.name] = _dates(chunk, column.source) * made.filled[column.name]
                texts = tables.fixed(column.source).gather(made.dates[column.name])
            else:
                chosen = tables.fixed(column.source)
                drawn = chosen.pick(0, chunk.random.random(len(people.pools)))
                texts = chosen.gather(drawn * made.filled[column.name])
            made.texts[column.name] = texts
        return made

    def _people(self, chunk: Chunk) -> People:
        random, size = chunk.random, len(chunk.countries)
        pools = self.names.pools[chunk.countries, (random.random(size) * 3).astype(np.int64)]
        sexes = pools * 2 + (random.random(size) < WOMEN)
        lands = self._lands(chunk)
        return People(
            pools=pools,
            sexes=sexes,
            first=self.names.first.pick(sexes, random.random(size) ** 2),
            last=self.names.last.pick(pools, random.random(size) ** 2),
            domains=(random.random(size) ** 2 * len(tables.DOMAINS)).astype(np.int64),
            lands=lands,
            homes=self.cities.pick(lands, random.random(size) ** 2),
        )

    def _lands(self, chunk: Chunk) -> Indices:
        """Country of a place: mostly that of the phone."""
        size = len(chunk.countries)
        away = chunk.random.random(size) < ELSEWHERE
        other = np.searchsorted(self.edges, chunk.random.random(size), side="right")
        return np.where(away, other, chunk.countries)

    def _phone(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        return _numbers(chunk.phones, made.filled[name])

    def _profile_id(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        return _numbers(chunk.profile_ids, made.filled[name])

    def _link(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        return "https://profile.example/" + _numbers(chunk.profile_ids, made.filled[name])

    def _first(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        return self.names.first.gather(people.first * made.filled[name])

    def _last(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        return self.names.last.gather(people.last * made.filled[name])

    def _gender(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        return tables.fixed("gender").gather((1 + people.sexes % 2) * made.filled[name])

    def _locale(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        return self.names.locales.gather((1 + people.pools) * made.filled[name])

    def _work(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        drawn = self.names.companies.pick(people.pools, chunk.random.random(len(people.pools)))
        return self.names.companies.gather(drawn * made.filled[name])

    def _city(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        made.places[name] = people.lands
        return self.cities.gather(people.homes * made.filled[name])

    def _hometown(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        size = len(people.lands)
        lands = self._lands(chunk)
        stayed = chunk.random.random(size) < STAYED
        made.places[name] = np.where(stayed, people.lands, lands)
        towns = np.where(stayed, people.homes, self.cities.pick(lands, chunk.random.random(size)))
        return self.cities.gather(towns * made.filled[name])

    def _email(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        """Addresses made from names; the record's ordinal at the end of the local part makes each distinct."""
        filled = made.filled[name]
        rows = np.flatnonzero(filled)
        joints = (chunk.random.random(len(rows)) * 3).astype(np.int64)
        parts = pl.DataFrame(
            {
                "first": self.names.first_ascii.gather(people.first[rows]),
                "joint": pl.Series(["", ".", "_"]).gather(pl.Series(joints)),
                "last": self.names.last_ascii.gather(people.last[rows]),
                "number": pl.Series(chunk.first + rows).cast(pl.String),
                "domain": tables.fixed("domains").gather(1 + people.domains[rows]),
            }
        )
        address = pl.concat_str("first", "joint", "last", "number", pl.lit("@"), "domain")
        made_here = parts.select(address.alias("address"))["address"]
        places = np.zeros(len(filled), dtype=np.int64)
        places[rows] = 1 + np.arange(len(rows))
        return pl.concat([pl.Series("address", [""]), made_here]).gather(pl.Series(places))

    def _reused_email(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        """Addresses of which some are those of an earlier record, and a few in capitals."""
        texts = self._email(name, chunk, people, made).gather(pl.Series(chunk.origins))
        made.domains = people.domains[chunk.origins]
        loud = pl.Series(chunk.random.random(len(texts)) < SHOUTED)
        return texts.str.to_uppercase().zip_with(loud, texts)

    def _password(self, name: str, chunk: Chunk, people: People, made: Cells) -> pl.Series:
        words, endings = tables.fixed("words"), tables.fixed("endings")
        size = len(people.pools)
        word = words.pick(0, chunk.random.random(size))
        ending = endings.pick(0, chunk.random.random(size) ** 2)
        made.split = ending >= 1 + tables.ENDINGS * tables.JOINTS.index(":")
        frame = pl.DataFrame({"word": words.gather(word), "ending": endings.gather(ending)})
        return frame.select(pl.concat_str("word", "ending").alias("password"))["password"]


def _numbers(values: Indices, filled: Mask) -> pl.Series:
    texts = pl.Series(values).cast(pl.String)
    return texts if filled.all() else texts.zip_with(pl.Series(filled), pl.Series([""]))


def _dates(chunk: Chunk, source: str) -> Indices:
    """Indices into the table of a date column, before the mask of filled cells."""
    size, random = len(chunk.countries), chunk.random
    if source.startswith("stamp"):
        slots = np.where(random.random(size) < MIDNIGHTS, 0, (random.random(size) * SLOTS).astype(np.int64))
        days = (random.random(size) * STAMP_DAYS).astype(np.int64)
        return np.where(random.random(size) < SENTINELS, SENTINEL, FIRST_DATE + days * SLOTS + slots)
    # The mean of two draws: most people in the middle of the range, few minors, few very old.
    days = (BIRTH_DAYS * (0.3 + 0.35 * (random.random(size) + random.random(size)))).astype(np.int64)
    if source == "birth_iso":
        return 1 + days
    partial = BIRTH_DAYS + (random.random(size) * 366).astype(np.int64)
    return 1 + np.where(random.random(size) < PARTIAL_BIRTHS, partial, days)
