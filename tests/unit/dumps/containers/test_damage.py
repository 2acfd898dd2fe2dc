"""What is cut off or changed is an error with a next step, never a traceback, and what stood before it is read."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floodmark.dumps.containers.formats import OPENED
from floodmark.errors import FloodmarkError, UnreadableInput

from .finding import found_in, texts
from .packing import Files, rar4, rar5, tarred, written_by_libarchive, zipped

SMALL: Files = (("a.csv", b"1:one\n2:two\n"), ("b.csv", b"3:three\n"))
TEXT = b"".join(b"%d:text\n" % number for number in range(40))
OURS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip.compress(TEXT),
    "zstd": lambda: zstandard.compress(TEXT),
    "bzip2": lambda: bz2.compress(TEXT),
    "xz": lambda: lzma.compress(TEXT),
    "tar": lambda: tarred(SMALL)[:2560],
    "tar in gzip": lambda: gzip.compress(tarred(SMALL)),
}
OUR_MAGIC = [magic for magic, name in OPENED if name in ("gzip", "zstd", "xz", "bzip2", "parquet")] + [
    b"]\0\0\x80\0"
]
THEIRS: dict[str, Callable[[], bytes]] = {
    "zip": lambda: zipped(SMALL),
    "zip, stored": lambda: zipped(SMALL, zipfile.ZIP_STORED),
    "rar, version 4": lambda: rar4(SMALL),
    "rar, version 5": lambda: rar5(SMALL),
    "7z": lambda: written_by_libarchive(SMALL, "7zip"),
}


def check_cut_off(folder: Path, raw: bytes, whole: dict[str, bytes]) -> None:
    """What is read of an archive that is cut off is the beginning of what it holds, and it is said to be cut off."""
    got = found_in(folder, raw)
    for member in got:
        assert whole.get(member.name, b"").startswith(member.text)
        assert member.problem is None or (isinstance(member.problem, FloodmarkError) and member.problem.hint)
    assert any(isinstance(member.problem, UnreadableInput) for member in got)


@pytest.mark.parametrize("form", OURS)
def test_a_container_cut_off_at_any_byte_is_an_error_and_gives_what_was_whole(
    tmp_path: Path, form: str
) -> None:
    raw = OURS[form]()
    whole = texts(found_in(tmp_path, raw))
    if form == "tar in gzip":
        whole[""] = gzip.decompress(raw)  # before a whole header is there, nobody can tell that it is one
    first = next(len(magic) for magic, name in (*OPENED, (b" " * 512, "tar")) if name in form)
    for stop in range(max(first, 10), len(raw), 1 if len(raw) < 1000 else 17):
        check_cut_off(tmp_path, raw[:stop], whole)


@pytest.mark.parametrize("form", THEIRS)
def test_an_archive_cut_off_at_any_byte_is_an_error_and_gives_what_was_whole(
    tmp_path: Path, form: str
) -> None:
    raw = THEIRS[form]()
    whole = texts(found_in(tmp_path, raw))
    assert whole == dict(SMALL)
    for stop in range(8, len(raw) - 1, max(1, len(raw) // 30)):  # each takes a process
        check_cut_off(tmp_path, raw[:stop], whole)


@pytest.mark.parametrize("form", [*OURS, "zip"])
def test_a_changed_byte_anywhere_is_found_or_harms_nothing(tmp_path: Path, form: str) -> None:
    raw = (OURS | THEIRS)[form]()
    whole = texts(found_in(tmp_path, raw))
    choose = random.Random(7)
    for at in choose.sample(range(len(raw)), min(60, len(raw))):
        changed = bytearray(raw)
        changed[at] ^= choose.randrange(1, 256)
        for member in found_in(tmp_path, bytes(changed)):
            assert member.problem is None or member.problem.hint or member.text in whole.values()


@given(
    head=st.sampled_from([magic for magic, _ in OPENED if _ not in ("rar", "7z", "lz4", "lzip", "compress")]),
    rest=st.binary(max_size=2000),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_behind_any_beginning_are_members_or_problems(
    tmp_path: Path, head: bytes, rest: bytes
) -> None:
    for member in found_in(tmp_path, head + rest):
        assert member.problem is None or isinstance(member.problem, FloodmarkError)


@pytest.mark.parametrize("form", ["rar", "7z", "lz4", "lzip", "compress", "zip"])
def test_noise_behind_the_beginning_of_what_libarchive_reads_is_a_problem(tmp_path: Path, form: str) -> None:
    noise = random.Random(11)
    for magic, name in OPENED:
        if name == form:
            for size in (0, 20, 300, 5000):
                got = found_in(tmp_path, magic + noise.randbytes(size))
                assert all(member.problem is None or member.problem.hint for member in got)


def test_a_damaged_member_of_a_zip_leaves_the_others_whole(tmp_path: Path) -> None:
    raw = bytearray(zipped(SMALL, zipfile.ZIP_STORED))
    raw[raw.index(b"two")] ^= 1
    got = found_in(tmp_path, bytes(raw))
    assert texts(got) == {"b.csv": SMALL[1][1]}
    assert isinstance(got[0].problem, UnreadableInput)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@pytest.mark.parametrize("stated", [0, 3, 5_000])
def test_a_member_whose_size_a_zip_states_wrong_is_read_and_that_is_said(
    tmp_path: Path, method: int, stated: int
) -> None:
    for headers in ([b"PK\x01\x02"], [b"PK\x01\x02", b"PK\x03\x04"]):
        raw = bytearray(zipped(SMALL, method))
        for header in headers:
            at = raw.index(header) + (24 if header == b"PK\x01\x02" else 22)
            raw[at : at + 4] = stated.to_bytes(4, "little")
        got = found_in(tmp_path, bytes(raw))
        assert [member.text for member in got] == [text for _, text in SMALL]
        assert got[0].problem is not None
        assert "another size" in got[0].problem.message
        assert got[1].problem is None


def test_a_zip_whose_headers_say_something_else_than_its_directory_is_not_believed(tmp_path: Path) -> None:
    raw = bytearray(zipped(SMALL))
    raw[30:35] = b"x.csv"
    got = found_in(tmp_path, bytes(raw))
    assert texts(got) == {"b.csv": SMALL[1][1]}
    assert got[0].problem is not None
    assert "something else" in got[0].problem.message


def test_bytes_before_a_zip_move_its_offsets_and_harm_nothing(tmp_path: Path) -> None:
    inner = b"PK\x07\x08" + bytes(96) + zipped(SMALL)
    assert texts(found_in(tmp_path, inner)) == dict(SMALL)


def test_tar_archives_written_one_after_the_other_are_one(tmp_path: Path) -> None:
    assert texts(found_in(tmp_path, tarred(SMALL[:1]) + tarred(SMALL[1:]))) == dict(SMALL)


def test_what_follows_the_end_of_a_tar_and_is_no_tar_is_told(tmp_path: Path) -> None:
    got = found_in(tmp_path, tarred(SMALL) + b"hidden text\n" * 100)
    assert texts(got) == dict(SMALL)
    assert isinstance(got[-1].problem, UnreadableInput)


@pytest.mark.parametrize(
    "raw", [rar4(SMALL, flags=0x0001), rar5(SMALL, flags=0x0001)], ids=["rar 4", "rar 5"]
)
def test_one_part_of_a_rar_in_several_is_called_that(tmp_path: Path, raw: bytes) -> None:
    [member] = found_in(tmp_path, raw)
    assert member.problem is not None
    assert "one part of a RAR archive" in member.problem.message
    assert "unrar" in member.problem.hint


def test_one_part_of_a_7z_or_a_zip_in_several_is_called_that(tmp_path: Path) -> None:
    [member] = found_in(tmp_path, written_by_libarchive(SMALL, "7zip")[:100])
    assert member.problem is not None
    assert "one part of several" in member.problem.message
    last = bytearray(zipped(SMALL))
    last[-18:-16] = b"\x02\x00"
    [member] = found_in(tmp_path, bytes(last))
    assert member.problem is not None
    assert "one part of a zip" in member.problem.message


def test_a_workbook_that_is_cut_off_is_one_member_with_a_problem(tmp_path: Path) -> None:
    for name in ("[Content_Types].xml", "xl/workbook.xml"):
        raw = zipped([(name, b"<Types/>" * 50), ("xl/worksheets/sheet1.xml", b"<row/>" * 50)])
        [member] = found_in(tmp_path, raw[: raw.index(b"PK\x01\x02")])
        assert member.problem is not None
        assert "workbook" in member.problem.message
