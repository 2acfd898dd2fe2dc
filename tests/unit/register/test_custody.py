"""Custody that is signed: intact it verifies, and any change to it is found."""

import json

import pytest

from floodmark.register import custody
from floodmark.register.custody import CustodyBroken, CustodyTooNew, NamedFile
from floodmark.register.key_signing import SigningKey

KEY = SigningKey(bytes(range(32)))
TRIAGE = {"inputs": [{"label": "dump.txt", "size": 3, "sha256": "ab"}], "tool": {"floodmark": "1"}}


def made(outputs=()):
    return custody.record(TRIAGE, "leak", "2026-01-31T13:05:00Z", "0" * 16, outputs)


def test_a_record_verifies_with_the_key_that_signed_it():
    data = made()
    assert custody.verify(data, custody.sign(data, KEY)) == KEY.public
    table, inputs, outputs = custody.read(data)
    assert table["slug"] == "leak"
    assert inputs == [NamedFile("dump.txt", 3, "ab")]
    assert outputs == []


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
        custody.check_outputs(tmp_path, [NamedFile("gone.npy", 2, "ab")])


def test_a_record_cannot_point_outside_its_folder(tmp_path):
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "leak").mkdir()
    item = custody.named(tmp_path / "secret", "../secret")
    with pytest.raises(CustodyBroken, match="missing"):
        custody.check_outputs(tmp_path / "leak", [item])
