"""`floodmark synth traffic` and `floodmark synth scraper` as a person runs them."""

from __future__ import annotations

import json

import polars as pl
import pytest

from floodmark.cli import main
from floodmark.guard import read_lookups
from floodmark.synth.traffic import FAMILIES


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    assert main(["keys", "init", "--wrap", "none"]) == 0
    return tmp_path


def test_the_command_writes_lookups_and_truth(home, capsys):
    out = home / "lookups.parquet"
    capsys.readouterr()
    given = ["--actors", "60", "--days", "2", "--visitors", "0", "--scrapers", "slow=2,ring"]
    assert main(["synth", "traffic", *given, "-o", str(out)]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "lookups by 60 honest actors and 52 of scrapers." in printed.err
    about, rows = read_lookups(out)
    assert about.synthetic
    truth = pl.read_parquet(home / "lookups.parquet.truth.parquet")
    assert truth["lookups"].sum() == rows.select(pl.len()).collect().item()
    kinds = dict(truth.filter(~truth["honest"]).group_by("kind").len().rows())
    assert kinds == {"slow": 2, "ring": 50}


@pytest.mark.parametrize("form", ["combined", "json"])
def test_a_replayed_log_gives_the_lookups_that_it_was_made_of(home, capsys, form):
    given = ["synth", "traffic", "--actors", "50", "--days", "2", "--scrapers", "ring,slow,burner"]
    assert main([*given, "-o", str(home / "made.parquet")]) == 0
    log = home / "made.log.gz"
    assert main([*given, "--form", form, "-o", str(log)]) == 0
    mapping, back = str(log) + ".mapping.toml", str(home / "back.parquet")
    assert main(["guard", "replay", str(log), "--mapping", mapping, "-o", back]) == 0
    assert "Synthetic." in capsys.readouterr().out
    made, replayed = (read_lookups(home / name) for name in ("made.parquet", "back.parquet"))
    assert replayed[0].synthetic
    expected = made[1].collect()
    if form == "combined":  # whose times are whole seconds, and which knows neither devices nor cohorts
        second = pl.col("at").dt.truncate("1s")
        none = pl.lit(0, pl.UInt64)
        expected = expected.with_columns(second, device=none, cohort=none)
    assert replayed[1].collect().equals(expected)


def test_all_is_one_of_each_family(home, capsys):
    assert (
        main(["synth", "traffic", "--actors", "0", "--days", "1", "--scrapers", "all", "-o", str(home / "a")])
        == 0
    )
    truth = pl.read_parquet(home / "a.truth.parquet")
    assert set(truth["kind"]) == set(FAMILIES)


@pytest.mark.parametrize(
    "given",
    [
        ["--scrapers", "polite"],
        ["--scrapers", "fast=many"],
        ["--scrapers", "fast=-1"],
        ["--scrapers", "fast=" + "9" * 5000],
        ["--actors", "9999999"],
        ["--actors", "0"],
        ["--days", "0"],
        ["--country", "XX"],
        ["--member-share", "0.9"],
        ["--resync-days", "0"],
        ["--form", "combined", "--days", "9999"],
    ],
)
def test_wrong_options_exit_with_2_and_write_nothing(home, capsys, given):
    before = set(home.iterdir())
    assert main(["synth", "traffic", *given, "-o", str(home / "a.parquet")]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert set(home.iterdir()) - before <= {home / "workspace"}


def test_lookups_do_not_go_to_stdout(home, capsys):
    assert main(["synth", "traffic", "--actors", "1", "-o", "-"]) == 2


def test_without_keys_nothing_is_hashed(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    assert main(["synth", "traffic", "--actors", "1", "-o", str(tmp_path / "a.parquet")]) == 1
    assert "no-keys" in capsys.readouterr().err


def test_the_scraper_says_what_it_gets_under_a_policy(home, capsys):
    policy = home / "policy.toml"
    policy.write_text('[[limit]]\nlevel = "account"\nburst = 40\nper_day = 20\n')
    capsys.readouterr()
    given = [
        "synth",
        "scraper",
        "--policy",
        str(policy),
        "--days",
        "4",
        "--capacity",
        "100",
        "--per-hour",
        "6",
    ]
    assert main([*given, "-o", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["synthetic"]
    got = {one["rule"]: one["identifiers_a_day"] for one in said["yields"]}
    assert got["distinct-count"] == pytest.approx((100 + 4 * 144) / 4, rel=0.03)
    assert got["policy"] == pytest.approx((40 + 4 * 20) / 4, rel=0.05)
    assert main(given) == 0
    printed = capsys.readouterr().out
    assert "SYNTHETIC DATA" in printed
    assert "policy" in printed


def test_a_scraper_that_has_read_the_policy_asks_for_what_it_allows(home, capsys):
    policy = home / "policy.toml"
    policy.write_text('[[limit]]\nlevel = "account"\nburst = 40\nper_day = 20\n')
    out = str(home / "a.parquet")
    given = ["synth", "traffic", "--actors", "0", "--days", "5", "--scrapers", "aware", "-o", out]
    assert main([*given, "--policy", str(policy)]) == 0
    assert "gets 28 identifiers a day" in capsys.readouterr().err
    assert pl.read_parquet(out + ".truth.parquet")["distinct"].max() == 40 + 5 * 20
    assert main([*given, "--model", str(policy)]) == 2


def test_the_help_names_every_family(capsys):
    assert main(["synth", "traffic", "--help"]) == 0
    listed = capsys.readouterr().out.split("The families of scrapers:")[1].split("(docs")[0]
    assert [family.strip() for family in listed.split(",")] == list(FAMILIES)
