"""`floodmark overlap` on a real workspace: a twin, a copy of a half of it, and a later scrape in which people moved."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from floodmark.synth import leak

from .in_place import Place

SCHEMA = json.loads(files("floodmark.assessment").joinpath("overlap.schema.json").read_text())
ROWS = 3000
LOCATION = 6  # column of the twin's lines


def moved(line: str) -> str:
    cells = line.split(":")
    cells[LOCATION - 1] = "Reykjavík, Iceland"
    return ":".join(cells)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = Place(tmp_path_factory.mktemp("overlap"))
    leak("facebook-2021", ROWS, 7, made.folder / "first.txt", damage=0, duplicates=0)
    mark, *lines = (made.folder / "first.txt").read_text().splitlines(keepends=True)
    (made.folder / "copy.txt").write_text(mark + "".join(lines[: ROWS // 2]))
    later = [moved(line) if place % 4 == 0 else line for place, line in enumerate(lines)]
    (made.folder / "later.txt").write_text(mark + "".join(later[ROWS // 4 :]))
    (made.folder / "tiny.txt").write_text(mark + "".join(lines[:9]))
    assert made.run("keys", "init", "--wrap", "none").returncode == 0
    for slug in ("first", "copy", "later", "tiny"):
        done = made.run("save", slug, f"{slug}.txt")
        assert done.returncode == 0, done.stderr
    return made


def test_a_copy_and_a_later_scrape_are_told_apart(place: Place) -> None:
    done = place.run("overlap", "first", "copy", "later", "-o", "json", "--kind", "profile_id")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    suggests = {frozenset((pair["a"], pair["b"])): pair for pair in found["kinds"][0]["pairs"]}
    assert suggests[frozenset(("first", "copy"))]["meaning"]["suggests"] == "copied"
    assert suggests[frozenset(("first", "later"))]["meaning"]["suggests"] == "collected-apart"
    assert suggests[frozenset(("first", "copy"))]["share_of_b"] == 1.0
    assert suggests[frozenset(("first", "later"))]["share_of_b"] == 1.0


def test_without_a_slug_all_leaks_are_compared_and_marked(place: Place) -> None:
    done = place.run("overlap")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("SYNTHETIC DATA")
    for part in (
        "first (synthetic)",
        "tiny (synthetic)",
        "PHONE NUMBERS OF EACH LEAK",
        "IN EXACTLY THESE LEAKS",
    ):
        assert part in done.stdout
    assert "Overlap alone says nothing of recycling" in " ".join(done.stdout.split())
    assert "Every number counts distinct identifiers" in " ".join(done.stdout.split())
    assert "cannot tell" in " ".join(done.stdout.split())


def test_page_and_tables_are_written_beside_what_is_shown(place: Place, tmp_path: Path) -> None:
    done = place.run(
        "overlap", "first", "copy", "--html", tmp_path / "o.html", "--csv", tmp_path / "t", "-o", "json"
    )
    assert done.returncode == 0, done.stderr
    assert "<svg" in (tmp_path / "o.html").read_text()
    assert len([*(tmp_path / "t").iterdir()]) == 5
    json.loads(done.stdout)


def test_no_identifier_or_name_is_in_any_output(place: Place, tmp_path: Path) -> None:
    outputs = [
        place.run("overlap", "-o", form, "--html", tmp_path / "o.html", "--csv", tmp_path / "t").stdout
        for form in ("human", "json")
    ]
    outputs += [path.read_text() for path in [tmp_path / "o.html", *(tmp_path / "t").iterdir()]]
    lines = (place.folder / "first.txt").read_text().splitlines()[1:400]
    telling = {cell for line in lines for cell in line.split(":")[:2] if len(cell) > 7}
    assert len(telling) > 500
    assert not [cell for cell in telling for output in outputs if cell in output]


@pytest.mark.parametrize(
    ("args", "code", "slug"),
    [
        (("first",), 2, "usage"),
        (("first", "first"), 2, "usage"),
        (("first", "missing"), 1, "leak-not-found"),
        (("first", "copy", "--kind", "shoe-size"), 2, "usage"),
        (("first", "copy", "--html", "nowhere/o.html"), 1, "output-failed"),
        (("first", "copy", "--csv", "first.txt"), 1, "output-failed"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    place: Place, args: tuple[str, ...], code: int, slug: str
) -> None:
    done = place.run("overlap", *args)
    assert done.returncode == code
    assert f"({slug})" in done.stderr
    assert "hint:" in done.stderr
    assert done.stdout == ""


def test_an_empty_workspace_has_nothing_to_compare(tmp_path: Path) -> None:
    done = Place(tmp_path).run("overlap")
    assert done.returncode == 2
    assert "at least two" in done.stderr
    assert [*tmp_path.iterdir()] == []


def test_a_damaged_array_is_named_and_nothing_is_computed_from_it(place: Place, tmp_path: Path) -> None:
    shutil.copytree(place.folder, tmp_path / "copy")
    spoiled = Place(tmp_path / "copy")
    array = next((spoiled.folder / "home").rglob("first*/digests/phone.npy"))
    content = bytearray(array.read_bytes())
    content[-5] ^= 1
    array.chmod(0o600)
    array.write_bytes(content)
    done = spoiled.run("overlap", "first", "copy")
    assert done.returncode == 1
    assert "(array-damaged)" in done.stderr
    assert "phone.npy of first" in done.stderr
    assert done.stdout == ""
