"""What budgets forget when they are full, what a flood of actors takes, and what it costs to simulate them.

    python benchmarks/guard_memory.py [PLACES]

1. Known identifiers are put in up to a share of the places and beyond; how many of them lost theirs.
2. Actors who each ask once: resident memory after half a million of them and after a million and a half.
3. `simulate_budgets` on two million lookups by two profiles: seconds of the processor, beside a distinct count by
   Polars on the same table. The last line is the ratio of the two for the profile `strict`.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from floodmark.guard import Actor, Reduced
from floodmark.guard.budgets import PROFILES, Budgets, Limit
from floodmark.guard.budgets.simulation import simulate_budgets
from floodmark.identifiers.digests import DigestKey
from floodmark.kernel.buckets import Sizes
from floodmark.synth.traffic import traffic

PLACES = int(sys.argv[1]) if len(sys.argv) > 1 else 1 << 20
SHARES = (0.6, 0.75, 0.8, 0.9, 1.0, 1.2, 1.5)
FLOODS = (500_000, 1_500_000)
BATCH = 1000


def identifiers(count: int, seed: int = 8) -> Iterator[list[Reduced]]:
    """Distinct ones, in batches."""
    drawn = random.Random(seed)
    for start in range(0, count, BATCH):
        yield [Reduced(drawn.getrandbits(64), block=0, position=0) for _ in range(min(BATCH, count - start))]


def forgotten(share: float) -> float:
    """Of the identifiers put in, the share that lost their places."""
    ample = [Limit("account", 10**9, 1.0)]
    sizes = Sizes(bucket_groups=1 << 10, floors=1 << 10, known_groups=PLACES // 8)
    with Budgets(ample, sizes=sizes) as budgets:
        for batch in identifiers(int(share * PLACES)):
            budgets.take(0.0, Actor(account=1), "contacts", batch)
        counts = budgets.counts()
    return counts["forgotten"] / counts["remembered"]


def resident() -> float:
    """MiB of this process."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Print all three."""
    for share in SHARES:
        print(f"put in, of {PLACES:,} places: {share:>5.0%}; forgotten of these: {forgotten(share):.4%}")
    drawn = random.Random(8).getrandbits
    with Budgets(PROFILES["signal"]) as budgets:
        before, asked = resident(), 0
        for most in FLOODS:
            while asked < most:
                actor = Actor(
                    account=drawn(64), address=drawn(64), prefix=drawn(64), network=drawn(64), app=7
                )
                budgets.take(float(asked), actor, "contacts", [Reduced(drawn(64), block=0, position=0)])
                asked += 1
            print(f"{asked:,} actors who asked once: {resident() - before:,.0f} MiB")
    lookups = traffic(DigestKey(bytes(32)), actors=24_000, days=14, scrapers={"fast": 5}, seed=8).lookups
    lookups = lookups.head(2_000_000)
    start = time.process_time()
    lookups.group_by("account").agg(pl.col("identifier").n_unique())
    theirs = time.process_time() - start
    for profile in ("signal", "strict"):
        start = time.process_time()
        granted = simulate_budgets(lookups, PROFILES[profile])["granted"].mean()
        ours = time.process_time() - start
        print(
            f"{profile}, {lookups.height:,} lookups, {granted:.1%} granted: {ours:.1f} s; distinct count {theirs:.2f} s"
        )
    print(f"{theirs / ours:.2f}")


if __name__ == "__main__":
    main()
