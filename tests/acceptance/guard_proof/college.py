"""Real messages between people as a background, with made-up scrapers among those that are tested.

The file is CollegeMsg of SNAP (Panzarasa, Opsahl and Carley 2009): `src dst time` after a head. To write to somebody is
taken for a lookup of the id.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from floodmark.guard import SCHEMA, reduce
from floodmark.guard.actors import actor_columns, who
from floodmark.synth.traffic import Traffic

from .worlds import KEY

INJECTED = 0.1  # of the lookups of the test, at most
SIZES = {"in order": 250, "list": 120, "slow": 60}  # identifiers of each scraper of a family
OF_EACH = 2
HOUR, DAY = 3600, 86_400
SEED = 8


@dataclass(frozen=True)
class Background:
    """The parts, one third of the messages each.

    Attributes:
        training: lookups of the first third.
        reference: of the second third, by people who are not tested.
        test: of the last third, by the others, with scrapers among them.
        honest: lookups of people in the test.
    """

    training: pl.DataFrame
    reference: pl.DataFrame
    test: Traffic
    honest: int

    @classmethod
    def read(cls, path: Path) -> Background:
        """Split the file; people are dealt to the reference and the test at random."""
        edges = pl.read_csv(path, separator=" ", schema=dict.fromkeys(("src", "dst", "time"), pl.Int64))
        edges = edges.sort("time", maintain_order=True).with_columns(kind=pl.lit("person"), hit=pl.lit(True))
        random = np.random.Generator(np.random.PCG64(SEED))
        people = edges["src"].unique().sort()
        tested = pl.col("src").is_in(people.filter(pl.Series(random.random(people.len()) < 0.5)).implode())
        third = edges.height // 3
        late = edges[2 * third :].filter(tested)
        attacks = _scrapers(edges["dst"].unique().sort().to_numpy(), late["time"], random)
        if attacks.height > INJECTED * (late.height + attacks.height):
            raise ValueError("more lookups are put in than may be")
        both = pl.concat([late, attacks]).sort("time", maintain_order=True)
        lookups = _lookups(both)
        kinds = both.select(
            kind="kind", group=pl.col("src").cast(pl.String), honest=pl.col("kind") == "person"
        )
        truth = pl.concat([lookups.select(who()), kinds], how="horizontal").unique("who", maintain_order=True)
        middle = edges[third : 2 * third].filter(~tested)
        return cls(_lookups(edges[:third]), _lookups(middle), Traffic(lookups, truth), late.height)


def _scrapers(people: np.ndarray, times: pl.Series, random: np.random.Generator) -> pl.DataFrame:
    """Scrapers: ids in order within an hour, a list of people within a day, people over the whole time."""
    begin, end = int(times[0]), int(times.quantile(0.9) or 0)
    lasts = {"in order": HOUR, "list": DAY, "slow": end - begin}
    parts = []
    for number, kind in enumerate(kind for kind in SIZES for _ in range(OF_EACH)):
        size = SIZES[kind]
        ids = int(random.integers(1, 1800)) + np.arange(size)
        if kind != "in order":
            ids = random.choice(people, size, replace=False)
        at = random.uniform(begin, max(begin + 1, end - lasts[kind])) + np.sort(
            random.uniform(0, lasts[kind], size)
        )
        hit = np.isin(ids, people)
        part = {"src": 10**6 + number, "dst": ids, "time": at.astype(np.int64), "kind": kind, "hit": hit}
        parts.append(pl.DataFrame(part))
    return pl.concat(parts).cast({"src": pl.Int64})


def _lookups(edges: pl.DataFrame) -> pl.DataFrame:
    parts = actor_columns(KEY, {"account": edges["src"].cast(pl.String)})
    asked = edges.select(
        at=pl.from_epoch("time").dt.cast_time_unit("us").dt.replace_time_zone("UTC"),
        endpoint=pl.lit("message"),
        kind=pl.lit("profile_id"),
        hit="hit",
    )
    ids = reduce("profile_id", edges["dst"].cast(pl.String), KEY)
    return pl.concat([asked, parts, ids], how="horizontal").select(*SCHEMA)
