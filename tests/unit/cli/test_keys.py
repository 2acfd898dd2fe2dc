"""`floodmark keys`, as a person or a script runs it."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import pyrage
import pytest

from floodmark.cli import main
from floodmark.cli.keys import keyring
from floodmark.errors import FloodmarkError
from floodmark.register.key_folder import NoKeys
from floodmark.register.key_wrap import NoPassphrase


@pytest.fixture
def dear_home(tmp_path, monkeypatch) -> Path:
    """An empty folder to work in, a passphrase that is given by a file, and no keys."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "FLOODMARK_KEYS", "FLOODMARK_HOME", "FLOODMARK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FLOODMARK_PASSPHRASE_FILE", "passphrase")
    monkeypatch.chdir(tmp_path)
    secret_file("passphrase", "correct horse battery\n")
    return tmp_path


@pytest.fixture
def home(cheap, dear_home) -> Path:
    return dear_home


def secret_file(name: str, content: str) -> None:
    Path(name).write_text(content)
    Path(name).chmod(0o600)


def listed(capsys) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["keys", "list", "-o", "json"]) == 0
    keys: list[dict[str, str]] = json.loads(capsys.readouterr().out)["keys"]
    return keys


def test_keys_are_made_listed_and_usable(dear_home, capsys):
    assert main(["keys", "init"]) == 0
    printed = capsys.readouterr()
    beginnings = [line.split()[0] for line in printed.out.splitlines()]
    assert beginnings == ["digest", "signing", "public", "evaluation", "epoch"]
    assert "export" in printed.err
    keys = listed(capsys)
    assert [(key["purpose"], key["wrap"], key["file"]) for key in keys] == [
        ("digest", "passphrase", "digest.json"),
        ("signing", "passphrase", "signing.json"),
        ("evaluation", "passphrase", "evaluation.json"),
    ]
    with keyring(Path("passphrase")) as opened:
        assert opened.digest_key().id == keys[0]["id"]
        assert opened.signing_key().public.hex() == keys[1]["public"]
        assert opened.evaluation_key().public.hex() == keys[2]["public"]
        assert opened.evaluation_key().epoch == keys[2]["epoch"] == 1


def test_the_list_says_the_root_key_that_clients_need(home, capsys):
    main(["keys", "init"])
    keys = listed(capsys)
    main(["keys", "list", "-o", "json"])
    root = json.loads(capsys.readouterr().out)["root_key"]
    assert root == keys[1]["public"] and len(root) == 64
    main(["keys", "list"])
    assert f"root key of clients: {root}\n" in capsys.readouterr().out
    (home / ".config/floodmark/keys/signing.json").unlink()
    main(["keys", "list", "-o", "json"])
    assert "root_key" not in json.loads(capsys.readouterr().out)


def test_the_list_is_the_same_in_both_forms_and_shows_no_secret(home, capsys):
    main(["keys", "init", "--wrap", "none"])
    keys = listed(capsys)
    assert main(["keys", "list"]) == 0
    human = capsys.readouterr().out
    digest, signing, root, evaluation, epoch = human.splitlines()
    assert root.split()[-1] == keys[1]["public"]
    assert epoch.strip() == f"epoch 1, public key {keys[2]['public']}"
    lines = [digest, signing, evaluation]
    for key, line in zip(keys, lines, strict=True):
        assert line.split() == [key["purpose"], key["id"], key["wrap"], key["created"], key["file"]]
        secret = json.loads((home / ".config/floodmark/keys" / key["file"]).read_text())["secret"]
        assert secret not in json.dumps(keys) + human


def test_unwrapped_keys_come_with_a_warning(home, capsys):
    assert main(["keys", "init", "--wrap", "none"]) == 0
    assert "not wrapped" in capsys.readouterr().err
    with keyring() as opened:  # nobody is asked
        opened.digest_key()


def test_a_second_init_changes_nothing(home, capsys):
    main(["keys", "init"])
    before = listed(capsys)
    assert main(["keys", "init", "--wrap", "none"]) == 1
    assert "error (keys-exist)" in capsys.readouterr().err
    assert listed(capsys) == before


