"""Actors as columns are the actors one by one."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.guard.actors import PARTS, Actor, actor_columns
from floodmark.identifiers.digests import DigestKey

KEY = DigestKey(bytes(range(32)))
addresses = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=4).map(lambda address: f"::ffff:{address}"),
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", fullmatch=True),
    st.sampled_from(["", "-", "127.1", "1.2.3.04", "1.2.3.256", " 1.2.3.4", "fe80::1%eth0", "1.2.3.4.5"]),
    st.text(max_size=8),
)
networks = st.sampled_from(["", "AS64500", "10"])


@settings(max_examples=40)  # of many rows: a column takes as long for twenty as for one
@given(st.lists(st.tuples(addresses, networks), min_size=1, max_size=25))
def test_columns_of_actors_are_the_actors_one_by_one(rows):
    known = {
        name: pl.Series(cells)
        for name, cells in zip(("address", "network"), zip(*rows, strict=True), strict=True)
    }
    expected = [Actor.of(KEY, address=address, network=network) for address, network in rows]
    found = actor_columns(KEY, known)
    assert found.rows() == [tuple(getattr(actor, part) for part in PARTS) for actor in expected]


def test_an_address_that_is_not_known_is_no_actor():
    assert actor_columns(KEY, {"address": pl.Series([None, "10.0.0.1"], dtype=pl.String)})["address"][0] == 0


def test_a_name_with_half_a_character_is_one_name_as_in_logs_that_cannot_hold_it():
    names = ["ada\ud800", "ada\udcff", "ada\ufffd"]
    assert len({Actor.of(KEY, account=name) for name in names}) == 1
    assert (
        actor_columns(KEY, {"account": pl.Series(names[2:])})["account"][0]
        == Actor.of(KEY, account=names[0]).account
    )
