"""Decisions of budgets a second and core, beside the `limits` package on the same requests, and bytes an actor.

Run: `python benchmarks/guard_decisions.py [REQUESTS]`; the peer is left out where `limits` is not installed. Budgets
are of the default profile: account, prefix, network and app. Times are of the processor, so that other work on the
machine counts less. The peer counts requests, not identifiers, so it hits one window a level and remembers nothing of
what was asked. The last line is the ratio of its time to ours for requests of one identifier.
"""

from __future__ import annotations

import importlib
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from floodmark.guard.actors import Actor
from floodmark.guard.budgets import PROFILES, Budgets, Limit
from floodmark.guard.reduction import Reduced
from floodmark.kernel import library

REQUESTS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
ACTORS = 20_000
BATCH = 100
LIMITS: tuple[Limit, ...] = PROFILES["signal"]
Request = tuple[float, Actor, list[Reduced]]


def requests(count: int, size: int, seed: int = 8) -> list[Request]:
    """Requests of actors of whom few ask much, about identifiers of which one in three was asked before."""
    drawn = random.Random(seed)
    digest = drawn.getrandbits
    prefixes = [(digest(64), digest(64)) for _ in range(ACTORS // 4)]
    actors = []
    for number in range(ACTORS):
        prefix, network = prefixes[number % len(prefixes)]
        actors.append(Actor(account=digest(64), address=digest(64), app=7, prefix=prefix, network=network))
    asked: dict[int, list[int]] = {}
    found = []
    for number in range(count):
        who = min(int(drawn.paretovariate(0.6)), ACTORS) - 1
        mine = asked.setdefault(who, [])
        for _ in range(size):
            mine.append(drawn.choice(mine) if mine and drawn.random() < 1 / 3 else digest(64))
        found.append((1.8e9 + number / 1000, actors[who], [Reduced(one, 0, 0) for one in mine[-size:]]))
    return found


def seconds(work: Callable[[], None]) -> float:
    """Of the processor."""
    started = time.process_time()
    work()
    return time.process_time() - started


def taking(budgets: Budgets, asked: list[Request]) -> float:
    """Seconds in which all requests are decided."""

    def work() -> None:
        for at, actor, identifiers in asked:
            budgets.take(at, actor, "contacts/sync", identifiers)

    return seconds(work)


def peer(asked: list[Request]) -> float | None:
    """Seconds in which the `limits` package hits a fixed window at each of the four levels."""
    try:
        limits = importlib.import_module("limits")
    except ImportError:
        return None
    limiter = limits.strategies.FixedWindowRateLimiter(limits.storage.MemoryStorage())
    window = limits.parse("1000000 per day")

    def work() -> None:
        for _, actor, _ in asked:
            for level in ("account", "prefix", "network", "app"):
                limiter.hit(window, level, str(getattr(actor, level)))

    return seconds(work)


def told(what: str, took: float, decisions: int, identifiers: int) -> None:
    """Print one line."""
    print(f"{what:<42} {decisions / took:>11,.0f} decisions/s {identifiers / took:>12,.0f} identifiers/s")


def main() -> None:
    """Print what each way takes."""
    single, batches = requests(REQUESTS, 1), requests(REQUESTS // BATCH, BATCH)
    ours = min(taking(Budgets(LIMITS), single) for _ in range(3))
    told("one identifier, in memory", ours, len(single), len(single))
    again = Budgets(LIMITS)
    taking(again, single)
    told("one identifier, asked before", taking(again, single), len(single), len(single))
    with tempfile.TemporaryDirectory() as folder, Budgets.open(Path(folder), LIMITS, at=0.0) as lasting:
        told("one identifier, in a folder", taking(lasting, single), len(single), len(single))
    told(f"{BATCH} identifiers, in memory", taking(Budgets(LIMITS), batches), len(batches), REQUESTS)
    if library.kernel is not None:
        few = single[: REQUESTS // 10]
        told("one identifier, Python alone", taking(Budgets(LIMITS, kernel=None), few), len(few), len(few))

    budgets = Budgets(LIMITS)
    taking(budgets, single)
    counts = budgets.counts()
    accounts = len({actor.account for _, actor, _ in single})
    each = counts["granted_new"] / accounts
    took = (16 * counts["buckets"] + 8 * counts["remembered"]) / accounts
    print(
        f"{accounts:,} accounts with {each:.1f} identifiers each: {took:,.0f} bytes an account at all levels together,"
    )
    print("16 for a bucket and 8 for an identifier that it knows")
    theirs = peer(single)
    if theirs is not None:
        told("limits, four fixed windows", theirs, len(single), len(single))
        print(f"{theirs / ours:.2f}")


if __name__ == "__main__":
    main()
