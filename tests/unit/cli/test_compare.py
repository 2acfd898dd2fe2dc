"""`floodmark compare` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.synth import leak


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A twin, and its second half."""
    made = tmp_path_factory.mktemp("dumps")
    leak("facebook-2021", rows=1500, seed=3, damage=0.0, out=made / "old.txt")
    lines = (made / "old.txt").read_text().splitlines(keepends=True)
    (made / "new.txt").write_text("".join([lines[0], *lines[750:]]))
    return made


@pytest.fixture(autouse=True)
def elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FLOODMARK_HOME", str(folder / "home"))
    monkeypatch.setenv("COLUMNS", "80")


def test_the_report_fits_eighty_columns_and_says_what_is_shared(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "old.txt", "new.txt"]) == 0
    text = capfd.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "SYNTHETIC DATA: nothing here describes a real person" in text
    assert "WHAT CAN BE SAID" in text
    assert "phone numbers are in both" in text
    assert "ROWS BY 12 SHARED COLUMNS" in text


def test_nothing_is_saved(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = sorted(folder.rglob("*"))
    assert main(["compare", "old.txt", "new.txt", "-o", "json"]) == 0
    assert sorted(folder.rglob("*")) == before
    found = json.loads(capfd.readouterr().out)
    assert (found["a"]["rows"], found["rows"]["only_b"]) == (1500, 0)


def test_a_page_can_be_written_but_not_over_an_input(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "old.txt", "new.txt", "--no-rows", "--html", "page.html"]) == 0
    assert "</html>" in (folder / "page.html").read_text()
    before = (folder / "old.txt").read_bytes()
    assert main(["compare", "old.txt", "new.txt", "--html", "old.txt"]) == 2
    assert (folder / "old.txt").read_bytes() == before
    assert main(["compare", "old.txt", "new.txt", "--html", "nowhere/page.html"]) == 1
    assert "Name a file in a folder that exists" in capfd.readouterr().err


def test_files_that_could_not_be_read_are_said_and_the_exit_code_says_so(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.txt").write_bytes((folder / "old.txt").read_bytes())
    (tmp_path / "2.bin").write_bytes(bytes(range(256)) * 40)
    assert main(["compare", str(tmp_path), "new.txt", "--no-rows"]) == 10
    assert "1 file or member of A could not be read" in " ".join(capfd.readouterr().out.split())


def test_a_dump_that_is_not_there_is_said_without_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "old.txt", "missing.txt"]) == 3
    assert "Traceback" not in capfd.readouterr().err
