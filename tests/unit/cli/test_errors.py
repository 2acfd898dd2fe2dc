"""What a failure becomes on stderr, and which exit code it has."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable

import click
import pytest

from floodmark.cli import settings
from floodmark.cli.errors import guarded
from floodmark.errors import FloodmarkError, NothingToRead

SECRET = "+44 7700 900123"


def failing(error: BaseException) -> Callable[[], None]:
    def action() -> None:
        raise error

    return action


def test_an_expected_failure_prints_its_slug_message_and_hint_and_has_its_exit_code(capsys):
    assert guarded(failing(NothingToRead("The file is empty."))) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"error (nothing-to-read): The file is empty.\nhint: {NothingToRead.hint}\n"


@pytest.mark.parametrize(
    "error",
    [
        FloodmarkError("No file \x1b]0;pwned\a\u202e here.", "Rename \x9b31m\udcff it."),
        click.UsageError("No such command '\x1b]0;pwned\a\u202e \x9b \udcff'."),
    ],
)
def test_no_message_controls_the_terminal(capsys, error):
    guarded(failing(error))
    printed = capsys.readouterr().err
    assert "\ufffd]0;pwned\ufffd\ufffd" in printed
    assert printed.replace("\n", "").isprintable()


def test_a_failure_without_a_hint_is_one_line(capsys):
    assert guarded(failing(FloodmarkError("It failed."))) == 1
    assert capsys.readouterr().err == "error (failed): It failed.\n"


@pytest.mark.parametrize(
    "error", [ValueError(SECRET), KeyError(SECRET), OSError(SECRET), BaseException(SECRET)]
)
def test_an_unexpected_failure_prints_its_class_and_never_its_message(capsys, monkeypatch, error):
    monkeypatch.delenv("FLOODMARK_DEBUG", raising=False)
    assert guarded(failing(error)) == 1
    printed = capsys.readouterr().err
    assert printed.startswith(f"error (bug): This is a bug: {type(error).__name__} outside floodmark.")
    assert SECRET not in printed
    assert "Traceback" not in printed


def test_a_bug_names_the_place_in_our_own_code(capsys, tmp_path):
    path = tmp_path / "floodmark.toml"
    path.write_text("[look]")
    assert guarded(lambda: settings.read(None, path)) == 1  # type: ignore[arg-type]
    assert re.search(r"AttributeError at floodmark\.cli\.settings:\d+\.", capsys.readouterr().err)


def test_the_traceback_shows_when_asked_for(capsys, monkeypatch):
    monkeypatch.setenv("FLOODMARK_DEBUG", "1")
    assert guarded(failing(ValueError("shape"))) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_full_disk_is_told_in_the_systems_words_without_a_path(capsys):
    assert guarded(failing(OSError(errno.ENOSPC, "x", f"/tmp/{SECRET}"))) == 1
    printed = capsys.readouterr().err
    assert printed.startswith(f"error (system): {os.strerror(errno.ENOSPC)}.")
    assert SECRET not in printed


def test_ctrl_c_ends_with_a_clean_line_and_130():
    program = "import time; from floodmark.cli.errors import guarded as g; "
    program += "raise SystemExit(g(lambda: (print('ready', flush=True), time.sleep(60))))"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
    assert process.returncode == 130
    assert told == "\nInterrupted.\n"


def test_a_reader_that_goes_away_ends_the_program_quietly():
    source, sink = os.pipe()
    os.close(source)
    command = [sys.executable, "-c", "from floodmark.cli import main; raise SystemExit(main(['--help']))"]
    done = subprocess.run(command, stdout=sink, stderr=subprocess.PIPE, text=True, check=False)
    os.close(sink)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("error", "code"), [(SystemExit(5), 5), (SystemExit(None), 0), (click.exceptions.Exit(12), 12)]
)
def test_a_command_that_exits_keeps_its_exit_code(error, code):
    assert guarded(failing(error)) == code
