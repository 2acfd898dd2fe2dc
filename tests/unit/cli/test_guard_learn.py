"""`floodmark guard learn`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from floodmark.cli import main
from floodmark.guard import LookupsFile, write_lookups
from floodmark.guard.evidence import evidence, read_model

from ..guard import made_up_lookups as made

Learn = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    return tmp_path


@pytest.fixture
def learn(capsys: pytest.CaptureFixture[str]) -> Learn:
    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["guard", "learn", *map(str, arguments)])
        return (code, *capsys.readouterr())

    return run


def lookups(path: Path, seed: int, actors: int, *, key_id: str = "k1", synthetic: bool = True) -> Path:
    write_lookups(path, [made.lookups(seed, actors, days=30.0)], LookupsFile(key_id, 0, synthetic))
    return path


def test_what_was_learnt_is_written_to_the_workspace_and_finds_scrapers(
    workspace: Path, learn: Learn
) -> None:
    code, out, err = learn(lookups(workspace / "lookups.parquet", 1, 3000))
    assert code == 0, err
    assert "Learnt from synthetic lookups." in out and "all actors" in out
    learned = read_model(workspace / "home" / "guard" / "model")
    assert learned.key_id == "k1" and learned.synthetic
    assert evidence(made.scrapers(4, 5, 200), learned.model, learned.reference)["flagged"].all()


def test_the_summary_as_json_says_what_the_reference_is_enough_for(workspace: Path, learn: Learn) -> None:
    path = lookups(workspace / "lookups.parquet", 1, 3000)
    code, out, _err = learn(
        path, "-o", workspace / "model", "--summary", "json", "--alpha", "0.05", "--epsilon", "0.02"
    )
    said = json.loads(out)
    assert code == 0
    assert said["flagged_from"] == 20 and said["epsilon"] == 0.02 and said["hits"] == "known"
    by_size = [row["alpha"] for row in said["reachable"]]
    assert by_size == sorted(by_size, reverse=True)
    assert {row["checkpoint"] for row in said["strata"]} == {20, 60, 180, 540}


def test_a_reference_that_is_too_small_is_written_with_a_warning(workspace: Path, learn: Learn) -> None:
    path = lookups(workspace / "lookups.parquet", 1, 300)
    code, _out, err = learn(path, "-o", workspace / "model")
    assert code == 10
    assert "too small for α = 0.01" in err
    assert (workspace / "model").exists()


def test_lookups_in_which_nobody_asked_for_enough_are_refused(workspace: Path, learn: Learn) -> None:
    code, _out, err = learn(lookups(workspace / "lookups.parquet", 1, 3), "-o", workspace / "model")
    assert code == 1
    assert "20 identifiers" in err
    assert not (workspace / "model").exists()


def test_lookups_of_two_keys_are_refused(workspace: Path, learn: Learn) -> None:
    one = lookups(workspace / "one.parquet", 1, 100)
    other = lookups(workspace / "other.parquet", 2, 100, key_id="k2")
    assert learn(one, other)[0] == 2


def test_when_training_ends_can_be_said(workspace: Path, learn: Learn) -> None:
    path = lookups(workspace / "lookups.parquet", 1, 2000)
    until = pl.read_parquet(path)["at"].min()
    code, _out, _err = learn(path, "-o", workspace / "model", "--trained-until", f"{until:%Y-%m-%d}")
    assert code == 1  # nothing was before


def test_actors_known_to_be_bad_are_left_out_by_digest_name_or_file(workspace: Path, learn: Learn) -> None:
    path = lookups(workspace / "lookups.parquet", 1, 2000)
    accounts = pl.read_parquet(path)["account"].value_counts(sort=True)
    worst = [f"account/{account:016x}" for account in accounts["account"].head(3)]
    (workspace / "bad.txt").write_text("\n".join(["", *worst[1:], ""]))
    given = ("-o", workspace / "model", "--summary", "json")
    code, out, _ = learn(path, *given, "--without", worst[0], "--without-file", workspace / "bad.txt")
    assert code == 0
    assert json.loads(out)["left_out"] == accounts["count"].head(3).sum()
    assert learn(path, *given, "--without", "account:ada")[0] == 1  # there is no key to hash it with
    assert learn(path, *given, "--without", "ada")[0] == 2
    assert learn(path, *given, "--without-file", workspace / "none.txt")[0] == 1


def test_a_name_is_not_hashed_under_another_key_than_that_of_the_lookups(
    workspace: Path, learn: Learn
) -> None:
    assert main(["keys", "init", "--wrap", "none"]) == 0
    path = lookups(workspace / "lookups.parquet", 1, 200)
    assert learn(path, "-o", workspace / "model", "--without", "account:ada")[0] == 2


@pytest.mark.parametrize("option", ["--alpha", "--epsilon"])
def test_what_is_no_number_is_no_rate(workspace: Path, learn: Learn, option: str) -> None:
    code, _, err = learn(lookups(workspace / "lookups.parquet", 1, 60), option, "nan")
    assert code == 2
    assert "numbers between 0 and 1" in err
    assert not (workspace / "home" / "guard" / "model").exists()
