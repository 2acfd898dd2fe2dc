"""`floodmark guard report` on lookups, with and without what a workspace knows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from floodmark.cli import main
from floodmark.guard import LookupsFile, write_lookups
from floodmark.guard.canaries import Canaries, CanarySet
from floodmark.guard.evidence import Learned, reference, train, write_model
from floodmark.guard.report.values import schema
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import START, Traffic, traffic

KEY = DigestKey(bytes(32))


@pytest.fixture(scope="module")
def made() -> Traffic:
    return traffic(KEY, actors=60, days=7, scrapers={"fast": 1}, seed=3)


@pytest.fixture(scope="module")
def folder(made: Traffic, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    write_lookups(place / "lookups.parquet", [made.lookups], LookupsFile(KEY.id, 0, synthetic=True))
    made.truth.write_parquet(place / "truth.parquet")
    (place / "strict.toml").write_text('profile = "strict"\n')
    return place


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    return tmp_path / "home"


def reported(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, object]:
    assert main(["guard", "report", str(folder / "lookups.parquet"), "-o", "json", *options]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema()).validate(found)
    return found


def test_a_report_needs_neither_keys_nor_a_workspace(
    folder: Path, made: Traffic, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = reported(folder, capsys)
    assert found["traffic"]["lookups"] == made.lookups.height
    assert found["traffic"]["actors"] == made.truth.height
    assert found["policy"]["profile"] == "signal"
    assert "The policy, of profile signal, would have limited nobody." in found["summary"]["can_say"]
    assert any("stricter policy" in sentence for sentence in found["summary"]["ask_next"])
    assert (found["evidence"], found["canaries"], found["families"]) == (None, None, [])
    assert not home.exists()


def test_a_policy_and_the_truth_say_whom_it_would_have_limited(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [
        "--policy",
        str(folder / "strict.toml"),
        "--truth",
        str(folder / "truth.parquet"),
        "--most",
        "3",
    ]
    found = reported(folder, capsys, *options)
    assert len(found["actors"]) == 3
    fast = next(one for one in found["families"] if one["kind"] == "fast")
    assert fast["limited"] == 1
    assert fast["answered"] < fast["asked"] / 10
    assert found["honest_known"]
    honest = sum(one["actors"] for one in found["families"] if one["honest"])
    assert sum(one["actors"] for one in found["tenths"]) == honest


def test_what_the_workspace_knows_is_used_without_being_named(
    folder: Path, made: Traffic, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "guard").mkdir(parents=True)
    (home / "guard" / "policy.toml").write_text('profile = "strict"\n')
    asked = made.lookups["identifier"].tail(2).to_list()
    one = CanarySet(
        "spring", "phone", "+447400", 10**6, 9 * 10**5, 0, START.timestamp(), tuple(sorted(set(asked)))
    )
    Canaries([one]).write(home / "guard" / "canaries.json", KEY.id)
    model = train(made.lookups.filter(pl.col("network") % 2 == 0))
    others = reference(made.lookups.filter(pl.col("network") % 2 == 1), model)
    write_model(home / "guard" / "model", Learned(model, others, KEY.id, synthetic=True))
    found = reported(folder, capsys)
    assert found["policy"]["profile"] == "strict"
    assert found["canaries"]["canaries"] == len(set(asked))
    assert found["canaries"]["total"] >= 2
    assert found["evidence"]["trained"] == model.actors


def test_what_the_workspace_has_under_another_key_is_left_out_and_that_is_said(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "guard").mkdir(parents=True)
    one = CanarySet("spring", "phone", "+447400", 10**6, 10**5, 0, 0.0, (5,))
    Canaries([one]).write(home / "guard" / "canaries.json", "ff" * 8)
    assert main(["guard", "report", str(folder / "lookups.parquet"), "-o", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["canaries"] is None
    assert "another digest key" in captured.err


def test_a_model_that_is_asked_for_and_is_under_another_key_is_refused(
    folder: Path, made: Traffic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = train(made.lookups)
    write_model(tmp_path / "other.model", Learned(model, reference(made.lookups, model), "ff" * 8))
    options = ["guard", "report", str(folder / "lookups.parquet"), "--model", str(tmp_path / "other.model")]
    assert main(options) == 2
    assert "another digest key" in capsys.readouterr().err


@pytest.mark.parametrize("columns", [80, 200])
def test_the_report_fits_a_terminal_and_names_nobody(folder: Path, tmp_path: Path, columns: int) -> None:
    options = ["--policy", str(folder / "strict.toml"), "--truth", str(folder / "truth.parquet")]
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from floodmark.cli import main; sys.exit(main())", "guard", "report",
         str(folder / "lookups.parquet"), *options],
        env={**os.environ, "FLOODMARK_HOME": str(tmp_path), "COLUMNS": str(columns)},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert "SYNTHETIC" in lines[0]
    for heading in ("WHAT CAN BE SAID", "WHAT CANNOT BE SAID", "ACTORS", "TENTHS OF HONEST ACTORS"):
        assert heading in done.stdout
    assert done.stderr == ""


def test_a_page_is_written_whole_and_only_where_it_may(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lookups = str(folder / "lookups.parquet")
    assert main(["guard", "report", lookups, "--html", str(tmp_path / "page.html")]) == 0
    text = (tmp_path / "page.html").read_text()
    assert text.startswith("<!doctype html>")
    assert text.rstrip().endswith("</html>")
    assert main(["guard", "report", lookups, "--html", lookups]) == 2
    assert main(["guard", "report", lookups, "--html", "-"]) == 2
    assert main(["guard", "report", lookups, "--html", str(tmp_path / "none" / "page.html")]) == 1
    assert main(["guard", "report", lookups, "--html", str(tmp_path / "home" / "page.html")]) == 2
    assert "is an input" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"GET / HTTP/1.1", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_lookups_file_is_named_as_such(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(content)
    assert main(["guard", "report", str(tmp_path / "file")]) in (1, 3)
    error = capsys.readouterr().err
    assert "no lookups file" in error
    assert "bug" not in error


def test_a_file_without_lookups_is_nothing_to_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lookups(tmp_path / "none.parquet", [], LookupsFile(KEY.id, 0))
    assert main(["guard", "report", str(tmp_path / "none.parquet")]) == 3
    assert "no lookup" in capsys.readouterr().err
