"""`floodmark optout`, as a person or a script runs it."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert

from floodmark.cli import main
from floodmark.register import tables
from floodmark.register.workspace import Workspace

PHONE = "+44 7400 123456"
GATEWAY = """#!/bin/sh
umask 077
cat > "$(dirname "$0")/message.json"
"""


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A folder with keys and a program that keeps the message it is to send."""
    for name in [name for name in os.environ if name.startswith("FLOODMARK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    gateway = tmp_path / "gateway.sh"
    gateway.write_text(GATEWAY)
    gateway.chmod(0o700)
    monkeypatch.setenv("FLOODMARK_OPERATOR", "Example CERT")
    monkeypatch.setenv("FLOODMARK_SMS_COMMAND", str(gateway))
    monkeypatch.setenv("FLOODMARK_MAIL_COMMAND", str(gateway))
    assert main(["keys", "init", "--wrap", "none"]) == 0
    return tmp_path


@pytest.fixture
def run(home, capsys, monkeypatch):
    """Run a command with lines on its standard input: exit code, stdout and stderr."""

    def run_one(*arguments: str, given: str | bytes = "") -> tuple[int, str, str]:
        capsys.readouterr()
        raw = given if isinstance(given, bytes) else given.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code = main(["optout", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_one


def message(home) -> dict[str, str]:
    found: dict[str, str] = json.loads((home / "message.json").read_text())
    return found


def code(home) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", message(home)["text"])
    assert found
    return found[0]


def test_out_and_in_again(home, run):
    assert run("request", given=f"{PHONE}\n")[0] == 0
    assert message(home)["to"] == "+447400123456"
    done, out, _ = run("confirm", "--region", "GB", given=f"07400 123456\n{code(home)}\n")
    assert done == 0 and "stays published" in out
    listed = json.loads(run("list", "-o", "json")[1])
    assert [(row["kind"], row["number"]) for row in listed["optouts"]] == [("phone", 1)]
    (home / "message.json").unlink()
    assert run("request", "--withdraw", given=PHONE)[0] == 0
    assert run("confirm", given=f"{PHONE}\n{code(home)}")[0] == 1
    assert run("withdraw", given=f"{PHONE}\r\n{code(home)}\r\n")[0] == 0
    assert run("list")[1] == "Nobody opted out.\n"


def test_the_answer_is_the_same_whether_a_code_was_sent_or_not(home, run):
    first = run("request", given="ada@example.org")
    (home / "message.json").unlink()
    assert run("request", given="ada@example.org") == first
    assert not (home / "message.json").exists()
    assert run("request", given="eve@example.org") == first
    assert "ada" not in first[1] + first[2]


def test_an_address_goes_out_in_canonical_form(home, run):
    run("request", given="\ufeff ADA@Bücher.example. \n")
    assert message(home)["to"] == "ada@xn--bcher-kva.example"
    assert "Example CERT" in message(home)["text"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["ada@example.org"],
        ["request", "ada@example.org"],
        ["request", "--ada@example.org"],
        ["request", "--email=ada@example.org"],
        ["request", "-ada@example.org"],
        ["request", "-oada@example.org"],
        ["request", "--smtp-port", "ada@example.org"],
        ["--ada@example.org"],
        ["confirm", "ada@example.org", "K7QM-3XRP"],
        ["withdraw", "ada"],
        ["list", "ada@example.org"],
    ],
)
def test_an_identifier_as_an_argument_is_refused_and_not_shown(run, arguments):
    done, out, err = run(*arguments, given="eve@example.org")
    assert done == 2
    assert "ada" not in out + err
    assert "K7QM" not in out + err


@pytest.mark.parametrize(
    "given", ["1234567", "@ada", "ada", "ada@", "02079460000", PHONE + " " + PHONE, "x" * 3000]
)
@pytest.mark.parametrize("command", ["request", "confirm", "withdraw"])
def test_what_no_message_reaches_is_refused_without_being_shown(home, run, given, command):
    done, out, err = run(command, given=given if command == "request" else f"{given}\nK7QM-3XRP")
    assert done == 2 and "not-provable" in err
    assert "Profile ids and user names cannot be proven" in err
    assert given not in out + err
    assert not (home / "message.json").exists()


@pytest.mark.parametrize(
    ("given", "exit_code"),
    [
        ("", 3),
        ("\n \n", 3),
        ("ada@example.org\neve@example.org", 2),
        (b"\xff@example.org", 2),
        ("a" * 5000, 2),
    ],
)
def test_standard_input_has_one_identifier_in_utf8(home, run, given, exit_code):
    done, _, err = run("request", given=given)
    assert done == exit_code
    assert "example" not in err
    assert not (home / "message.json").exists()


def test_a_wrong_code_and_one_that_nobody_asked_for_are_refused_alike(home, run):
    never = run("confirm", given="ada@example.org\n0000-0000")
    run("request", given="ada@example.org")
    wrong = run("confirm", given="ada@example.org\n0000-0000")
    assert never == wrong
    assert never[0] == 1 and "code-refused" in never[2]


def test_a_program_that_fails_says_so_and_can_be_tried_again_at_once(home, run):
    (home / "gateway.sh").write_text("#!/bin/sh\ncat >&2\nexit 9\n")
    done, out, err = run("request", given="ada@example.org")
    assert done == 1 and not out
    assert "not-sent" in err and "exit code 9" in err and "ada" not in err
    (home / "gateway.sh").write_text(GATEWAY)
    assert run("request", given="ada@example.org")[0] == 0
    assert code(home)


SETTINGS = {
    "operator": '"Eve"',
    "smtp-host": '"mail.example.com"',
    "smtp-tls": '"none"',
    "smtp-user": '"eve"',
    "smtp-port": "25",
    "from-address": '"eve@example.com"',
    "mail-command": '"/bin/true"',
    "sms-command": '"/bin/true"',
    "withdraw": "true",
    "smtp-ca": '"ca.pem"',
    "smtp-password-file": '"password"',
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_settings_file_that_came_with_a_dump_decides_nothing_of_sending(home, run, monkeypatch, name):
    for variable in ("FLOODMARK_OPERATOR", "FLOODMARK_SMS_COMMAND", "FLOODMARK_MAIL_COMMAND"):
        monkeypatch.delenv(variable)
    Path("floodmark.toml").write_text(f"[optout.request]\n{name} = {SETTINGS[name]}\n")
    given = [] if name == "operator" else ["--operator", "Example CERT"]
    done, _, err = run("request", *given, given="ada@example.org")
    assert done == 2 and "(settings)" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--mail-command", "gateway.sh 'x"], "open quote"),
        (["--mail-command", "./gateway.sh"], "relative path"),
        (["--mail-command", "no-such-program"], "not found"),
        (["--smtp-host", "mail.example.org"], "Two ways"),
        (["--operator", "call +44 7400 123456"], "seems to hold"),
        (["--operator", " "], "empty"),
    ],
)
def test_settings_that_cannot_send_are_refused_before_anybody_is_asked(run, arguments, words):
    done, _, err = run("request", *arguments, given="ada@example.org")
    assert done == 2 and words in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--smtp-host and --from, or --mail-command"),
        (["--smtp-host", "mail.example.org"], "--from ADDRESS"),
        (["--smtp-host", "mail.example.org", "--from", "a@example.org", "--smtp-tls", "none"], "unencrypted"),
        (["--smtp-host", "localhost", "--from", "a@example.org", "--smtp-user", "a"], "user and a password"),
    ],
)
def test_mail_settings_that_miss_something_are_refused(run, monkeypatch, arguments, words):
    monkeypatch.delenv("FLOODMARK_MAIL_COMMAND")
    done, _, err = run("request", *arguments, given="ada@example.org")
    assert done == 2 and words in err


