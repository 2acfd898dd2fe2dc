"""Every container is opened, in any order one in the other, and its texts come out whole, labelled and counted."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floodmark.dumps.containers import Opening, members
from floodmark.errors import UnknownContainer, UnreadableInput

from .finding import found, found_in, only_problem, texts
from .packing import FILES, TEXT, rar4, rar5, tarred, written_by_libarchive, zipped

STREAMS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda text: lzma.compress(text, lzma.FORMAT_ALONE),
    **{
        what: lambda text, what=what: written_by_libarchive((("x", text),), "raw", through=what)
        for what in ("lz4", "lzip", "compress")
    },
}
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "tar, pax": lambda: tarred(FILES),
    "tar, GNU": lambda: tarred(FILES, tarfile.GNU_FORMAT),
    "tar, ustar": lambda: tarred(FILES, tarfile.USTAR_FORMAT),
    "zip, stored": lambda: zipped(FILES, zipfile.ZIP_STORED),
    "zip, deflated": lambda: zipped(FILES),
    "zip, bzip2": lambda: zipped(FILES, zipfile.ZIP_BZIP2),
    "zip, lzma": lambda: zipped(FILES, zipfile.ZIP_LZMA),
    "rar, version 4": lambda: rar4(FILES),
    "rar, version 5": lambda: rar5(FILES),
    **{
        f"7z, {how}": lambda how=how: written_by_libarchive(FILES, "7zip", options=f"compression={how}")
        for how in ("lzma1", "lzma2", "bzip2", "deflate", "ppmd", "copy")
    },
}


@pytest.mark.parametrize("form", STREAMS)
def test_a_compressed_text_is_one_member_without_a_name(tmp_path: Path, form: str) -> None:
    [member] = found_in(tmp_path, STREAMS[form](TEXT))
    assert (member.name, member.wrapping, member.text, member.problem) == ("", (form,), TEXT, None)


def test_a_plain_text_is_one_member_without_a_name_or_wrapping(tmp_path: Path) -> None:
    [member] = found_in(tmp_path, TEXT)
    assert (member.name, member.wrapping, member.text, member.kind) == ("", (), TEXT, "text")


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    [member] = found_in(tmp_path, b"")
    assert (member.text, member.problem) == (b"", None)


@pytest.mark.parametrize("form", ARCHIVES)
def test_an_archive_gives_its_members_by_name(tmp_path: Path, form: str) -> None:
    raw = ARCHIVES[form]()
    got = found_in(tmp_path, raw)
    assert texts(got) == dict(FILES)
    assert {member.wrapping for member in got} == {(form.split(",")[0],)}
    assert len(got) == len(FILES)


@pytest.mark.parametrize("form", ["gzip", "zstd", "bzip2", "xz"])
def test_streams_one_after_the_other_are_one_text(tmp_path: Path, form: str) -> None:
    pack = STREAMS[form]
    assert texts(found_in(tmp_path, pack(TEXT) + pack(b"") + pack(b"end"))) == {"": TEXT + b"end"}


def test_containers_are_opened_one_in_the_other(tmp_path: Path) -> None:
    inner = [
        ("a.zip", zipped(FILES)),
        ("b.tar.xz", lzma.compress(tarred(FILES))),
        ("c.rar", rar5(FILES)),
        ("d.7z", written_by_libarchive(FILES, "7zip")),
        ("e.csv.gz", gzip.compress(TEXT)),
    ]
    got = found_in(tmp_path, gzip.compress(tarred([("all.zip", zipped(inner, zipfile.ZIP_STORED))])))
    assert texts(got) == {
        f"all.zip/{archive}/{name}": text for archive, _ in inner[:4] for name, text in FILES
    } | {"all.zip/e.csv.gz": TEXT}
    outer = ("gzip", "tar", "zip")
    assert [member.wrapping for member in got[::3]] == [
        (*outer, "zip"),
        (*outer, "xz", "tar"),
        (*outer, "rar"),
        (*outer, "7z"),
        (*outer, "gzip"),
    ]


def test_a_zip_of_rar_files_gives_their_texts_in_order(tmp_path: Path) -> None:
    parts = [
        (f"{number}.rar", (rar4 if number % 2 else rar5)([("part.txt", b"%d:text\n" % number)]))
        for number in range(12)
    ]
    got = found_in(tmp_path, zipped(parts))
    assert [(member.name, member.text) for member in got] == [
        (f"{number}.rar/part.txt", b"%d:text\n" % number) for number in range(12)
    ]


@pytest.mark.parametrize(
    "raw",
    [
        TEXT,
        gzip.compress(TEXT),
        zipped(FILES),
        tarred(FILES),
        rar5(FILES),
        zipped([("a.zip", zipped(FILES))]),
    ],
    ids=["plain", "gzip", "zip", "tar", "rar", "zip in zip"],
)
def test_the_watcher_sees_every_raw_byte_once_and_in_order_and_progress_adds_up(
    tmp_path: Path, raw: bytes
) -> None:
    path, digest, steps = tmp_path / "dump", hashlib.sha256(), list[int]()
    path.write_bytes(raw)
    for member in members(path, watch=digest.update, advance=steps.append):
        if member.source is not None:
            member.source.read(10)
    assert digest.digest() == hashlib.sha256(raw).digest()
    assert sum(steps) == len(raw)
    assert all(step > 0 for step in steps)


def test_what_is_left_of_a_member_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    for raw in (tarred(FILES), zipped(FILES), rar4(FILES), rar5(FILES)):
        path.write_bytes(raw)
        firsts = [(member.name, member.source.read(3)) for member in members(path) if member.source]
        assert firsts == [(name, text[:3]) for name, text in FILES]
        assert [member.name for member in members(path)] == [name for name, _ in FILES]


def test_stopping_early_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_bytes(zipped([("a.rar", rar5(FILES)), ("b.7z", written_by_libarchive(FILES, "7zip"))]))
    reading = members(path)
    assert next(reading).source is not None
    reading.close()
    path.write_bytes(written_by_libarchive((("x", TEXT),), "raw", through="lz4"))
    reading = members(path)
    next(reading)
    reading.close()  # a process or a file that is left open is a warning, and so an error


# --- looking into a member, seeking in it


@given(sizes=st.lists(st.tuples(st.booleans(), st.integers(0, 3000)), max_size=12))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("form", ["plain", "gzip", "zip"])
def test_what_was_peeked_at_stays_to_be_read(
    tmp_path: Path, form: str, sizes: list[tuple[bool, int]]
) -> None:
    path = tmp_path / "dump"
    path.write_bytes({"plain": TEXT, "gzip": gzip.compress(TEXT), "zip": zipped([("a", TEXT)])}[form])
    reading = members(path)
    source, at = next(reading).source, 0
    assert source is not None
    for peek, size in sizes:
        if peek:
            assert source.peek(size) == TEXT[at : at + size]
        else:
            assert source.read(size) == TEXT[at : at + size]
            at += len(TEXT[at : at + size])
        assert source.text_read == at
    reading.close()


def workbook() -> bytes:
    return zipped([("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")])


@pytest.mark.parametrize(
    ("kind", "raw"),
    [("xlsx", workbook()), ("parquet", b"PAR1" + bytes(200) + b"PAR1")],
    ids=["xlsx", "parquet"],
)
@pytest.mark.parametrize("around", ["nothing", "gzip", "zip"])
def test_tables_that_are_no_texts_are_told_and_given_as_a_file(
    tmp_path: Path, kind: str, raw: bytes, around: str
) -> None:
    path = tmp_path / "dump"
    pack: Callable[[bytes], bytes] = {
        "nothing": bytes,
        "gzip": gzip.compress,
        "zip": lambda raw: zipped([("table", raw)]),
    }[around]
    path.write_bytes(pack(raw))
    [member] = [
        (member.wrapping, member.source.kind, _sought(member.source.file()))
        for member in members(path)
        if member.source
    ]
    assert member == ((() if around == "nothing" else (around,)), kind, (raw[-20:], raw))


def _sought(file: io.BufferedIOBase) -> tuple[bytes, bytes]:
    file.seek(-20, io.SEEK_END)
    end = file.read()
    file.seek(0)
    return end, file.read()


def test_a_table_can_be_read_as_the_bytes_it_is(tmp_path: Path) -> None:
    assert texts(found_in(tmp_path, workbook())) == {"": workbook()}


# --- what is not opened


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(600), "PNG picture"),
        (b"SQLite format 3\x00" + bytes(600), "SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office document"),
        (zipped([("word/document.xml", b"<w/>")]), "Word document"),
        (zipped([("mimetype", b"x"), ("META-INF/manifest.xml", b"<m/>")]), "OpenDocument"),
        (zipped([("xl/workbook.bin", b"x")]), "binary Excel workbook"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_neither_text_nor_container_is_named_with_a_next_step(
    tmp_path: Path, raw: bytes, what: str
) -> None:
    for packed, name in ((raw, ""), (tarred([("it", raw)]), "it")):
        [member] = found_in(tmp_path, packed)
        assert member.name == name
        assert isinstance(member.problem, UnknownContainer)
        assert what in member.problem.message
        assert member.problem.hint


@pytest.mark.parametrize(
    "text", [b"BZh is how this line begins\n" * 30, b"PK;name\n" * 100, b"7z;\n", b"]\0\0\n"]
)
def test_a_text_that_begins_like_a_container_is_a_text(tmp_path: Path, text: bytes) -> None:
    assert texts(found_in(tmp_path, text)) == {"": text}


def test_links_devices_and_folders_are_never_followed(tmp_path: Path) -> None:
    special = []
    for name, kind in (
        ("link", tarfile.SYMTYPE),
        ("hard", tarfile.LNKTYPE),
        ("pipe", tarfile.FIFOTYPE),
        ("device", tarfile.CHRTYPE),
        ("folder", tarfile.DIRTYPE),
    ):
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, "/etc/passwd"
        special.append(entry)
    got = found_in(tmp_path, tarred(FILES[:1], special=special))
    assert [member.name for member in got] == ["egypt.csv", "link", "hard", "pipe", "device"]
    assert all(isinstance(member.problem, UnreadableInput) for member in got[1:])


def test_a_link_in_a_zip_is_not_read_as_a_text(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("folder/", "")
    assert "link" in only_problem(found_in(tmp_path, out.getvalue()), UnreadableInput).message


@given(names=st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_members_of_any_name_are_told_apart_by_printable_labels(tmp_path: Path, names: list[str]) -> None:
    files = [(name.encode("utf-8", "replace").decode(), b"%d" % place) for place, name in enumerate(names)]
    got = found_in(tmp_path, tarred(files))
    labels = [member.name for member in got]
    assert len(set(labels)) == len(labels)
    assert all(label.isprintable() for label in labels)


def test_reading_in_any_step_gives_the_same_texts(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_bytes(zipped([("a.tar.gz", gzip.compress(tarred(FILES))), ("b.rar", rar5(FILES))]))
    assert found(path, Opening(), 7) == found(path, Opening(), 1 << 20)
