"""Triage of several files together: what counts once, what is reported, and that it can be repeated."""

from __future__ import annotations

import bz2
import gzip
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.unit.dumps.containers.packing import tarred, zipped

from floodmark.dumps import read, to_toml
from floodmark.errors import InputChanged, NothingToRead, UnreadableInput, UsageError
from floodmark.triage import Options, total_size, triage

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def people(first: int, count: int) -> list[str]:
    """Rows of made-up people with valid Egyptian numbers, one address in three."""
    return [
        f"+2010{n:08d},{'Mona' if n % 2 else 'Omar'},{f'user{n}@example.org' if n % 3 == 0 else ''}"
        for n in range(first, first + count)
    ]


def write(path: Path, rows: list[str], header: str = "phone,first_name,email") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def of_kind(profile: Any, kind: str) -> tuple[int, int, int]:
    (found,) = (i for i in profile.identifiers if i.kind == kind)
    return found.rows, found.valid, found.distinct


def test_what_two_files_share_counts_once_among_distinct_values(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", people(10_000_000, 300))
    two = write(tmp_path / "two.csv", people(10_000_200, 300))
    profile = triage([one, two])
    assert profile.rows == 600
    assert of_kind(profile, "phone") == (600, 600, 500)
    assert [(c.country, c.phones, c.distinct) for c in profile.countries] == [("EG", 600, 500)]
    assert (profile.duplicates.rows, profile.duplicates.distinct, profile.duplicates.most_copies) == (
        600,
        500,
        2,
    )
    assert profile.runs.longest == 500
    assert [f.records for f in profile.files] == [300, 300]


def test_two_phone_columns_of_a_row_count_one_row_each_country_once(tmp_path: Path) -> None:
    rows = [f"+2010{n:08d},+2011{n:08d},x" for n in range(10_000_000, 10_000_100)]
    rows += [f"+2010{n:08d},+49151{n:08d},x" for n in range(10_000_100, 10_000_200)]
    path = write(tmp_path / "two.csv", rows, "phone,mobile,first_name")
    profile = triage([path], Options(overrides={"columns": ("phone", "phone", "first_name")}))
    assert of_kind(profile, "phone") == (200, 200, 400)
    assert {c.country: c.phones for c in profile.countries} == {"EG": 200, "DE": 100}
    (field,) = (f for f in profile.fields if f.type == "phone")
    assert (field.rows, field.valid) == (200, 200)


def test_two_addresses_of_a_row_at_one_domain_are_one_row_of_it(tmp_path: Path) -> None:
    rows = [f"a{n}@example.org,b{n}@example.{'org' if n % 2 else 'com'},Omar" for n in range(200)]
    path = write(tmp_path / "two.csv", rows, "email,email2,first_name")
    profile = triage([path], Options(overrides={"columns": ("email", "email", "first_name")}))
    assert of_kind(profile, "email") == (200, 200, 400)
    assert {d["domain"]: d["rows"] for d in profile.email_domains.top} == {
        "example.org": 200,
        "example.com": 100,
    }


def test_rows_of_unknown_columns_are_rows_and_not_cells(tmp_path: Path) -> None:
    rows = [
        f"+2010{n:08d},{'zq' if n % 2 else ''},{'' if n % 2 else 'qz'}" for n in range(10_000_000, 10_000_100)
    ]
    path = write(tmp_path / "odd.csv", rows, "phone,qq,qz")
    profile = triage([path], Options(overrides={"columns": ("phone", "unknown", "unknown")}))
    (field,) = (f for f in profile.fields if f.type == "unknown")
    assert (field.rows, field.fill_rate) == (100, 1.0)


def test_one_of_several_files_that_cannot_be_read_is_reported_and_the_others_count(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", people(10_000_000, 100))
    (tmp_path / "bad.bin").write_bytes(b"\x7fELF" + bytes(200))
    profile = triage([good, tmp_path / "bad.bin", tmp_path / "missing.csv"])
    assert profile.rows == 100
    assert [f.problem["slug"] if f.problem else None for f in profile.files] == [
        None,
        "unknown-container",
        "nothing-to-read",
    ]
    assert [i["sha256"] is None for i in profile.custody["inputs"]] == [False, True, True]


def test_what_was_read_of_a_file_that_breaks_off_counts_everywhere(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", people(10_000_000, 100))
    whole = gzip.compress("\n".join(["phone,first_name,email", *people(20_000_000, 60_000)]).encode())
    (tmp_path / "cut.csv.gz").write_bytes(whole[: len(whole) * 2 // 3])
    profile = triage([good, tmp_path / "cut.csv.gz"])
    cut = profile.files[1]
    assert cut.problem is not None
    assert (cut.problem["slug"], cut.sha256) == ("unreadable-input", None)
    assert profile.rows == 100 + cut.records == profile.duplicates.rows
    assert of_kind(profile, "phone") == (profile.rows,) * 3
    assert cut.lines.total == sum(
        (cut.lines.accepted, cut.lines.repaired, cut.lines.quarantined, cut.lines.skipped)
    )


def test_the_only_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"phone\n" + b"+201012345678\n" * 9999)[:12])
    with pytest.raises(UnreadableInput):
        triage([tmp_path / "cut.csv.gz"])


PEOPLE = "\n".join(["phone,first_name,email", *people(10_000_000, 300)]).encode()
GZIP = gzip.compress(PEOPLE)
DAMAGED = {
    "gzip, cut in half": GZIP[: len(GZIP) // 2],
    "gzip, garbage after it": GZIP + b"garbage after it",
    "gzip, another checksum": GZIP[:-8] + bytes(4) + GZIP[-4:],
    "bzip2, another checksum": (packed := bz2.compress(PEOPLE))[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:],
    "tar, its member cut": tarred([("a.csv", PEOPLE)])[:5000],
    "zip, its member cut": (packed := zipped([("a.csv", PEOPLE)]))[: len(packed) // 2],
}


@pytest.mark.parametrize("raw", DAMAGED.values(), ids=DAMAGED)
def test_what_was_read_of_the_only_file_before_its_damage_is_shown_with_the_problem(
    tmp_path: Path, raw: bytes
) -> None:
    (tmp_path / "dump").write_bytes(raw)
    profile = triage([tmp_path / "dump"])
    assert 50 < profile.rows <= 300
    assert of_kind(profile, "phone") == (profile.rows,) * 3
    first = profile.files[0]
    assert first.problem is not None
    assert first.problem["slug"] == "unreadable-input"


@pytest.mark.parametrize(
    "raw",
    [zipped([]), zipped([("folder/", b"")]), bytes(10_240), gzip.compress(bytes(10_240))],
    ids=["zip", "zip of folders", "tar", "tar in gzip"],
)
def test_an_archive_without_files_is_nothing_to_read(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "empty").write_bytes(raw)
    with pytest.raises(NothingToRead, match="without a file"):
        triage([tmp_path / "empty"])


def test_an_archive_without_files_among_others_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.zip").write_bytes(zipped([]))
    profile = triage([write(tmp_path / "good.csv", people(10_000_000, 100)), tmp_path / "empty.zip"])
    assert [f.problem["slug"] if f.problem else None for f in profile.files] == [None, "nothing-to-read"]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "grows.csv", people(10_000_000, 300))

    def grow(_: int) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write("+201099999999,Omar,\n")

    with pytest.raises(InputChanged):
        triage([path], advance=grow)


def test_nothing_named_is_nothing_to_read() -> None:
    with pytest.raises(NothingToRead):
        triage([])


def test_national_numbers_need_their_region(tmp_path: Path) -> None:
    rows = [f"0101{n:07d},Omar" for n in range(1_000_000, 1_000_200)]
    path = write(tmp_path / "national.csv", rows, "phone,first_name")
    assert of_kind(triage([path]), "phone") == (200, 0, 0)
    known = triage([path], Options(region="EG"))
    assert of_kind(known, "phone") == (200, 200, 200)
    assert known.custody["options"]["region"] == "EG"


def test_ages_are_taken_on_the_day_that_is_given(tmp_path: Path) -> None:
    rows = [f"+2010{n:08d},{'2004-02-29' if n % 2 else '1980-05-17'}" for n in range(10_000_000, 10_000_100)]
    path = write(tmp_path / "births.csv", rows, "phone,birth_date")

    def minors(day: date) -> tuple[int, int, int, int]:
        found = triage([path], Options(as_of=day)).minors
        assert found is not None
        return found.rows, found.minors, found.low, found.high

    assert minors(date(2022, 2, 28)) == (100, 50, 50, 50)
    assert minors(date(2022, 3, 1)) == (100, 0, 0, 0)


def test_the_day_of_the_clock_is_the_day_of_ages_when_none_is_given(tmp_path: Path) -> None:
    path = write(tmp_path / "births.csv", ["+201012345678,2010-01-01"] * 50, "phone,birth_date")
    minors = triage([path], clock=lambda: NOON).minors
    assert minors is not None
    assert minors.as_of == "2026-01-31"


def test_the_same_input_gives_the_same_profile_with_any_number_of_workers(tmp_path: Path) -> None:
    path = write(tmp_path / "many.csv", people(10_000_000, 5000))
    found = [triage([path], Options(workers=n), clock=lambda: NOON).to_dict() for n in (1, 4, 4)]
    assert found[0] == found[1] == found[2]


def test_a_header_that_is_somebodys_record_is_not_published(tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", people(10_000_000, 200), "+201055555555,Zebulon,zeb@example.org")
    profile = triage([path], Options(overrides={"header": True}))
    said = repr(profile.to_dict())
    assert not any(cell in said for cell in ("201055555555", "Zebulon", "zeb@"))
    assert "Zebulon" not in to_toml(read(path, header=True).grammar)


def test_a_saved_grammar_gives_the_same_profile(tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", people(10_000_000, 200))
    (tmp_path / "saved.toml").write_text(to_toml(read(path).grammar))
    first, again = (
        triage([path], options, clock=lambda: NOON).to_dict()
        for options in (Options(), Options(grammar=tmp_path / "saved.toml"))
    )
    assert again["custody"]["options"]["grammar"] == "saved.toml"
    for part in ("rows", "identifiers", "countries", "fields", "dates", "field_sets", "email_domains"):
        assert again[part] == first[part]
    assert again["files"][0]["lines"] == first["files"][0]["lines"]


def test_an_override_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", people(10_000_000, 50))
    with pytest.raises(UsageError):
        triage([path], Options(overrides={"colour": "blue"}))


def test_progress_adds_up_to_the_size_of_all_files(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, people(10_000_000, 200)) for name in ("a.csv", "b.csv")]
    told: list[int] = []
    triage(paths, advance=told.append)
    assert sum(told) == total_size(paths) == sum(path.stat().st_size for path in paths)


def test_links_and_pipes_in_a_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder / "own.csv", people(10_000_000, 100))
    (folder / "link.csv").symlink_to(write(tmp_path / "outside.csv", people(20_000_000, 100)))
    (folder / "away").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    profile = triage([folder])
    assert profile.rows == 100
    problems = {f.label: f.problem["slug"] for f in profile.files if f.problem}
    assert problems == dict.fromkeys(("away", "link.csv", "pipe"), "unreadable-input")
    assert [one["label"] for one in profile.custody["inputs"]] == ["own.csv"]
