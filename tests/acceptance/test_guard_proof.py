"""The guard's proof at a small size (`guard_proof/`): floors, well below what the benchmark reports.

`benchmarks/guard_proof.py` prints the figures of `docs/explanation/guard-proof.md`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl

from floodmark.guard.actors import who
from floodmark.synth.traffic import Traffic

from .guard_proof.measure import outcome, until
from .guard_proof.paces import START, access_log, paced
from .guard_proof.rules import any_miss, distinct, distinct_bucket, volume
from .guard_proof.tuning import RULES, frozen
from .guard_proof.worlds import FIRST, KNOWN, World

WORLD = World(actors=400, days=14)
CROWDSEC = json.loads((Path(__file__).parents[1] / "vectors" / "crowdsec_distinct.json").read_text("ascii"))


@cache
def attacked() -> Traffic:
    return WORLD.part("test", dict.fromkeys(KNOWN, 1))


def named(made: Traffic) -> pl.DataFrame:
    return made.lookups.with_columns(who())


def test_the_rule_on_distinct_identifiers_stops_whom_crowdsec_stops_and_at_the_same_second() -> None:
    lookups = paced(CROWDSEC["accounts"], CROWDSEC["days"], CROWDSEC["seed"])
    assert hashlib.sha256(access_log(lookups).encode()).hexdigest() == CROWDSEC["log_sha256"]
    found = distinct_bucket(lookups).select(account="u" + pl.col("who").cast(pl.String), stopped="stopped")
    start = datetime.fromtimestamp(START, UTC)
    assert {account: int((at - start).total_seconds()) for account, at in found.iter_rows()} == CROWDSEC[
        "stops"
    ]
    assert len(CROWDSEC["stops"]) > 20


def test_a_bucket_of_another_size_leak_or_memory_would_not_agree_with_crowdsec() -> None:
    lookups = paced(CROWDSEC["accounts"], CROWDSEC["days"], CROWDSEC["seed"])
    theirs = distinct_bucket(lookups)
    assert not distinct_bucket(lookups, capacity=299).equals(theirs)
    assert not distinct_bucket(lookups, leak=59.0).equals(theirs)
    repeats_cost = lookups.with_columns(identifier=pl.int_range(pl.len()))
    assert not distinct_bucket(repeats_cost).equals(theirs)


def test_parts_share_no_account_address_network_or_day() -> None:
    parts = [WORLD.part(role).lookups for role in ("tuning", "test")]
    for column in ("account", "address", "prefix", "network", "device"):
        one, other = (set(part[column]) - {0} for part in parts)
        assert one and other and not one & other
    assert parts[0]["at"].max() < parts[1]["at"].min()
    assert set(parts[0]["identifier"]) & set(parts[1]["identifier"])


def test_a_share_of_the_actors_of_a_contaminated_part_are_scrapers_of_known_families() -> None:
    clean, dirty = WORLD.part("training").truth, WORLD.contaminated("training", 0.1).truth
    bad = dirty.filter(~pl.col("honest") & (pl.col("lookups") == FIRST))
    assert abs(bad.height / (bad.height + WORLD.actors) - 0.1) < 0.02
    assert set(bad["kind"]) == set(KNOWN)
    assert clean["honest"].all()


def test_what_stops_nobody_lets_everything_through_and_what_stops_all_nothing() -> None:
    made = attacked()
    none = pl.DataFrame(schema={"who": pl.UInt64, "stopped": made.lookups.schema["at"]})
    free = outcome(made, until(made.lookups, none))
    assert free.limited.hits == free.lost == 0
    assert free.scraped["share"].to_list() == [1.0] * len(KNOWN)
    everyone = named(made).group_by("who").agg(stopped=pl.col("at").min())
    shut = outcome(made, until(made.lookups, everyone))
    assert shut.limited.value == shut.lost == 1.0
    assert shut.scraped["got"].sum() == 0
    assert shut.deciles["actors"].sum() == shut.limited.trials
    assert shut.deciles["largest"].is_sorted()


def test_a_frozen_threshold_limits_as_many_honest_actors_as_it_may_and_one_less_limits_more() -> None:
    lookups = named(WORLD.part("tuning"))
    allowed = 0.05 * lookups["who"].n_unique()
    for name, threshold in frozen(lookups, 0.05).items():
        assert RULES[name](lookups, threshold).height <= allowed
        assert RULES[name](lookups, threshold - 1).height > allowed


def test_counts_by_day_begin_again_at_midnight() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    times = [noon + timedelta(hours=i) for i in range(24)]
    lookups = pl.DataFrame({"at": times, "who": 1, "identifier": range(24), "hit": True})
    assert distinct(lookups, 12).height == volume(lookups, 12).height == 0
    assert distinct(lookups, 11).item(0, "stopped") == noon + timedelta(hours=11)
    again = lookups.with_columns(identifier=pl.lit(1))
    assert distinct(again, 1).height == 0
    assert volume(again, 11).height == 1


def test_any_miss_stops_nearly_every_honest_actor_with_an_address_book() -> None:
    made = attacked()
    found = outcome(made, until(made.lookups, any_miss(named(made))))
    assert found.limited.value > 0.9
