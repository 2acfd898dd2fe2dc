"""Builders of hostile files, each made at test time; a builder takes the path to write."""

from __future__ import annotations

import gzip
import io
import os
import random
import socket
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import zstandard

GIB = 1 << 30
CANARY = "zanzibar.quokka"
"""Text planted in hostile files; it must turn up in no error."""

Builder = Callable[[Path], None]


def good_line(number: int) -> bytes:
    """One well-formed line of four colon columns: phone, e-mail, date with colons, gender."""
    gender = "female" if number % 2 else "male"
    return b"1202555%04d:%s%d@example.com:5/%d/2018 12:00:00 AM:%s\n" % (
        number % 10_000,
        CANARY.encode(),
        number,
        number % 28 + 1,
        gender.encode(),
    )


GOOD = b"".join(good_line(number) for number in range(200))


def written(content: bytes) -> Builder:
    """A builder that writes exactly these bytes."""

    def build(path: Path) -> None:
        path.write_bytes(content)

    return build


# --- binaries: the format's own first bytes, then noise or a real member


def noise(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


def a_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/dump.txt", GOOD)


def a_tar(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        member = tarfile.TarInfo("/etc/dump.txt")
        member.size = len(GOOD)
        archive.addfile(member, io.BytesIO(GOOD))


BINARIES: dict[str, tuple[Builder, tuple[str, ...]]] = {
    "elf": (written(b"\x7fELF\x02\x01\x01" + b"\x00" * 9 + b"\x02\x00\x3e\x00" + noise(5000)), ("elf",)),
    "png": (written(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + noise(5000)), ("png",)),
    "jpeg": (written(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + noise(5000)), ("jpeg", "jpg")),
    "rar": (written(b"Rar!\x1a\x07\x01\x00" + noise(5000)), ("rar",)),
    "7z": (written(b"7z\xbc\xaf\x27\x1c\x00\x04" + noise(5000)), ("7z", "7-zip")),
    "xz": (written(b"\xfd7zXZ\x00\x00\x04" + noise(5000)), ("xz",)),
    "bzip2": (written(b"BZh91AY&SY" + noise(5000)), ("bzip2", "bz2")),
    "pdf": (written(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + noise(5000)), ("pdf",)),
    "sqlite": (written(b"SQLite format 3\x00\x10\x00\x01\x01" + noise(5000)), ("sqlite",)),
}

# Members whose names would lead out of any folder that they were unpacked into.
ARCHIVES: dict[str, Builder] = {"zip": a_zip, "tar": a_tar}


# --- sizes


def a_line_of_two_gigabytes(path: Path) -> None:
    """Good lines, then a line with a hole of 2 GiB in it (no disk behind it), then good lines."""
    with path.open("wb") as file:
        file.write(GOOD)
        file.write(b"12025550100:")
        file.seek(2 * GIB, os.SEEK_CUR)
        file.write(b":male\n")
        file.write(GOOD)


def long_line_of(unit: bytes, size: int) -> Builder:
    """Good lines around one line of `size` bytes made of `unit`."""

    def build(path: Path) -> None:
        path.write_bytes(GOOD + unit * (size // len(unit)) + b"\n" + GOOD)

    return build


def only_line_of(unit: bytes, times: int) -> Builder:
    return lambda path: written(unit * times)(path)


def an_unterminated_quote(path: Path) -> None:
    """A quote opens in the first record of a big CSV and nothing ever closes it."""
    with path.open("wb") as file:
        file.write(b'phone,name,email,work\n12025550100,"Open,open@example.com,Mill\n')
        file.writelines(
            b"1202555%04d,Name %d,n%d@example.com,Mill\n" % (n % 10_000, n, n) for n in range(60_000)
        )


def an_unterminated_quote_among_quotes(path: Path) -> None:
    """The same in the middle of a CSV that quotes its names, so that every later quote changes its meaning."""
    with path.open("wb") as file:
        file.write(b"phone,name,email,work\n")
        for n in range(20_000):
            close = b"" if n == 10_000 else b'"'
            file.write(b'1202555%04d,"Name, %d%s,n%d@example.com,Mill\n' % (n % 10_000, n, close, n))


def every_line_quoted_wrong(path: Path) -> None:
    path.write_bytes(
        b"phone,name,email\n"
        + b"".join(b'1202555%04d,"Na"me" %d,"x"@example.com"\n' % (n, n) for n in range(500))
    )


# --- compression


def a_gzip_bomb(path: Path) -> None:
    """Four gigabytes of zeros in four megabytes: one member of 64 MiB, 64 times over."""
    member = gzip.compress(bytes(64 << 20), compresslevel=9, mtime=0)
    with path.open("wb") as file:
        file.writelines(member for _ in range(64))


def a_gzip_bomb_behind_good_lines(path: Path) -> None:
    """Good lines first, then one line that grows to four gigabytes."""
    with path.open("wb") as file:
        file.write(gzip.compress(GOOD * 50, mtime=0))
        member = gzip.compress(b"a" * (64 << 20), compresslevel=9, mtime=0)
        file.writelines(member for _ in range(64))


def a_zstd_bomb(path: Path) -> None:
    frame = zstandard.ZstdCompressor(level=3).compress(bytes(256 << 20))
    with path.open("wb") as file:
        file.writelines(frame for _ in range(16))


def a_zstd_frame_that_asks_for_a_huge_window(path: Path) -> None:
    """RFC 8878: a frame header with a window of 2 TiB, then one block of a repeated byte."""
    path.write_bytes(
        b"\x28\xb5\x2f\xfd\x00" + bytes([31 << 3]) + (1 | 1 << 1 | 1000 << 3).to_bytes(3, "little") + b"a"
    )


def a_truncated_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(GOOD * 20, mtime=0)[:-400])


def a_gzip_with_a_wrong_checksum(path: Path) -> None:
    whole = bytearray(gzip.compress(GOOD, mtime=0))
    whole[-6] ^= 0xFF
    path.write_bytes(bytes(whole))


def a_gzip_header_alone(path: Path) -> None:
    path.write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")


def a_gzip_with_a_tail_of_text(path: Path) -> None:
    path.write_bytes(gzip.compress(GOOD, mtime=0) + b"and this is no gzip member\n")


def a_corrupt_zstd(path: Path) -> None:
    whole = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(GOOD * 20))
    whole[len(whole) // 2] ^= 0xFF
    whole[len(whole) // 2 + 1] ^= 0xFF
    path.write_bytes(bytes(whole))


def a_truncated_zstd(path: Path) -> None:
    path.write_bytes(zstandard.ZstdCompressor().compress(GOOD * 20)[:-100])


def gzip_inside_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(gzip.compress(GOOD, mtime=0), mtime=0))


# --- text


def punctuation_of_every_kind(path: Path) -> None:
    """A hundred thousand lines, each with another character where the delimiter would be."""
    points = (point for point in range(0x21, 0x20000) if not 0xD800 <= point <= 0xDFFF)
    path.write_bytes(
        b"".join(
            f"a{chr(point)}b{chr(point)}c\n".encode()
            for _, point in zip(range(100_000), points, strict=False)
        )
    )


def keys_without_end(path: Path) -> None:
    """JSON Lines in which every object has a key that no other has."""
    path.write_bytes(
        b"".join(b'{"phone":"1202555%04d","key%d":"x"}\n' % (n % 10_000, n) for n in range(4000))
    )


def json_lines(*lines: bytes) -> Builder:
    """Twenty good objects around the hostile ones."""
    good = [b'{"phone":"1202555%04d","email":"n%d@example.com"}' % (n, n) for n in range(10)]
    return written(b"\n".join([*good, *lines, *good]) + b"\n")


def header_of(*names: bytes) -> Builder:
    """A CSV with this header and thirty records; the first column holds phones, the rest words."""
    filler = b",".join(b"word%d" % n for n in range(1, len(names)))
    rows = b"".join(b"1202555%04d,%s\n" % (n, filler) for n in range(30))
    return written(b",".join(names) + b"\n" + rows)


TEXTS: dict[str, Builder] = {
    "only_newlines": written(b"\n" * 5000),
    "only_carriage_returns": written(b"\r" * 5000),
    "only_blanks": written(b" " * 5000),
    "one_newline": written(b"\n"),
    "one_byte": written(b"x"),
    "one_nul": written(b"\0"),
    "only_nuls": written(bytes(100_000)),
    "byte_order_mark_alone": written(b"\xef\xbb\xbf"),
    "two_byte_order_marks": written(b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD),
    "random_bytes": written(noise(200_000)),
    "random_bytes_between_good_lines": written(GOOD + noise(1500, 8) + b"\n" + GOOD),
    "every_byte_in_turn": written(bytes(range(256)) * 200),
    "control_characters": written(GOOD + b"\x01\x02:\x1b[2J\x07:\x7f:\x08\n" * 20 + GOOD),
    "header_only": written(b"phone,name,email,work\n"),
    "header_only_without_newline": written(b"phone,name,email,work"),
    "every_line_quoted_wrong": every_line_quoted_wrong,
    "quotes_only": written(b'"\n' * 999),
    "quotes_in_one_line": written(b'"' * 100_001),
    "delimiters_only": written(b":::::::::::\n" * 500),
    "surrogates_in_utf8": written(GOOD + b"12025550100:\xed\xa0\x80\xed\xb0\x80@example.com::male\n" + GOOD),
    "overlong_utf8": written(GOOD + b"12025550100:\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf::male\n" + GOOD),
    "beyond_unicode": written(GOOD + b"12025550100:\xf4\x90\x80\x80\xf8\x88\x80\x80\x80::male\n" + GOOD),
    "cut_inside_a_character": written(GOOD + "12025550100:Zoë".encode()[:-1]),
    "formulas_in_header": header_of(b"phone", b"=cmd|'/C calc'!A0", b"@SUM(1+1)", b"+1", b"-1"),
    "html_in_header": header_of(b"phone", b"<script>alert(1)</script>", b"<img src=x onerror=alert(1)>"),
    "terminal_escapes_in_header": header_of(b"phone", b"\x1b[31mname\x1b[0m", b"\x1b]0;title\x07work"),
    "very_long_header_names": header_of(b"phone", b"n" * 1_000_000, b"m" * 1_000_000),
    "a_thousand_columns_of_one_name": header_of(b"phone", *([b"name"] * 999)),
    "header_names_that_collide_once_numbered": header_of(
        b"phone", b"name", b"name", b"name_2", b"name_1", b"name"
    ),
    "empty_header_names": header_of(b"phone", b"", b"", b" "),
    "right_to_left_override_in_header": header_of(b"phone", "na\u202eme".encode(), "\u2066work".encode()),
    "json_lone_surrogate": json_lines(b'{"phone":"\\ud800","email":"\\udc00x"}', b'{"\\ud800":1}'),
    "json_nested_deep": json_lines(b'{"phone":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "json_objects_nested_deep": json_lines(b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "json_unclosed_deep": json_lines(b'{"phone":' + b"[" * 100_000),
    "json_number_of_a_million_digits": json_lines(b'{"phone":' + b"9" * 1_000_000 + b"}"),
    "json_numbers_that_are_none": json_lines(
        b'{"phone":NaN}', b'{"phone":Infinity}', b'{"phone":1e999}', b'{"phone":-0}'
    ),
    "json_keys_twice": json_lines(
        b'{"phone":"1","phone":"2"}', b'{"a.b":1,"a":{"b":2}}', b'{"":1,".":{"":2}}'
    ),
    "json_nul_in_text": json_lines(b'{"phone":"\\u0000"}', b'{"phone":"\x00"}', b'{"pho\\u0000ne":"1"}'),
    "json_keys_without_end": keys_without_end,
    "json_array_of_all": written(
        b"[" + b",\n".join(b'{"phone":"1202555%04d"}' % n for n in range(50)) + b"]\n"
    ),
}

SIZES: dict[str, Builder] = {
    "long_line_of_letters": long_line_of(b"x", 40 << 20),
    "long_line_of_delimiters": long_line_of(b":", 40 << 20),
    "long_line_of_quotes": long_line_of(b'"', 20 << 20),
    "long_line_of_cells": long_line_of(b"a@example.com:", 40 << 20),
    "long_line_that_is_all": only_line_of(b"12025550100:", 4 << 20),
    "a_million_columns_among_good_lines": long_line_of(b"x:", 2_000_000),
    "a_million_columns_alone": only_line_of(b"x,", 1_000_000),
    "a_million_columns_in_every_line": only_line_of(b"x," * 1_000_000 + b"x\n", 8),
    "a_million_short_lines": only_line_of(b"x\n", 1_000_000),
    "punctuation_of_every_kind": punctuation_of_every_kind,
    "json_line_of_forty_megabytes": lambda path: json_lines(b'{"phone":"' + b"9" * (40 << 20) + b'"}')(path),
}

BOMBS: dict[str, Builder] = {
    "gzip_of_four_gigabytes": a_gzip_bomb,
    "gzip_of_four_gigabytes_behind_good_lines": a_gzip_bomb_behind_good_lines,
    "zstd_of_four_gigabytes": a_zstd_bomb,
    "zstd_with_a_huge_window": a_zstd_frame_that_asks_for_a_huge_window,
}

BROKEN_CONTAINERS: dict[str, Builder] = {
    "truncated_gzip": a_truncated_gzip,
    "gzip_with_a_wrong_checksum": a_gzip_with_a_wrong_checksum,
    "gzip_header_alone": a_gzip_header_alone,
    "gzip_with_a_tail_of_text": a_gzip_with_a_tail_of_text,
    "corrupt_zstd": a_corrupt_zstd,
    "truncated_zstd": a_truncated_zstd,
}


def a_socket(path: Path) -> None:
    """A UNIX socket that nobody listens on; it is bound by its short name, as such paths must be short."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(path.name)
    finally:
        os.chdir(here)
