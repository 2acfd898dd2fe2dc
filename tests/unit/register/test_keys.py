"""A keyring unwraps what it is asked for, when it is asked for it."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from floodmark.register.key_changes import make, rewrap
from floodmark.register.key_files import KeyDamaged
from floodmark.register.key_folder import KeysMisplaced, NoKeys
from floodmark.register.key_moves import export, take
from floodmark.register.key_passphrases import Argon2, PassphraseRefused
from floodmark.register.key_privacy import KeysExposed
from floodmark.register.key_wrap import Bare, ByPassphrase, NoPassphrase, WrongPassphrase
from floodmark.register.keys import Keyring
from floodmark.signatures import Signature, signed

CREATED = "2026-01-31T13:05:00Z"
PASSPHRASE = b"correct horse battery"


def cheap() -> ByPassphrase:
    return ByPassphrase.fresh(Argon2(1, 1, 8))


class Person:
    """Somebody who answers, and remembers how often."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, what: str) -> bytes:
        self.asked.append(what)
        return self.answers.pop(0)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    return tmp_path


def test_the_passphrase_is_asked_for_once_and_only_when_a_key_is_needed(home):
    made = make(None, cheap, created=CREATED, passphrase=Person(PASSPHRASE))
    person = Person(PASSPHRASE)
    with Keyring.open(passphrase=person) as keyring:
        assert keyring.files() == made
        assert person.asked == []
        assert keyring.digest_key().id == made[0].id
        assert keyring.signing_key().id == made[1].id
        assert keyring.digest_key() is keyring.digest_key()
        assert (keyring.evaluation_key().id, keyring.evaluation_key().public) == (made[2].id, made[2].public)
        assert keyring.evaluation_key() is keyring.evaluation_key()
    assert person.asked == ["the keys"]


def test_it_signs_by_the_key_that_its_file_names(home):
    made = make(None, Bare, created=CREATED)
    assert made[1].public is not None
    with Keyring.open() as keyring:
        signature = Signature(made[1].public, keyring.signing_key().sign(b"custody"))
        assert signed(b"custody", signature)


def test_a_key_that_is_never_asked_for_is_never_read(home):
    make(None, Bare, created=CREATED)
    (home / "keys/digest.json").write_bytes(b"rubbish")
    with Keyring.open() as keyring:
        assert len(keyring.signing_key().public) == 32
        with pytest.raises(KeyDamaged):
            keyring.digest_key()


def test_a_server_may_have_the_signing_key_alone(home):
    make(None, Bare, created=CREATED)
    (home / "keys/digest.json").unlink()
    (home / "keys/evaluation.json").unlink()
    with Keyring.open() as keyring:
        assert [file.purpose for file in keyring.files()] == ["signing"]
        keyring.signing_key()
        with pytest.raises(NoKeys, match="no digest key"):
            keyring.digest_key()


ANSWERING = """
    import sys
    NAMES = "digest.json", "signing.json", "evaluation.json"
    opened = []
    sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
    from floodmark.register.keys import Keyring
    with Keyring.open() as keyring:
        files = keyring.files() if sys.argv[1] == "alone" else []
        print(keyring.evaluation_key().epoch, len(files))
    print(*sorted({name for name in opened if name.endswith(NAMES)}))
    digests = sys.modules.get("floodmark.identifiers.digests")
    import gc
    print(any(isinstance(found, digests.DigestKey) for found in gc.get_objects()) if digests else False)
"""


@pytest.mark.parametrize("case", ["alone", "beside the others"])
def test_a_server_that_answers_checks_has_the_evaluation_key_and_no_other(home, case):
    make(None, Bare, created=CREATED)
    if case == "alone":
        (home / "keys/digest.json").unlink()
        (home / "keys/signing.json").unlink()
    program = [sys.executable, "-c", textwrap.dedent(ANSWERING), case]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    epoch, names, any_digest_key = done.stdout.splitlines()
    assert epoch == ("1 1" if case == "alone" else "1 0")
    assert {Path(name).name for name in names.split()} == {"evaluation.json"}
    assert any_digest_key == "False"


def test_a_server_with_the_evaluation_key_alone_hashes_and_signs_nothing(home):
    make(None, Bare, created=CREATED)
    (home / "keys/digest.json").unlink()
    (home / "keys/signing.json").unlink()
    with Keyring.open() as keyring:
        [file] = keyring.files()
        assert (file.purpose, file.epoch) == ("evaluation", 1)
        assert keyring.evaluation_key().public == file.public
        for attempt in (keyring.digest_key, keyring.signing_key):
            with pytest.raises(NoKeys):
                attempt()


