"""The evaluation key is derived as protocol 1 says, and its file is refused when anything in it is not the key's."""

from __future__ import annotations

import copy
import hashlib
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure import oprf
from floodmark.register.key_evaluation import EvaluationKey, info
from floodmark.register.key_files import KeyDamaged, KeyTooNew, parse, seal
from floodmark.register.key_passphrases import Argon2, normal
from floodmark.register.key_secrets import Secret
from floodmark.register.key_wrap import Bare, ByPassphrase, WrongPassphrase, no_passphrase

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "keys-1.json").read_text())
SECRET = bytes.fromhex(VECTORS["secret"])
EPOCH = 12
OTHER = oprf.derive_key_pair(bytes(32), b"another").public
FIELD = 2**255 - 19


def asked() -> Secret:
    return normal(VECTORS["passphrase"].encode())


def file_of(epoch: int = EPOCH, wrap: ByPassphrase | None = None) -> bytes:
    made = seal(
        "evaluation",
        Secret(bytearray(SECRET)),
        wrap or Bare(),
        created=VECTORS["created"],
        ask=asked,
        epoch=epoch,
    )
    return made.to_bytes()


def mended(raw: bytes, without: str = "", **changes: object) -> bytes:
    """The file with other values, and name and checksum that fit them: what an attacker would write."""
    fields = {name: value for name, value in (json.loads(raw) | changes).items() if name != without}
    del fields["sha256"]
    compact = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    return (json.dumps(fields | {"sha256": hashlib.sha256(compact).hexdigest()}, indent=2) + "\n").encode()


def named(public: bytes) -> dict[str, str]:
    """A public half, and the name that goes with it."""
    name = hashlib.sha256(b"floodmark/key-id" + public).digest()[:8].hex()
    return {"id": name, "public": public.hex()}


RAW = file_of()
CLOSED = file_of(wrap=ByPassphrase.fresh(Argon2(1, 1, 8)))


@pytest.mark.parametrize("vector", VECTORS["evaluation"])
def test_the_public_key_is_that_of_the_vectors_and_of_derive_key_pair(vector):
    seed, epoch = bytes.fromhex(vector["seed"]), vector["epoch"]
    key = EvaluationKey(seed, epoch)
    assert key.public.hex() == vector["public"]
    assert key.pair == oprf.derive_key_pair(seed, f"floodmark/epoch/{epoch}".encode())


@pytest.mark.parametrize("vector", VECTORS["files"])
def test_files_of_every_purpose_are_those_of_the_vectors_to_the_byte(vector):
    raw = vector["file"].encode()
    file = parse(raw)
    assert (file.purpose, file.wrap.by, file.epoch) == (vector["purpose"], vector["wrap"], vector["epoch"])
    assert bytes(file.open(asked).reveal()) == SECRET
    again = seal(
        file.purpose,
        Secret(bytearray(SECRET)),
        file.wrap,
        created=file.created,
        ask=asked,
        epoch=file.epoch,
    )
    assert again.to_bytes() == raw


def test_its_file_says_epoch_and_public_half_and_is_named_by_it():
    file, key = parse(RAW), EvaluationKey(SECRET, EPOCH)
    assert (file.epoch, file.public, file.id) == (EPOCH, key.public, key.id)
    assert file.id == named(key.public)["id"]
    assert repr(file).endswith("epoch=12, wrap='none')") and SECRET.hex() not in repr(file)


def test_epochs_have_keys_of_their_own_though_the_seed_be_one():
    keys = {EvaluationKey(SECRET, epoch).public for epoch in range(1, 12)}
    assert len(keys) == 11


WRONG_EPOCHS = [0, -1, True, False, 2**31, 2**64, 10**400, 1.0, "1", None, [1], {"epoch": 1}]


@pytest.mark.parametrize("epoch", WRONG_EPOCHS)
def test_an_epoch_is_a_whole_number_from_1_to_31_bits(epoch):
    with pytest.raises(KeyDamaged):
        parse(mended(RAW, epoch=epoch))


def test_a_file_whose_epoch_is_longer_than_a_number_may_be_is_refused_in_words():
    with pytest.raises(KeyDamaged):
        parse(RAW.replace(b'"epoch": 12', b'"epoch": ' + b"9" * 5_000))


