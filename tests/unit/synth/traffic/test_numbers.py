"""The numbers of a made-up service."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.guard import reduce
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic.numbers import BLOCK, Service

SERVICE = Service("GB", "DE", 40, 0.15, 3)


def drawn(count, seed=1):
    return np.random.default_rng(seed).integers(0, 2**63, count).astype(np.uint64)


def test_every_number_is_one_that_the_guard_can_reduce():
    numbers = np.concatenate([SERVICE.home.at(drawn(5000)), SERVICE.abroad.at(drawn(5000, 2))])
    reduced = reduce("phone", "+" + pl.Series(numbers).cast(pl.String), DigestKey(bytes(32)))
    assert reduced.null_count().row(0) == (0, 0, 0)


def test_numbers_crowd_in_a_few_blocks():
    blocks = np.unique(SERVICE.home.at(drawn(50_000)) // BLOCK, return_counts=True)[1]
    assert len(blocks) == 40
    assert np.sort(blocks)[-10:].sum() > blocks.sum() / 2


def test_so_many_numbers_are_members_as_was_asked():
    every = np.concatenate([start + np.arange(0, BLOCK, 97) for start in SERVICE.home.starts])
    assert 0.12 < SERVICE.member(every).mean() < 0.18


def test_no_number_outside_of_the_blocks_is_a_member():
    assert not SERVICE.member(SERVICE.home.starts - 1 - BLOCK * 10**6).any()


@given(members=st.floats(0, 1), seed=st.integers(0, 100))
def test_chosen_numbers_are_members_or_not_as_asked(members, seed):
    wanted = np.random.default_rng(seed).random(500) < members
    found = SERVICE.member(SERVICE.chosen(drawn(500, seed), wanted))
    assert (found == wanted).all()


def test_a_range_is_of_neighbours_and_goes_on_in_another_block_where_one_is_too_short():
    numbers = SERVICE.range(np.random.default_rng(2), BLOCK + 5)
    assert len(numbers) == BLOCK + 5
    assert (np.diff(numbers) == 1).sum() >= BLOCK + 3


@pytest.mark.parametrize("country", ["XX", "VA", ""])
def test_a_country_without_blocks_is_refused(country):
    with pytest.raises(UsageError):
        Service(country, "DE", 40, 0.15, 3)
