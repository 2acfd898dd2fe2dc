"""How many honest clients and how many scrapers come upon canaries, on made-up traffic; the figures of the reference.

    python benchmarks/guard_canaries.py --actors 6000

Canaries are drawn from the numbers of every block that no member holds: a service that knows its members alone can do
no better. The peer is the same canaries without those that somebody asked about in the first week. A row has clients,
and those of them who came upon one canary, two, three or more. The last line is the ratio of honest clients who came
upon one, without and with that.
"""

from __future__ import annotations

import argparse
from datetime import timedelta

import numpy as np
import polars as pl

from floodmark.guard.actors import who
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import START, traffic

FAMILIES = ("fast", "steady", "mimic", "listed", "slow", "shuffled")
PLACE = ["block", "position"]


def main() -> None:
    """Print a table for each number of canaries in a million numbers, then the comparison."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--actors", type=int, default=6000)
    options.add_argument("--seed", type=int, default=3)
    given = options.parse_args()
    made = traffic(
        DigestKey(bytes(32)),
        actors=given.actors,
        days=14,
        scrapers=dict.fromkeys(FAMILIES, 5),
        seed=given.seed,
    )
    lookups = made.lookups.with_columns(who()).join(made.truth.select("who", "honest"), on="who")
    misses = lookups.filter("honest").select(1 - pl.col("hit").mean()).item()
    print(f"{lookups.height:,} lookups; honest clients find nobody with {misses:.0%} of theirs")
    rng = np.random.default_rng(1)
    for each in (20, 50, 200):
        print(f"{each} canaries in a million numbers: {_met(lookups, _drawn(lookups, each, rng))}")
    cut = START + timedelta(days=7)
    before, after = lookups.filter(pl.col("at") < cut), lookups.filter(pl.col("at") >= cut)
    canaries = _drawn(lookups, 50, rng)
    fresh = canaries.join(before, on=PLACE, how="anti")
    plain, left_out = _met(after, canaries), _met(after, fresh)
    print(f"second week: {plain}")
    print(f"second week, what the first asked left out: {left_out}")
    print(f"ratio: {plain['honest'][1] / max(1, left_out['honest'][1]):.1f}")


def _drawn(lookups: pl.DataFrame, each: int, rng: np.random.Generator) -> pl.DataFrame:
    blocks = np.repeat(lookups["block"].unique().sort().to_numpy(), each)
    places = rng.integers(0, 10**6, len(blocks)).astype(np.uint32)
    return pl.DataFrame({"block": blocks, "position": places}).unique()


def _met(lookups: pl.DataFrame, canaries: pl.DataFrame) -> dict[str, tuple[int, int, int, int]]:
    """Of honest clients and of scrapers: how many, and who asked for one canary, two, three or more."""
    asked = lookups.filter(~pl.col("hit")).join(canaries, on=PLACE, how="semi")
    counts = asked.group_by("who").agg(met=pl.col("identifier").n_unique())
    actors = lookups.select("who", "honest").unique().join(counts, on="who", how="left").fill_null(0)
    return {
        name: (kind.height, *(kind.filter(pl.col("met") >= least).height for least in (1, 2, 3)))
        for name, kind in (
            ("honest", actors.filter("honest")),
            ("scrapers", actors.filter(~pl.col("honest"))),
        )
    }


if __name__ == "__main__":
    main()
