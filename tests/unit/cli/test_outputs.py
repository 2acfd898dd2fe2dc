"""Outputs stay out of the workspace and off the keys; a pipe without a reader ends every command alike."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from floodmark.cli import main

FLOODMARK = [sys.executable, "-c", "import sys; from floodmark.cli import main; sys.exit(main())"]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    home, keys = tmp_path / "home", tmp_path / "keys"
    for folder, name in ((home, "FLOODMARK_HOME"), (keys, "FLOODMARK_KEYS")):
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(name, str(folder))
    (keys / "digest.json").write_text("precious")
    (home / "register.sqlite").write_text("precious")
    (tmp_path / "link").symlink_to(keys)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dump.txt").write_text("phone,email\n")
    return home, keys


@pytest.mark.parametrize(
    "command",
    [
        ("triage", "dump.txt", "--html"),
        ("triage", "dump.txt", "--json"),
        ("triage", "dump.txt", "--csv"),
        ("grammar", "learn", "dump.txt", "-o"),
        ("compare", "dump.txt", "dump.txt", "--html"),
        ("overlap", "--html"),
        ("overlap", "--csv"),
        ("leak", "profile", "x", "--html"),
        ("match", "dump.txt", "--watch", "dump.txt", "--csv"),
        ("match", "dump.txt", "--watch", "dump.txt", "--out"),
        ("synth", "leak", "--twin", "combo", "--rows", "10", "--seed", "1", "-o"),
        ("keys", "export"),
    ],
    ids=" ".join,
)
def test_no_command_writes_into_the_workspace_or_over_the_keys(
    places: tuple[Path, Path], command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    home, keys = places
    for path in (
        keys / "digest.json",
        home / "register.sqlite",
        home / "leaks" / "new",
        Path("link/digest.json"),
    ):
        assert main([*command, str(path)]) == 2
        assert "written into the folder of" in capsys.readouterr().err
    assert (keys / "digest.json").read_text() == (home / "register.sqlite").read_text() == "precious"


@pytest.mark.parametrize("command", [("leaks",), ("case", "list"), ("leaks", "-o", "json")], ids=" ".join)
def test_a_pipe_without_a_reader_ends_with_the_exit_code_of_one(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*FLOODMARK, *command],
        stdout=write,
        stderr=subprocess.PIPE,
        env={**os.environ, "FLOODMARK_HOME": str(tmp_path / "home")},
        timeout=60,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    "command",
    [
        ("triage", "round"),
        ("triage", "dump.txt", "round", "--html", "out.html"),
        ("grammar", "learn", "round", "-o", "out.toml"),
        ("compare", "round", "dump.txt", "--html", "out.html"),
        ("guard", "report", "round", "--html", "out.html"),
    ],
)
def test_an_input_that_is_a_link_to_itself_is_no_bug(
    places: tuple[Path, Path], capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    Path("round").symlink_to("round")
    assert main([*command]) != 0
    assert "This is a bug" not in capsys.readouterr().err
