"""`floodmark guard canaries`: made, listed, shown on a terminal, and forgotten."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from floodmark.cli import main
from floodmark.guard import Canaries, reduce
from floodmark.register.keys import Keyring

Run = Callable[..., tuple[int, str, str]]
MAKE = ("guard", "canaries", "make")
PHONES = ("--kind", "phone", "--range", "+447400")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))

    def work(*args: str) -> tuple[int, str, str]:
        code = main(list(args))
        return (code, *capsys.readouterr())

    assert work("keys", "init", "--wrap", "none")[0] == 0
    return work


def all_of(terminal: int) -> bytes:
    """What a terminal was sent by programs that have ended; it is handed out in pieces."""
    seen = b""
    while True:
        try:
            seen += os.read(terminal, 65_536)
        except OSError:  # there is no more, and nobody left to send any
            return seen


def test_canaries_are_made_listed_and_forgotten(run: Run, tmp_path: Path) -> None:
    held = tmp_path / "held.txt"
    held.write_text("+447400000001\n07400 000002\n")
    code, out, _ = run(*MAKE, "spring", *PHONES, "--held", str(held), "--region", "GB", "-o", "json")
    (made,) = json.loads(out)["canaries"]
    assert code == 0
    assert (made["name"], made["kind"], made["canaries"], made["checked_against"]) == (
        "spring",
        "phone",
        20,
        2,
    )
    assert run(*MAKE, "spring", *PHONES, "--held", str(held), "--region", "GB")[0] == 2
    assert json.loads(run("guard", "canaries", "list", "-o", "json")[1])["canaries"] == [made]
    assert "spring" in run("guard", "canaries", "list")[1]
    assert run("guard", "canaries", "forget", "spring")[0] == 0
    assert "There are no canaries." in run("guard", "canaries", "list")[1]
    assert run("guard", "canaries", "forget", "spring")[0] == 2


def test_lines_of_holders_that_cannot_be_read_are_told(run: Run, tmp_path: Path) -> None:
    held = tmp_path / "held.txt"
    held.write_text("+447400000001\n07400 000002\n\n07400 000003\n")
    code, _, err = run(*MAKE, "spring", *PHONES, "--held", str(held))
    assert code == 0
    assert "2 lines are no phone" in err and "--region" in err
    assert "000002" not in err
    assert "no phone" not in run(*MAKE, "summer", *PHONES, "--held", str(held), "--region", "GB")[2]


def test_canaries_that_nothing_was_checked_against_need_a_word(run: Run) -> None:
    code, _, err = run(*MAKE, "spring", *PHONES)
    assert code == 2
    assert "--held" in err
    assert run(*MAKE, "spring", *PHONES, "--unchecked")[0] == 0


def test_what_a_saved_leak_holds_is_no_canary(run: Run, tmp_path: Path) -> None:
    dump = tmp_path / "dump.csv"
    numbers = [f"+4474000{number:05}" for number in range(3000)]
    dump.write_text("\n".join(["phone", *numbers, ""]))
    assert run("save", "forum", str(dump))[0] == 0
    code, out, _ = run(*MAKE, "spring", *PHONES, "--count", "1000", "-o", "json")
    (made,) = json.loads(out)["canaries"]
    assert (code, made["checked_against"]) == (0, 3000)
    with Keyring.open(passphrase=lambda _: b"") as keys:
        key = keys.digest_key()
    held = set(reduce("phone", pl.Series(numbers), key)["identifier"].to_list())
    sets = Canaries.read(tmp_path / "workspace" / "guard" / "canaries.json", key.id)
    assert len(sets.digests) == 1000
    assert held.isdisjoint(sets.digests)


def test_a_list_of_names_makes_canaries_too(run: Run, tmp_path: Path) -> None:
    names, held = tmp_path / "names.txt", tmp_path / "held.txt"
    names.write_text("".join(f"Ann.{number}\n" for number in range(50)))
    held.write_text("ann.7\n")
    given = ("--kind", "username", "--from", str(names), "--held", str(held))
    code, out, _ = run(*MAKE, "names", *given, "--count", "49", "-o", "json")
    assert (code, json.loads(out)["canaries"][0]["range"]) == (0, None)
    assert run(*MAKE, "more", *given, "--count", "50")[0] == 2
    assert run(*MAKE, "both", *given, "--range", "an*")[0] == 2


def test_canaries_are_shown_on_a_terminal_alone(run: Run, tmp_path: Path) -> None:
    assert run(*MAKE, "spring", *PHONES, "--unchecked")[0] == 0
    code, out, err = run("guard", "canaries", "show", "spring")
    assert (code, out) == (1, "")
    assert "not-a-terminal" in err
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "import sys; from floodmark.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, "guard", "canaries", "show", "spring"], stdout=theirs, stderr=subprocess.PIPE, check=False
    )
    os.close(theirs)
    shown = all_of(ours).decode().split()
    os.close(ours)
    assert done.returncode == 0
    assert len(shown) == 20
    assert all(number.startswith("+447400") and len(number) == 13 for number in shown)
    stored = (tmp_path / "workspace" / "guard" / "canaries.json").read_text()
    assert not {number[1:] for number in shown} & {*re.findall(r"[0-9]+", stored)}
