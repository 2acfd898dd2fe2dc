"""`floodmark hazmat` on a terminal of its own, and off it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pty
import sys
import zipfile
from pathlib import Path

import pytest

from floodmark.cli import main

LINES = [f"+2010{10_000_000 + n},Omar Said,u{n}@example.org" for n in range(100)]
LINES[50] = "d\u00e4mage\x1b[2J\u202e"
TEXT = "\n".join(["phone,full_name,email", *LINES, ""])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dump.csv").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(folder: Path, *args: str, terminal: bool = True) -> tuple[int, str, str]:
    """Exit code, stdout and stderr; stdout is a terminal or a pipe, and holds what is shown until it is read."""
    ours, theirs = pty.openpty() if terminal else os.pipe()
    told = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    with pytest.MonkeyPatch.context() as patch, os.fdopen(theirs, "w", encoding="utf-8") as stdout:
        patch.chdir(folder)
        patch.setenv("FLOODMARK_HOME", str(folder / "home"))
        patch.setenv("FLOODMARK_KEYS", str(folder / "keys"))
        patch.setenv("COLUMNS", "100")
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", told)
        code = main(["hazmat", *args])
    shown = b""
    while True:
        try:
            part = os.read(ours, 1 << 16)
        except OSError:  # the terminal's other end is gone
            break
        if not part:
            break
        shown += part
    os.close(ours)
    return code, shown.decode().replace("\r\n", "\n"), told.buffer.getvalue().decode()  # type: ignore[attr-defined]


def test_a_line_is_shown_on_a_terminal_with_nothing_in_it_hidden(folder: Path) -> None:
    offset = TEXT.encode().index("dämage".encode())
    code, shown, error = run(folder, "show", "dump.csv", "--at", str(offset), "--reason", "Why is it damaged")
    assert (code, shown) == (0, f"{offset:,} | dämage\\x1b[2J\\u202e\n")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()[:16]
    assert error.strip().endswith(f"Logged: byte {offset:,} of the text of the file with SHA-256 {digest}….")


def test_where_the_line_begins_is_said_when_the_offset_is_within_it(folder: Path) -> None:
    start = TEXT.encode().index(LINES[10].encode())
    code, shown, error = run(folder, "show", "dump.csv", "--at", str(start + 9), "--reason", "A test")
    assert code == 0
    assert shown.startswith(f"{start:,} | ")
    assert f"Logged: byte {start + 9:,} of" in error
    assert f"within a line, which begins at byte {start:,}." in error


def test_the_member_is_named_as_reports_call_it(folder: Path) -> None:
    with zipfile.ZipFile(folder / "set.zip", "w") as archive:
        archive.writestr("parts/1.csv", TEXT)
        archive.writestr("parts/2.csv", TEXT)
    code, _, error = run(
        folder, "show", "set.zip", "--at", "0", "--member", "parts/2.csv", "--reason", "A test"
    )
    assert code == 0
    assert "byte 0 of the text of set.zip/parts/2.csv in the file with SHA-256" in error
    _, listed, _ = run(folder, "log", terminal=False)
    assert "set.zip/parts/2.csv" in listed
    _, listed, _ = run(folder, "log", "-o", "json", terminal=False)
    assert [one["label"] for one in json.loads(listed)] == ["set.zip/parts/2.csv"]


def test_a_quarantined_place_is_shown_with_its_reason(folder: Path) -> None:
    code, shown, _ = run(folder, "show", "dump.csv", "--quarantined", "1", "--reason", "Why is it damaged")
    assert code == 0
    assert shown.startswith("Quarantined, ")
    assert "dämage" in shown


def test_off_a_terminal_nothing_is_shown_and_nothing_logged(folder: Path) -> None:
    code, shown, error = run(folder, "show", "dump.csv", "--at", "0", "--reason", "A test", terminal=False)
    assert (code, shown) == (1, "")
    assert "not-a-terminal" in error
    assert "phone" not in error
    assert not (folder / "home").exists()


def test_the_log_lists_looks_and_holds_nothing_of_the_content(folder: Path) -> None:
    run(folder, "show", "dump.csv", "--at", "0", "--lines", "3", "--reason", "Does the header lie")
    code, listed, _ = run(folder, "log", "-o", "json", terminal=False)
    (entry,) = json.loads(listed)
    assert code == 0
    assert (entry["offset"], entry["lines"], entry["reason"]) == (0, 3, "Does the header lie")
    assert {path.name for path in folder.iterdir()} == {"dump.csv", "home"}
    for path in (folder / "home").rglob("*"):
        assert path.is_dir() or b"Omar" not in path.read_bytes()
    code, listed, _ = run(folder, "log", terminal=False)
    assert "Does the header lie" in listed


def test_a_log_that_was_changed_is_said(folder: Path) -> None:
    run(folder, "show", "dump.csv", "--at", "0", "--reason", "One reason")
    run(folder, "show", "dump.csv", "--at", "0", "--reason", "One reason")
    log = folder / "home" / "hazmat.jsonl"
    log.write_text(log.read_text().replace("One", "Two", 1))
    code, listed, error = run(folder, "log", terminal=False)
    assert code == 1
    assert "hazmat-log-changed" in error
    assert "CHANGED" in listed


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--at", "0"], "--reason"),
        (["--at", "0", "--reason", "ada@example.org"], "holds-identifier"),
        (["--reason", "A test"], "State one place"),
        (["--at", "0", "--quarantined", "1", "--reason", "A test"], "State one place"),
        (["--at", "0", "--lines", "1000", "--reason", "A test"], "--lines"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_file_is_read(
    folder: Path, args: list[str], said: str
) -> None:
    code, shown, error = run(folder, "show", "dump.csv", *args)
    assert (code, shown) == (2, "")
    assert said in error


def test_a_workspace_that_cannot_be_written_shows_nothing(folder: Path) -> None:
    (folder / "home").touch()
    code, shown, _ = run(folder, "show", "dump.csv", "--at", "0", "--reason", "A test")
    assert code != 0
    assert "phone" not in shown
