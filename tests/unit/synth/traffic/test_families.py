"""Scrapers: what each family does, and where it differs from the others."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from floodmark.synth.traffic import FAMILIES
from floodmark.synth.traffic.clock import DAY
from floodmark.synth.traffic.traffic import make

DAYS = 10


@pytest.fixture(scope="module")
def families():
    """Of each family what one scraper asks, in order of time."""
    found = {}
    for family in FAMILIES:
        made = make(actors=0, days=DAYS, scrapers={family: 1}, seed=6)
        asks = made.part.asks
        table = pl.DataFrame(
            {"seat": asks.seat, "at": asks.at, "number": asks.number, "hit": made.service.member(asks.number)}
        )
        seats = made.part.seats.with_row_index("seat").cast({"seat": pl.Int64})
        found[family] = table.join(seats, on="seat", maintain_order="left")
    return found


def neighbours(asks):
    """Share of identifiers whose neighbour within ten is asked for too."""
    numbers = np.unique(asks["number"].to_numpy())
    return (np.diff(numbers) <= 10).mean()


def test_nobody_of_them_is_honest_and_all_are_of_one_group(families):
    for family, asks in families.items():
        assert not asks["honest"].any()
        assert set(asks["kind"]) == {family}
        assert asks["group"].n_unique() == 1


@pytest.mark.parametrize("family", ["fast", "batches", "slow", "shuffled", "ring", "farm", "anonymous"])
def test_families_that_go_through_a_range_ask_for_neighbours(families, family):
    assert neighbours(families[family]) > 0.99


@pytest.mark.parametrize("family", ["spread", "listed", "mimic", "list-ring", "burner", "steady", "aware"])
def test_families_that_do_not_ask_for_few_neighbours(families, family):
    assert neighbours(families[family]) < 0.1


def test_in_order_or_in_none(families):
    up = {family: (families[family]["number"].diff() == 1).mean() for family in ("fast", "slow", "shuffled")}
    assert up["fast"] > 0.99 < up["slow"]
    assert up["shuffled"] < 0.01


def test_lists_and_mimics_find_members_as_honest_books_do(families):
    hits = {family: asks["hit"].mean() for family, asks in families.items()}
    assert 0.55 < hits["mimic"] < 0.65
    assert 0.75 < hits["listed"] < 0.85
    assert hits["fast"] < 0.5 > hits["spread"]


def test_paces_lie_on_both_sides_of_one_a_minute(families):
    a_day = {
        family: asks.group_by("seat")
        .agg(pl.col("number").n_unique() / ((pl.col("at").max() - pl.col("at").min()) / DAY))["number"]
        .median()
        for family, asks in families.items()
    }
    assert a_day["fast"] > 100_000
    assert 2700 < a_day["steady"] < 3000
    assert 550 < a_day["slow"] < 650
    assert 140 < a_day["drip"] < 160
    assert 55 < a_day["ring"] < 66


def test_a_mimic_asks_again_for_what_it_has(families):
    mimic = families["mimic"]
    assert mimic["number"].n_unique() < 0.6 * mimic.height
    hours = np.bincount(mimic["at"].to_numpy() // (DAY // 24) % 24, minlength=24)
    assert hours[1:5].sum() < hours.sum() / 10


def test_a_ring_was_made_on_one_day_and_shares_no_address_block_and_no_number(families):
    ring = families["ring"]
    assert ring["account"].n_unique() == 50
    assert ring["made"].n_unique() == 1
    assert ring["address"].n_unique() > 45
    assert ring["number"].n_unique() == ring.height


def test_a_farm_leaves_each_account_after_a_while_and_keeps_device_and_prefix(families):
    farm = families["farm"]
    assert farm["account"].n_unique() == 80
    assert farm["device"].n_unique() == 1
    assert farm["address"].str.extract(r"^(\d+\.\d+\.\d+)\.").n_unique() == 1


def test_anonymous_scrapers_have_no_account(families):
    assert families["anonymous"]["account"].null_count() == families["anonymous"].height


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("days", [1, 2, 40])
def test_every_family_keeps_to_the_days_that_there_are(family, days):
    made = make(actors=0, days=days, scrapers={family: 1}, seed=1)
    at = made.part.asks.at
    assert len(at) > 100
    assert at.min() >= 0
    assert at.max() < days * DAY
    assert (np.diff(at) >= 0).all()
