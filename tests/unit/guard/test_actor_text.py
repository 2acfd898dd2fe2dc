"""Actors as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError
from floodmark.guard import Actor, ActorError, read_actor, written
from floodmark.guard.actor_text import who_written
from floodmark.guard.actors import PARTS
from floodmark.identifiers.digests import DigestKey

KEY = DigestKey(bytes(range(32)))


def key() -> DigestKey:
    return KEY


@given(st.sampled_from(PARTS), st.integers(1, 2**64 - 1))
def test_what_is_written_is_read_again_without_a_key(part: str, digest: int) -> None:
    def none() -> DigestKey:
        raise AssertionError

    assert read_actor(written(part, digest), none) == (part, digest)


def test_a_name_is_hashed_as_a_lookup_hashes_it() -> None:
    ada = Actor.of(KEY, account="team/ada:1", address="2001:db8:0:1200::1", network="AS64496")
    assert read_actor("account:team/ada:1", key) == ("account", ada.account)
    assert read_actor("network:AS64496", key) == ("network", ada.network)
    for part in ("address", "prefix"):
        assert read_actor(f"{part}:2001:db8:0:12ff::7", key) == (part, getattr(ada, part))
    assert read_actor("network:203.0.113.7", key)[1] == Actor.of(KEY, address="203.0.9.9").network


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "account",
        "account:",
        "account: ",
        "account/",
        "account/0000000000000000",
        "account/1a2b",
        "account/1A2B3C4D5E6F7081",
        "planet/1a2b3c4d5e6f7081",
        "planet:mars",
        "address:hello",
        "prefix:example.org",
        "account:" + "x" * 5000,
    ],
)
def test_what_names_no_actor_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ActorError) as raised:
        read_actor(text, key)
    rest = text.partition(":")[2].strip()
    assert not rest or rest not in raised.value.message


@given(st.text(max_size=40))
def test_any_text_is_an_actor_or_refused(text: str) -> None:
    try:
        part, digest = read_actor(text, key)
    except FloodmarkError:
        return
    assert part in PARTS
    assert 0 < digest < 2**64


def test_evidence_is_about_the_account_else_the_address() -> None:
    assert who_written(Actor(account=1, address=2)) == "account/0000000000000001"
    assert who_written(Actor(address=2, device=3)) == "address/0000000000000002"
    assert who_written(Actor(device=3)) == ""
