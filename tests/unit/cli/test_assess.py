"""`floodmark assess` as a command: what it takes, what it refuses, and what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from floodmark.cli import main

SCHEMA = json.loads(files("floodmark.assessment").joinpath("advert.schema.json").read_text())
FLOODMARK = [
    sys.executable,
    "-W",
    "error",
    "-c",
    "import sys; from floodmark.cli import main; sys.exit(main())",
]
TABLE = "Egypt - 44,823,547\nUSA - 32,315,282\nMalaysia - 11,675,894\nIndonesia - 130,331\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def table(folder) -> Path:
    path = folder / "table.txt"
    path.write_text(TABLE)
    return path


def assess(capfd, *options: object) -> tuple[int, str, str]:
    code = main(["assess", *map(str, options)])
    told = capfd.readouterr()
    return code, told.out, told.err


def as_json(capfd, *options: object) -> dict:
    code, out, err = assess(capfd, *options, "-o", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    Draft202012Validator(SCHEMA).validate(found)
    return found


def test_a_file_is_assessed_with_its_name_size_and_checksum(capfd, table):
    found = as_json(capfd, "--advert", table)
    assert found["advert"]["id"] is None
    assert found["advert"]["file"]["name"] == "table.txt"
    assert found["advert"]["file"]["size"] == len(TABLE)
    assert [row["country"] for row in found["advert"]["rows"]] == ["EG", "US", "MY", "ID"]


def test_a_hyphen_reads_stdin(folder):
    done = subprocess.run(
        [*FLOODMARK, "assess", "--advert", "-", "-o", "json"],
        input=TABLE,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["advert"]["file"]["name"] == "standard input"


def test_what_the_options_say_of_the_advert_is_in_the_assessment(capfd, table):
    options = (
        "--about",
        "whatsapp-2022",
        "--said",
        "2022-11-16",
        "--total",
        "487M phones",
        "--assert",
        "new",
    )
    sample = ("--assert", "countries=84", "--sample", "1097", "--drawn", "seller")
    found = as_json(capfd, "--advert", table, *options, *sample)
    advert = found["advert"]
    assert (advert["about"], advert["said_on"], advert["total"]["value"]) == (
        "whatsapp-2022", "2022-11-16", 487_000_000,
    )  # fmt: skip
    assert (advert["sample"], advert["drawn"]) == (1097, "seller")
    assert [one["assertion"]["kind"] for one in found["assertions"]] == [
        "countries",
        "total",
        "new",
        "countries",
    ]


def test_a_sample_that_nobody_says_who_drew_is_of_unknown_drawing(capfd, table):
    assert as_json(capfd, "--advert", table, "--sample", "10")["advert"]["drawn"] == "unknown"


def test_a_statement_of_the_reference_set_is_assessed_by_its_id(capfd, folder):
    found = as_json(capfd, "--advert", "whatsapp-2022/advert")
    assert (found["advert"]["id"], found["advert"]["file"]) == ("whatsapp-2022/advert", None)
    assert found["result"] == "repeats"


def test_a_table_in_a_report_is_assessed_and_said_to_be_no_advert(capfd, folder):
    found = as_json(capfd, "--advert", "facebook-2021/surfshark")
    assert "whose figures are assessed as an advert's" in found["words"]["assessed"][0]


def test_the_column_of_counts_can_be_named(capfd, folder):
    (folder / "two.csv").write_text(
        "country;records;active\nEgypt;44,823,547;7\nFrance;19,848,559;9\nNorway;5;3\n"
    )
    rows = as_json(capfd, "--advert", folder / "two.csv", "--count-column", "active")["advert"]["rows"]
    assert [row["count"]["value"] for row in rows] == [7, 9, 3]


def test_a_recorded_statement_is_assessed_by_its_number_and_compared_with_the_others(capfd, table):
    recorded = ("--kind", "advert", "--by", "seller", "--speaker", "an account", "--said", "2022-11-16")
    told = ("--text", "For sale.", "--source", "a forum", "--table", str(table))
    assert main(["statement", "add", "new-leak", "--incident", "A new leak", *recorded, *told]) == 0
    assert main(["statement", "add", "copy-leak", "--incident", "A copy of it", *recorded, *told]) == 0
    capfd.readouterr()
    found = as_json(capfd, "--advert", "1")
    assert found["advert"]["about"] == "new-leak"
    assert [one["id"] for one in found["left_out"]] == ["1"]
    assert "2" in [one["known"] for one in found["matches"]]
    assert [one["id"] for one in as_json(capfd, "--advert", table, "--about", "copy-leak")["left_out"]] == [
        "2"
    ]


def test_with_reference_only_nothing_of_the_workspace_counts(capfd, table):
    recorded = ("--kind", "advert", "--by", "seller", "--speaker", "an account", "--said", "2022-11-16")
    told = ("--text", "For sale.", "--source", "a forum", "--table", str(table))
    assert main(["statement", "add", "new-leak", "--incident", "A new leak", *recorded, *told]) == 0
    capfd.readouterr()
    assert "1" in [one["known"] for one in as_json(capfd, "--advert", table)["matches"]]
    assert "1" not in [one["id"] for one in as_json(capfd, "--advert", table, "--reference-only")["compared"]]
    assert assess(capfd, "--advert", table, "--about", "new-leak", "--reference-only")[0] == 1


def test_nothing_is_recorded_and_no_workspace_is_made(capfd, folder, table):
    assert assess(capfd, "--advert", table)[0] == 0
    assert {one.name for one in folder.iterdir()} == {"table.txt"}


def test_the_page_is_written_where_it_was_asked_for(capfd, folder, table):
    assert assess(capfd, "--advert", table, "--html", folder / "a.html")[0] == 0
    assert (folder / "a.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("options", "code", "slug"),
    [
        ([], 2, "usage"),
        (["--sample", "5"], 2, "usage"),
        (["--total", "5 million", "--count-column", "2"], 2, "usage"),
        (["--advert", "nothing.txt"], 1, "advert-not-found"),
        (["--advert", "99"], 1, "advert-not-found"),
        (["--advert", "whatsapp-2022/nothing"], 1, "advert-not-found"),
        (["--advert", "."], 1, "unreadable-input"),
        (["--advert", "table.txt", "--about", "whatsap-2022"], 1, "incident-not-found"),
        (["--advert", "table.txt", "--said", "last year"], 2, "unfit-date"),
        (["--advert", "table.txt", "--total", "many"], 2, "unreadable-assertion"),
        (["--advert", "table.txt", "--assert", "stolen"], 2, "unreadable-assertion"),
        (["--advert", "whatsapp-2022/advert", "--total", "5"], 2, "usage"),
        (["--advert", "facebook-2021/memo"], 2, "usage"),
        (["--advert", "table.txt", "--count-column", "9"], 2, "unclear-columns"),
        (["--advert", "table.txt", "--html", "missing/a.html"], 1, "output-failed"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_hint_and_nothing_on_stdout(capfd, table, options, code, slug):
    found, out, err = assess(capfd, *options)
    assert (found, out) == (code, "")
    assert err.startswith(f"error ({slug}): ")
    assert "hint: " in err


def test_a_slug_that_is_nearly_right_is_asked_about(capfd, table):
    assert "Did you mean whatsapp-2022" in assess(capfd, "--advert", table, "--about", "whatsap-2022")[2]


def test_a_file_that_has_the_name_of_a_statement_is_not_guessed_at(capfd, folder):
    (folder / "whatsapp-2022").mkdir()
    (folder / "whatsapp-2022" / "advert").write_text(TABLE)
    code, out, err = assess(capfd, "--advert", "whatsapp-2022/advert")
    assert (code, out) == (2, "")
    assert "unclear-advert" in err
    assert as_json(capfd, "--advert", "./whatsapp-2022/advert")["advert"]["id"] is None


def test_an_empty_or_foreign_file_is_refused(capfd, folder):
    for content in (b"", b"hello\n", b"\x00\x01\x02\xff" * 50):
        (folder / "odd.txt").write_bytes(content)
        code, out, err = assess(capfd, "--advert", folder / "odd.txt")
        assert code in (1, 2, 3) and not out and err.startswith("error (")


def test_rows_of_people_are_refused_and_none_of_them_is_quoted(capfd, folder):
    rows = "".join(f"+4479009{place:05d}:Ada{place}:ada{place}@example.org\n" for place in range(200))
    (folder / "rows.txt").write_text(rows)
    code, out, err = assess(capfd, "--advert", folder / "rows.txt")
    assert code != 0 and not out
    assert "triage" in err and "4479009" not in err and "example.org" not in err


def test_a_file_cannot_move_the_cursor_or_be_taken_for_a_number(capfd, folder):
    (folder / "447900900123.txt").write_text(TABLE + "Nar\x1b[2Jnia\u202e - 5\n")
    code, out, _ = assess(capfd, "--advert", folder / "447900900123.txt")
    assert code == 0
    assert "\x1b" not in out and "\u202e" not in out and "447900900123" not in out
    found = as_json(capfd, "--advert", folder / "447900900123.txt")
    assert "447900900123" not in json.dumps(found)


def test_options_that_describe_the_advert_are_given_by_hand_only(capfd, folder, table):
    (folder / "floodmark.toml").write_text('[assess]\nabout = "whatsapp-2022"\n')
    assert assess(capfd, "--advert", table)[0] == 2


def test_the_help_has_examples(capfd):
    code, out, _ = assess(capfd, "--help")
    assert code == 0
    assert "floodmark assess --advert table.txt" in out


def test_an_advert_of_a_total_alone_needs_no_file(capfd, folder):
    found = as_json(capfd, "--total", "533 million users", "--assert", "countries=106")
    assert found["advert"]["file"] is None
    assert found["advert"]["total"]["value"] == 533_000_000
    assert found["result"] == "cannot-tell"
    assert "not found" not in json.dumps(found["words"])


def test_a_file_without_a_table_is_no_reason_to_stop_where_options_say_something(capfd, folder):
    (folder / "words.txt").write_text("For sale, call me.\n")
    found = as_json(capfd, "--advert", folder / "words.txt", "--total", "533 million")
    assert [one["slug"] for one in found["advert"]["remarks"]] == ["no-table"]
    assert found["advert"]["file"]["name"] == "words.txt"


def test_statistics_of_countries_are_compared_and_listed_apart_from_leaks(capfd, table):
    found = as_json(capfd, "--advert", table)
    assert [one["id"] for one in found["compared"] if one["statistic"]] == [
        "statistic:population",
        "statistic:subscriptions",
    ]
    _, out, _ = assess(capfd, "--advert", table)
    leaks, statistics = out.split("KNOWN TABLES THAT IT WAS COMPARED WITH")[1].split(
        "STATISTICS OF COUNTRIES"
    )
    assert "statistic:" not in leaks
    assert statistics.count("- statistic:") == 2


def test_a_figure_that_was_multiplied_is_shown_with_its_factor(capfd, folder):
    (folder / "scaled.csv").write_text(
        "EG,134470641\nMY,35027682\nID,390993\nUS,96945846\nMU,2545674\nBN,641985\nAZ,298416\n"
    )
    _, out, _ = assess(capfd, "--advert", folder / "scaled.csv")
    assert "32,315,282 × 3" in out
