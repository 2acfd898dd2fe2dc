"""A secret in memory shows itself to nobody by accident."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from floodmark.identifiers.digests import DigestKey
from floodmark.register.key_secrets import Secret
from floodmark.register.key_signing import SigningKey
from floodmark.signatures import Signature, signed

SEED = bytes(range(32))


@pytest.mark.parametrize(
    "held", [Secret(bytearray(SEED)), SigningKey(SEED), DigestKey(SEED)], ids=["secret", "signing", "digest"]
)
def test_it_is_neither_shown_copied_nor_pickled(held):
    for shown in (repr(held), str(held), f"{held}", f"{held!r:>80}", repr([held]), str([held])):
        assert SEED.hex() not in shown and str(SEED) not in shown and repr(SEED)[2:-1] not in shown
    for attempt in (
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        json.dumps,
        lambda it: pickle.dumps([it], protocol=0),
    ):
        with pytest.raises(TypeError):
            attempt(held)
    assert not hasattr(held, "__dict__")


def test_wiping_overwrites_the_bytes_in_place():
    content = bytearray(SEED)
    with Secret(content) as secret:
        view = secret.reveal()
        assert bytes(view) == SEED and view.readonly
    assert content == bytes(32)
    assert len(secret) == 0
    secret.wipe()


def test_secrets_compare_and_have_no_hash():
    assert Secret(bytearray(SEED)) == Secret(bytearray(SEED)) != Secret(bytearray(32))
    assert Secret(bytearray(SEED)) != SEED
    with pytest.raises(TypeError):
        hash(Secret(bytearray(SEED)))


def test_a_signature_is_of_this_message_by_this_key():
    key = SigningKey(SEED)
    signature = key.sign(b"custody")
    assert signed(b"custody", Signature(key.public, signature))
    assert not signed(b"Custody", Signature(key.public, signature))
    assert not signed(b"custody", Signature(SigningKey(bytes(32)).public, signature))
    assert not signed(b"custody", Signature(key.public, signature[:-1]))
    assert not signed(b"custody", Signature(b"no key", b""))


def test_the_signing_key_is_that_of_rfc_8032():
    """Section 7.1, test 2."""
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    key = SigningKey(seed)
    assert key.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert key.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
