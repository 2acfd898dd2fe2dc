"""`floodmark grammar` as a person runs it."""

from __future__ import annotations

import json
import tomllib
import zipfile
from pathlib import Path

import pytest

from floodmark.cli import main

PEOPLE = [f"+2010{10_000_000 + n};Omar Said;u{n}@example.org" for n in range(100)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "odd.txt").write_text("\n".join(["tel;name;mail", *PEOPLE]) + "\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def test_what_was_learnt_is_read_by_again(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["grammar", "learn", "odd.txt", "-o", "odd.toml"]) == 0
    learnt = tomllib.loads((folder / "odd.toml").read_text())
    assert (learnt["delimiter"], learnt["header"]) == (";", True)
    assert [column["name"] for column in learnt["columns"]] == ["tel", "name", "mail"]
    capfd.readouterr()
    assert main(["grammar", "learn", "odd.txt", "--grammar", "odd.toml", "-o", "-"]) == 0
    assert capfd.readouterr().out == (folder / "odd.toml").read_text()
    assert main(["triage", "odd.txt", "--grammar", "odd.toml", "-o", "json"]) == 0
    assert json.loads(capfd.readouterr().out)["rows"] == 100


def test_an_option_states_a_part_and_the_rest_is_learnt(capfd: pytest.CaptureFixture[str]) -> None:
    columns = "phone,full_name,email"
    assert main(["grammar", "learn", "odd.txt", "--no-header", "--columns", columns, "-o", "-"]) == 0
    learnt = tomllib.loads(capfd.readouterr().out)
    assert (learnt["header"], learnt["delimiter"]) == (False, ";")
    assert [column["type"] for column in learnt["columns"]] == columns.split(",")


def test_a_grammar_is_not_written_over_the_file_that_it_is_of(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "odd.txt").read_bytes()
    assert main(["grammar", "learn", "odd.txt", "-o", "odd.txt"]) == 2
    assert (folder / "odd.txt").read_bytes() == before
    assert "is the input" in capfd.readouterr().err


def test_an_explanation_fits_eighty_columns_and_marks_what_was_chosen(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main(["grammar", "explain", "odd.txt"]) == 0
    text = capfd.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    for part in ("KINDS OF RECORD", "DELIMITERS", "COLUMNS", "*   semicolon ;", "*   delimited"):
        assert part in text
    assert "names the columns" in " ".join(text.split())
    assert "Omar" not in text


def test_the_json_form_has_a_text_each(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["grammar", "explain", "odd.txt", "-o", "json"]) == 0
    (one,) = json.loads(capfd.readouterr().out)
    assert (one["schema_version"], one["record"], one["delimiters"][0]["delimiter"]) == (1, "delimited", ";")


@pytest.mark.parametrize("verb", [["learn", "-o", "-"], ["explain"]])
def test_a_file_that_is_not_there_is_said_without_a_traceback(
    verb: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["grammar", *verb, "missing.txt"]) == 3
    assert "Traceback" not in capfd.readouterr().err


def test_an_archive_is_explained_member_by_member_and_learnt_by_one(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(folder / "set.zip", "w") as archive:
        archive.write("odd.txt", "a.txt")
        archive.write("odd.txt", "b.txt")
        archive.writestr("noise.bin", bytes(range(256)) * 40)
    assert main(["grammar", "explain", "set.zip"]) == 0
    text = capfd.readouterr().out
    assert "FILE set.zip/a.txt" in text
    assert "Not read:" in text
    assert main(["grammar", "explain", "set.zip", "-o", "json"]) == 0
    assert [one.get("problem") is None for one in json.loads(capfd.readouterr().out)] == [True, True, False]
    assert main(["grammar", "learn", "set.zip", "-o", "-"]) == 2
    assert "--member" in capfd.readouterr().err
    assert main(["grammar", "learn", "set.zip", "--member", "set.zip/b.txt", "-o", "-"]) == 0
    assert tomllib.loads(capfd.readouterr().out)["delimiter"] == ";"
