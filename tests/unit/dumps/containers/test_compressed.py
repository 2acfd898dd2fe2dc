"""Compressed texts: streams one after the other, padding, headers, and reads in steps of any size."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floodmark.dumps.containers import members
from floodmark.errors import UnreadableInput

from .finding import found, found_in, only_problem, texts

TEXT = b"".join(b"%d:line of text\n" % number for number in range(20_000))
# No first bytes of another container.
PARTS = st.just(b"") | st.binary(max_size=200).map(lambda part: b"text " + part)
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("form", ["plain", *PACKERS])
@pytest.mark.parametrize("size", [100, 4096, 70_001])
def test_reads_are_full_until_the_end(tmp_path: Path, form: str, size: int) -> None:
    path = tmp_path / "dump"
    path.write_bytes(PACKERS.get(form, bytes)(TEXT))
    for member in members(path):
        source = member.source
        assert source is not None
        parts = list(iter(partial(source.read, size), b""))
        assert {len(part) for part in parts[:-1]} == {size}
        assert b"".join(parts) == TEXT
        assert source.text_read == len(TEXT)


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
@given(parts=st.lists(PARTS, min_size=1, max_size=5), size=st.integers(1, 300))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_streams_one_after_the_other_are_one_text(
    tmp_path: Path, pack: Callable[[bytes], bytes], parts: list[bytes], size: int
) -> None:
    path = tmp_path / "dump"
    path.write_bytes(b"".join(pack(part) for part in parts))
    [member] = found(path, step=size)
    assert (member.text, member.problem) == (b"".join(parts), None)


@pytest.mark.parametrize("padding", [1, 511, 100_000, 1 << 20, (1 << 20) + 1])
@pytest.mark.parametrize("form", ["gzip", "bzip2", "xz"])
def test_padding_after_and_between_streams_is_passed_over(tmp_path: Path, form: str, padding: int) -> None:
    stream, zeros = PACKERS[form](TEXT), bytes(padding)
    assert texts(found_in(tmp_path, stream + zeros)) == {"": TEXT}
    assert texts(found_in(tmp_path, stream + zeros + stream + zeros)) == {"": TEXT + TEXT}


def test_a_gzip_header_with_a_name_and_a_time_is_passed_over(tmp_path: Path) -> None:
    out = io.BytesIO()
    with gzip.GzipFile("a long name.txt", "wb", fileobj=out, mtime=1) as file:
        file.write(TEXT)
    assert texts(found_in(tmp_path, out.getvalue())) == {"": TEXT}


def test_a_skippable_zstd_frame_is_passed_over(tmp_path: Path) -> None:
    frame = zstandard.compress(TEXT)
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"notes"
    assert texts(found_in(tmp_path, frame + skippable + frame)) == {"": TEXT + TEXT}


def test_a_zstd_stream_of_unstated_length_is_read(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor(write_checksum=True, write_content_size=False).compressobj()
    assert texts(found_in(tmp_path, packer.compress(TEXT) + packer.flush())) == {"": TEXT}


@pytest.mark.parametrize("form", PACKERS)
def test_a_second_stream_that_is_cut_off_is_told_after_the_first_was_read(tmp_path: Path, form: str) -> None:
    raw = PACKERS[form](TEXT)
    got = found_in(tmp_path, raw + raw[:40])
    assert got[0].text[: len(TEXT)] == TEXT
    assert form in only_problem(got, UnreadableInput).message


@pytest.mark.parametrize("form", PACKERS)
def test_what_is_no_stream_after_a_stream_is_told(tmp_path: Path, form: str) -> None:
    got = found_in(tmp_path, PACKERS[form](TEXT) + b"something else altogether")
    assert got[0].text == TEXT
    assert "damaged" in only_problem(got, UnreadableInput).message


@pytest.mark.parametrize("form", PACKERS)
def test_a_changed_byte_is_told(tmp_path: Path, form: str) -> None:
    raw = bytearray(PACKERS[form](TEXT))
    if form == "zstd":
        raw = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(TEXT))
    raw[len(raw) // 2] ^= 0xFF
    assert "damaged" in only_problem(found_in(tmp_path, bytes(raw)), UnreadableInput).message
