"""Honest clients: what each sort does that makes it hard to tell from a scraper."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from floodmark.synth.traffic.asks import ENDPOINTS
from floodmark.synth.traffic.clock import DAY
from floodmark.synth.traffic.families import HONEST, shared
from floodmark.synth.traffic.traffic import make

MADE = make(actors=1500, days=14, seed=4)
SEATS = MADE.part.seats
ASKS = MADE.part.asks


def of(kind):
    """Lookups of one sort, with their accounts."""
    rows = pl.DataFrame({"seat": ASKS.seat, "at": ASKS.at, "endpoint": ASKS.endpoint, "number": ASKS.number})
    seats = SEATS.with_row_index("seat").cast({"seat": pl.Int64})
    return rows.join(seats, on="seat", maintain_order="left").filter(kind=kind)


def test_so_many_accounts_are_of_each_sort_as_its_share_says():
    counts = dict(
        SEATS.filter(SEATS["account"].is_not_null()).group_by("kind").agg(pl.col("account").n_unique()).rows()
    )
    assert counts == shared(1500)
    assert sum(counts.values()) == 1500
    assert all(abs(counts[kind] - 1500 * share) <= 3 for kind, share in HONEST.items())


def test_a_sync_asks_for_the_whole_book_again():
    syncs = of("member").filter(endpoint=ENDPOINTS.index("contacts/full"))
    each = syncs.group_by("account").agg(asked=pl.len(), distinct=pl.col("number").n_unique())
    again = each.filter(pl.col("asked") > pl.col("distinct"))
    assert again.height > each.height / 2
    assert (again["asked"] % again["distinct"] == 0).all()


def test_members_meet_somebody_new_between_two_syncs():
    new = of("member").filter(pl.col("endpoint") != ENDPOINTS.index("contacts/full"))
    assert 1 < new.height / new["account"].n_unique() < 20


def test_newcomers_upload_everything_on_the_day_on_which_their_account_was_made():
    first = of("newcomer").group_by("account").agg(pl.col("at").min() // DAY, pl.col("made").first())
    assert (first["at"] == first["made"]).all()
    assert first["made"].n_unique() > 10


def test_members_are_made_before_the_traffic_begins():
    assert of("member")["made"].max() < 0


def test_travellers_ask_from_other_networks_and_for_numbers_of_another_country():
    asks = of("traveller")
    abroad = asks["number"].cast(pl.String).str.starts_with("49")
    away = asks["address"].str.contains(r"^10\.1[7-9]\d\.")
    assert 0 < abroad.mean() < 0.3
    assert 0.1 < away.mean() < 0.7
    assert away.filter(abroad).mean() > 0.9
    assert asks.group_by("account").agg(pl.col("address").n_unique())["address"].max() == 3


def test_people_share_addresses_at_home_at_work_and_behind_carriers():
    seats = SEATS.filter(kind="member").group_by("address").agg(pl.col("account").n_unique())
    behind = seats.filter(seats["address"].str.starts_with("100."))
    assert behind["account"].mean() > 10
    assert seats.filter(seats["address"].str.contains(r"^10\.1[5-6]\d\."))["account"].max() > 20
    assert seats.filter(seats["address"].str.starts_with("fd")).height > 50


def test_no_address_is_one_of_the_public_internet():
    from ipaddress import ip_address

    assert not any(ip_address(one).is_global for one in SEATS["address"].unique())


@pytest.mark.parametrize(("kind", "least"), [("business", 800), ("recruiter", 400), ("call-centre", 900)])
def test_heavy_honest_clients_ask_for_far_more_than_members_do(kind, least):
    distinct = {
        one: of(one).group_by("account").agg(pl.col("number").n_unique())["number"].median()
        for one in ("member", kind)
    }
    assert distinct[kind] > least > 2 * distinct["member"]


@pytest.mark.parametrize("kind", ["recruiter", "call-centre"])
def test_offices_work_from_monday_to_friday(kind):
    asks = of(kind)
    assert set((asks["at"] // DAY % 7).to_list()) == {0, 1, 2, 3, 4}  # 5 January 2026 is a Monday
    hours = asks["at"] // (DAY // 24) % 24
    assert (hours.min(), hours.max()) == (8, 17)


def test_a_call_centre_has_one_address_and_one_list_of_customers():
    offices = (
        of("call-centre")
        .group_by("group")
        .agg(pl.col("address").n_unique(), pl.col("account").n_unique(), pl.col("number").n_unique())
    )
    assert set(offices["address"]) == {1}
    assert offices["account"].max() == 6
    assert offices["number"].max() <= 6000


def test_most_visitors_ask_once_and_nobody_is_signed_in():
    visitors = of("visitor")
    assert visitors["account"].null_count() == visitors.height
    assert visitors.group_by("seat").len()["len"].median() == 1


def test_people_sleep():
    hours = np.bincount(of("member")["at"].to_numpy() // (DAY // 24) % 24, minlength=24)
    assert hours[1:5].sum() * 4 < hours[18:22].sum()


@pytest.mark.parametrize("actors", [1, 2, 7, 49, 50, 51])
def test_few_actors_are_no_problem(actors):
    made = make(actors=actors, days=1, visitors=0, seed=1)
    assert made.part.seats["account"].n_unique() == actors == sum(shared(actors).values())
    assert (made.part.asks.at < DAY).all()
