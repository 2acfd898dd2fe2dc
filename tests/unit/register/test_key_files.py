"""A key file is what was written, to the last bit, or is refused."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers.digests import DigestKey
from floodmark.register.key_files import PURPOSES, KeyDamaged, KeyTooNew, parse, seal
from floodmark.register.key_passphrases import Argon2, normal
from floodmark.register.key_secrets import Secret
from floodmark.register.key_signing import SigningKey
from floodmark.register.key_wrap import Bare, ByCommand, ByPassphrase, WrongPassphrase, no_passphrase

SECRET = bytes(range(32))
CREATED = "2026-01-31T13:05:00Z"
CHEAP = Argon2(1, 1, 8)
SHIFT, BACK = (
    ("/bin/sh", "-c", f"LC_ALL=C tr {there}")
    for there in ("'\\000-\\377' '\\001-\\377\\000'", "'\\001-\\377\\000' '\\000-\\377'")
)


def asked() -> Secret:
    return normal(b"correct horse battery")


def made(purpose: str, by: str) -> bytes:
    wraps = {"none": Bare(), "passphrase": ByPassphrase.fresh(CHEAP), "command": ByCommand(SHIFT, BACK)}
    epoch = 7 if purpose == "evaluation" else None
    secret = Secret(bytearray(SECRET))
    return seal(purpose, secret, wraps[by], created=CREATED, ask=asked, epoch=epoch).to_bytes()


def mended(raw: bytes, **changes: object) -> bytes:
    """The file with other values, and a checksum that fits them: what an attacker would write."""
    fields = json.loads(raw) | changes
    del fields["sha256"]
    compact = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    return (json.dumps(fields | {"sha256": hashlib.sha256(compact).hexdigest()}, indent=2) + "\n").encode()


FILES = {(purpose, by): made(purpose, by) for purpose in PURPOSES for by in ("none", "passphrase", "command")}


@pytest.mark.parametrize(("purpose", "by"), FILES)
def test_a_key_comes_back_as_it_was_sealed(purpose, by):
    file = parse(FILES[purpose, by])
    assert (file.purpose, file.wrap.by, file.created) == (purpose, by, CREATED)
    assert bytes(file.open(asked).reveal()) == SECRET
    assert file.to_bytes() == FILES[purpose, by]


def test_a_key_is_named_by_what_it_is_and_says_its_public_half():
    assert parse(FILES["digest", "none"]).id == DigestKey(SECRET).id
    signing = parse(FILES["signing", "passphrase"])
    assert (signing.id, signing.public) == (SigningKey(SECRET).id, SigningKey(SECRET).public)


@given(case=st.sampled_from(sorted(FILES)), data=st.data())
def test_a_flipped_bit_is_refused_wherever_it_is(case, data):
    raw = bytearray(FILES[case])
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((KeyDamaged, KeyTooNew)):
        parse(bytes(raw))


@pytest.mark.parametrize("purpose", ["signing", "evaluation"])
def test_every_single_bit_of_one_file_counts(purpose):
    raw = FILES[purpose, "none"]
    for position in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises((KeyDamaged, KeyTooNew)):
            parse(bytes(flipped))


@given(case=st.sampled_from(sorted(FILES)), data=st.data())
def test_a_file_that_was_cut_or_extended_is_refused(case, data):
    raw = FILES[case]
    cut = raw[: data.draw(st.integers(0, len(raw) - 1))]
    longer = raw + data.draw(st.binary(min_size=1, max_size=20))
    for wrong in (cut, longer):
        with pytest.raises(KeyDamaged):
            parse(wrong)


@given(raw=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_refused_in_words(raw):
    with pytest.raises((KeyDamaged, KeyTooNew)):
        parse(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    case=st.sampled_from(sorted(FILES)),
    name=st.sampled_from(["purpose", "id", "created", "public", "wrap", "secret", "other"]),
    value=json_values,
)
def test_any_value_under_a_fitting_checksum_is_refused_in_words(case, name, value):
    raw = mended(FILES[case], **{name: value})
    if raw != FILES[case]:
        with pytest.raises((KeyDamaged, KeyTooNew)):
            parse(raw)


@given(
    case=st.sampled_from([case for case in sorted(FILES) if case[1] != "none"]),
    name=st.sampled_from(
        ["iterations", "lanes", "memory_kib", "salt", "nonce", "kdf", "cipher", "wrap", "unwrap", "by"]
    ),
    value=json_values,
)
def test_any_parameter_of_a_wrap_is_refused_in_words_or_within_bounds(case, name, value):
    wrap = json.loads(FILES[case])["wrap"] | {name: value}
    try:
        found = parse(mended(FILES[case], wrap=wrap)).wrap
    except (KeyDamaged, KeyTooNew):
        return
    if isinstance(found, ByPassphrase):
        assert found.cost.memory_kib <= 1 << 20 and found.cost.iterations <= 16 and found.cost.lanes <= 16


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 1 << 30},
        {"memory_kib": (1 << 20) + 1},
        {"iterations": 17},
        {"iterations": 0},
        {"lanes": 17},
        {"lanes": 16, "memory_kib": 127},
        {"memory_kib": 65536.0},
        {"memory_kib": True},
        {"iterations": "3"},
    ],
)
def test_a_hostile_file_cannot_ask_for_more_than_the_bounds(cost):
    raw = FILES["digest", "passphrase"]
    with pytest.raises(KeyDamaged):
        parse(mended(raw, wrap=json.loads(raw)["wrap"] | cost))


@pytest.mark.parametrize(
    "argument", [["cat"], ["./cat"], [], "cat", ["/bin/cat", 1], ["/bin/c\0at"], ["/bin/cat"] * 65]
)
def test_a_command_is_a_full_path_and_a_bounded_list_of_text(argument):
    with pytest.raises(KeyDamaged):
        parse(
            mended(
                FILES["digest", "command"], wrap={"by": "command", "wrap": argument, "unwrap": ["/bin/cat"]}
            )
        )


@pytest.mark.parametrize(
    "change",
    [
        {"format": "floodmark/key/2"},
        {"purpose": "oprf"},
        {"wrap": {"by": "tpm"}},
        {"wrap": {"by": "passphrase", "kdf": "argon3", "cipher": "chacha20-poly1305"}},
    ],
)
def test_what_a_newer_version_wrote_is_told_from_damage(change):
    with pytest.raises(KeyTooNew) as caught:
        parse(mended(FILES["digest", "none"], **change))
    assert "newer" in caught.value.hint


@pytest.mark.parametrize("change", [{"created": "2020-01-01T00:00:00Z"}, {"id": "0" * 16}])
def test_a_header_that_was_altered_with_its_checksum_does_not_open(change):
    file = parse(mended(FILES["digest", "passphrase"], **change))
    with pytest.raises(WrongPassphrase):
        file.open(asked)


def test_one_key_cannot_stand_in_for_another():
    swapped = mended(FILES["digest", "none"], id="0" * 16)
    with pytest.raises(KeyDamaged, match="not the one"):
        parse(swapped).open(no_passphrase)
    with pytest.raises(KeyDamaged):
        parse(mended(FILES["signing", "none"], public="00" * 32))
    with pytest.raises(KeyDamaged):
        parse(mended(FILES["signing", "none"], purpose="digest"))


def test_nesting_without_end_is_refused_in_words():
    with pytest.raises(KeyDamaged):
        parse(b"[" * 60_000)


def test_neither_repr_shows_the_secret():
    assert SECRET.hex() not in repr(parse(FILES["digest", "none"]))
    assert (
        repr(parse(FILES["digest", "none"]))
        == f"KeyFile(purpose='digest', id='{DigestKey(SECRET).id}', created='{CREATED}', wrap='none')"
    )
