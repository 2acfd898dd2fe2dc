"""Made-up traffic in parts that share a service and nothing else: no account, address or network, and no day.

Thresholds are found on one part, a model is trained on the second, its reference comes from the third, and what is
reported is measured on the fourth, in which attack families appear that were in none of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from floodmark.guard.actors import PARTS, who
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import FAMILIES, START, Traffic
from floodmark.synth.traffic.asks import Part, together
from floodmark.synth.traffic.clock import DAY
from floodmark.synth.traffic.families import honest, scraping
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.traffic import Made, looked_up

KEY = DigestKey(bytes(range(32)))
ROLES = ("tuning", "training", "reference", "test")
KNOWN = ("fast", "batches", "slow", "shuffled")  # families that may stand in the parts before the test
HELD_OUT = tuple(family for family in FAMILIES if family not in KNOWN)
UPLOADS = "contacts/full"
HEAVY = ("business", "recruiter", "call-centre")
FIRST = 3000  # lookups of a scraper that stay in a contaminated part: more than evidence looks at, and budgets grant


@dataclass(frozen=True)
class World:
    """How large the parts are.

    Attributes:
        actors: honest accounts of each part.
        days: that each part lasts.
        seed: decides all.
        searches: whether honest clients only search and never upload an address book.
        heavy: whether there are honest clients whose work is to look people up; without them, all of them are taken to
            be on an allow-list.
    """

    actors: int = 4000
    days: int = 14
    seed: int = 8
    searches: bool = False
    heavy: bool = True

    @property
    def service(self) -> Service:
        """Whose numbers all parts ask for."""
        return Service("GB", "DE", 40, 0.15, self.seed)

    def part(self, role: str, scrapers: Mapping[str, int] | None = None, repeat: int = 0) -> Traffic:
        """Traffic of one part.

        Args:
            role: one of `ROLES`.
            scrapers: how many of each family.
            repeat: another draw of the same part.
        """
        return self._made(role, self._scraping(role, scrapers or {}, repeat), repeat)

    def contaminated(self, role: str, share: float) -> Traffic:
        """A part in which known families make up a share of the actors, with the first lookups of each.

        Args:
            role: one of `ROLES`.
            share: from 0 to 1.
        """
        bad = round(share / (1 - share) * self.actors)
        counts = {
            family: bad // len(KNOWN) + (place < bad % len(KNOWN)) for place, family in enumerate(KNOWN)
        }
        return self._made(role, [_beginning(part) for part in self._scraping(role, counts, 0)], 0)

    def _seed(self, role: str, repeat: int) -> int:
        return self.seed * 1000 + repeat * len(ROLES) + ROLES.index(role) + 1

    def _scraping(self, role: str, scrapers: Mapping[str, int], repeat: int) -> list[Part]:
        return scraping(self.service, scrapers, self.days, self._seed(role, repeat))

    def _made(self, role: str, scrapers: list[Part], repeat: int) -> Traffic:
        start = START + timedelta(days=self.days * ROLES.index(role))
        seed = self._seed(role, repeat)
        visits = self.actors // 10
        people = honest(self.service, self.actors, visits, self.days, 7.0, start.weekday(), seed)
        whole = together([*people, *scrapers], self.days * DAY)
        made = looked_up(Made(whole, self.service, start, seed), KEY)
        return self._asked(_apart(made, seed))

    def _asked(self, made: Traffic) -> Traffic:
        """What is asked in this world by those who are in it."""
        people = made.truth.filter("honest")
        away = people.filter(pl.col("kind").is_in(HEAVY) & (not self.heavy))["who"]
        uploads = who().is_in(people["who"].implode()) & (pl.col("endpoint") == UPLOADS) & self.searches
        lookups = made.lookups.filter(~who().is_in(away.implode()) & ~uploads)
        return Traffic(lookups, made.truth.join(lookups.select(who()).unique(), on="who", how="semi"))


def _beginning(part: Part) -> Part:
    """The first lookups from each seat."""
    asked = pl.DataFrame({"seat": part.asks.seat, "at": part.asks.at})
    kept = asked.select(pl.col("at").rank("ordinal").over("seat") <= FIRST).to_series()
    return replace(part, asks=part.asks.where(kept.to_numpy()))


def _apart(made: Traffic, seed: int) -> Traffic:
    """The same traffic of other accounts, addresses and networks."""
    salt = pl.lit((seed * 0x9E3779B97F4A7C15) % 2**64, pl.UInt64)
    salted = [name for name in PARTS if name != "app"]
    lookups = made.lookups.with_columns(
        **{
            name: pl.when(pl.col(name) > 0).then(pl.col(name) ^ salt).otherwise(pl.col(name))
            for name in salted
        }
    )
    return Traffic(lookups, made.truth.with_columns(pl.col("who") ^ salt).sort("who"))
