"""`show`: what it hands out, and that the log knows first."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from floodmark.dumps.containers import members
from floodmark.errors import FloodmarkError, InputChanged, NothingToRead, UsageError
from floodmark.hazmat import At, Look, NoSuchPlace, Quarantined, Shown, show

LINES = [f"+2010{10_000_000 + n},Omar Said,u{n}@example.org" for n in range(400)]
LINES[100] = "damage"
LINES[101] = "more,damage"
LINES[300] = "+201010000300,Omar Said,u300@example.org,and,more"
TEXT = "\n".join(["phone,full_name,email", *LINES, ""]).encode()


def look_at(path: Path, place: At | Quarantined, **given: object) -> tuple[Shown, list[Look]]:
    logged: list[Look] = []
    return show(path, place, reason="a test", log=logged.append, **given), logged  # type: ignore[arg-type]


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "dump.csv"
    path.write_bytes(TEXT)
    return path


def test_the_line_at_an_offset_is_shown_and_the_log_says_where_and_not_what(dump: Path) -> None:
    start = TEXT.index(LINES[7].encode())
    shown, logged = look_at(dump, At(start + 5), lines=2)
    assert [line.data.decode() for line in shown.lines] == LINES[7:9]
    assert logged == [shown.look]
    assert shown.look == Look(hashlib.sha256(TEXT).hexdigest(), len(TEXT), 0, start + 5, 2, "a test", "")
    assert shown.begins_before == start
    assert look_at(dump, At(start))[0].begins_before is None
    assert "Omar" not in repr(shown)


def test_a_quarantined_place_is_found_by_its_number(dump: Path) -> None:
    starts = [TEXT.index(b"damage"), TEXT.index(b"more,damage")]
    first, _ = look_at(dump, Quarantined(1))
    assert first.lines[0].start == starts[0]
    assert first.span is not None
    assert (first.span.kind, first.span.start) == ("quarantined", starts[0])
    with pytest.raises(NoSuchPlace, match="places of the text are quarantined"):
        look_at(dump, Quarantined(99))


def test_nothing_is_handed_out_when_the_log_cannot_be_written(dump: Path) -> None:
    def full(look: Look) -> None:
        raise FloodmarkError("The disk is full")

    with pytest.raises(FloodmarkError, match="full"):
        show(dump, At(0), reason="a test", log=full)


def test_offsets_are_those_of_the_text_inside_its_container(tmp_path: Path) -> None:
    path = tmp_path / "dump.csv.gz"
    path.write_bytes(gzip.compress(TEXT))
    shown, _ = look_at(path, At(TEXT.index(LINES[7].encode())))
    assert shown.lines[0].data.decode() == LINES[7]
    assert shown.look.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_member_of_an_archive_is_named_as_reports_call_it(tmp_path: Path) -> None:
    path = tmp_path / "set.tar"
    with tarfile.open(path, "w") as archive:
        for name, data in (("parts/1.csv", b"a,b\n1,2\n"), ("parts/2.csv", TEXT)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    shown, _ = look_at(path, At(0), member="parts/2.csv")
    assert shown.lines[0].data == b"phone,full_name,email"
    assert (shown.look.member, shown.look.label) == (2, "set.tar/parts/2.csv")
    assert look_at(path, At(0), member="set.tar/parts/2.csv")[0].lines == shown.lines
    damaged, _ = look_at(path, Quarantined(1), member="parts/2.csv")
    assert damaged.lines[0].start == TEXT.index(b"damage")
    for place in (At(0), Quarantined(1)):
        with pytest.raises(UsageError, match="several members"):
            look_at(path, place)
        with pytest.raises(NoSuchPlace, match="no member"):
            look_at(path, place, member="parts/3.csv")


def test_the_label_of_a_member_is_logged_without_what_a_terminal_obeys(tmp_path: Path) -> None:
    path = tmp_path / "set.tar"
    name = "a\u202egpj\x1b[2J\n.csv"
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(TEXT)
        archive.addfile(entry, io.BytesIO(TEXT))
    with closing(members(path)) as found:
        (label,) = [member.name for member in found]
    shown, _ = look_at(path, At(0), member=label)
    assert shown.look.label.startswith("set.tar/a")
    assert shown.look.label.isprintable()


def test_text_of_another_encoding_is_read_in_it(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    text = "\ufeffphone;name\n+201010000001;Zoë\n" * 40
    path.write_bytes(text.encode("utf-16-le"))
    shown, _ = look_at(path, At(2 * len("\ufeffphone;name\n")))
    assert shown.lines[0].data.decode(shown.codec) == "+201010000001;Zoë"


@pytest.mark.parametrize("lines", [0, 101, 10**9])
def test_as_many_lines_as_a_person_reads_and_no_more(dump: Path, lines: int) -> None:
    with pytest.raises(UsageError):
        look_at(dump, At(0), lines=lines)


def test_places_that_cannot_be_are_refused_before_anything_is_logged(dump: Path, tmp_path: Path) -> None:
    logged: list[Look] = []
    for path, place, kind in (
        (dump, At(-1), UsageError),
        (dump, At(10**15), NoSuchPlace),
        (dump, Quarantined(0), UsageError),
        (tmp_path / "missing", At(0), NothingToRead),
        (tmp_path, At(0), FloodmarkError),
    ):
        with pytest.raises(kind):
            show(path, place, reason="a test", log=logged.append)
    assert logged == []


def test_a_file_that_changes_meanwhile_is_refused(dump: Path) -> None:
    def grow(size: int) -> None:
        with dump.open("ab") as file:
            file.write(b"x\n" * 10)

    done = False

    def once(size: int) -> None:
        nonlocal done
        if not done:
            done = True
            grow(size)

    logged: list[Look] = []
    with pytest.raises(InputChanged):
        show(dump, At(0), reason="a test", log=logged.append, advance=once)
    assert logged == []


def test_a_quarantined_place_of_recoded_text_is_found_in_the_bytes_as_found(tmp_path: Path) -> None:
    path = tmp_path / "legacy.csv"
    lines = ["phone;full_name;email", *(line.replace(",", ";").replace("Omar", "Zoë") for line in LINES), ""]
    data = "\n".join(lines).encode("utf-16-le")
    path.write_bytes(data)
    shown, _ = look_at(path, Quarantined(1))
    assert shown.lines[0].start == data.index("damage".encode("utf-16-le"))
    assert shown.lines[0].data.decode(shown.codec) == "damage"


def test_a_file_of_cells_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame({"phone": ["+201010000001"]}).write_parquet(path)
    with pytest.raises(UsageError, match="has no lines"):
        look_at(path, At(0))
