"""The group: its help, its version, what it imports, and where defaults come from."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from floodmark.cli import COMMANDS, command, main


def test_help_lists_every_command(capsys):
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in COMMANDS)


def test_help_imports_no_engine():
    program = (
        "import sys; from floodmark.cli import main; main(['--help'])\n"
        "heavy = {'polars', 'numpy', 'rich', 'altair', 'vl_convert'} & set(sys.modules)\n"
        "raise SystemExit(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_the_version_is_the_installed_one(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("floodmark, version ")


def test_an_unknown_command_is_a_usage_error(capsys):
    assert main(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_a_click_command_with_the_line_that_the_help_shows(name):
    found = command.get_command(click.Context(command), name)
    assert isinstance(found, click.Command)
    assert found.short_help == COMMANDS[name][1]


def test_completion_answers_the_shell(capsys, monkeypatch):
    monkeypatch.setenv("_FLOODMARK_COMPLETE", "bash_source")
    assert main() == 0
    assert "_FLOODMARK_COMPLETE" in capsys.readouterr().out