def test_keys_go_to_another_machine_sealed_and_come_out_the_same(home, capsys, monkeypatch):
    identity = pyrage.x25519.Identity.generate()
    secret_file("identity", f"# a comment\n{identity}\n")
    main(["keys", "init"])
    there = listed(capsys)
    assert main(["keys", "export", "keys.age", "--to", str(identity.to_public())]) == 0
    assert Path("keys.age").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("FLOODMARK_KEYS", str(home / "elsewhere"))
    assert main(["keys", "import", "keys.age"]) == 1
    assert "--identity FILE" in capsys.readouterr().err
    assert main(["keys", "import", "keys.age", "--identity", "identity", "--wrap", "none"]) == 0
    assert [key | {"wrap": "passphrase"} for key in listed(capsys)] == there


def test_an_export_never_overwrites_an_older_one(home, capsys):
    main(["keys", "init"])
    assert main(["keys", "export", "backup"]) == 0
    before = Path("backup").read_bytes()
    assert main(["keys", "export", "backup"]) == 2
    assert Path("backup").read_bytes() == before


@pytest.mark.parametrize("place", ["workspace/export", "workspace/leaks/export", "link/export"])
def test_an_export_does_not_go_into_the_workspace(home, capsys, monkeypatch, place):
    monkeypatch.setenv("FLOODMARK_HOME", str(home / "workspace"))
    Path("workspace/leaks").mkdir(parents=True)
    Path("link").symlink_to("workspace")
    main(["keys", "init"])
    assert main(["keys", "export", place]) == 2
    assert "written into the folder of the workspace" in capsys.readouterr().err


def test_an_import_that_would_replace_a_key_says_what_that_means(home, capsys, monkeypatch):
    main(["keys", "init"])
    main(["keys", "export", "backup"])
    old = listed(capsys)
    monkeypatch.setenv("FLOODMARK_KEYS", str(home / "elsewhere"))
    main(["keys", "init"])
    assert main(["keys", "import", "backup"]) == 1
    assert "can never be compared" in capsys.readouterr().err
    assert main(["keys", "import", "backup", "--replace"]) == 0
    assert "Replaced the digest key" in capsys.readouterr().err
    assert listed(capsys) == old
    assert main(["keys", "import", "backup"]) == 0
    assert "was there already" in capsys.readouterr().err


def test_the_passphrase_is_changed(home, capsys):
    secret_file("other", "another passphrase\r\n")
    main(["keys", "init"])
    before = listed(capsys)
    assert main(["keys", "wrap", "--to", "passphrase", "--new-passphrase-file", "other"]) == 0
    assert listed(capsys) == before
    assert main(["keys", "wrap", "--to", "none"]) == 1
    assert "error (wrong-passphrase)" in capsys.readouterr().err
    assert main(["keys", "wrap", "--to", "none", "--passphrase-file", "other"]) == 0


def test_a_pair_of_commands_wraps_and_unwraps(home, capsys):
    identity = pyrage.x25519.Identity.generate()
    script = f"import sys, pyrage; i = pyrage.x25519.Identity.from_str({str(identity)!r})\n"
    script += "data = sys.stdin.buffer.read(); seal = sys.argv[1] == 'seal'\n"
    script += "sys.stdout.buffer.write(pyrage.encrypt(data, [i.to_public()]) if seal else pyrage.decrypt(data, [i]))"
    secret_file("kms.py", script)
    command = f"{shlex.quote(os.sys.executable)} {shlex.quote(str(home / 'kms.py'))}"
    assert (
        main(
            [
                "keys",
                "init",
                "--wrap",
                "command",
                "--wrap-with",
                f"{command} seal",
                "--unwrap-with",
                f"{command} open",
            ]
        )
        == 0
    )
    keys = listed(capsys)
    assert {key["wrap"] for key in keys} == {"command"}
    with keyring() as opened:
        assert opened.digest_key().id == keys[0]["id"]


