"""Containers are opened in a stream, counted, watched for change, and anything else is named."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import containers
from floodmark.dumps.containers import MAGIC, TextSource, container_of, open_regular
from floodmark.errors import InputChanged, LimitExceeded, NothingToRead, UnknownContainer, UnreadableInput

TEXT = b"".join(b"%d:line of text\n" % number for number in range(20_000))
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
}


def written(folder: Path, raw: bytes, name: str = "dump.txt") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def text_of(path: Path, size: int = 1 << 20) -> bytes:
    """The whole text, read in steps and finished."""
    source = TextSource(path)
    try:
        parts = list(iter(lambda: source.read(size), b""))
        source.finish()
        return b"".join(parts)
    finally:
        source.close()


# --- what is opened


@pytest.mark.parametrize("container", PACKERS)
def test_a_container_is_known_by_its_first_bytes_and_opened(tmp_path: Path, container: str) -> None:
    raw = PACKERS[container](TEXT)
    assert container_of(raw[:512]) == container
    assert text_of(written(tmp_path, raw)) == TEXT


@pytest.mark.parametrize("container", PACKERS)
@pytest.mark.parametrize("size", [100, 4096, 70_001])
def test_reads_are_full_until_the_end(tmp_path: Path, container: str, size: int) -> None:
    source = TextSource(written(tmp_path, PACKERS[container](TEXT)))
    parts = list(iter(lambda: source.read(size), b""))
    assert {len(part) for part in parts[:-1]} == {size}
    assert b"".join(parts) == TEXT
    assert source.text_read == len(TEXT)
    source.close()


@pytest.mark.parametrize("container", PACKERS)
def test_the_watcher_sees_every_raw_byte_once_and_in_order(tmp_path: Path, container: str) -> None:
    raw = PACKERS[container](TEXT)
    digest, path = hashlib.sha256(), written(tmp_path, raw)
    source = TextSource(path, lambda data: digest.update(data))
    while source.read(1 << 16):
        pass
    source.finish()
    source.close()
    assert digest.digest() == hashlib.sha256(raw).digest()
    assert source.raw_read == source.size == len(raw)


def test_finishing_early_still_shows_the_watcher_every_byte(tmp_path: Path) -> None:
    digest = hashlib.sha256()
    source = TextSource(written(tmp_path, TEXT), lambda data: digest.update(data))
    source.read(10)
    source.finish()
    source.close()
    assert digest.digest() == hashlib.sha256(TEXT).digest()


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@given(parts=st.lists(st.binary(max_size=200), min_size=1, max_size=5), size=st.integers(1, 300))
@settings(max_examples=20)
def test_members_one_after_the_other_are_one_text(
    tmp_path_factory: pytest.TempPathFactory, pack: Callable[[bytes], bytes], parts: list[bytes], size: int
) -> None:
    raw = b"".join(pack(part) for part in parts)
    path = tmp_path_factory.getbasetemp() / "members"
    path.write_bytes(raw)
    assert text_of(path, size) == b"".join(parts)


@pytest.mark.parametrize("padding", [1, 511, 100_000, 1 << 20, (1 << 20) + 1])
def test_padding_after_and_between_gzip_members_is_passed_over(tmp_path: Path, padding: int) -> None:
    member, zeros = gzip.compress(TEXT), bytes(padding)
    assert text_of(written(tmp_path, member + zeros)) == TEXT
    assert text_of(written(tmp_path, member + zeros + member + zeros)) == TEXT + TEXT


def test_a_gzip_header_with_a_name_and_a_time_is_passed_over(tmp_path: Path) -> None:
    out = io.BytesIO()
    with gzip.GzipFile("a long name.txt", "wb", fileobj=out, mtime=1) as file:
        file.write(TEXT)
    assert text_of(written(tmp_path, out.getvalue())) == TEXT


def test_a_skippable_zstd_frame_is_passed_over(tmp_path: Path) -> None:
    frame = zstandard.compress(TEXT)
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"notes"
    assert text_of(written(tmp_path, frame + skippable + frame)) == TEXT + TEXT


def test_a_zstd_stream_of_unstated_length_is_read(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor(write_checksum=True, write_content_size=False).compressobj()
    assert text_of(written(tmp_path, packer.compress(TEXT) + packer.flush())) == TEXT


# --- damage


@pytest.mark.parametrize("container", ["gzip", "zstd"])
@pytest.mark.parametrize("keep", [6, 0.3, 0.6, 0.99, -1])
def test_a_truncated_container_is_an_error_and_never_a_shorter_text(
    tmp_path: Path, container: str, keep: float
) -> None:
    raw = PACKERS[container](TEXT)
    stop = int(keep * len(raw)) if 0 < keep < 1 else int(keep)
    with pytest.raises(UnreadableInput, match=container) as caught:
        text_of(written(tmp_path, raw[:stop]))
    assert caught.value.hint


@pytest.mark.parametrize("container", ["gzip", "zstd"])
def test_a_truncated_second_member_is_an_error(tmp_path: Path, container: str) -> None:
    raw = PACKERS[container](TEXT)
    with pytest.raises(UnreadableInput, match=container):
        text_of(written(tmp_path, raw + raw[:40]))


@pytest.mark.parametrize("container", ["gzip", "zstd"])
def test_what_is_no_member_after_a_member_is_an_error(tmp_path: Path, container: str) -> None:
    with pytest.raises(UnreadableInput, match="damaged"):
        text_of(written(tmp_path, PACKERS[container](TEXT) + b"something else"))


def test_a_changed_byte_inside_gzip_is_an_error(tmp_path: Path) -> None:
    raw = bytearray(gzip.compress(TEXT))
    raw[len(raw) // 2] ^= 0xFF
    with pytest.raises(UnreadableInput, match="damaged"):
        text_of(written(tmp_path, bytes(raw)))


def test_a_changed_byte_inside_zstd_is_an_error(tmp_path: Path) -> None:
    raw = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(TEXT))
    raw[len(raw) // 2] ^= 0xFF
    with pytest.raises(UnreadableInput, match="damaged"):
        text_of(written(tmp_path, bytes(raw)))


# --- bombs


@pytest.mark.parametrize("container", ["gzip", "zstd"])
def test_a_bomb_is_stopped_soon_after_the_floor(tmp_path: Path, container: str) -> None:
    pieces = (containers.RATIO_FLOOR >> 24) + 4
    raw = PACKERS[container](bytes(1 << 24)) * pieces
    source = TextSource(written(tmp_path, raw))
    with pytest.raises(LimitExceeded, match="300 times"):
        for _ in range(pieces + 1):
            source.read(1 << 24)
    assert source.text_read <= containers.RATIO_FLOOR + (1 << 24)
    source.close()


def test_a_small_file_may_expand_as_much_as_it_likes(tmp_path: Path) -> None:
    assert text_of(written(tmp_path, zstandard.compress(bytes(1 << 22)))) == bytes(1 << 22)


# --- files that change


def half_read(path: Path) -> TextSource:
    source = TextSource(path)
    source.read(100)
    return source


def test_a_file_that_grows_while_it_is_read_is_an_error_and_is_read_to_its_old_end(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    source = half_read(path)
    with path.open("ab") as file:
        file.write(b"more\n")
    assert source.read(1 << 24) == TEXT[100:]
    with pytest.raises(InputChanged, match=r"dump\.txt"):
        source.finish()
    source.close()


def test_a_file_that_shrinks_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    source = half_read(path)
    os.truncate(path, 1000)
    with pytest.raises(InputChanged):
        source.finish()
    source.close()


def test_a_file_rewritten_with_the_same_size_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    source = half_read(path)
    path.write_bytes(TEXT[::-1])
    os.utime(path, ns=(1, 1))
    with pytest.raises(InputChanged):
        source.finish()
    source.close()


def test_a_file_replaced_under_its_name_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    source = half_read(path)
    written(tmp_path, TEXT, "other").replace(path)
    with pytest.raises(InputChanged):
        source.finish()
    source.close()


def test_a_file_removed_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    source = half_read(path)
    path.unlink()
    with pytest.raises(InputChanged):
        source.finish()
    source.close()


def test_a_file_that_stays_the_same_finishes(tmp_path: Path) -> None:
    source = half_read(written(tmp_path, TEXT))
    source.finish()
    source.close()


# --- what is not opened


@pytest.mark.parametrize(("magic", "name"), MAGIC, ids=[name for _, name in MAGIC])
def test_formats_that_are_no_text_are_named(magic: bytes, name: str) -> None:
    with pytest.raises(UnknownContainer) as caught:
        container_of(magic + bytes(600))
    assert name in caught.value.message
    assert caught.value.hint


def test_real_archives_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("dump.txt", TEXT)
    with tarfile.open(tmp_path / "a.tar", "w") as archive_of_tape:
        archive_of_tape.add(written(tmp_path, TEXT), "dump.txt")
    for name, kind in (("a.zip", "zip"), ("a.tar", "tar")):
        with pytest.raises(UnknownContainer, match=kind):
            TextSource(tmp_path / name)


def test_text_is_plain_and_so_is_nothing() -> None:
    assert container_of(b"phone,name\n") == container_of(b"") == "plain"


# --- what is no file


def test_a_missing_file_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead, match=r"missing\.txt"):
        open_regular(tmp_path / "missing.txt")


def test_a_name_that_no_file_can_have_is_nothing_to_read() -> None:
    with pytest.raises(NothingToRead):
        open_regular(Path("a\0b"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="is a folder"):
        open_regular(tmp_path)


def test_a_pipe_without_a_writer_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableInput, match="not a regular file"):
        open_regular(tmp_path / "pipe")


def test_a_link_to_a_file_is_followed_and_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    (tmp_path / "link").symlink_to("dump.txt")
    (tmp_path / "loop").symlink_to("loop")
    assert text_of(tmp_path / "link") == TEXT
    with pytest.raises(UnreadableInput):
        open_regular(tmp_path / "loop")
