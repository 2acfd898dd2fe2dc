"""Lookups of made-up clients, and who of them is what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from floodmark.errors import UsageError
from floodmark.guard import SCHEMA, reduce
from floodmark.guard.actors import PARTS, actor_columns, who
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic.asks import ENDPOINTS, Part, together
from floodmark.synth.traffic.clock import DAY
from floodmark.synth.traffic.families import honest, scraping
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.strategy import Strategy
from floodmark.synth.traffic.truth import truth_of

START = datetime(2026, 1, 5, tzinfo=UTC)
MOST_DAYS = 3650
FIRST, LAST = 1970, 2085  # years of which logs and budgets can tell the time, ten years of traffic included
MARKED = " (floodmark-synthetic)"  # what every app says of itself, so that no line of a log is unmarked


@dataclass(frozen=True)
class Traffic:
    """Made-up lookups and the truth of them.

    Attributes:
        lookups: columns `floodmark.guard.SCHEMA`, in order of `at`.
        truth: columns `TRUTH`, one row an actor.
    """

    lookups: pl.DataFrame
    truth: pl.DataFrame


@dataclass(frozen=True)
class Made:
    """Made-up traffic before anything is hashed.

    Attributes:
        part: seats, and what they ask, in order of time.
        service: that is asked.
        start: of the traffic.
        seed: that decided all.
    """

    part: Part
    service: Service
    start: datetime
    seed: int


def traffic(
    key: DigestKey,
    *,
    actors: int = 1000,
    days: int = 14,
    scrapers: Mapping[str, int] | None = None,
    seed: int = 0,
    start: datetime = START,
    visitors: int | None = None,
    country: str = "GB",
    abroad: str = "DE",
    blocks: int = 40,
    member_share: float = 0.15,
    resync_days: float = 7.0,
) -> Traffic:
    """Make lookups of honest clients and of scrapers.

    Args:
        key: under which identifiers and actors are hashed.
        actors: honest accounts; `HONEST` says of which sorts.
        days: that the traffic lasts.
        scrapers: how many of each family (`FAMILIES`).
        seed: decides all; honest clients do the same whatever scrapers there are.
        start: of the traffic, with time zone.
        visitors: without an account; a tenth of `actors` where not given.
        country: whose numbers are asked, ISO 3166-1 alpha-2.
        abroad: country that travellers go to.
        blocks: of a million numbers each, that are in use in a country.
        member_share: members among the numbers of these blocks.
        resync_days: between two uploads of one address book, on average.

    Raises:
        UsageError: there is no such family or country, or a number is out of its range.
    """
    made = make(
        actors=actors,
        days=days,
        scrapers=scrapers,
        seed=seed,
        start=start,
        visitors=visitors,
        country=country,
        abroad=abroad,
        blocks=blocks,
        member_share=member_share,
        resync_days=resync_days,
    )
    return looked_up(made, key)


def make(
    *,
    actors: int,
    days: int,
    scrapers: Mapping[str, int] | None = None,
    seed: int = 0,
    start: datetime = START,
    visitors: int | None = None,
    country: str = "GB",
    abroad: str = "DE",
    blocks: int = 40,
    member_share: float = 0.15,
    resync_days: float = 7.0,
    known: Strategy | None = None,
) -> Made:
    """As `traffic`, with the identifiers still readable, for logs.

    Args:
        actors: as of `traffic`.
        days: as of `traffic`.
        scrapers: as of `traffic`.
        seed: as of `traffic`.
        start: as of `traffic`.
        visitors: as of `traffic`.
        country: as of `traffic`.
        abroad: as of `traffic`.
        blocks: as of `traffic`.
        member_share: as of `traffic`.
        resync_days: as of `traffic`.
        known: what the family `aware` does; None for what suits a distinct count of 300 and one a minute.

    Raises:
        UsageError: as `traffic`.
    """
    visits = actors // 10 if visitors is None else visitors
    wanted = dict(scrapers or {})
    _check(1 <= days <= MOST_DAYS, f"Traffic lasts from 1 to {MOST_DAYS:,} days.")
    _check(actors >= 0 and visits >= 0 and all(count >= 0 for count in wanted.values()), "Nobody is below 0.")
    _check(
        actors + visits + sum(wanted.values()) > 0, "Traffic is of somebody: at least one actor or scraper."
    )
    _check(0 < member_share <= 0.5 and blocks > 0, "The share of members lies between 0 and 0.5.")
    _check(1 <= resync_days <= MOST_DAYS, f"Address books are uploaded once in 1 to {MOST_DAYS:,} days.")
    _check(FIRST <= start.year <= LAST, f"Traffic starts in a year from {FIRST} to {LAST}.")
    service = Service(country, abroad, blocks, member_share, seed)
    parts = honest(service, actors, visits, days, resync_days, start.weekday(), seed)
    parts += scraping(service, wanted, days, seed, known)
    return Made(together(parts, days * DAY), service, start, seed)


def looked_up(made: Made, key: DigestKey) -> Traffic:
    """Traffic as lookups, without identifiers."""
    seats, asks = made.part.seats, made.part.asks
    actors = actor_columns(key, actor_texts(made))
    distinct, back = np.unique(asks.number, return_inverse=True)
    reduced = reduce("phone", "+" + pl.Series(distinct).cast(pl.String), key)
    seat, identifier = pl.Series(asks.seat), pl.Series(back)
    lookups = pl.DataFrame(
        {
            "at": moments(made),
            **{name: actors[name].gather(seat) for name in PARTS},
            "endpoint": pl.Series(ENDPOINTS).gather(pl.Series(asks.endpoint)),
            "kind": pl.repeat("phone", len(asks), eager=True, dtype=pl.String),
            **{name: reduced[name].gather(identifier) for name in reduced.columns},
            "hit": made.service.member(distinct)[back],
        },
        schema=SCHEMA,
    )
    return Traffic(lookups, truth_of(lookups, seats, actors.select(who())["who"]))


def moments(made: Made) -> pl.Series:
    """When everything was asked, as Datetime."""
    began = round((made.start - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    return pl.Series("at", made.part.asks.at + began).cast(pl.Datetime("us", "UTC"))


def actor_texts(made: Made) -> dict[str, pl.Series]:
    """What a server knows of each seat, by part of an actor, as text."""
    seats = made.part.seats
    day = pl.lit(made.start).dt.date() + pl.duration(days=pl.col("made"))
    known = {name: seats[name] for name in ("account", "address", "device")}
    return {
        **known,
        "app": seats["app"] + MARKED,
        "cohort": seats.select(cohort=day.cast(pl.String))["cohort"],
    }


def _check(good: bool, message: str) -> None:
    if not good:
        raise UsageError(message, "See floodmark synth traffic --help.")
