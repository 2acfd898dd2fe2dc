"""An evaluation key is made where there is none, and replaced by the next epoch's; never by halves or unasked."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from floodmark.errors import LimitExceeded
from floodmark.files import OutputFailed
from floodmark.register.key_changes import KeysExist, Wrapping, make, rewrap
from floodmark.register.key_command import KeyCommandFailed
from floodmark.register.key_epochs import EpochChanged, first_epoch, next_epoch, present
from floodmark.register.key_evaluation import LAST_EPOCH
from floodmark.register.key_files import KeyDamaged, parse, seal
from floodmark.register.key_folder import KeyFolder, NoKeys
from floodmark.register.key_moves import export, take
from floodmark.register.key_passphrases import Argon2
from floodmark.register.key_secrets import Secret
from floodmark.register.key_wrap import Bare, ByCommand, ByPassphrase, WrongPassphrase
from floodmark.register.keys import Keyring

CREATED, LATER = "2026-01-31T13:05:00Z", "2027-01-31T13:05:00Z"
SHELL = ("/bin/sh", "-c")
SHIFT, BACK = "LC_ALL=C tr '\\000-\\377' '\\001-\\377\\000'", "LC_ALL=C tr '\\001-\\377\\000' '\\000-\\377'"
COST = Argon2(1, 1, 8)
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "keys-1.json").read_text())


def cheap() -> ByPassphrase:
    return ByPassphrase.fresh(COST)


def by_command() -> ByCommand:
    return ByCommand((*SHELL, SHIFT), (*SHELL, BACK))


def says(text: bytes):
    return lambda _: text


known = says(b"correct horse battery")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    return tmp_path


def contents(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "keys").iterdir()}


def old_folder(home: Path, wrap: str = "none") -> None:
    """A folder that was made before there were evaluation keys."""
    files = {
        vector["purpose"]: vector["file"].encode()
        for vector in VECTORS["files"]
        if vector["wrap"] == wrap and vector["epoch"] is None
    }
    folder = KeyFolder(home / "keys")
    with folder.changing():
        folder.put(files)


def evaluation() -> tuple[int, bytes]:
    with Keyring.open(passphrase=known) as keyring:
        key = keyring.evaluation_key()
        return key.epoch, bytes(key.public)


@pytest.mark.parametrize("wrap", ["none", "passphrase"])
def test_an_old_folder_works_as_ever_and_gets_its_third_key(home, wrap):
    old_folder(home, wrap)
    before = contents(home)
    with Keyring.open(passphrase=known) as keyring:
        assert [file.purpose for file in keyring.files()] == ["digest", "signing"]
        keyring.digest_key(), keyring.signing_key()
        with pytest.raises(NoKeys, match="no evaluation key") as caught:
            keyring.evaluation_key()
    assert "floodmark keys epoch" in caught.value.hint
    made = first_epoch(None, created=LATER, passphrase=known)
    assert (made.epoch, made.created, made.wrap.by) == (1, LATER, wrap)
    after = contents(home)
    assert {name: after[name] for name in before} == before
    assert evaluation() == (1, made.public)


@pytest.mark.parametrize("wrapping", [Bare, cheap, by_command])
def test_both_are_wrapped_as_the_others_are_each_time_anew(home, wrapping: Wrapping):
    made = make(None, wrapping, created=CREATED, passphrase=known)
    (home / "keys/evaluation.json").unlink()
    first = first_epoch(None, created=CREATED, passphrase=known)
    second = next_epoch(None, first, created=LATER, passphrase=known)
    assert (first.wrap.by, second.wrap.by, second.epoch) == (wrapping().by, wrapping().by, 2)
    assert evaluation() == (2, second.public)
    wraps = [file.wrap for file in (*made, first, second)]
    if wrapping is cheap:
        assert all(isinstance(wrap, ByPassphrase) and wrap.cost == COST for wrap in wraps)
        assert len({wrap.salt for wrap in wraps if isinstance(wrap, ByPassphrase)}) == 5
    else:
        assert set(wraps) == {wrapping()}


def test_the_first_is_wrapped_as_the_digest_key_is(home):
    make(None, Bare, created=CREATED)
    (home / "keys/evaluation.json").unlink()
    closed = export(None, purposes=["digest"], new_passphrase=known, anew=True)
    take(closed, None, passphrase=known, replace=True)
    assert first_epoch(None, created=CREATED, passphrase=known).wrap.by == "passphrase"


def test_every_epoch_has_a_fresh_seed(home):
    make(None, Bare, created=CREATED)
    asked: list[int] = []

    def random(size: int) -> bytes:
        asked.append(size)
        return bytes([len(asked)] * size)

    second = next_epoch(None, present(None), created=LATER, random=random)
    third = next_epoch(None, second, created=LATER, random=random)
    assert asked == [32, 32]
    assert [file.sealed for file in (second, third)] == [b"\1" * 32, b"\2" * 32]
    assert [file.epoch for file in (second, third)] == [2, 3]


def test_the_former_private_key_is_in_no_file_of_the_folder(home):
    make(None, Bare, created=CREATED, random=lambda size: b"\xa5" * size)
    former = present(None)
    next_epoch(None, former, created=LATER)
    left = KeyFolder(home / "keys")
    assert sorted(contents(home)) == ["digest.json", "evaluation.json", "signing.json"]
    raw = left.read("evaluation")
    assert raw is not None and parse(raw).sealed != former.sealed
    assert former.public is not None and former.public.hex().encode() not in raw


def test_a_key_that_is_there_is_not_made_again(home):
    make(None, Bare, created=CREATED)
    before = contents(home)
    with pytest.raises(KeysExist) as caught:
        first_epoch(None, created=LATER)
    assert "--next" in caught.value.hint
    assert contents(home) == before


def test_where_there_is_nothing_nothing_is_made(home):
    with pytest.raises(NoKeys):
        first_epoch(None, created=CREATED)
    with pytest.raises(NoKeys, match="no evaluation key"):
        present(None)
    assert not (home / "keys").exists()


def test_a_wrong_passphrase_makes_no_key_under_it(home):
    old_folder(home, "passphrase")
    before = contents(home)
    with pytest.raises(WrongPassphrase):
        first_epoch(None, created=CREATED, passphrase=says(b"correct horse batter"))
    assert contents(home) == before
    first = first_epoch(None, created=CREATED, passphrase=known)
    before = contents(home)
    with pytest.raises(WrongPassphrase):
        next_epoch(None, first, created=CREATED, passphrase=says(b"correct horse batter"))
    assert contents(home) == before


def test_a_damaged_key_is_not_replaced(home):
    make(None, Bare, created=CREATED)
    path = home / "keys/evaluation.json"
    path.write_bytes(path.read_bytes()[:-2])
    before = contents(home)
    with pytest.raises(KeyDamaged):
        present(None)
    with pytest.raises(KeysExist):
        first_epoch(None, created=LATER)
    assert contents(home) == before


def test_a_command_that_fails_leaves_the_former_key(home):
    broken = home / "unwrap.sh"
    broken.write_text(BACK)
    pair = ByCommand((*SHELL, SHIFT), ("/bin/sh", str(broken)))
    make(None, lambda: pair, created=CREATED)
    before = contents(home)
    broken.write_text("exit 1")
    with pytest.raises(KeyCommandFailed):
        next_epoch(None, present(None), created=LATER)
    assert contents(home) == before


@pytest.mark.parametrize("meanwhile", ["the next epoch", "another wrap", "gone"])
def test_what_another_command_changed_meanwhile_is_not_overwritten(home, meanwhile):
    make(None, Bare, created=CREATED)
    former = present(None)
    if meanwhile == "the next epoch":
        next_epoch(None, former, created=LATER)
    elif meanwhile == "another wrap":
        rewrap(None, by_command)
    else:
        (home / "keys/evaluation.json").unlink()
    before = contents(home)
    with pytest.raises((EpochChanged, NoKeys)):
        next_epoch(None, former, created=LATER)
    assert contents(home) == before


def test_of_two_who_make_the_first_one_only_succeeds(home):
    old_folder(home)

    def meddling(size: int) -> bytes:
        first_epoch(None, created=CREATED)
        return bytes(size)

    with pytest.raises(EpochChanged):
        first_epoch(None, created=LATER, random=meddling)
    assert present(None).created == CREATED


def test_no_epoch_follows_the_last(home):
    make(None, Bare, created=CREATED)
    last = seal("evaluation", Secret(bytearray(32)), Bare(), created=CREATED, epoch=LAST_EPOCH)
    folder = KeyFolder(home / "keys")
    with folder.changing():
        folder.put({"evaluation": last.to_bytes()})
    with pytest.raises(LimitExceeded):
        next_epoch(None, present(None), created=LATER)
    assert evaluation() == (LAST_EPOCH, last.public)


def test_a_machine_with_the_evaluation_key_alone_begins_the_next_epoch(home):
    make(None, cheap, created=CREATED, passphrase=known)
    for name in ("digest", "signing"):
        (home / f"keys/{name}.json").unlink()
    made = next_epoch(None, present(None), created=LATER, passphrase=known)
    assert evaluation() == (2, made.public)
    assert list(contents(home)) == ["evaluation.json"]


def test_a_folder_that_cannot_be_written_to_keeps_the_former_key(home, monkeypatch):
    make(None, Bare, created=CREATED)
    before = contents(home)
    former = present(None)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(OutputFailed):
            next_epoch(None, former, created=LATER)
    assert contents(home) == before


KILLED = """
    import os, shutil, sys
    from pathlib import Path
    from floodmark.register.key_changes import make
    from floodmark.register.key_epochs import first_epoch, next_epoch, present
    from floodmark.register.key_folder import KeyFolder
    from floodmark.register.key_wrap import Bare
    from floodmark.register.keys import Keyring

    CALLS = ("open", "mkdir", "rename", "rmdir", "unlink", "fsync", "fdopen")
    place, workspace, case = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    folder = KeyFolder(place)
    told = {"created": "2026-01-31T13:05:00Z", "workspace": workspace}

    def begin():
        shutil.rmtree(place, ignore_errors=True)
        make(place, Bare, random=lambda size: b"a" * size, **told)
        if case == "first":
            (place / "evaluation.json").unlink()

    def change():
        told_more = told | {"random": lambda size: b"b" * size}
        if case == "first":
            first_epoch(place, **told_more)
        else:
            next_epoch(place, present(place, workspace), **told_more)

    def found():
        return {purpose: folder.read(purpose) for purpose in folder.purposes()}

    def dying_at(step):
        count = 0
        def counted(call):
            def instead(*args, **kwargs):
                nonlocal count
                count += 1
                if count == step:
                    os.kill(os.getpid(), 9)
                return call(*args, **kwargs)
            return instead
        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))

    begin()
    old = found()
    change()
    new = found()
    assert old != new
    seen, step, code = set(), 0, None
    while code != 0:
        step += 1
        begin()
        pid = os.fork()
        if not pid:
            dying_at(step)
            change()
            os._exit(0)
        code = os.waitpid(pid, 0)[1]
        now = found()
        assert now in (old, new), step
        seen.add(now == new)
        if "evaluation" in now:
            with Keyring.open(place, workspace=workspace) as keyring:
                assert keyring.evaluation_key().epoch == (2 if now == new and case == "next" else 1)
        with folder.changing():
            assert sorted(entry.name for entry in place.iterdir()) == sorted(name + ".json" for name in now)
        assert found() == now
    assert seen == {True, False}
    print(step)
"""


@pytest.mark.parametrize("case", ["first", "next"])
def test_a_kill_at_any_call_leaves_the_former_epoch_or_the_next(tmp_path, case):
    program = [sys.executable, "-c", textwrap.dedent(KILLED)]
    program += [str(tmp_path / "keys"), str(tmp_path / "workspace"), case]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15
