"""A program of the operator's gets recipient and text on its standard input, and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from floodmark.notices.sending import CommandSender, Message, NotSent, PerhapsSent, code_message

TO = "+447400123456"
CODE = Message("Your code", "K7QM-3XRP\n")


def program(folder: Path, body: str, **settings: float) -> CommandSender:
    """A real program, in Python."""
    file = folder / "gateway.py"
    file.write_text(
        f"import json, os, signal, sys, time\nfrom pathlib import Path\nfolder = Path({str(folder)!r})\n{body}\n"
    )
    return CommandSender((sys.executable, str(file)), **settings)


def test_it_gets_the_message_as_json_on_stdin_and_in_no_argument_or_variable(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sender = program(
        tmp_path,
        "seen = [json.load(sys.stdin), sys.argv[1:], dict(os.environ), os.getcwd()]\n"
        "(folder / 'seen').write_text(json.dumps(seen))",
    )
    sender.send(TO, CODE)
    given, arguments, environment, folder = json.loads((tmp_path / "seen").read_text())
    assert given == {"to": TO, "subject": "Your code", "text": "K7QM-3XRP\n"}
    assert arguments == []
    assert not any(TO in value or "K7QM" in value for value in environment.values())
    assert folder == "/"  # not the folder of a dump


def test_no_shell_reads_the_arguments(tmp_path):
    sender = CommandSender(
        (sys.executable, "-c", "import sys; sys.exit(sys.argv[1] != '$(exit 3); *')", "$(exit 3); *")
    )
    sender.send(TO, CODE)


def test_what_it_writes_is_not_shown(tmp_path, capfd):
    sender = program(
        tmp_path, "text = sys.stdin.read()\nprint(text)\nprint(text, file=sys.stderr)\nsys.exit(3)"
    )
    with pytest.raises(NotSent, match="exit code 3") as raised:
        sender.send(TO, CODE)
    assert capfd.readouterr() == ("", "")
    assert "4123" not in raised.value.message + raised.value.hint
    assert raised.value.__context__ is None


def test_one_that_reads_nothing_may_succeed(tmp_path):
    program(tmp_path, "sys.stdin.close()").send(TO, Message("Long", "x" * 1_000_000))


def test_one_that_hangs_is_killed_with_what_it_started(tmp_path, monkeypatch):
    file, child = tmp_path / "gateway.sh", tmp_path / "child"
    file.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > '{child}.part'\nmv '{child}.part' '{child}'\nwait\n")
    file.chmod(0o700)
    communicate = subprocess.Popen.communicate

    def over_when_it_has_started_something(process, given, time_out):
        assert time_out == 7.0
        _wait_until(child.exists)
        return communicate(process, given, 0.01)

    monkeypatch.setattr(subprocess.Popen, "communicate", over_when_it_has_started_something)
    with pytest.raises(PerhapsSent, match="too long"):
        CommandSender((str(file),), time_out=7.0).send(TO, CODE)
    started = int(child.read_text())
    _wait_until(lambda: not _runs(started))


def _wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False


def test_one_that_was_killed_may_have_sent_it(tmp_path):
    with pytest.raises(PerhapsSent):
        program(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)").send(TO, CODE)


@pytest.mark.parametrize("name", ["missing", "no-program", "nul\0"])
def test_what_cannot_be_started_sent_nothing(tmp_path, name):
    (tmp_path / "no-program").write_text("text")
    with pytest.raises(NotSent, match="could not be started"):
        CommandSender((str(tmp_path / name),)).send(TO, CODE)


@pytest.mark.parametrize("purpose", ["optout", "withdraw"])
@pytest.mark.parametrize("kind", ["email", "phone"])
def test_every_message_says_who_sends_it_what_for_and_that_ignoring_it_changes_nothing(purpose, kind):
    message = code_message(purpose, kind, "Example CERT", "K7QM-3XRP", 30)
    text = " ".join(message.text.split())
    for words in ("Example CERT", "K7QM-3XRP", "30 min", "gnore this", "nothing changes", "index of leak"):
        assert words in text
    assert ("opt-out" in text) == (purpose == "withdraw")
    assert "K7QM" not in message.subject + repr(message)


@pytest.mark.parametrize("purpose", ["optout", "withdraw"])
def test_a_message_to_a_phone_fits_one_short_message(purpose):
    assert len(code_message(purpose, "phone", "Example CERT", "K7QM-3XRP", 30).text) <= 160


def test_no_line_of_a_mail_is_long():
    text = code_message(
        "withdraw", "email", "An Operator with Rather a Long Name of Sixty Characters, all", "K7QM-3XRP", 30
    ).text
    assert max(map(len, text.splitlines())) <= 72