def test_without_keys_the_hint_says_how_to_make_them(home):
    with pytest.raises(NoKeys) as caught:
        Keyring.open()
    assert "floodmark keys init" in caught.value.hint


def test_after_a_wrong_passphrase_the_next_call_asks_again(home):
    make(None, cheap, created=CREATED, passphrase=Person(PASSPHRASE))
    person = Person(b"a wrong passphrase", PASSPHRASE)
    with Keyring.open(passphrase=person) as keyring:
        with pytest.raises(WrongPassphrase):
            keyring.digest_key()
        keyring.digest_key()
    assert len(person.asked) == 2


def test_keys_under_different_passphrases_are_each_asked_for(home):
    make(None, cheap, created=CREATED, passphrase=Person(PASSPHRASE))
    one = export(
        None,
        purposes=["digest"],
        passphrase=Person(PASSPHRASE),
        new_passphrase=Person(b"a different one"),
        anew=True,
    )
    (home / "keys/digest.json").unlink()
    take(one, None, passphrase=Person(b"a different one"))
    person = Person(PASSPHRASE, b"a different one")
    with Keyring.open(passphrase=person) as keyring:
        keyring.signing_key()
        keyring.digest_key()
    assert len(person.asked) == 2
    rewrap(None, Bare, passphrase=Person(b"a different one", PASSPHRASE))
    with Keyring.open() as keyring:
        keyring.signing_key()


def test_where_nobody_can_be_asked_it_says_how_to_give_a_passphrase(home):
    make(None, cheap, created=CREATED, passphrase=Person(PASSPHRASE))
    with Keyring.open() as keyring, pytest.raises(NoPassphrase, match="the keys") as caught:
        keyring.digest_key()
    assert "--passphrase-file" in caught.value.hint


@pytest.mark.parametrize("answer", [b"", b"\xff", b"x" * 2000])
def test_an_answer_that_is_no_passphrase_is_refused(home, answer):
    make(None, cheap, created=CREATED, passphrase=Person(PASSPHRASE))
    with Keyring.open(passphrase=Person(answer)) as keyring, pytest.raises(PassphraseRefused):
        keyring.digest_key()


@pytest.mark.parametrize("workspace", ["keys", "keys/workspace", "."])
def test_keys_in_the_workspace_are_refused_wherever_they_are_used(home, workspace):
    place = home / workspace
    attempts = (
        lambda: make(None, Bare, created=CREATED, workspace=place),
        lambda: Keyring.open(workspace=place),
        lambda: rewrap(None, Bare, workspace=place),
        lambda: export(None, workspace=place),
        lambda: take(b"", None, workspace=place),
    )
    for attempt in attempts:
        with pytest.raises(KeysMisplaced):
            attempt()
    assert not (home / "keys").exists()


def test_the_default_workspace_counts_when_none_is_named(home, monkeypatch):
    monkeypatch.setenv("FLOODMARK_HOME", str(home))
    with pytest.raises(KeysMisplaced):
        Keyring.open()


def test_exposed_keys_are_refused_at_the_door(home):
    make(None, Bare, created=CREATED)
    (home / "keys").chmod(0o755)
    with pytest.raises(KeysExposed):
        Keyring.open()


def test_a_file_under_another_keys_name_is_refused(home):
    make(None, Bare, created=CREATED)
    (home / "keys/signing.json").rename(home / "keys/digest.json")
    with Keyring.open() as keyring, pytest.raises(KeyDamaged, match="another key"):
        keyring.digest_key()


def test_a_keyring_is_neither_shown_copied_nor_pickled(home):
    make(None, Bare, created=CREATED)
    with Keyring.open() as keyring:
        keyring.digest_key(), keyring.evaluation_key()
        assert repr(keyring) == "Keyring(…)"
        for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError):
                attempt(keyring)


def test_a_closed_keyring_has_forgotten_and_can_unwrap_again(home):
    make(None, cheap, created=CREATED, passphrase=Person(PASSPHRASE))
    person = Person(PASSPHRASE, PASSPHRASE)
    keyring = Keyring.open(passphrase=person)
    first, evaluation = keyring.digest_key().id, keyring.evaluation_key()
    keyring.close()
    assert keyring.digest_key().id == first
    assert keyring.evaluation_key() is not evaluation
    assert len(person.asked) == 2
