"""Sealed files: who can open them, and that no plain text touches the disk."""

from __future__ import annotations

import errno
import os

import pyrage
import pytest

from floodmark.exposure import BadRecipient, recipient, seal
from floodmark.files import OutputFailed

PLAIN = b"line,kind,identifier\r\n1,email,ada@example.org\r\n" * 20_000


@pytest.fixture
def identities():
    return [pyrage.x25519.Identity.generate() for _ in range(3)]


def public(identity):
    return recipient(str(identity.to_public()))


def blocks():
    return (PLAIN[at : at + 70_001] for at in range(0, len(PLAIN), 70_001))


def test_every_recipient_can_open_the_file_and_nobody_else(tmp_path, identities):
    path = tmp_path / "found.csv.age"
    seal(blocks(), path, [public(identities[0]), public(identities[1])])
    for identity in identities[:2]:
        assert pyrage.decrypt(path.read_bytes(), [identity]) == PLAIN
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(path.read_bytes(), [identities[2]])
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["found.csv.age"]


def test_an_empty_text_is_a_sealed_file_too(tmp_path, identities):
    seal([], tmp_path / "found.age", [public(identities[0])])
    assert pyrage.decrypt((tmp_path / "found.age").read_bytes(), identities) == b""


def test_only_ciphertext_is_ever_on_the_disk(tmp_path, identities, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    seen = []

    def watched():
        for block in blocks():
            for file in tmp_path.rglob("*"):
                seen.append(file.name)
                content = file.read_bytes()
                assert b"example.org" not in content
                assert not content or content.startswith(b"age-encryption.org/v1\n")
            yield block

    seal(watched(), tmp_path / "found.age", [public(identities[0])])
    assert seen and all(name.endswith(".part") for name in seen)


def test_a_failure_of_the_source_is_raised_as_it_is_and_leaves_no_file(tmp_path, identities):
    class Stopped(BaseException):
        pass

    def failing():
        yield PLAIN
        raise Stopped

    with pytest.raises(Stopped):
        seal(failing(), tmp_path / "found.age", [public(identities[0])])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_output_that_failed_and_the_old_file_stays(tmp_path, identities, monkeypatch):
    path = tmp_path / "found.age"
    path.write_bytes(b"old")

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputFailed):
        seal(blocks(), path, [public(identities[0])])
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["found.age"]


def test_a_file_for_nobody_is_refused(tmp_path):
    with pytest.raises(BadRecipient):
        seal(blocks(), tmp_path / "found.age", [])


@pytest.mark.parametrize("text", ["", "age1", "age1qqqqqq", "ssh-ed25519 AAAA", "key", "age1é"])
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises(BadRecipient):
        recipient(text)


def test_a_mistyped_key_and_a_secret_key_are_refused_without_repeating_them(identities):
    good = str(identities[0].to_public())
    mistyped = good[:-1] + ("q" if good[-1] != "q" else "p")
    secret = str(identities[0])
    for text in (mistyped, secret, secret.lower()):
        with pytest.raises(BadRecipient) as caught:
            recipient(text, "line 3")
        assert text not in caught.value.message + caught.value.hint
        assert "line 3" in caught.value.message
