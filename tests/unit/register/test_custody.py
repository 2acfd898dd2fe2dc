"""Custody that is signed: intact it verifies, and any change to it is found."""

import json
import os

import pytest

from floodmark.errors import UnreadableInput
from floodmark.register import custody
from floodmark.register.custody import CustodyBroken, CustodyTooNew, NamedFile
from floodmark.register.key_signing import SigningKey

KEY = SigningKey(bytes(range(32)))
AB = "ab" * 32
PROFILE = NamedFile("profile.json", 2, AB)
TRIAGE = {"inputs": [{"label": "dump.txt", "size": 3, "sha256": AB}], "tool": {"floodmark": "1"}}


def made(outputs=(PROFILE,)):
    return custody.record(TRIAGE, "leak", "2026-01-31T13:05:00Z", "0" * 16, outputs)


def test_a_record_verifies_with_the_key_that_signed_it():
    data = made()
    assert custody.verify(data, custody.sign(data, KEY)) == KEY.public
    found = custody.read(data)
    assert (found.slug, found.saved_at) == ("leak", "2026-01-31T13:05:00Z")
    assert found.inputs == (NamedFile("dump.txt", 3, AB),)
    assert found.outputs == (PROFILE,)


def test_any_flipped_bit_of_the_record_or_its_signature_is_found():
    data = made()
    signature = custody.sign(data, KEY)
    for place in range(len(data)):
        with pytest.raises(CustodyBroken):
            custody.verify(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], signature)
    for place in range(len(signature)):
        changed = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
        try:
            found = custody.verify(data, changed)
        except (CustodyBroken, CustodyTooNew):
            continue
        # White space and the case of a digit are no part of what is said.
        assert json.loads(changed.lower()) == json.loads(signature) and found == KEY.public


def test_a_record_signed_by_another_key_names_that_key():
    other = SigningKey(bytes(32))
    data = made()
    assert custody.verify(data, custody.sign(data, other)) == other.public != KEY.public


def test_a_newer_form_is_refused_and_said():
    newer = made().replace(b"floodmark/custody/1", b"floodmark/custody/2")
    with pytest.raises(CustodyTooNew, match="floodmark/custody/2"):
        custody.read(newer)


@pytest.mark.parametrize(
    "wrong", [b"", b"[]", b"{}", b'{"format": "floodmark/custody/1"}', b"\xff", b"[" * 99_999]
)
def test_what_is_no_record_is_refused(wrong):
    with pytest.raises(CustodyBroken):
        custody.read(wrong)
    with pytest.raises(CustodyBroken):
        custody.verify(wrong, wrong)


def test_files_that_were_signed_are_compared_with_what_lies_there(tmp_path):
    (tmp_path / "profile.json").write_bytes(b"{}")
    item = custody.named(tmp_path / "profile.json", "profile.json")
    assert custody.check_outputs(tmp_path, [item]) == 1
    (tmp_path / "profile.json").write_bytes(b"{ }")
    with pytest.raises(CustodyBroken, match=r"profile.json is not what was signed"):
        custody.check_outputs(tmp_path, [item])
    with pytest.raises(CustodyBroken, match="missing"):
        custody.check_outputs(tmp_path, [NamedFile("gone.npy", 2, AB)])


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table | {"slug": "\x1b]0;x\x07 is intact"},
        lambda table: table | {"slug": {}},
        lambda table: {key: value for key, value in table.items() if key != "slug"},
        lambda table: table | {"saved_at": "yesterday"},
        lambda table: table | {"outputs": []},
        lambda table: table | {"outputs": [{"name": "/etc/passwd", "size": 1, "sha256": AB}]},
        lambda table: table | {"outputs": [{"name": "../profile.json", "size": 1, "sha256": AB}]},
        lambda table: table | {"outputs": [{"name": "profile.json", "size": 1.9, "sha256": AB}]},
        lambda table: table | {"outputs": [{"name": "profile.json", "size": True, "sha256": AB}]},
        lambda table: table | {"outputs": [{"name": "profile.json", "size": 1, "sha256": None}]},
        lambda table: table | {"outputs": [{"name": "profile.json", "size": 1, "sha256": [AB]}]},
        lambda table: table | {"outputs": 2 * [{"name": "profile.json", "size": 1, "sha256": AB}]},
        lambda table: table | {"inputs": [{"label": "x", "size": float("inf"), "sha256": AB}]},
        lambda table: table | {"inputs": [{"label": "x", "size": 1}]},
        lambda table: table | {"inputs": {}},
    ],
)
def test_a_record_of_another_form_is_refused_though_it_is_signed(change):
    data = json.dumps(change(json.loads(made()))).encode()
    custody.verify(data, custody.sign(data, KEY))
    with pytest.raises(CustodyBroken):
        custody.read(data)


def test_a_record_that_says_something_twice_is_refused():
    data = made().replace(b'"slug": "leak"', b'"slug": "leak", "slug": "other"')
    with pytest.raises(CustodyBroken):
        custody.read(data)


def test_a_record_is_an_ordinary_file_of_bounded_size(tmp_path):
    with pytest.raises(UnreadableInput, match="missing"):
        custody.read_bounded(tmp_path / "custody.json")
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(UnreadableInput, match="no ordinary file"):
        custody.read_bounded(tmp_path / "pipe.json")
    with pytest.raises(UnreadableInput, match="no ordinary file"):
        custody.named(tmp_path / "pipe.json", "pipe.json")
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(CustodyBroken, match="larger"):
        custody.read_bounded(tmp_path / "huge.json")


def test_a_link_in_the_place_of_a_file_that_was_signed_counts_as_missing(tmp_path):
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "profile.json").symlink_to(tmp_path / "secret")
    item = custody.named(tmp_path / "secret", "profile.json")
    with pytest.raises(CustodyBroken, match="missing"):
        custody.check_outputs(tmp_path / "leak", [item])
