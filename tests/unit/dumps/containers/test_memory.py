"""However much comes out of a container, reading it takes little memory: a limit of the system says so."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from .packing import rar5, written_by_libarchive, zipped

MIB = 1 << 20
TEXT = 80 * MIB  # more than there is to spare
SPARE = 48  # MiB, of which the reader's pieces and the decompressor's window take less than half
PROBE = Path(__file__).with_name("reading_in_little_memory.py")


def read_in_little_memory(path: Path) -> str:
    run = subprocess.run(
        [sys.executable, str(PROBE), str(path), str(SPARE)], stdout=subprocess.PIPE, check=False, timeout=300
    )
    assert run.returncode == 0
    return run.stdout.decode().strip()


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, zstandard.compress, bz2.compress, lambda text: lzma.compress(text, preset=0)],
    ids=["gzip", "zstd", "bzip2", "xz"],
)
def test_a_large_text_is_read_in_little_memory(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    piece = (b"0123456789:name:place\n" * MIB)[: 4 * MIB]
    (tmp_path / "dump").write_bytes(pack(piece) * (TEXT // len(piece)))
    assert read_in_little_memory(tmp_path / "dump") == f"1 {TEXT}"


def test_a_large_archive_inside_another_is_read_in_little_memory(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with (
        zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a", "w") as file,
    ):
        for _ in range(TEXT // MIB):
            file.write(bytes(MIB))
        file.close()
        archive.writestr("noise", b"0123456789abcdef" * (MIB // 16) * 20, zipfile.ZIP_STORED)
    with tarfile.open(tmp_path / "dump", "w:gz", compresslevel=1) as outer:
        outer.add(inner, "inner.zip")
    inner.unlink()
    assert read_in_little_memory(tmp_path / "dump") == f"2 {TEXT + 20 * MIB}"


def test_a_large_member_that_libarchive_reads_is_read_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(
        written_by_libarchive([("a", bytes(TEXT))], "7zip", options="compression-level=1")
    )
    assert read_in_little_memory(tmp_path / "dump") == f"1 {TEXT}"
    (tmp_path / "dump").write_bytes(rar5([("a", bytes(TEXT))]))
    assert read_in_little_memory(tmp_path / "dump") == f"1 {TEXT}"


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_tens_of_thousands_of_empty_members_are_listed_to_the_limit_in_little_memory(
    tmp_path: Path, form: str
) -> None:
    path = tmp_path / "dump"
    if form == "tar":
        header = tarfile.TarInfo("empty").tobuf()
        path.write_bytes(header * 30_000)
    else:
        one = zipped([("empty", b"")])
        local, end = one[: one.index(b"PK\x01\x02")], one.rindex(b"PK\x05\x06")
        header = one[len(local) : end]
        out = io.BytesIO(local + header * 30_000)
        out.seek(0, io.SEEK_END)
        sizes = (len(header) * 30_000).to_bytes(4, "little") + len(local).to_bytes(4, "little")
        out.write(b"PK\x05\x06" + bytes(8) + sizes + bytes(2))
        path.write_bytes(out.getvalue())
    said = read_in_little_memory(path).splitlines()
    assert said[0] == "LimitExceeded It has more than 20,000 members"
    assert said[1] == ("20001 0" if form == "tar" else "1 0")
