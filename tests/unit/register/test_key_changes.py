"""Keys are made once, and wrapped anew all together."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from floodmark.register.key_changes import KeysExist, Wrapping, make, rewrap
from floodmark.register.key_command import KeyCommandFailed
from floodmark.register.key_files import KeyDamaged
from floodmark.register.key_folder import NoKeys
from floodmark.register.key_passphrases import Argon2, PassphraseRefused
from floodmark.register.key_wrap import Bare, ByCommand, ByPassphrase, WrongPassphrase
from floodmark.register.keys import Keyring

CREATED = "2026-01-31T13:05:00Z"
SHELL = ("/bin/sh", "-c")
SHIFT, BACK = "LC_ALL=C tr '\\000-\\377' '\\001-\\377\\000'", "LC_ALL=C tr '\\001-\\377\\000' '\\000-\\377'"


def cheap() -> ByPassphrase:
    return ByPassphrase.fresh(Argon2(1, 1, 8))


def by_command() -> ByCommand:
    return ByCommand((*SHELL, SHIFT), (*SHELL, BACK))


def says(text: bytes):
    return lambda _: text


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    return tmp_path


def contents(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "keys").iterdir()}


def identity() -> tuple[str, ...]:
    with Keyring.open(passphrase=says(b"the second passphrase")) as keyring:
        return keyring.digest_key().id, keyring.signing_key().id, keyring.evaluation_key().id


def test_keys_are_independent_random_and_dated(home):
    numbers = count()
    made = make(None, Bare, created=CREATED, random=lambda size: bytes([next(numbers)] * size))
    assert [(file.purpose, file.created, file.wrap.by) for file in made] == [
        ("digest", CREATED, "none"),
        ("signing", CREATED, "none"),
        ("evaluation", CREATED, "none"),
    ]
    assert [file.sealed for file in made] == [bytes(32), bytes([1] * 32), bytes([2] * 32)]
    assert [file.epoch for file in made] == [None, None, 1]


@pytest.mark.parametrize("left", ["digest.json", "signing.json", "evaluation.json"])
def test_keys_that_are_there_are_never_made_anew(home, left):
    make(None, Bare, created=CREATED)
    for path in (home / "keys").iterdir():
        if path.name != left:
            path.unlink()
    before = contents(home)
    with pytest.raises(KeysExist):
        make(None, Bare, created=CREATED)
    assert contents(home) == before


def test_a_damaged_key_is_a_key_that_is_there(home):
    (home / "keys").mkdir(mode=0o700)
    (home / "keys/digest.json").write_bytes(b"")
    with pytest.raises(KeysExist):
        make(None, Bare, created=CREATED)


@pytest.mark.parametrize(
    ("wrapping", "passphrase"),
    [
        (cheap, b"too short"),
        (cheap, b"\xff" * 20),
        (lambda: ByCommand((*SHELL, "exit 1"), ("/bin/cat",)), b""),
        (lambda: ByCommand((*SHELL, SHIFT), (*SHELL, "exit 1")), b""),
        (lambda: ByCommand((*SHELL, SHIFT), (*SHELL, "echo wrong")), b""),
    ],
)
def test_what_cannot_be_wrapped_is_not_made(home, wrapping, passphrase):
    with pytest.raises((PassphraseRefused, KeyCommandFailed)):
        make(None, wrapping, created=CREATED, passphrase=says(passphrase))
    assert not (home / "keys").exists()


@pytest.mark.parametrize("first", [Bare, cheap, by_command])
@pytest.mark.parametrize("second", [Bare, cheap, by_command])
def test_keys_stay_the_same_in_every_wrap(home, first: Wrapping, second: Wrapping):
    made = make(None, first, created=CREATED, passphrase=says(b"the first passphrase"))
    before = contents(home)
    wrapped = rewrap(
        None, second, passphrase=says(b"the first passphrase"), new_passphrase=says(b"the second passphrase")
    )
    assert [(file.id, file.created, file.public, file.epoch) for file in wrapped] == [
        (file.id, file.created, file.public, file.epoch) for file in made
    ]
    assert {file.wrap.by for file in wrapped} == {second().by}
    assert identity() == tuple(file.id for file in made)
    assert first is second or contents(home) != before
    assert set(contents(home)) == {"digest.json", "signing.json", "evaluation.json"}


def test_the_old_passphrase_opens_nothing_any_more(home):
    make(None, cheap, created=CREATED, passphrase=says(b"the first passphrase"))
    rewrap(
        None, cheap, passphrase=says(b"the first passphrase"), new_passphrase=says(b"the second passphrase")
    )
    with Keyring.open(passphrase=says(b"the first passphrase")) as keyring, pytest.raises(WrongPassphrase):
        keyring.digest_key()


def test_a_wrap_that_fails_half_way_changes_nothing(home):
    make(None, Bare, created=CREATED)
    before = contents(home)
    wraps = iter([by_command(), ByCommand((*SHELL, SHIFT), (*SHELL, "exit 1"))])
    with pytest.raises(KeyCommandFailed):
        rewrap(None, lambda: next(wraps))
    assert contents(home) == before


def test_one_damaged_key_keeps_all_as_they_are(home):
    make(None, Bare, created=CREATED)
    path = home / "keys/signing.json"
    path.write_bytes(path.read_bytes()[:-1])
    before = contents(home)
    with pytest.raises(KeyDamaged):
        rewrap(None, by_command)
    assert contents(home) == before


def test_without_keys_there_is_nothing_to_wrap(home):
    with pytest.raises(NoKeys):
        rewrap(None, Bare)
    assert not (home / "keys").exists()
