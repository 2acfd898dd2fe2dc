"""Lookups of made-up clients, and who of them is what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from floodmark.errors import UsageError
from floodmark.guard import SCHEMA, reduce
from floodmark.guard.actors import PARTS, actor_columns, who
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic.asks import ENDPOINTS, Part, together
from floodmark.synth.traffic.members import members
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.scrapers import FAMILIES, enumerating

START = datetime(2026, 1, 5, tzinfo=UTC)
TRUTH: dict[str, pl.DataType | type[pl.DataType]] = {
    "who": pl.UInt64,  # Actor.who
    "kind": pl.String,  # sort of honest client, or family of scrapers
    "honest": pl.Boolean,
    "group": pl.String,  # which scraper, where several accounts are one; empty for honest clients
    "lookups": pl.UInt32,
    "distinct": pl.UInt32,  # identifiers
    "found": pl.UInt32,  # of these, members
}
"""Columns of the truth, in order of `who`."""


@dataclass(frozen=True)
class Traffic:
    """Made-up lookups and the truth of them.

    Attributes:
        lookups: columns `floodmark.guard.SCHEMA`, in order of `at`.
        truth: columns `TRUTH`, one row an actor.
    """

    lookups: pl.DataFrame
    truth: pl.DataFrame


def traffic(
    key: DigestKey,
    *,
    actors: int = 1000,
    days: int = 14,
    scrapers: Mapping[str, int] | None = None,
    seed: int = 0,
    start: datetime = START,
    country: str = "GB",
    blocks: int = 40,
    member_share: float = 0.15,
    resync_days: float = 7.0,
) -> Traffic:
    """Make lookups of honest clients and of scrapers.

    Args:
        key: under which identifiers and actors are hashed.
        actors: honest accounts.
        days: that the traffic lasts.
        scrapers: how many of each family (`FAMILIES`).
        seed: decides all; honest clients do the same whatever scrapers there are.
        start: of the traffic, with time zone.
        country: whose numbers are asked, ISO 3166-1 alpha-2.
        blocks: of a million numbers each, that are in use.
        member_share: members among the numbers of these blocks.
        resync_days: between two uploads of one address book, on average.

    Raises:
        UsageError: there is no such family.
    """
    service = Service(country, blocks, member_share, seed)
    part = asked(service, actors, days, scrapers or {}, resync_days, seed)
    return looked_up(part, key, start, service)


def asked(
    service: Service, actors: int, days: int, wanted: Mapping[str, int], resync: float, seed: int
) -> Part:
    """All that is asked, in order of time."""
    if unknown := set(wanted) - set(FAMILIES):
        raise UsageError(
            f"There is no family of scrapers {sorted(unknown)[0]!r}.", f"Known: {', '.join(FAMILIES)}."
        )
    return together([members(service, actors, days, resync, seed), *enumerating(service, wanted, days, seed)])


def looked_up(part: Part, key: DigestKey, start: datetime, service: Service) -> Traffic:
    """What was asked, as lookups without identifiers."""
    seats, asks = part.seats, part.asks
    texts = {name: seats[name] for name in ("account", "app", "address", "device", "session")}
    made = pl.lit(start).dt.date() + pl.duration(days=pl.col("made"))
    texts["cohort"] = seats.select(cohort=made.cast(pl.String))["cohort"]
    who_asks = actor_columns(key, texts)
    distinct, back = np.unique(asks.number, return_inverse=True)
    reduced = reduce("phone", "+" + pl.Series(distinct).cast(pl.String), key)
    began = np.int64(start.timestamp() * 10**6)
    frame = pl.DataFrame(
        {
            "at": pl.Series(asks.at + began).cast(pl.Datetime("us", "UTC")),
            **{name: who_asks[name].gather(pl.Series(asks.seat)) for name in PARTS},
            "endpoint": pl.Series(ENDPOINTS).gather(pl.Series(asks.endpoint)),
            "kind": pl.repeat("phone", len(asks), eager=True, dtype=pl.String),
            **{name: reduced[name].gather(pl.Series(back)) for name in reduced.columns},
            "hit": service.member(distinct)[back],
        },
        schema=SCHEMA,
    )
    return Traffic(frame, _truth(frame, seats, who_asks))


def _truth(frame: pl.DataFrame, seats: pl.DataFrame, who_asks: pl.DataFrame) -> pl.DataFrame:
    counts = frame.group_by(who()).agg(
        lookups=pl.len(),
        distinct=pl.col("identifier").n_unique(),
        found=pl.col("identifier").filter("hit").n_unique(),
    )
    kinds = (
        pl.concat([who_asks.select(who()), seats.select("kind", "honest", "group")], how="horizontal")
        .unique("who", keep="first", maintain_order=True)
        .join(counts, on="who")
    )
    return kinds.select(pl.col(name).cast(kind) for name, kind in TRUTH.items()).sort("who")