@pytest.mark.parametrize("epoch", [0, -1, True, 2**31])
def test_no_key_is_derived_for_such_an_epoch(epoch):
    with pytest.raises(ValueError, match="no number"):
        info(epoch)
    with pytest.raises(ValueError, match="no number"):
        file_of(epoch)


@pytest.mark.parametrize("name", ["epoch", "public", "id", "created", "wrap", "secret", "purpose"])
def test_nothing_may_be_missing(name):
    with pytest.raises((KeyDamaged, KeyTooNew)):
        parse(mended(RAW, without=name))


@pytest.mark.parametrize(
    "public",
    [
        bytes(32),
        OTHER[:31],
        OTHER + b"\0",
        b"",
        (int.from_bytes(OTHER, "little") + FIELD).to_bytes(33, "little")[:32],
        OTHER[:31] + bytes([OTHER[31] | 0x80]),
        FIELD.to_bytes(32, "little"),
        (FIELD - 1).to_bytes(32, "little"),
        b"\xff" * 32,
        b"\1" + bytes(31),
    ],
    ids=[
        *("identity", "short", "long", "empty", "reduced otherwise", "high bit"),
        *("zero spelled otherwise", "minus one", "ones", "one"),
    ],
)
def test_a_public_half_is_the_one_spelling_of_an_element(public):
    with pytest.raises(KeyDamaged):
        parse(mended(RAW, **named(public)))


@given(public=st.binary(min_size=32, max_size=32))
def test_a_public_half_is_never_anybody_elses(public):
    """Some of these are elements, in a file that is in order but for the key in it."""
    try:
        file = parse(mended(RAW, **named(public)))
    except KeyDamaged:
        return
    with pytest.raises(KeyDamaged, match="not the one"):
        file.open(no_passphrase)


def test_a_bare_file_that_names_another_key_or_epoch_does_not_open():
    for change in (named(OTHER), {"epoch": EPOCH + 1}, {"secret": "A" * 43 + "="}):
        with pytest.raises(KeyDamaged, match="not the one"):
            parse(mended(RAW, **change)).open(no_passphrase)


@pytest.mark.parametrize("change", [named(OTHER), {"epoch": EPOCH + 1}, {"created": "2020-01-01T00:00:00Z"}])
def test_what_a_forger_changes_in_a_closed_file_is_told_by_the_wrap(change):
    with pytest.raises(WrongPassphrase):
        parse(mended(CLOSED, **change)).open(asked)


@pytest.mark.parametrize("purpose", ["digest", "signing", "evaluation"])
@pytest.mark.parametrize("other", ["digest", "signing", "evaluation"])
def test_a_file_of_one_purpose_is_never_one_of_another(purpose, other):
    [raw] = [
        vector["file"].encode()
        for vector in VECTORS["files"]
        if (vector["purpose"], vector["wrap"]) == (purpose, "none") and vector["epoch"] in (None, 1)
    ]
    if purpose == other:
        assert parse(mended(raw)).purpose == purpose
        return
    with pytest.raises(KeyDamaged):
        parse(mended(raw, purpose=other)).open(no_passphrase)


@pytest.mark.parametrize("purpose", ["digest", "signing"])
def test_only_an_evaluation_key_has_an_epoch(purpose):
    [raw] = [
        vector["file"].encode()
        for vector in VECTORS["files"]
        if (vector["purpose"], vector["wrap"]) == (purpose, "none")
    ]
    with pytest.raises(KeyDamaged):
        parse(mended(raw, epoch=1))
    for wrong, epoch in ((purpose, 1), ("evaluation", None)):
        with pytest.raises(ValueError, match="has an epoch"):
            seal(wrong, Secret(bytearray(SECRET)), Bare(), created=VECTORS["created"], epoch=epoch)


def test_the_key_is_neither_shown_copied_nor_pickled():
    key = EvaluationKey(SECRET, EPOCH)
    shown = f"{key} {key!r} {key.pair} {key.pair!r}"
    assert SECRET.hex() not in shown and key.pair.private.hex() not in shown
    assert str(key.pair.private) not in shown
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            attempt(key)
    with pytest.raises(AttributeError):
        key.seed = SECRET  # type: ignore[attr-defined]
