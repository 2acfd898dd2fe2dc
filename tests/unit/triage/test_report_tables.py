import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.files import OutputFailed
from floodmark.reports.csv_tables import cell, text_of
from floodmark.triage.profile import Profile
from floodmark.triage.report.tables import tables, write

NAMES = [
    "summary",
    "files",
    "columns",
    "quarantine",
    "identifiers",
    "countries",
    "fields",
    "field_sets",
    "dates",
]


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode())))


@pytest.mark.parametrize(
    "raw", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "\n@x", "\x00-1"]
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(raw: str) -> None:
    assert cell(raw).startswith("'")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_cell_ever_begins_like_a_formula(text: str) -> None:
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=4), min_size=1, max_size=5))
def test_every_row_reads_back_with_its_cells(rows: list[list[str]]) -> None:
    back = list(csv.reader(io.StringIO(text_of(rows))))
    assert back == [[cell(value) for value in row] for row in rows]


def test_each_table_becomes_a_file_and_nothing_else_is_left(any_profile: Profile, tmp_path: Path) -> None:
    written = write(any_profile, tmp_path / "new" / "csv")
    assert [path.stem for path in written] == NAMES
    assert sorted(path.name for path in (tmp_path / "new" / "csv").iterdir()) == sorted(
        f"{n}.csv" for n in NAMES
    )


def test_rows_of_a_table_are_as_wide_as_its_header(any_profile: Profile) -> None:
    for rows in tables(any_profile).values():
        assert {len(row) for row in rows} == {len(rows[0])}


def test_counts_are_plain_integers_without_separators(twin: Profile, tmp_path: Path) -> None:
    write(twin, tmp_path)
    file = read(tmp_path / "files.csv")[0]
    assert (file["records"], file["bytes_total"], file["lines_quarantined"]) == ("299812", "31415926", "325")
    egypt = read(tmp_path / "countries.csv")[0]
    assert (egypt["source"], egypt["country"], egypt["name"]) == ("phone", "EG", "Egypt")
    assert int(egypt["rows"]) == twin.countries[0].phones


def test_no_country_field_set_or_year_is_left_out(twin: Profile, tmp_path: Path) -> None:
    write(twin, tmp_path)
    assert len(read(tmp_path / "countries.csv")) == len(twin.countries) + len(twin.locations.countries)
    assert len(read(tmp_path / "field_sets.csv")) == len(twin.field_sets)
    dates = read(tmp_path / "dates.csv")
    assert sum(row["what"] == "year" for row in dates) == sum(len(date.years) for date in twin.dates)


def test_quick_tables_hold_the_interval_beside_the_count(hostile: Profile, tmp_path: Path) -> None:
    write(hostile, tmp_path)
    phone = read(tmp_path / "identifiers.csv")[0]
    assert (phone["distinct_low"], phone["distinct_high"]) == ("1200000000", "1300000000")


def test_hostile_names_reach_no_cell_as_formula_or_escape(hostile: Profile, tmp_path: Path) -> None:
    for path in write(hostile, tmp_path):
        text = path.read_bytes().decode()
        assert "\x1b" not in text
        assert "7700" not in text
        for row in csv.reader(io.StringIO(text)):
            assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row)


def test_a_folder_that_cannot_be_made_is_a_clear_error(twin: Profile, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputFailed):
        write(twin, tmp_path / "taken")