def test_a_password_file_that_others_can_read_is_refused(home, run, monkeypatch):
    monkeypatch.delenv("FLOODMARK_MAIL_COMMAND")
    (home / "password").write_text("secret\n")
    (home / "password").chmod(0o644)
    mail = ["--smtp-host", "localhost", "--from", "a@example.org", "--smtp-user", "a"]
    done, _, err = run("request", *mail, "--smtp-password-file", "password", given="ada@example.org")
    assert done == 1 and "keys-exposed" in err and "secret" not in err


def test_the_list_says_which_sealed_leaks_were_too_early(home, run):
    run("request", given=PHONE)
    run("confirm", given=f"{PHONE}\n{code(home)}")
    workspace = Workspace.open(home / "workspace")
    leak = {
        "slug": "made-up",
        "title": "Made up",
        "saved_at": "2020-01-31T13:05:00Z",
        "synthetic": True,
        "rows": 1,
    }
    leak |= {
        "modified_at": "2020-01-31T13:05:00Z",
        "field_types": [],
        "digest_key_id": "",
        "profile_version": 2,
    }
    row = {
        "slug": "made-up",
        "seal_id": "00" * 16,
        "epoch": 1,
        "public_key": "00" * 32,
        "members": {"phone": 1},
    }
    row |= {"m": 16, "bytes": 1, "manifest_sha256": "00" * 32, "sealed_at": "2020-01-31T13:05:00Z"}
    with workspace.writing("test") as connection:
        connection.execute(insert(tables.leaks).values(leak | {"folder": "made-up-0123456789abcdef"}))
        connection.execute(insert(tables.sealed).values(row))
    out = run("list")[1]
    assert "made-up: sealed 2020-01-31T13:05:00Z, before 1 of these opt-outs" in out
    assert "floodmark seal applies them. What was published stays published." in out


def test_who_sends_the_code_is_never_left_out(run, monkeypatch):
    monkeypatch.delenv("FLOODMARK_OPERATOR")
    done, _, err = run("request", given="ada@example.org")
    assert done == 2 and "--operator NAME" in err


def test_without_a_command_there_is_help(run):
    done, out, err = run()
    assert done == 2 and "withdraw" in out + err


AT_A_TERMINAL = """
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))  # which makes it the terminal of this session
from floodmark.cli import main
sys.exit(main(sys.argv[1:]))
"""


def at_a_terminal(*arguments: str, answers: list[tuple[bytes, str]]) -> tuple[int, str, bytes]:
    """Exit code, stdout, and what the terminal showed of a command that asks."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", AT_A_TERMINAL, *arguments]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    for question, answer in answers:
        seen = len(shown)
        while question not in shown[seen:]:
            shown += os.read(ours, 1000)
        os.write(ours, f"{answer}\n".encode())
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    return process.returncode, out.decode(), shown


def test_at_a_terminal_a_person_is_asked_and_the_identifier_is_not_shown(home):
    twice = [(b"not shown", PHONE), (b"Once more", PHONE)]
    done, out, shown = at_a_terminal("optout", "request", answers=twice)
    assert done == 0 and out.startswith("A code is on its way")
    assert message(home)["to"] == "+447400123456"
    done, out, more = at_a_terminal("optout", "confirm", answers=[*twice, (b"Code", code(home))])
    assert done == 0 and out.startswith("Opted out")
    typed = code(home).encode()  # which is shown, and may happen to have these digits
    assert b"7400" not in shown + more.replace(typed, b"")
