"""Bombs of every kind are stopped by a limit that says so, and what stood before is read."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
import zstandard

from floodmark.dumps.containers import Opening, members
from floodmark.errors import LimitExceeded, UnreadableInput

from .finding import Found, found_in, only_problem, texts
from .packing import FILES, TEXT, rar5, tarred, written_by_libarchive, zipped

SMALL = Opening(ratio_floor=1 << 20)
ZEROS = bytes(1 << 22)


def size_of(members_found: list[Found]) -> int:
    return sum(len(member.text) for member in members_found)


@pytest.mark.parametrize(
    "raw",
    [
        gzip.compress(ZEROS),
        zstandard.compress(ZEROS),
        zipped([("a", ZEROS)]),
        zipped([("a", ZEROS)], zipfile.ZIP_BZIP2),
        zipped([("a", ZEROS)], zipfile.ZIP_LZMA),
        written_by_libarchive([("a", ZEROS)], "7zip"),
        gzip.compress(gzip.compress(ZEROS)),
        zipped([("a.zip", zipped([("b.zip", zipped([("c", ZEROS)]))]))]),
    ],
    ids=["gzip", "zstd", "deflate", "bzip2", "lzma", "7z", "gzip in gzip", "zip in zip in zip"],
)
def test_what_expands_more_than_any_text_is_stopped_soon_after_the_floor(tmp_path: Path, raw: bytes) -> None:
    got = found_in(tmp_path, raw, SMALL)
    assert any(isinstance(member.problem, LimitExceeded) for member in got)
    assert "300 times" in next(member.problem.message for member in got if member.problem)
    assert size_of(got) <= SMALL.ratio_floor + (1 << 18)


def test_a_small_file_may_expand_as_much_as_it_likes(tmp_path: Path) -> None:
    assert texts(found_in(tmp_path, gzip.compress(ZEROS))) == {"": ZEROS}


def honest_archives() -> dict[str, bytes]:
    files = [("a.csv", TEXT), ("b.csv", TEXT[::-1])]
    return {
        "gzip": gzip.compress(TEXT),
        "zstd": zstandard.compress(TEXT),
        "zip": zipped(files),
        "tar in gzip": gzip.compress(tarred(files)),
        "zip in gzip": gzip.compress(zipped(files)),
        "rar": rar5(files),
        "7z": written_by_libarchive(files, "7zip"),
        "7z in zip": zipped([("a.7z", written_by_libarchive(files, "7zip"))]),
        "encrypted zip": written_by_libarchive(files, "zip", options="zip:encryption=aes256", password="a"),
    }


@pytest.mark.parametrize("form", honest_archives())
def test_an_honest_archive_is_read_beyond_the_floor_too(tmp_path: Path, form: str) -> None:
    got = found_in(tmp_path, honest_archives()[form], Opening(passwords=("a",), ratio_floor=1000))
    assert [member.problem for member in got] == [None] * len(got)
    assert size_of(got) >= len(TEXT)


def test_an_honest_zip_that_is_cut_off_is_read_beyond_the_floor_too(tmp_path: Path) -> None:
    raw = honest_archives()["zip"]
    got = found_in(tmp_path, raw[: raw.index(b"PK\x01\x02")], Opening(ratio_floor=1000))
    assert [len(member.text) for member in got[:2]] == [len(TEXT), len(TEXT)]
    assert not any(isinstance(member.problem, LimitExceeded) for member in got)


def test_many_members_that_expand_are_stopped_together(tmp_path: Path) -> None:
    got = found_in(tmp_path, zipped([(f"{number}", bytes(1 << 18)) for number in range(50)]), SMALL)
    assert size_of(got) <= SMALL.ratio_floor + (1 << 18)
    assert len(got) < 10
    assert isinstance(got[-1].problem, LimitExceeded)


def test_containers_deeper_than_allowed_are_not_opened(tmp_path: Path) -> None:
    raw = TEXT
    for _ in range(9):
        raw = gzip.compress(raw, 0)
    assert "more than 8" in only_problem(found_in(tmp_path, raw), LimitExceeded).message
    assert texts(found_in(tmp_path, gzip.decompress(raw))) == {"": TEXT}


def test_hundreds_of_layers_cost_no_more_than_the_first_few(tmp_path: Path) -> None:
    raw = b""
    for _ in range(300):
        raw = tarred([("a", raw)])[: 512 + -(-len(raw) // 512) * 512] + bytes(1024)
    got = found_in(tmp_path, raw)
    assert "more than 8" in only_problem(got, LimitExceeded).message


def test_more_members_than_allowed_are_not_listed(tmp_path: Path) -> None:
    many = [(f"{number}", b"") for number in range(30)]
    for raw in (
        tarred(many),
        rar5(many),
        zipped([("a.tar", tarred(many[:15])), ("b.tar", tarred(many[:15]))]),
    ):
        got = found_in(tmp_path, raw, Opening(members=20))
        assert len(texts(got)) <= 20
        assert "more than 20 members" in got[-1].problem.message if got[-1].problem else False


def test_a_zip_with_more_members_than_allowed_is_refused_before_its_directory_is_held(tmp_path: Path) -> None:
    got = found_in(tmp_path, zipped([(f"{number}", b"") for number in range(30)]), Opening(members=20))
    assert "more than 20 members" in only_problem(got, LimitExceeded).message
    assert len(got) == 1


def test_folders_and_links_count_as_members(tmp_path: Path) -> None:
    folders = []
    for number in range(30):
        folder = tarfile.TarInfo(f"{number}")
        folder.type = tarfile.DIRTYPE
        folders.append(folder)
    assert only_problem(found_in(tmp_path, tarred([], special=folders), Opening(members=20)), LimitExceeded)


def test_more_text_than_allowed_is_not_read(tmp_path: Path) -> None:
    got = found_in(tmp_path, tarred(FILES), Opening(size=len(TEXT) + 100))
    assert got[0].text == TEXT
    assert isinstance(got[1].problem, LimitExceeded)


def overlapping(count: int) -> bytes:
    """A zip archive whose members all stand for the same bytes (Fifield, "A better zip bomb", WOOT 2019)."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(ZEROS) + kernel.flush()
    about = (zlib.crc32(ZEROS), len(packed), len(ZEROS), 1, 0)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, *about) + b"a"
    header = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, *about, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(header) * count, len(local + packed), 0
    )
    return local + packed + header * count + end


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    assert texts(found_in(tmp_path, overlapping(1))) == {"a": ZEROS}
    got = found_in(tmp_path, overlapping(2))
    assert "overlap" in only_problem(got, LimitExceeded).message
    assert size_of(got) == 0


