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
from floodmark.guard.evidence import Learned, evidence
from floodmark.synth.traffic import Traffic

from .guard_proof.measure import outcome, until
from .guard_proof.ours import granted, learnt, policy
from .guard_proof.paces import START, access_log, paced
from .guard_proof.rules import any_miss, distinct, distinct_bucket, volume
from .guard_proof.tuning import COMES_BACK, RULES, frozen, own_budget
from .guard_proof.worlds import FIRST, KNOWN, World

WORLD = World(actors=400, days=14)
ALPHA = 0.05  # what references of this size can reach
CAUGHT = ("slow", "drip", "spread")  # CrowdSec's rule never stops these
CROWDSEC = json.loads((Path(__file__).parents[1] / "vectors" / "crowdsec_distinct.json").read_text("ascii"))


@cache
def honest(role: str) -> Traffic:
    return WORLD.part(role)


@cache
def attacked() -> Traffic:
    return WORLD.part("test", dict.fromkeys(KNOWN, 1))


@cache
def learned() -> Learned:
    return learnt(honest("training").lookups, honest("reference").lookups)


@cache
def asked_of_crowdsec() -> pl.DataFrame:
    return paced(CROWDSEC["accounts"], CROWDSEC["days"], CROWDSEC["seed"])


def named(made: Traffic) -> pl.DataFrame:
    return made.lookups.with_columns(who())


def test_the_rule_on_distinct_identifiers_stops_whom_crowdsec_stops_and_at_the_same_second() -> None:
    lookups = asked_of_crowdsec()
    assert hashlib.sha256(access_log(lookups).encode()).hexdigest() == CROWDSEC["log_sha256"]
    found = distinct_bucket(lookups).select(account="u" + pl.col("who").cast(pl.String), stopped="stopped")
    start = datetime.fromtimestamp(START, UTC)
    assert {account: int((at - start).total_seconds()) for account, at in found.iter_rows()} == CROWDSEC[
        "stops"
    ]
    assert len(CROWDSEC["stops"]) > 20


def test_a_bucket_of_another_size_leak_or_memory_would_not_agree_with_crowdsec() -> None:
    lookups = asked_of_crowdsec()
    theirs = distinct_bucket(lookups)
    assert not distinct_bucket(lookups, capacity=299).equals(theirs)
    assert not distinct_bucket(lookups, leak=59.0).equals(theirs)
    repeats_cost = lookups.with_columns(identifier=pl.int_range(pl.len()))
    assert not distinct_bucket(repeats_cost).equals(theirs)


def test_parts_share_no_account_address_network_or_day() -> None:
    parts = [honest("tuning").lookups, attacked().lookups]
    for column in ("account", "address", "prefix", "network", "device"):
        one, other = (set(part[column]) - {0} for part in parts)
        assert one and other and not one & other
    assert parts[0]["at"].max() < parts[1]["at"].min()
    assert set(parts[0]["identifier"]) & set(parts[1]["identifier"])


def test_a_share_of_the_actors_of_a_contaminated_part_are_scrapers_of_known_families() -> None:
    clean, dirty = honest("training").truth, WORLD.contaminated("training", 0.1).truth
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
    lookups = named(honest("tuning"))
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


def test_evidence_stops_scrapers_that_a_rule_on_distinct_identifiers_never_stops_and_spares_honest_actors() -> (
    None
):
    made = WORLD.part("test", dict.fromkeys(CAUGHT, 1))
    theirs = outcome(made, until(made.lookups, distinct_bucket(named(made))))
    ours = outcome(made, granted(made.lookups, policy((), ALPHA), learned()))
    assert theirs.share_scraped(*CAUGHT) == 1.0
    assert ours.share_scraped(*CAUGHT) < 0.2
    assert theirs.limited.value > 0.1
    assert ours.limited.value < 0.03


def test_at_most_a_share_alpha_of_fresh_honest_actors_is_flagged() -> None:
    flagged = judged = 0
    for repeat in (1, 2):
        fresh = WORLD.part("test", repeat=repeat).lookups
        found = evidence(fresh, learned().model, learned().reference, ALPHA, 0.01)
        flagged += found["flagged"].sum()
        judged += (found["reached"] > 0).sum()
    assert judged > WORLD.actors
    assert flagged / judged <= ALPHA


def test_scrapers_in_the_reference_take_power_and_never_flag_more_honest_actors() -> None:
    made = attacked()
    dirty = learnt(*(WORLD.contaminated(role, 0.2).lookups for role in ("training", "reference")))
    results = [
        outcome(made, granted(made.lookups, policy((), ALPHA, epsilon), against))
        for epsilon, against in ((0.01, learned()), (0.2, dirty))
    ]
    assert results[0].share_scraped(*KNOWN) < 0.2
    assert results[1].share_scraped(*KNOWN) > 0.9
    assert results[1].limited.hits <= results[0].limited.hits


def test_a_budget_that_fits_the_service_grants_its_burst_and_what_comes_back() -> None:
    limits = own_budget(named(honest("tuning")), 0.01)
    made = WORLD.part("test", {"slow": 1, "spread": 1})
    found = outcome(made, granted(made.lookups, policy(limits)))
    most = limits[0].burst * (1 + WORLD.days / COMES_BACK)
    assert 0.99 * most - 1 <= found.scraped["got"].min()
    assert found.scraped["got"].max() <= most
    assert found.limited.value <= 0.03
