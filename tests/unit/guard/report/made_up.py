"""Reports of every sort, for tests of the page and the JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import polars as pl

from floodmark.guard.actors import who
from floodmark.guard.allow import AllowList
from floodmark.guard.canaries import Canaries, CanarySet
from floodmark.guard.evidence import Learned, reference, train
from floodmark.guard.policy import Policy
from floodmark.guard.report.guard_report import GuardReport, guard_report
from floodmark.guard.report.judged import judged

from .asking import ABOUT, MADE_AT, START, asks, frame, many

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m=cmd() +44 7400 123456 ada@example.org"
STRICT = Policy.from_toml('profile = "strict"\n[evidence]\nchallenge = 0.2')


def learned() -> Learned:
    """A model and a reference of two halves of the networks."""
    first, second = (many(600, seed=2).filter(pl.col("network") % 2 == half) for half in (0, 1))
    model = train(first)
    return Learned(model, reference(second, model), ABOUT.key_id)


def known_canaries(lookups: pl.DataFrame) -> Canaries:
    """Three identifiers that were asked for, taken for canaries, and one that was not."""
    digests = tuple(sorted({*lookups["identifier"].tail(3).to_list(), 2**63}))
    made = START.timestamp() + 3600.0
    return Canaries([CanarySet("spring", "phone", "+447400", 10**6, 9 * 10**5, 10**5, made, digests)])


def whole() -> GuardReport:
    """One with everything in it."""
    lookups = many()
    by_size = lookups.group_by(who()).len().sort("len")["who"].to_list()
    truth = pl.DataFrame({"who": by_size}, schema={"who": pl.UInt64}).with_columns(
        kind=pl.when(pl.col("who") == by_size[-1]).then(pl.lit("steady")).otherwise(pl.lit("member")),
        honest=pl.col("who") != by_size[-1],
    )
    canaries = known_canaries(lookups)
    since = START.timestamp()
    allowed = AllowList().with_one("account", by_size[-2], "A call centre", since, since + 86_400.0 * 30)
    made = judged(lookups, STRICT, learned=learned(), canaries=canaries, allowed=allowed)
    about = [replace(ABOUT, synthetic=True), ABOUT]
    return guard_report(
        lookups, about, made_at=MADE_AT, judged=made, canaries=canaries, allowed=allowed, truth=truth
    )


def plain() -> GuardReport:
    """One of lookups alone."""
    return guard_report(many(60), [ABOUT], made_at=MADE_AT)


def empty() -> GuardReport:
    """One of nothing, judged by a policy."""
    lookups = pl.DataFrame(schema=many(2).schema)
    return guard_report(lookups, [ABOUT], made_at=MADE_AT, judged=judged(lookups, STRICT))


def hostile() -> GuardReport:
    """One of lookups whose names are attacks."""
    rows = [row for one in range(3) for row in asks(one + 1, range(2), endpoint=f"{one}{HOSTILE}")]
    rows.append({"at": START + timedelta(days=3_000), "endpoint": HOSTILE})
    about = replace(ABOUT, key_id=HOSTILE, sources=((HOSTILE, HOSTILE),), counts=((HOSTILE, 3),))
    truth = pl.DataFrame(
        {"who": [1, 2], "kind": [HOSTILE, ""], "honest": [True, False]}, schema_overrides={"who": pl.UInt64}
    )
    lookups = frame(rows)
    return guard_report(lookups, [about], made_at=MADE_AT, judged=judged(lookups, STRICT), truth=truth)


ALL = {one.__name__: cache(one) for one in (whole, plain, empty, hostile)}