@pytest.mark.parametrize("field", ["size", "packed"])
@pytest.mark.parametrize("lie", [0, 1, 0xFFFFFFFE])
def test_a_zip_that_lies_about_a_size_is_found_out(tmp_path: Path, field: str, lie: int) -> None:
    raw = bytearray(zipped([("a", TEXT)]))
    at = raw.rfind(b"PK\x01\x02")
    local, header = (22, at + 24) if field == "size" else (18, at + 20)
    for place in (local, header):
        raw[place : place + 4] = lie.to_bytes(4, "little")
    problem = only_problem(found_in(tmp_path, bytes(raw)), UnreadableInput)
    assert problem.hint


def test_a_tar_that_says_a_member_has_exabytes_is_cut_off(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("a")
    entry.size = 1 << 60
    raw = entry.tobuf(tarfile.GNU_FORMAT) + TEXT
    got = found_in(tmp_path, raw)
    assert got[0].text == TEXT
    assert all(isinstance(member.problem, UnreadableInput) for member in got)


def test_a_tar_whose_header_of_names_is_huge_is_not_held(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("a")
    entry.type, entry.size = tarfile.XHDTYPE, 1 << 40
    problem = only_problem(
        found_in(tmp_path, entry.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20)), LimitExceeded
    )
    assert "header" in problem.message


def test_a_tar_of_nothing_but_headers_of_names_is_passed_over(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("././@LongLink")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 5
    chain = (entry.tobuf(tarfile.GNU_FORMAT) + b"name\0".ljust(512, b"\0")) * 5000
    assert texts(found_in(tmp_path, chain + tarred([("a", TEXT)]))) == {"name": TEXT}


def test_a_million_tiny_gzip_members_are_one_text(tmp_path: Path) -> None:
    assert texts(found_in(tmp_path, gzip.compress(b"a", 1) * 100_000)) == {"": b"a" * 100_000}


def test_a_stream_that_wants_much_memory_is_refused(tmp_path: Path) -> None:
    xz = b"\xfd7zXZ\x00\x00\x00" + struct.pack("<L", zlib.crc32(b"\0\0"))
    block = b"\x02\x00\x21\x01\x28\x00\x00\x00"  # LZMA2 with a dictionary of 4 GiB
    raw = xz + block + struct.pack("<L", zlib.crc32(block)) + bytes(100)
    assert "memory" in only_problem(found_in(tmp_path, raw), LimitExceeded).message
    frame = b"\x28\xb5\x2f\xfd\x00\xa0" + bytes(100)  # a window of 1 GiB
    assert "memory" in only_problem(found_in(tmp_path, frame), LimitExceeded).message


def test_no_problem_quotes_a_name(tmp_path: Path) -> None:
    canary = "zanzibar.quokka"
    link = tarfile.TarInfo(canary)
    link.type, link.linkname = tarfile.SYMTYPE, canary
    inner = [(canary, b"PAR1"[:3] + canary.encode()), (f"{canary}.gz", gzip.compress(TEXT)[:50])]
    out = io.BytesIO(zipped([(canary + ".tar", tarred(inner, special=[link])), (canary, rar5(inner)[:60])]))
    (tmp_path / "dump").write_bytes(out.getvalue())
    for member in members(tmp_path / "dump"):
        if member.problem is not None:
            assert canary not in member.problem.message + member.problem.hint
