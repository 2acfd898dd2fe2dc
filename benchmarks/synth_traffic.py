"""Made-up lookups per second of `synth.traffic`, beside a plain generator that makes them one by one.

Both draw address books and upload them several times, reduce every number under a key and know the truth; the plain
one has no circles, networks, sorts of clients or scrapers. Run: `python benchmarks/synth_traffic.py [ACTORS]
[PLAIN_ACTORS]`. The last line is the ratio of the lookups per core second, which other work on the machine disturbs
least.
"""

import os

# One core: Polars reads this when it is imported.
os.environ["POLARS_MAX_THREADS"] = "1"

import random
import sys
import time
from datetime import UTC, datetime, timedelta

import polars as pl

from floodmark.guard import SCHEMA, Actor, reduce_one
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import FAMILIES, traffic

KEY = DigestKey(bytes(32))
START = datetime(2026, 1, 5, tzinfo=UTC)


def plain(actors):
    """A generator as one writes it in an afternoon."""
    draw = random.Random(7)
    rows, truth = [], {}
    for account in range(actors):
        actor = Actor.of(KEY, account=f"a{account}", address=f"10.0.{account % 256}.7")
        book = [draw.randrange(10**8) for _ in range(max(1, int(draw.lognormvariate(5.0, 0.9))))]
        for _ in range(2):
            at = START + timedelta(seconds=draw.random() * 14 * 86_400)
            for last in book:
                reduced = reduce_one("phone", f"+4474{last:08}", KEY)
                if reduced is not None:
                    rows.append(
                        (at, actor.account, actor.address, reduced.digest, reduced.block, reduced.position)
                    )
        truth[actor.who] = "member"
    columns = ("at", "account", "address", "identifier", "block", "position")
    return pl.DataFrame(rows, {name: SCHEMA[name] for name in columns}, orient="row").sort("at").height


def vectorised(actors):
    """Everything that `synth.traffic` makes, one scraper of each family among it."""
    return traffic(KEY, actors=actors, scrapers=dict.fromkeys(FAMILIES, 1), seed=7).lookups.height


def timed(name, make, actors):
    started, worked = time.perf_counter(), time.process_time()
    lookups = make(actors)
    seconds, busy = time.perf_counter() - started, time.process_time() - worked
    print(
        f"{name:16} {lookups:>10,} lookups {seconds:>6.1f} s, {busy:>6.1f} s of the core: "
        f"{lookups / busy:>9,.0f} lookups per core second",
        flush=True,
    )
    return lookups / busy


def main():
    actors = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    plain_actors = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    slow = timed("one by one", plain, plain_actors)
    fast = timed("floodmark synth", vectorised, actors)
    print(f"ratio {fast / slow:.0f}")


if __name__ == "__main__":
    main()
