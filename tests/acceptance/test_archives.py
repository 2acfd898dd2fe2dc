"""An archive as it is passed around: a zip of RAR files, one for each country, is one dump with one report."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

from floodmark.triage import Profile, triage

PARTS = 30  # that of 2021 has 107
ROWS = 30
REPEATED = 10  # the first rows of each part, which the next part has, too


def rows(part: int) -> list[bytes]:
    """Rows of one part; the last of them are the first of the next."""
    numbers = range(part * (ROWS - REPEATED), part * (ROWS - REPEATED) + ROWS)
    return [b"+2010%08d,Person %d,person%d@example.org\n" % (number, number, number) for number in numbers]


def stored_rar(name: str, content: bytes) -> bytes:
    """A RAR 4 archive with one stored member (Marchenko's technote)."""
    sizes = (len(content), len(content), 3, zlib.crc32(content), 0, 29, 0x30, len(name), 0o100644)
    return b"".join(
        (
            b"Rar!\x1a\x07\x00",
            block(0x73, 0, bytes(6)),
            block(0x74, 0x8000, struct.pack("<2LBLLBBHL", *sizes) + name.encode()),
            content,
            block(0x7B, 0x4000, b""),
        )
    )


def block(kind: int, flags: int, rest: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body


def test_a_zip_of_many_rar_files_is_one_dump_with_one_report(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in range(PARTS):
            text = b"phone,name,email\n" + b"".join(rows(part))
            archive.writestr(f"{part}.rar", stored_rar(f"country{part}.csv", text))
    profile: Profile = triage([path])
    assert profile.rows == PARTS * ROWS
    assert [file.label for file in profile.files] == [
        f"all.zip/{part}.rar/country{part}.csv" for part in range(PARTS)
    ]
    distinct = PARTS * (ROWS - REPEATED) + REPEATED
    assert {counts.kind: counts.distinct for counts in profile.identifiers} == {
        "phone": distinct,
        "email": distinct,
    }
    assert profile.custody["inputs"][0]["size"] == path.stat().st_size
