"""Made-up traffic in parts that share a service and nothing else: no account, address or network, and no day.

Thresholds are found on one part, a model is trained on the second, its reference comes from the third, and what is
reported is measured on the fourth, in which attack families appear that were in none of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from floodmark.guard.actors import PARTS, who
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import FAMILIES, START, Traffic
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.traffic import asked, looked_up

KEY = DigestKey(bytes(range(32)))
ROLES = ("tuning", "training", "reference", "test")
KNOWN = ("fast", "slow", "shuffled")  # families that may stand in the parts before the test
HELD_OUT = tuple(family for family in FAMILIES if family not in KNOWN)
SEARCHES = ("contacts/delta", "search")


@dataclass(frozen=True)
class World:
    """How large the parts are.

    Attributes:
        actors: honest accounts of each part.
        days: that each part lasts.
        seed: decides all.
        searches: whether honest clients only search and never upload an address book.
    """

    actors: int = 4000
    days: int = 14
    seed: int = 8
    searches: bool = False

    def part(self, role: str, scrapers: Mapping[str, int] | None = None, repeat: int = 0) -> Traffic:
        """Traffic of one part.

        Args:
            role: one of `ROLES`.
            scrapers: how many of each family.
            repeat: another draw of the same part.
        """
        place = ROLES.index(role)
        service = Service("GB", 40, 0.15, self.seed)
        seed = self.seed * 1000 + repeat * len(ROLES) + place + 1
        people = asked(service, self.actors, self.days, scrapers or {}, 7.0, seed)
        made = looked_up(people, KEY, START + timedelta(days=self.days * place), service)
        return _apart(made, seed, self.searches)

    def contaminated(self, role: str, share: float) -> pl.DataFrame:
        """Lookups of a part in which known families make up a share of the actors.

        Args:
            role: one of `ROLES`.
            share: from 0 to 1.
        """
        bad = round(share / (1 - share) * self.actors)
        counts = {
            family: bad // len(KNOWN) + (place < bad % len(KNOWN)) for place, family in enumerate(KNOWN)
        }
        return self.part(role, counts).lookups


def _apart(made: Traffic, seed: int, searches: bool) -> Traffic:
    """The same traffic of other accounts, addresses and networks; whether of people who only search."""
    salt = (seed * 0x9E3779B97F4A7C15) % 2**64
    salted = [name for name in PARTS if name != "app"]
    other = {name: pl.col(name) ^ pl.lit(salt, pl.UInt64) for name in salted}
    lookups = made.lookups.with_columns(
        **{name: pl.when(pl.col(name) > 0).then(part).otherwise(pl.col(name)) for name, part in other.items()}
    )
    truth = made.truth.with_columns(pl.col("who") ^ pl.lit(salt, pl.UInt64)).sort("who")
    if searches:
        honest = truth.filter("honest")["who"]
        lookups = lookups.filter(~who().is_in(honest.implode()) | pl.col("endpoint").is_in(SEARCHES))
        truth = truth.join(lookups.select(who()).unique(), on="who", how="semi")
    return Traffic(lookups, truth)
