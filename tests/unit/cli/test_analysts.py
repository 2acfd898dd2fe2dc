"""`floodmark analysts`, as a person or a script runs it."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from base64 import b32decode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.register.one_time_codes import code_at, step_at
from floodmark.register.passwords import normal
from floodmark.register.sign_in_key import load
from floodmark.register.signing_in import begin, finish
from floodmark.register.workspace import Workspace

PASSWORD = "correct horse battery"


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A folder with a password in a file that is this user's alone."""
    for name in [name for name in os.environ if name.startswith("FLOODMARK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    (tmp_path / "password").chmod(0o600)
    return tmp_path


@pytest.fixture
def run(home, capsys):
    """Run a command: exit code, stdout and stderr."""

    def run_one(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["analysts", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_one


def signs_in(home: Path, secret: str, password: str = PASSWORD) -> bool:
    """Whether ada does, with the code of now."""
    workspace, now = Workspace.open(home / "workspace"), datetime.now(UTC)
    key = load(home / "keys", workspace=workspace.folder)
    begun = begin(workspace, key, "ada", code_at(b32decode(secret), step_at(now)), "", now)
    return begun is not None and finish(workspace, key, begun, normal(password.encode()), now) is not None


def test_what_add_shows_signs_in(home, run):
    code, out, _ = run("add", "ada", "--password-file", "password", "-o", "json")
    shown = json.loads(out)
    assert code == 0 and f"secret={shown['secret']}" in shown["uri"]
    assert signs_in(home, shown["secret"])
    listed = json.loads(run("list", "-o", "json")[1])["analysts"]
    assert [(one["name"], one["sessions"], one["failures"]) for one in listed] == [("ada", 1, 0)]


def test_reset_voids_what_was_before_and_says_how_many_sessions_ended(home, run):
    before = json.loads(run("add", "ada", "--password-file", "password", "-o", "json")[1])["secret"]
    assert signs_in(home, before)
    (home / "password").write_text("another horse battery")
    code, out, err = run("reset", "ada", "--password-file", "password", "-o", "json")
    assert code == 0 and "1 session ended" in err
    assert not signs_in(home, before)
    assert signs_in(home, json.loads(out)["secret"], "another horse battery")


def test_who_is_removed_signs_in_no_more(home, run):
    secret = json.loads(run("add", "ada", "--password-file", "password", "-o", "json")[1])["secret"]
    assert run("remove", "ada")[0] == 0
    assert not signs_in(home, secret)
    code, out, err = run("list")
    assert (code, out) == (0, "") and "no analysts" in err


def test_the_secret_is_drawn_to_be_scanned_and_no_list_shows_it(run):
    code, out, err = run("add", "ada", "--password-file", "password")
    assert code == 0 and "█" in out and "▀" in out and "otpauth://totp/Floodmark:ada" in out
    assert "not shown again" in err
    secret = out.partition("secret=")[2][:32]
    for output in ("human", "json"):
        listed = run("list", "-o", output)[1]
        assert "ada" in listed and secret not in listed and PASSWORD not in listed


@pytest.mark.parametrize(
    ("arguments", "slug"),
    [
        (["add", "ada@example.org", "--password-file", "password"], "bad-analyst-name"),
        (["add", "ada", "--password-file", "short"], "password-refused"),
        (["add", "ada", "--password-file", "open"], "keys-exposed"),
        (["add", "ada", "--password-file", "nothing"], "unreadable-input"),
        (["reset", "bob", "--password-file", "password"], "analyst-not-found"),
        (["remove", "bob"], "analyst-not-found"),
        (["remove", ""], "analyst-not-found"),
        (["remove", "\udcff"], "analyst-not-found"),
        (["add", "\udcff"], "bad-analyst-name"),
    ],
)
def test_a_refusal_makes_nothing_and_repeats_nothing(home, run, arguments, slug):
    for name, content, mode in (("short", "too short", 0o600), ("open", PASSWORD, 0o644)):
        (home / name).write_text(content)
        (home / name).chmod(mode)
    code, out, err = run(*arguments)
    assert code != 0 and out == "" and slug in err
    assert "ada@example.org" not in err and "too short" not in err.replace("is too short", "")
    assert not (home / "workspace").exists() and not (home / "keys").exists()


def test_a_name_that_is_taken_is_refused_before_anybody_types(run):
    run("add", "ada", "--password-file", "password")
    code, _, err = run("add", "ada")
    assert code == 1 and "analyst-exists" in err


def test_a_settings_file_names_no_password_file(home, run):
    (home / "floodmark.toml").write_text('[analysts.add]\npassword_file = "password"\n')
    code, _, err = run("add", "ada")
    assert code == 2 and "floodmark.toml" in err


# Makes its standard input the terminal of a session of its own, and runs the program there.
ON_A_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def typed(*answers: tuple[str, str]) -> tuple[int, str]:
    """Exit code and all that a terminal shows when somebody adds ada and types each answer at its prompt."""
    program = [str(Path(sys.executable).with_name("floodmark")), "analysts", "add", "ada", "-o", "json"]
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-c", ON_A_TERMINAL, *program]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        seen = b""
        for prompt, answer in answers:
            while prompt.encode() not in seen:
                assert select.select([terminal], [], [], 60)[0], seen
                seen += os.read(terminal, 4096)
            os.write(terminal, answer.encode() + b"\n")
        while True:
            try:
                more = os.read(terminal, 4096)
            except OSError:  # the program has ended
                break
            seen += more
    os.close(terminal)
    return running.returncode, seen.decode()


@pytest.mark.parametrize(("again", "code"), [(PASSWORD, 0), ("something else", 2)])
def test_a_password_is_typed_twice_and_not_shown(home, again, code):
    done, shown = typed(("New password for ada: ", PASSWORD), ("Once more: ", again))
    assert done == code and PASSWORD not in shown and again not in shown
    assert (home / "workspace" / "register.sqlite").exists() is (code == 0)


def test_without_a_terminal_nobody_is_asked(home):
    done = subprocess.run(
        [str(Path(sys.executable).with_name("floodmark")), "analysts", "add", "ada"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 2 and "--password-file" in done.stderr
