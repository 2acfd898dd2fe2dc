"""Keys travel in closed files, and displace no other key unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.register.key_changes import make
from floodmark.register.key_exports import ExportSealed, bundled, unbundled
from floodmark.register.key_files import PURPOSES, KeyDamaged, KeyTooNew, seal
from floodmark.register.key_folder import NoKeys
from floodmark.register.key_moves import KeyInTheWay, export, take
from floodmark.register.key_passphrases import Argon2, normal
from floodmark.register.key_secrets import Secret
from floodmark.register.key_wrap import Bare, ByCommand, ByPassphrase, NoPassphrase, Wrap, WrongPassphrase
from floodmark.register.keys import Keyring

CREATED = "2026-01-31T13:05:00Z"
PASSPHRASE = b"correct horse battery"


def cheap() -> ByPassphrase:
    return ByPassphrase.fresh(Argon2(1, 1, 8))


def says(text: bytes):
    return lambda _: text


def sealed_key(purpose: str, wrap: Wrap):
    epoch = 3 if purpose == "evaluation" else None
    secret = Secret(bytearray(32))
    return seal(purpose, secret, wrap, created=CREATED, ask=lambda: normal(PASSPHRASE), epoch=epoch)


ALL = list(PURPOSES)
BUNDLE = bundled([sealed_key(purpose, cheap()) for purpose in ALL])
OLD_BUNDLE = bundled([sealed_key("digest", cheap()), sealed_key("signing", cheap())])


class Places:
    """Two machines: `a` has keys, `b` has none."""

    def __init__(self, folder: Path) -> None:
        self.a, self.b, self.workspace = folder / "a", folder / "b", folder / "workspace"

    def ids(self, folder: Path) -> list[str]:
        with Keyring.open(folder, passphrase=says(PASSPHRASE), workspace=self.workspace) as keyring:
            return [keyring.digest_key().id, keyring.signing_key().id, keyring.evaluation_key().id]


@pytest.fixture
def places(tmp_path, monkeypatch) -> Places:
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    found = Places(tmp_path)
    make(found.a, cheap, created=CREATED, passphrase=says(PASSPHRASE))
    return found


def test_keys_under_a_passphrase_travel_as_they_are(places):
    raw = export(places.a)  # nobody is asked for anything
    done = take(raw, places.b, passphrase=says(PASSPHRASE))
    assert [file.purpose for file in done.taken] == ALL and done.missing == []
    assert {path.name: path.read_bytes() for path in places.b.iterdir()} == {
        path.name: path.read_bytes() for path in places.a.iterdir()
    }


def test_an_export_can_have_a_passphrase_of_its_own(places):
    raw = export(
        places.a, passphrase=says(PASSPHRASE), new_passphrase=says(b"for the courier only"), anew=True
    )
    with pytest.raises(WrongPassphrase):
        take(raw, places.b, passphrase=says(PASSPHRASE))
    assert not places.b.exists()
    take(raw, places.b, wrapping=Bare, passphrase=says(b"for the courier only"))
    assert places.ids(places.b) == places.ids(places.a)


def test_bare_keys_never_leave_bare(tmp_path, places):
    make(places.b, Bare, created=CREATED)
    with pytest.raises(NoPassphrase):
        export(places.b)
    raw = export(places.b, new_passphrase=says(b"for the courier only"))
    assert b'"none"' not in raw
    take(raw, tmp_path / "c", passphrase=says(b"for the courier only"))


@pytest.mark.parametrize("armoured", [False, True])
def test_an_export_sealed_to_an_age_key_opens_by_its_identity_alone(places, armoured):
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    raw = export(places.a, recipients=[str(identity.to_public())], passphrase=says(PASSPHRASE))
    if armoured:
        raw = pyrage.encrypt(pyrage.decrypt(raw, [identity]), [identity.to_public()], armored=True)
    with pytest.raises(ExportSealed, match="sealed to an age recipient"):
        take(raw, places.b)
    with pytest.raises(ExportSealed, match="not sealed to this identity"):
        take(raw, places.b, identities=f"{other}\n".encode())
    middle = len(raw) // 2
    flipped = raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]
    for damaged in (raw[:-60], raw[:60], flipped):
        with pytest.raises(ExportSealed):
            take(damaged, places.b, identities=f"{identity}\n".encode())
    assert not places.b.exists()
    lines = f"# created: today\r\n\n{other}\n  {identity}\n".encode()
    take(raw, places.b, identities=lines, new_passphrase=says(PASSPHRASE))
    assert places.ids(places.b) == places.ids(places.a)
    assert all(b'"passphrase"' in path.read_bytes() for path in places.b.iterdir())


@pytest.mark.parametrize("recipients", [["age1nonsense"], ["ssh-ed25519 AAAA"], [""]])
def test_a_recipient_that_is_none_is_found_before_anything_is_unwrapped(places, recipients):
    with pytest.raises(UsageError):
        export(places.a, recipients=recipients)


@pytest.mark.parametrize(
    "identities", [b"", b"# only a comment\n", b"age1recipient\n", b"\xff\xfe", b"AGE-SECRET-KEY-1NOPE"]
)
def test_an_identity_file_without_an_identity_is_said_to_be_one(places, identities):
    raw = export(
        places.a, recipients=[str(pyrage.x25519.Identity.generate().to_public())], passphrase=says(PASSPHRASE)
    )
    with pytest.raises(UsageError) as caught:
        take(raw, places.b, identities=identities)
    assert "NOPE" not in str(caught.value)


def test_one_key_can_travel_alone(places):
    done = take(export(places.a, purposes=["signing", "signing"]), places.b, passphrase=says(PASSPHRASE))
    assert [file.purpose for file in done.taken] == ["signing"]
    assert done.missing == ["digest", "evaluation"]
    assert [path.name for path in places.b.iterdir()] == ["signing.json"]


def test_a_key_that_is_not_there_cannot_be_exported(places):
    (places.a / "digest.json").unlink()
    with pytest.raises(NoKeys, match="no digest key"):
        export(places.a, purposes=["digest"])
    with pytest.raises(NoKeys):
        export(places.b)


def test_a_different_key_is_replaced_only_when_asked_to(places):
    make(places.b, Bare, created=CREATED)
    before = places.ids(places.b)
    raw = export(places.a)
    with pytest.raises(KeyInTheWay) as caught:
        take(raw, places.b, passphrase=says(PASSPHRASE))
    assert "never be compared" in caught.value.hint
    assert places.ids(places.b) == before
    done = take(raw, places.b, passphrase=says(PASSPHRASE), replace=True)
    assert done.replaced == ALL
    assert places.ids(places.b) == places.ids(places.a)


def test_the_same_key_is_left_as_it_is_unless_it_is_to_be_replaced(places):
    raw = export(places.a)
    take(raw, places.b, passphrase=says(PASSPHRASE), wrapping=Bare)
    done = take(raw, places.b, passphrase=says(PASSPHRASE))
    assert (done.taken, done.known, done.replaced) == ([], ALL, [])
    assert all(b'"none"' in path.read_bytes() for path in places.b.iterdir())
    done = take(raw, places.b, passphrase=says(PASSPHRASE), replace=True)
    assert (len(done.taken), done.known, done.replaced) == (3, [], [])
    assert all(b'"passphrase"' in path.read_bytes() for path in places.b.iterdir())


def test_a_damaged_key_is_restored_from_an_export(places):
    raw = export(places.a)
    ids = places.ids(places.a)
    (places.a / "digest.json").write_bytes(b"rubbish")
    with pytest.raises(KeyDamaged):
        take(raw, places.a, passphrase=says(PASSPHRASE))
    take(raw, places.a, passphrase=says(PASSPHRASE), replace=True)
    assert places.ids(places.a) == ids


def test_keys_of_one_export_come_all_or_none(places):
    take(export(places.a, purposes=["digest"]), places.b, passphrase=says(PASSPHRASE))
    make(places.workspace.parent / "c", cheap, created=CREATED, passphrase=says(PASSPHRASE))
    with pytest.raises(KeyInTheWay, match="different digest key"):
        take(export(places.workspace.parent / "c"), places.b, passphrase=says(PASSPHRASE))
    assert [path.name for path in places.b.iterdir()] == ["digest.json"]


def test_an_export_of_an_older_version_is_taken_and_what_it_lacks_is_said(places):
    done = take(OLD_BUNDLE, places.b, passphrase=says(PASSPHRASE))
    assert [file.purpose for file in done.taken] == ["digest", "signing"]
    assert done.missing == ["evaluation"]
    assert take(OLD_BUNDLE, places.b, passphrase=says(PASSPHRASE)).missing == ["evaluation"]


def test_an_export_of_an_older_version_leaves_the_third_key_that_is_there(places):
    before = (places.a / "evaluation.json").read_bytes()
    done = take(OLD_BUNDLE, places.a, passphrase=says(PASSPHRASE), replace=True)
    assert (done.replaced, done.missing) == (["digest", "signing"], [])
    assert (places.a / "evaluation.json").read_bytes() == before


def test_a_server_that_answers_checks_gets_the_evaluation_key_alone(places):
    take(export(places.a, purposes=["evaluation"]), places.b, passphrase=says(PASSPHRASE), wrapping=Bare)
    assert [path.name for path in places.b.iterdir()] == ["evaluation.json"]
    with Keyring.open(places.b, workspace=places.workspace) as keyring:
        assert keyring.evaluation_key().epoch == 1
    assert keyring.files()[0].id == places.ids(places.a)[2]


def test_the_epoch_goes_along_in_every_wrap(places):
    identity = pyrage.x25519.Identity.generate()
    [file] = unbundled(bundled([sealed_key("evaluation", cheap())]))
    take(bundled([file]), places.b, wrapping=Bare, passphrase=says(PASSPHRASE))
    raw = export(places.b, recipients=[str(identity.to_public())])
    third = places.b.parent / "third"
    take(raw, third, identities=f"{identity}\n".encode(), new_passphrase=says(PASSPHRASE))
    with Keyring.open(third, passphrase=says(PASSPHRASE), workspace=places.workspace) as keyring:
        assert (keyring.evaluation_key().epoch, keyring.evaluation_key().public) == (3, file.public)


@given(data=st.data())
def test_a_flipped_bit_of_an_export_is_refused(data):
    raw = bytearray(BUNDLE)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((KeyDamaged, KeyTooNew)):
        unbundled(bytes(raw))


@given(raw=st.binary(max_size=200) | st.integers(0, len(BUNDLE) - 1).map(lambda end: BUNDLE[:end]))
def test_any_other_bytes_are_no_export(raw):
    with pytest.raises(KeyDamaged):
        unbundled(raw)


@pytest.mark.parametrize(
    "change", [{"keys": []}, {"keys": None}, {"keys": [None]}, {"more": 1}, {"format": "other"}]
)
def test_a_document_of_another_form_is_no_export(change):
    raw = (json.dumps(json.loads(BUNDLE) | change, indent=2) + "\n").encode()
    with pytest.raises(KeyDamaged):
        unbundled(raw)


def test_a_newer_export_is_told_from_damage():
    with pytest.raises(KeyTooNew):
        unbundled(BUNDLE.replace(b"floodmark/keys/1", b"floodmark/keys/2"))


def test_an_import_runs_no_command_and_takes_no_bare_key_in_the_open():
    there, back = "'\\000-\\377' '\\001-\\377\\000'", "'\\001-\\377\\000' '\\000-\\377'"
    pair = ByCommand(*(("/bin/sh", "-c", f"LC_ALL=C tr {way}") for way in (there, back)))
    for wrap in (pair, Bare()):
        with pytest.raises(KeyDamaged, match="no export wraps"):
            unbundled(bundled([sealed_key("digest", wrap)]))
    with pytest.raises(KeyDamaged, match="no export wraps"):
        unbundled(bundled([sealed_key("digest", pair)]), bare=True)


def test_an_export_holds_each_purpose_once():
    with pytest.raises(KeyDamaged):
        unbundled(bundled([sealed_key("digest", cheap()), sealed_key("digest", cheap())]))
