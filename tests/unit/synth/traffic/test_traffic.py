"""Made-up lookups as other parts of the guard meet them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.guard import SCHEMA
from floodmark.guard.actors import who
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import FAMILIES, TRUTH, traffic

KEY = DigestKey(bytes(range(32)))


def test_lookups_are_those_of_the_guard_in_order_of_time():
    made = traffic(KEY, actors=60, days=3, scrapers={"fast": 1}, seed=2)
    assert dict(made.lookups.schema) == SCHEMA
    assert made.lookups["at"].is_sorted()
    assert dict(made.truth.schema) == TRUTH
    assert sum(made.lookups.null_count().row(0)) == 0


def test_every_lookup_is_by_somebody_of_whom_the_truth_is_known():
    made = traffic(KEY, actors=60, days=3, scrapers=dict.fromkeys(FAMILIES, 1), seed=2)
    assert set(made.truth["kind"]) >= {"member", *FAMILIES}
    assert made.lookups.select(who())["who"].is_in(made.truth["who"].to_list()).all()
    assert made.truth["lookups"].sum() == made.lookups.height


def test_the_same_seed_gives_the_same_lookups_and_another_seed_others():
    once, again, other = (traffic(KEY, actors=40, days=3, seed=seed) for seed in (5, 5, 6))
    assert once.lookups.equals(again.lookups)
    assert once.truth.equals(again.truth)
    assert not once.lookups.equals(other.lookups)


def test_honest_clients_do_the_same_whatever_scrapers_there_are():
    alone = traffic(KEY, actors=40, days=3, seed=5)
    among = traffic(KEY, actors=40, days=3, scrapers={"slow": 2, "ring": 1}, seed=5)
    honest = among.truth.filter("honest")["who"]
    assert among.lookups.filter(among.lookups.select(who())["who"].is_in(honest.to_list())).equals(
        alone.lookups
    )


def test_a_family_that_nobody_knows_is_refused():
    with pytest.raises(UsageError):
        traffic(KEY, actors=1, days=1, scrapers={"polite": 1})


@pytest.mark.parametrize(
    "odd",
    [
        {"resync_days": float("inf")},
        {"resync_days": float("nan")},
        {"resync_days": 1e300},
        {"member_share": float("nan")},
        {"start": datetime(1, 1, 1, tzinfo=UTC)},
        {"start": datetime(9999, 12, 31, tzinfo=UTC)},
    ],
)
def test_numbers_that_no_traffic_has_are_refused(odd):
    with pytest.raises(UsageError):
        traffic(KEY, actors=1, days=1, **odd)


def test_the_lookups_of_a_seed_are_those_of_this_release():
    made = traffic(KEY, actors=60, days=4, scrapers=dict.fromkeys(FAMILIES, 1), seed=1).lookups
    digest = hashlib.sha256()
    for name in ("at", "account", "address", "app", "identifier", "hit"):
        digest.update(made[name].to_physical().cast(pl.UInt64).to_numpy().tobytes())
    assert digest.hexdigest()[:16] == "9beba0b50870fcb6"


def test_every_number_has_its_neighbours_in_one_block():
    made = traffic(KEY, actors=0, days=1, scrapers={"fast": 1}, seed=3).lookups
    assert made["block"].n_unique() == 1
    assert (made["position"].cast(pl.Int64).diff().drop_nulls() == 1).all()


@given(st.sampled_from(sorted(FAMILIES)), st.integers(0, 2**40), st.integers(1, 4))
@settings(max_examples=30)
def test_any_seed_makes_lookups_of_those_who_were_asked_for(family, seed, days):
    made = traffic(KEY, actors=3, days=days, visitors=2, scrapers={family: 1}, seed=seed)
    assert made.lookups.height == made.truth["lookups"].sum() > 0
    assert set(made.truth["kind"]) <= {"member", "visitor", family}
    assert sum(made.lookups.null_count().row(0)) == 0
