"""The file itself is opened once, watched for change while it is read, and is never anything but a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from floodmark.dumps.containers import Member, members, open_regular
from floodmark.errors import InputChanged, NothingToRead, UnreadableInput

from .finding import found, texts
from .packing import FILES, tarred, zipped

TEXT = b"".join(b"%d:line of text\n" % number for number in range(20_000))


def written(folder: Path, raw: bytes = TEXT, name: str = "dump.txt") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def half_read(path: Path) -> Generator[Member, None, None]:
    reading = members(path)
    source = next(reading).source
    assert source is not None
    source.read(100)
    return reading


def test_a_file_that_grows_while_it_is_read_is_an_error_and_is_read_to_its_old_end(tmp_path: Path) -> None:
    path = written(tmp_path)
    reading = members(path)
    source = next(reading).source
    assert source is not None
    source.read(100)
    with path.open("ab") as file:
        file.write(b"more\n")
    assert source.read(1 << 24) == TEXT[100:]
    with pytest.raises(InputChanged, match=r"dump\.txt"):
        list(reading)


def shrunk(path: Path) -> None:
    os.truncate(path, 1000)


def rewritten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(1, 1))


def replaced(path: Path) -> None:
    written(path.parent, path.read_bytes(), "other").replace(path)


def removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("change", [shrunk, rewritten, replaced, removed])
@pytest.mark.parametrize("raw", [TEXT, zipped(FILES), tarred(FILES)], ids=["plain", "zip", "tar"])
def test_a_file_that_changes_while_it_is_read_is_an_error(
    tmp_path: Path, raw: bytes, change: Callable[[Path], None]
) -> None:
    path = written(tmp_path, raw)
    reading = half_read(path)
    change(path)
    with pytest.raises(InputChanged):
        list(reading)


def test_a_file_that_stays_the_same_ends_well(tmp_path: Path) -> None:
    assert list(half_read(written(tmp_path))) == []


def test_a_missing_file_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead, match=r"missing\.txt"):
        open_regular(tmp_path / "missing.txt")
    with pytest.raises(NothingToRead):
        next(members(tmp_path / "missing.txt"))


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
    written(tmp_path)
    (tmp_path / "link").symlink_to("dump.txt")
    (tmp_path / "loop").symlink_to("loop")
    assert texts(found(tmp_path / "link")) == {"": TEXT}
    with pytest.raises(UnreadableInput):
        open_regular(tmp_path / "loop")