@pytest.mark.parametrize(
    "args",
    [
        ["init", "--wrap", "command"],
        ["init", "--wrap", "command", "--wrap-with", "cat"],
        ["init", "--wrap-with", "cat", "--unwrap-with", "cat"],
        ["init", "--wrap", "command", "--wrap-with", "cat '", "--unwrap-with", "cat"],
        ["init", "--wrap", "tpm"],
        ["wrap"],
        ["export", "out", "--purpose", "nothing"],
        ["export", "out", "--to", "age1nonsense"],
        ["export", "out", "--to", "age1nonsense", "--new-passphrase-file", "passphrase"],
        ["export"],
    ],
)
def test_what_makes_no_sense_is_a_usage_error_and_makes_nothing(home, capsys, args):
    if args[0] != "init":
        main(["keys", "init"])
    before = sorted(home.rglob("*"))
    assert main(["keys", *args]) == 2
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize(
    ("content", "mode", "slug"),
    [
        ("correct horse battery", 0o644, "keys-exposed"),
        ("too short", 0o600, "passphrase-refused"),
        ("", 0o600, "passphrase-refused"),
        (None, 0, "unreadable-input"),
    ],
)
def test_a_passphrase_file_that_will_not_do_is_refused(home, capsys, content, mode, slug):
    Path("passphrase").unlink()
    if content is not None:
        Path("passphrase").write_text(content)
        Path("passphrase").chmod(mode)
    assert main(["keys", "init"]) == 1
    printed = capsys.readouterr().err
    assert f"error ({slug})" in printed
    assert not content or content not in printed
    assert not Path(".config").exists()


def test_only_the_line_end_at_the_end_of_a_passphrase_file_is_left_out(home, capsys):
    secret_file("passphrase", " a passphrase  \n\n")
    assert main(["keys", "init"]) == 1  # a line end inside
    secret_file("passphrase", " a passphrase  \r\n")
    assert main(["keys", "init"]) == 0
    secret_file("passphrase", " a passphrase  ")
    assert main(["keys", "wrap", "--to", "none"]) == 0


@pytest.mark.parametrize(
    "text",
    [
        '[keys.init]\nwrap = "none"',
        '[keys.init]\nwrap = "command"\nwrap-with = "touch trap"\nunwrap-with = "cat"',
        '[keys.init]\npassphrase-file = "passphrase"',
        '[keys.export]\nrecipients = ["age1"]',
        "[keys.import]\nreplace = true",
        "[keys.epoch]\nnext = true",
        "[keys.epoch]\nyes = true",
        'keys = "elsewhere"',
        'home = "elsewhere"',
    ],
)
def test_a_settings_file_that_came_with_a_dump_decides_nothing_about_keys(home, capsys, text):
    Path("floodmark.toml").write_text(text)
    command = {"export": ["export", "out"], "import": ["import", "out"], "epoch]": ["epoch"]}.get(
        text[6:12], ["init"]
    )
    assert main(["keys", *command]) == 2
    assert "floodmark.toml" in capsys.readouterr().err
    assert not Path(".config").exists()


def test_the_variables_of_the_folders_are_no_options_of_a_command(home, capsys, monkeypatch):
    monkeypatch.setenv("FLOODMARK_KEYS", str(home / "k"))
    monkeypatch.setenv("FLOODMARK_HOME", str(home / "w"))
    assert main(["keys", "init"]) == 0
    assert main(["keys", "list"]) == 0
    assert sorted(path.name for path in Path("k").iterdir()) == [
        "digest.json",
        "evaluation.json",
        "signing.json",
    ]
    assert not Path("w").exists()


def test_any_command_can_ask_for_the_keyring(home, monkeypatch):
    with pytest.raises(NoKeys):
        keyring()
    main(["keys", "init"])
    with keyring(Path("passphrase")) as opened:
        assert len(opened.signing_key().sign(b"")) == 64
    assert issubclass(NoPassphrase, FloodmarkError)


def test_an_import_waits_for_no_pipe(home, capsys):
    os.mkfifo(home / "pipe\x1b]0;pwned\a")
    assert main(["keys", "import", "pipe\x1b]0;pwned\a"]) == 1
    printed = capsys.readouterr().err
    assert "is no ordinary file" in printed
    assert printed.replace("\n", "").isprintable()


def test_a_command_that_encrypts_nothing_wraps_no_keys(home, capsys):
    assert main(["keys", "init", "--wrap", "command", "--wrap-with", "cat", "--unwrap-with", "cat"]) == 1
    assert "key-command-failed" in capsys.readouterr().err
    assert not (home / "keys").exists()
