"""The server's key for signing in: made once, apart, refused when others could read it; and what is sealed under it."""

from __future__ import annotations

import copy
import pickle

import pytest
from argon2.profiles import CHEAPEST
from hypothesis import given
from hypothesis import strategies as st

from floodmark.register.key_changes import make
from floodmark.register.key_folder import KeysMisplaced, NoKeys
from floodmark.register.key_privacy import KeysExposed
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.passwords import PasswordRefused, fits, hashed, new_password, normal
from floodmark.register.sign_in_key import SignInKey, SignInKeyDamaged, load, load_or_make

KEY, OTHER = SignInKey(bytes(32)), SignInKey(bytes(31) + b"\1")


def test_the_key_is_made_once_and_is_this_users_alone(tmp_path):
    place, workspace = tmp_path / "keys", tmp_path / "workspace"
    with pytest.raises(NoKeys):
        load(place, workspace=workspace)
    made = load_or_make(place, workspace=workspace)
    again = load_or_make(place, workspace=workspace)
    loaded = load(place, workspace=workspace)
    assert made.stamp("a") == again.stamp("a") == loaded.stamp("a")
    assert (place / "sign-in.json").stat().st_mode & 0o777 == 0o600


def test_it_lies_beside_the_other_keys_and_is_none_of_them(tmp_path):
    place, workspace = tmp_path / "keys", tmp_path / "workspace"
    load_or_make(place, workspace=workspace)
    make(place, Bare, created="2026-01-31T13:05:00Z", workspace=workspace)
    with Keyring.open(place, workspace=workspace) as keyring:
        assert {file.purpose for file in keyring.files()} == {"digest", "signing", "evaluation"}
    load(place, workspace=workspace)


def test_a_key_that_others_can_read_or_that_lies_in_the_workspace_is_refused(tmp_path):
    place, workspace = tmp_path / "keys", tmp_path / "workspace"
    load_or_make(place, workspace=workspace)
    (place / "sign-in.json").chmod(0o644)
    with pytest.raises(KeysExposed):
        load(place, workspace=workspace)
    with pytest.raises(KeysMisplaced):
        load_or_make(workspace / "keys", workspace=workspace)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b'{"format": "floodmark/sign-in-key/1", "secret": "AAAA"}', b"[" * 9999],
)
def test_a_damaged_key_is_refused_and_not_replaced(tmp_path, content):
    place, workspace = tmp_path / "keys", tmp_path / "workspace"
    load_or_make(place, workspace=workspace)
    (place / "sign-in.json").write_bytes(content)
    with pytest.raises(SignInKeyDamaged):
        load_or_make(place, workspace=workspace)
    assert (place / "sign-in.json").read_bytes() == content


def test_it_is_neither_printed_copied_nor_pickled():
    assert repr(KEY) == "SignInKey(…)"
    for careless in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            careless(KEY)


@given(st.binary(max_size=64), st.binary(min_size=12, max_size=12), st.integers(0, 10_000))
def test_what_is_sealed_opens_for_its_analyst_under_its_key_and_unaltered_alone(secret, nonce, at):
    sealed = KEY.seal("ada", secret, nonce=nonce)
    assert KEY.unseal("ada", sealed) == secret
    at %= len(sealed)
    altered = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
    for key, name, text in (
        (OTHER, "ada", sealed),
        (KEY, "bob", sealed),
        (KEY, "", sealed),
        (KEY, "ada", ""),
    ):
        with pytest.raises(SignInKeyDamaged):
            key.unseal(name, text)
    try:
        opened = KEY.unseal("ada", altered)
    except SignInKeyDamaged:
        return
    assert opened == secret  # the last sign of base 64 has bits that stand for nothing


PARTS = st.lists(st.text(alphabet='ab", \0\udcff', max_size=3), max_size=3)


@given(PARTS, PARTS)
def test_stamps_of_different_things_differ(one, other):
    assert (KEY.stamp("browser", *one) == KEY.stamp("browser", *other)) == (one == other)


def test_a_hash_is_worth_nothing_without_the_key():
    kept = hashed(normal(b"correct horse battery"), KEY, cost=CHEAPEST)
    assert fits(kept, normal(b"correct horse battery"), KEY)
    assert not fits(kept, normal(b"correct horse battery"), OTHER)
    assert not fits("no hash", normal(b"correct horse battery"), KEY)


@pytest.mark.parametrize(
    "typed", [b"", b"short", b"eleven char", b"\xff" * 12, b"a" * 2000, b"twelve\x07chars"]
)
def test_a_password_is_long_enough_and_text(typed):
    with pytest.raises(PasswordRefused) as refused:
        new_password(typed)
    assert "passphrase" not in str(refused.value)


def test_a_password_is_the_same_however_a_keyboard_composes_it():
    kept = hashed(new_password("caf\u00e9 au lait, s'il".encode()), KEY, cost=CHEAPEST)
    assert fits(kept, normal("cafe\u0301 au lait, s'il".encode()), KEY)
