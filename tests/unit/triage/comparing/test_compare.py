"""Two dumps side by side, from their files: against counts made the slow way, and with files that are hostile."""

from __future__ import annotations

import gzip
import json
import zipfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from floodmark.errors import FloodmarkError, InputChanged, NothingToRead
from floodmark.identifiers.digests import DigestKey
from floodmark.triage import Options, compare
from floodmark.triage.comparing.comparison import Comparison, KindPair
from floodmark.triage.report import comparison_html, comparison_words

KEY = DigestKey(bytes(range(32)))
SCHEMA = json.loads(files("floodmark.triage.comparing").joinpath("comparison.schema.json").read_text())
HEADER = "phone,full_name,email,city"


def person(n: int, city: str = "Cairo") -> str:
    return f"+2010{10_000_000 + n},{'Mona' if n % 2 else 'Omar'} Said{'abcdefghij'[n % 10]},u{n}@example.org,{city}"


def write(path: Path, rows: list[str], header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def kind(found: Comparison, name: str) -> KindPair:
    (one,) = (one for one in found.identifiers if one.kind == name)
    return one


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A has people 0 to 399, some twice; B has 300 to 699, of whom every fifth shared one has moved."""
    folder = tmp_path_factory.mktemp("compared")
    a = write(folder / "a.csv", [*map(person, range(400)), *map(person, range(350, 360))])
    b = write(
        folder / "b.csv", [person(n, "Lyon" if n < 400 and n % 5 == 0 else "Cairo") for n in range(300, 700)]
    )
    return compare(a, b, key=KEY)


def test_identifiers_are_counted_once_each_whatever_rows_they_stand_in(found: Comparison) -> None:
    for name in ("phone", "email"):
        one = kind(found, name)
        assert (one.a, one.b, one.both, one.only_a, one.only_b) == (400, 400, 100, 300, 300)


def test_rows_are_counted_with_their_copies(found: Comparison) -> None:
    rows = found.rows
    assert rows is not None
    assert (rows.columns, rows.a, rows.b) == (4, 410, 400)
    assert (rows.distinct_a, rows.distinct_b, rows.distinct_both) == (400, 400, 80)
    # Ten people of A stand there twice, and two of them have moved.
    assert (rows.a_in_b, rows.b_in_a) == (88, 80)


def test_names_agree_and_places_do_not_where_people_moved(found: Comparison) -> None:
    values = {one.value: one for one in kind(found, "phone").values}
    assert (values["name"].both, values["name"].equal) == (100, 100)
    assert (values["location"].both, values["location"].equal) == (100, 80)
    assert values["location"].share == 0.8


def test_the_key_is_forgotten_and_another_gives_the_same_counts(found: Comparison, tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.csv", [person(1)] * 9), write(tmp_path / "b.csv", [person(1), person(2)] * 9)
    first, second = compare(a, b), compare(a, b)
    assert (first.identifiers, first.rows) == (second.identifiers, second.rows)
    assert KEY.id not in json.dumps(found.to_dict())


def test_the_json_form_says_what_is_in_one_dump_alone(found: Comparison) -> None:
    made = json.loads(json.dumps(found.to_dict()))
    Draft202012Validator(SCHEMA).validate(made)
    assert {(one["only_a"], one["only_b"]) for one in made["identifiers"]} == {(300, 300)}
    assert (made["rows"]["only_a"], made["rows"]["only_b"]) == (322, 320)


def test_no_cell_of_a_dump_is_in_any_form(found: Comparison) -> None:
    texts = [json.dumps(found.to_dict()), comparison_html.render(found), repr(found)]
    for text in texts:
        for cell in ("2010", "Mona", "Said", "@example.org", "Lyon"):
            assert cell not in text


def test_one_dump_written_in_two_ways_is_the_same_dump(tmp_path: Path) -> None:
    plain = [
        (f"+44 20 7946 {n:04}", f"u{n}@example.org", f"{n % 28 + 1:02}/03/19{n % 100:02}") for n in range(300)
    ]
    a = write(tmp_path / "a.csv", [",".join(row) for row in plain], "phone,email,birth date")
    written = []
    for number, address, birth in plain:
        day, month, year = birth.split("/")
        written.append(
            f"{year}-{month}-{day};{address.replace('example', 'EXAMPLE')};{number.replace(' ', '')}"
        )
    b = tmp_path / "b.txt.gz"
    b.write_bytes(gzip.compress("\n".join(["dob;mail;tel", *written]).encode()))
    rows = compare(a, b).rows
    assert rows is not None
    assert (rows.columns, rows.distinct_both, rows.only_a, rows.only_b) == (3, 300, 0, 0)


def test_a_dump_compared_with_itself_has_nothing_alone(tmp_path: Path) -> None:
    a = write(tmp_path / "a.csv", [person(n) for n in range(50)])
    same = compare(a, a)
    assert same.rows is not None
    assert (same.rows.only_a, same.rows.only_b, same.columns_a, same.columns_b) == (0, 0, [], [])
    assert "both have the same 50 distinct rows" in " ".join(comparison_words.findings(same))


def test_a_folder_is_one_dump_and_what_cannot_be_read_of_it_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    write(folder / "1.csv", [person(n) for n in range(60)])
    write(folder / "2.csv", [person(n) for n in range(40, 100)])
    (folder / "3.bin").write_bytes(bytes(range(256)) * 40)
    b = write(tmp_path / "b.csv", [person(n) for n in range(100)])
    found = compare(folder, b)
    assert found.rows is not None
    assert (found.a.files, found.a.unread, found.a.rows) == (3, 1, 120)
    assert (found.rows.distinct_a, found.rows.a_in_b, found.rows.only_b) == (100, 120, 0)
    assert any("1 file or member of A could not be read" in note for note in comparison_words.notes(found))


def test_a_file_that_ends_too_soon_counts_as_far_as_it_goes(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    write(folder / "1.csv", [person(n) for n in range(60)])
    text = "\n".join([HEADER, *(person(n) for n in range(60, 20_000))]).encode()
    (folder / "2.csv.gz").write_bytes(gzip.compress(text)[:-2000])
    b = write(tmp_path / "b.csv", [person(n) for n in range(100)])
    found = compare(folder, b)
    assert found.rows is not None
    assert (found.a.files, found.a.unread) == (2, 1)
    assert found.rows.distinct_both >= 60
    assert found.rows.only_b == 100 - found.rows.distinct_both


@given(st.binary(max_size=300), st.text("ab1,;:@.\n", max_size=300))
@settings(max_examples=6, deadline=None)
def test_any_bytes_are_compared_or_refused(
    tmp_path_factory: pytest.TempPathFactory, one: bytes, other: str
) -> None:
    a, b = (tmp_path_factory.getbasetemp() / name for name in ("a", "b"))
    a.write_bytes(one)
    b.write_text(other)
    for first, second in ((a, b), (b, a), (b, b)):
        try:
            Draft202012Validator(SCHEMA).validate(compare(first, second).to_dict())
        except FloodmarkError as error:
            assert error.hint


def test_dumps_without_a_common_column_have_no_rows_to_compare(tmp_path: Path) -> None:
    a = write(tmp_path / "a.csv", [f"+2010{10_000_000 + n}" for n in range(50)], "phone")
    b = write(tmp_path / "b.csv", [f"u{n}@example.org" for n in range(50)], "email")
    found = compare(a, b)
    Draft202012Validator(SCHEMA).validate(found.to_dict())
    assert found.rows is None
    assert [one.both for one in found.identifiers] == [0, 0]
    assert "no column in common" in " ".join(comparison_words.findings(found))


def test_rows_are_left_out_when_not_asked_for_and_everything_is_read_once(tmp_path: Path) -> None:
    a = write(tmp_path / "a.csv", [person(n) for n in range(50)])
    read: list[int] = []
    assert compare(a, a, whole_rows=False, advance=read.append).rows is None
    assert sum(read) == 2 * a.stat().st_size
    read.clear()
    compare(a, a, advance=read.append)
    assert sum(read) == 4 * a.stat().st_size


def test_the_second_dump_can_be_read_in_a_way_of_its_own(tmp_path: Path) -> None:
    rows = [f"020 7946 {n:04}" for n in range(100)]
    a, b = write(tmp_path / "a.csv", rows, "phone"), write(tmp_path / "b.csv", rows, "phone")
    one = Options(region="GB", overrides={"columns": ("phone",)})
    assert kind(compare(a, b, one), "phone").both == 100
    assert kind(compare(a, b, one, options_b=replace(one, region=None)), "phone").both == 0


def test_a_dump_that_changes_between_the_two_times_it_is_read_is_refused(tmp_path: Path) -> None:
    a = write(tmp_path / "a.csv", [person(n) for n in range(50)])
    b = write(tmp_path / "b.csv", [person(n) for n in range(50)])
    done = 0

    def grow(size: int) -> None:
        nonlocal done
        done += size
        if done == a.stat().st_size + b.stat().st_size:
            other = write(tmp_path / "new.csv", [person(n) for n in range(60)])
            other.replace(a)

    with pytest.raises(InputChanged):
        compare(a, b, advance=grow)


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    a = write(tmp_path / "a.csv", [person(n) for n in range(50)])
    (tmp_path / "empty").touch()
    with pytest.raises(NothingToRead):
        compare(a, tmp_path / "empty")


def test_a_hostile_name_cannot_reach_the_page(tmp_path: Path) -> None:
    evil = tmp_path / "<img src=x onerror=a()>\x1b[31m.csv"
    write(evil, [f"{person(n)},{n}" for n in range(50)], HEADER + ",<script>alert(1)</script>")
    page = comparison_html.render(compare(evil, evil))
    assert "<script" not in page
    assert "<img" not in page
    assert "\x1b" not in page


def test_an_archive_is_the_same_dump_as_a_folder_of_its_members(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    parts = [write(folder / f"{n}.csv", [person(m) for m in range(n * 60, n * 60 + 80)]) for n in range(3)]
    archive = tmp_path / "parts.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts:
            file.write(part, f"inside/{part.name}")
    found = compare(folder, archive)
    assert found.rows is not None
    assert (found.a.files, found.a.tables, found.b.files, found.b.tables) == (3, 3, 1, 3)
    assert (found.rows.a, found.rows.only_a, found.rows.only_b) == (240, 0, 0)
    assert (kind(found, "phone").both, kind(found, "phone").only_b) == (200, 0)


def test_tables_of_a_database_are_compared_with_a_file_of_one_of_them(tmp_path: Path) -> None:
    people = [(f"+2010{10_000_000 + n}", f"u{n}@example.org") for n in range(200)]
    sql = ["CREATE TABLE users (id int, mobile text, mail text);"]
    sql += [f"INSERT INTO users VALUES ({n}, '{tel}', '{mail}');" for n, (tel, mail) in enumerate(people)]
    sql += ["CREATE TABLE orders (number int, amount text);"]
    sql += [f"INSERT INTO orders VALUES ({n}, '{n}.50');" for n in range(50)]
    dump = tmp_path / "shop.sql"
    dump.write_text("\n".join(sql) + "\n")
    new = write(tmp_path / "new.csv", [f"{tel},{mail}" for tel, mail in people[100:]], "phone,email")
    found = compare(dump, new)
    assert found.rows is not None
    assert (found.a.tables, found.rows.columns) == (2, 2)
    assert (found.rows.a_in_b, found.rows.only_b) == (100, 0)
    assert (found.rows.lacking_a, found.rows.blank_a) == (50, 0)
    said = next(comparison_words.findings(found))
    assert (
        "100 of A's 200 rows that could be compared (50.0 %) are in B, and 100 of B's 100 rows (100 %)"
        in said
    )
    assert said.endswith(
        "50 rows of A could not be compared, because their tables lack a column that is compared."
    )
    assert kind(found, "phone").both == 100


FIELDS = ("id", "phone", "first_name", "last_name", "gender", "birth_date", "points")
GERMAN = ("ID", "Telefon", "Vorname", "Nachname", "Geschlecht", "Geburtsdatum", "Punkte")
FIRST = ("Emma", "Oliver", "Hannah", "Thomas", "Sophie", "Lukas", "Marie", "Daniel", "Julia", "Peter")
LAST = ("Schmidt", "Taylor", "Weber", "Brown", "Fischer", "Wilson", "Becker", "Evans", "Wagner", "Walker")


def people(start: int, stop: int) -> list[tuple[str, ...]]:
    return [
        (
            str(4000 + 7 * n),
            f"+44 7700 9{n:05}",
            FIRST[n % 10],
            LAST[n // 10 % 10],
            ("female", "male")[n % 2],
            f"19{60 + n % 40}-{n % 12 + 1:02}-{n % 28 + 1:02}",
            str(n * n % 97),
        )
        for n in range(start, stop)
    ]


def delimited(rows: list[tuple[str, ...]], header: tuple[str, ...], mark: str = ",") -> str:
    return "\n".join([mark.join(header), *map(mark.join, rows)]) + "\n"


def json_lines(rows: list[tuple[str, ...]]) -> str:
    return "".join(json.dumps(dict(zip(reversed(FIELDS), reversed(row), strict=True))) + "\n" for row in rows)


def json_array(rows: list[tuple[str, ...]]) -> str:
    return json.dumps([dict(zip(FIELDS, row, strict=True)) for row in rows])


def inserts(rows: list[tuple[str, ...]]) -> str:
    values = (", ".join(f"'{cell}'" for cell in row) for row in rows)
    return "".join(f"INSERT INTO people ({', '.join(FIELDS)}) VALUES ({one});\n" for one in values)


def archive_of(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name.replace("_", "."), text)
    return path


def test_members_that_name_their_columns_in_two_languages_are_compared_with_one_file(tmp_path: Path) -> None:
    parts = people(0, 150), people(150, 307)
    two = archive_of(
        tmp_path / "two.zip", GB_csv=delimited(parts[0], FIELDS), DE_csv=delimited(parts[1], GERMAN)
    )
    one = tmp_path / "two.csv"
    one.write_text(delimited(people(0, 307), FIELDS))
    for a, b in ((two, one), (one, two)):
        found = compare(a, b)
        assert found.rows is not None
        assert (found.rows.a, found.rows.a_in_b, found.rows.b, found.rows.b_in_a) == (307, 307, 307, 307)
        assert found.rows.columns >= 6
        assert "both have the same 307 distinct rows." in next(comparison_words.findings(found))


@pytest.mark.parametrize("header", [FIELDS, GERMAN])
def test_people_in_any_mix_of_forms_are_the_same_people(tmp_path: Path, header: tuple[str, ...]) -> None:
    mixed = archive_of(
        tmp_path / "mixed.zip",
        a_csv=delimited(people(0, 100), header),
        b_jsonl=json_lines(people(100, 200)),
        c_json=json_array(people(200, 300)),
        d_sql=inserts(people(300, 400)),
        e_tsv=delimited(people(400, 500), GERMAN, "\t"),
    )
    one = tmp_path / "one.csv"
    one.write_text(delimited(people(0, 500), FIELDS, ";"))
    found = compare(mixed, one)
    assert found.rows is not None
    assert (found.rows.a, found.rows.only_a, found.rows.only_b, found.rows.uncompared_a) == (500, 0, 0, 0)
    assert found.rows.columns >= 6
    assert comparison_words.files_of(found.a) == "1 file (5 members and tables)"
    assert comparison_words.files_of(found.b) == "1 file"


def test_rows_with_nothing_to_compare_and_tables_that_lack_a_column_are_told_apart(tmp_path: Path) -> None:
    a = tmp_path / "a"
    a.mkdir()
    write(
        a / "1.csv",
        [f"{person(n)},{n}" for n in range(90)] + [f",,,,{n}" for n in range(90, 100)],
        HEADER + ",n",
    )
    write(a / "2.csv", [f"{n},{n}.50" for n in range(7)], "number,amount")
    b = write(tmp_path / "b.csv", [person(n) for n in range(90)])
    found = compare(a, b)
    assert found.rows is not None
    assert (found.rows.lacking_a, found.rows.blank_a) == (7, 10)
    assert next(comparison_words.findings(found)).endswith(
        "; 17 rows of A could not be compared, 7 because their tables lack a column that is compared "
        "and 10 because these columns are empty there."
    )
