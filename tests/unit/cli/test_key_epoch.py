"""`floodmark keys epoch`, as a person or a script runs it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.cli.keys import keyring

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "keys-1.json").read_text())
FLOODMARK = str(Path(sys.executable).with_name("floodmark"))


@pytest.fixture
def home(cheap, tmp_path, monkeypatch) -> Path:
    """An empty folder to work in, a passphrase that is given by a file, and no keys."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "FLOODMARK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_PASSPHRASE_FILE", "passphrase")
    monkeypatch.chdir(tmp_path)
    Path("passphrase").write_text(VECTORS["passphrase"] + "\n")
    Path("passphrase").chmod(0o600)
    return tmp_path


def old_export() -> dict[str, object]:
    """What a version without evaluation keys exported."""
    files = [
        json.loads(vector["file"])
        for vector in VECTORS["files"]
        if vector["wrap"] == "passphrase" and vector["epoch"] is None
    ]
    return {"format": "floodmark/keys/1", "keys": files}


def listed(capsys) -> dict[str, dict[str, object]]:
    capsys.readouterr()
    assert main(["keys", "list", "-o", "json"]) == 0
    return {key["purpose"]: key for key in json.loads(capsys.readouterr().out)["keys"]}


def answered(arguments: list[str], answer: bytes) -> tuple[int, str]:
    """Exit code and all output of a command at a terminal, at which a person types something."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [FLOODMARK, *arguments], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        os.close(theirs)
        os.write(ours, answer)
        assert process.stdout is not None
        said = process.stdout.read().decode()
    os.close(ours)
    return process.returncode, said


def test_an_old_export_is_imported_and_the_third_key_made_when_it_is_needed(home, capsys):
    Path("old.json").write_text(json.dumps(old_export(), indent=2) + "\n")
    assert main(["keys", "import", "old.json"]) == 0
    assert "floodmark keys epoch" in capsys.readouterr().err
    assert set(listed(capsys)) == {"digest", "signing"}
    before = {path.name: path.read_bytes() for path in Path("keys").iterdir()}
    assert main(["keys", "epoch"]) == 0
    printed = capsys.readouterr()
    assert "epoch 1, public key" in printed.out and "export" in printed.err
    key = listed(capsys)["evaluation"]
    assert (key["epoch"], key["wrap"]) == (1, "passphrase")
    assert {name: Path("keys", name).read_bytes() for name in before} == before
    with keyring(Path("passphrase")) as opened:
        assert opened.evaluation_key().public.hex() == key["public"]


def test_an_import_of_one_key_says_nothing_of_those_that_its_machine_does_not_need(home, capsys, monkeypatch):
    main(["keys", "init"])
    main(["keys", "export", "signing.json", "--purpose", "signing"])
    monkeypatch.setenv("FLOODMARK_KEYS", str(home / "elsewhere"))
    capsys.readouterr()
    assert main(["keys", "import", "signing.json"]) == 0
    assert "keys epoch" not in capsys.readouterr().err


def test_the_key_that_is_there_is_only_replaced_with_next(home, capsys):
    main(["keys", "init"])
    before = listed(capsys)
    assert main(["keys", "epoch"]) == 1
    assert "--next" in capsys.readouterr().err
    assert listed(capsys) == before


def test_the_next_epoch_says_what_it_means_before_it_begins(home, capsys):
    main(["keys", "init"])
    before = listed(capsys)
    capsys.readouterr()
    assert main(["keys", "epoch", "--next", "--yes", "-o", "json"]) == 0
    printed = capsys.readouterr()
    said = " ".join(printed.err.split())
    assert "sealed in epoch 1 can no longer be checked" in said
    assert "sealed again from their dumps, or retired" in said
    assert "protects nothing that was already downloaded" in said
    [made] = json.loads(printed.out)["keys"]
    after = listed(capsys)
    assert after["evaluation"] == made and made["epoch"] == 2
    assert made["id"] != before["evaluation"]["id"]
    assert {name: after[name] for name in ("digest", "signing")} == {
        name: before[name] for name in ("digest", "signing")
    }


def test_where_nobody_can_be_asked_nothing_is_replaced(home, capsys):
    main(["keys", "init"])
    before = Path("keys/evaluation.json").read_bytes()
    done = subprocess.run(
        [FLOODMARK, "keys", "epoch", "--next"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"floodmark keys epoch --next --yes" in done.stderr
    assert Path("keys/evaluation.json").read_bytes() == before


@pytest.mark.parametrize(("answer", "epoch"), [(b"n\n", 1), (b"\n", 1), (b"\x04", 1), (b"y\n", 2)])
def test_a_person_is_asked_and_only_yes_means_yes(home, capsys, answer, epoch):
    main(["keys", "init", "--wrap", "none"])
    code, said = answered(["keys", "epoch", "--next"], answer)
    assert "Begin the next epoch? [y/N]" in said
    assert (code == 0) == (epoch == 2)
    assert listed(capsys)["evaluation"]["epoch"] == epoch


def test_without_an_evaluation_key_there_is_no_next_epoch(home, capsys):
    assert main(["keys", "epoch"]) == 1
    assert "error (no-keys)" in capsys.readouterr().err
    main(["keys", "init"])
    Path("keys/evaluation.json").unlink()
    assert main(["keys", "epoch", "--next", "--yes"]) == 1
    assert "floodmark keys epoch" in capsys.readouterr().err
    assert not Path("keys/evaluation.json").exists()


def test_a_bare_key_comes_with_a_warning(home, capsys):
    main(["keys", "init", "--wrap", "none"])
    capsys.readouterr()
    assert main(["keys", "epoch", "--next", "--yes"]) == 0
    assert "not wrapped" in capsys.readouterr().err


def test_a_wrong_passphrase_begins_nothing(home, capsys):
    main(["keys", "init"])
    before = listed(capsys)
    Path("passphrase").write_text("another passphrase")
    assert main(["keys", "epoch", "--next", "--yes"]) == 1
    assert "error (wrong-passphrase)" in capsys.readouterr().err
    assert listed(capsys) == before
