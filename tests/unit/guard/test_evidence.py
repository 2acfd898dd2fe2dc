"""Evidence on actors: what it promises on fresh ordinary traffic, and what it sees."""

from datetime import timedelta
from functools import cache
from math import comb

import numpy as np
import polars as pl
import pytest

from floodmark.guard import SCHEMA
from floodmark.guard.evidence import Model, Reference, evidence, reference, split, train
from floodmark.guard.evidence.actor_evidence import EVIDENCE
from floodmark.guard.evidence.askings import askings
from floodmark.guard.evidence.model import TooFewActors

from . import made_up_lookups as made

SCRAPERS = 10**7


@cache
def learned(seed: int = 1, actors: int = 2500) -> tuple[Model, Reference]:
    model = train(made.lookups(seed, actors))
    return model, reference(made.lookups(seed + 1, actors, first=10**5), model)


def fresh(seed: int, actors: int) -> pl.DataFrame:
    return made.lookups(seed, actors, first=2 * 10**5)


def of(found: pl.DataFrame, first: int, count: int) -> pl.DataFrame:
    """Evidence on some actors by their numbers."""
    return found.filter(pl.col("who").is_in(made.digests(np.arange(first, first + count)).tolist()))


def highest_rate(flagged: int, total: int) -> float:
    """Upper limit of the exact (Clopper-Pearson) 97.5 % one-sided interval of a rate."""
    low, high = flagged / total, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        tail = sum(comb(total, k) * rate**k * (1 - rate) ** (total - k) for k in range(flagged + 1))
        low, high = (rate, high) if tail > 0.025 else (low, rate)
    return high


def test_of_fresh_ordinary_actors_no_more_are_flagged_than_promised() -> None:
    alpha, flagged, total = 0.05, 0, 0
    for seed in (10, 20):
        found = evidence(fresh(seed, 1200), *learned(seed), alpha=alpha)
        flagged += found["flagged"].sum()
        total += found.height
    assert highest_rate(flagged, total) <= alpha


def test_m_is_at_most_1_on_average_for_fresh_ordinary_actors() -> None:
    means = [evidence(fresh(seed, 1500), *learned(seed, 600))["m"].mean() for seed in range(30, 36)]
    assert np.mean(means) - 3 * np.std(means) / np.sqrt(len(means)) <= 1.0


def test_scrapers_are_flagged_and_say_by_what() -> None:
    bad = made.scrapers(4, 15, 100)
    found = evidence(pl.concat([fresh(3, 500), bad]).sort("at"), *learned())
    caught = of(found, SCRAPERS, 15)
    assert caught["flagged"].all() and caught["listed"].all()
    assert (caught["gaps"] > 10).all() and (caught["hits"] > 0.5).all() and (caught["rarity"] > 3).all()
    row = caught.row(0, named=True)
    assert row["m"] == pytest.approx(0.25 * (row["e_20"] + row["e_60"]))
    assert row["m"] == pytest.approx(1.0 / row["reachable"])
    assert row["e_180"] is None and row["reached"] == 60
    assert str(row["reference"]) in row["guarantee"] and row["stratum"] in row["guarantee"]


def test_bad_actors_in_the_reference_hide_others_and_flag_nobody_more() -> None:
    model, clean = learned()
    honest = made.lookups(2, 2500, first=10**5)
    dirty = reference(pl.concat([honest, made.scrapers(6, 125, 100, first=3 * SCRAPERS)]).sort("at"), model)
    now = pl.concat([fresh(3, 500), made.scrapers(4, 15, 100)]).sort("at")
    before = evidence(now, model, clean).sort("who")
    after = evidence(now, model, dirty, epsilon=0.5).sort("who")
    assert (after["m"] <= before["m"] + 1e-9).all()
    assert of(before, SCRAPERS, 15)["flagged"].all()
    assert not of(after, SCRAPERS, 15)["flagged"].any()


def test_a_small_reference_says_what_alpha_is_out_of_reach() -> None:
    model, few = learned(1, 60)
    found = of(evidence(made.scrapers(4, 15, 100), model, few), SCRAPERS, 15)
    assert not found["flagged"].any()
    assert (found["reachable"] > 0.01).all()
    at_that = evidence(made.scrapers(4, 15, 100), model, few, alpha=found["reachable"].max() * 1.001)
    assert at_that["flagged"].all()


def test_asking_again_shows_nothing() -> None:
    once = fresh(3, 200)
    again = once.with_columns(pl.col("at") + timedelta(hours=1))
    left, right = (
        evidence(one, *learned()).sort("who") for one in (once, pl.concat([once, again]).sort("at"))
    )
    assert (right["lookups"] == 2 * left["lookups"]).all()
    assert left["new"].equals(right["new"])
    assert left["m"].to_list() == pytest.approx(right["m"].to_list())


def test_one_of_a_network_is_in_the_reference() -> None:
    model, _ = learned()
    shared = reference(made.lookups(2, 2000, networks=150, first=10**5), model)
    assert shared.clusters <= 150 < shared.actors
    assert max(len(scores) for scores in shared.scores.values()) <= 150


def test_evidence_begins_anew_with_every_epoch() -> None:
    model, compared = learned()
    first = made.scrapers(4, 3, 100)
    second = first.with_columns(pl.col("at") + timedelta(seconds=compared.epoch))
    found = evidence(pl.concat([first, second]).sort("at"), model, compared)
    assert found.height == 6
    assert found["epoch"].unique().len() == 2
    assert found.group_by("who").agg(pl.col("m").n_unique())["m"].to_list() == [1, 1, 1]


def test_training_and_reference_have_no_actor_network_or_time_in_common() -> None:
    past = made.lookups(7, 2000, networks=500)
    training, others = split(past, share=0.4)
    assert training.height and others.height
    assert not set(training["account"]) & set(others["account"])
    assert training["at"].max() < others["at"].min()
    networks = [frame.group_by("account").first()["network"] for frame in (training, others)]
    assert not set(networks[0]) & set(networks[1])


def test_lookups_of_nobody_known_and_no_lookups_at_all_are_no_evidence() -> None:
    nobody = fresh(3, 50).with_columns(account=pl.lit(0, pl.UInt64))
    for none in (nobody, pl.DataFrame(schema=SCHEMA)):
        found = evidence(none, *learned())
        assert found.is_empty() and dict(found.schema) == EVIDENCE
        with pytest.raises(TooFewActors):
            train(none)


def test_where_nobody_says_what_a_hit_was_neighbours_and_rarity_still_tell() -> None:
    silent = pl.lit(None, pl.Boolean).alias("hit")
    model = train(made.lookups(1, 1500).with_columns(silent))
    compared = reference(made.lookups(2, 2500, first=10**5).with_columns(silent), model)
    found = evidence(made.scrapers(4, 5, 100).with_columns(silent), model, compared)
    assert found["flagged"].all() and (found["hits"] == 0).all()


def test_an_actor_without_a_network_is_a_cluster_of_its_own() -> None:
    lone = fresh(3, 50).with_columns(network=pl.lit(0, pl.UInt64))
    actors = askings(lone, last=540, cluster="network").actors
    assert actors["cluster"].equals(actors["who"].rename("cluster"))
