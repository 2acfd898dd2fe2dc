"""Which files a path stands for, and what reports call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from floodmark.dumps import opened
from floodmark.errors import NothingToRead
from floodmark.triage.inputs import inputs


def labels(*paths: Path) -> list[str]:
    return [item.label for item in inputs(paths)]


def test_a_folder_is_all_files_below_it_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "sub/c.txt", "a.txt"):
        (tmp_path / name).touch()
    assert labels(tmp_path) == ["a.txt", "b.txt", "sub/c.txt"]


def test_a_symlink_inside_a_folder_is_not_followed_and_a_named_one_is(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("x\n")
    (folder / "own.txt").touch()
    (folder / "file").symlink_to(outside / "secret.txt")
    (folder / "below").symlink_to(outside)
    assert labels(folder) == ["own.txt"]
    assert labels(folder / "file") == ["file"]
    assert labels(folder / "below") == ["secret.txt"]


def test_an_empty_folder_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead) as caught:
        inputs([tmp_path])
    assert caught.value.hint


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for part in ("x", "y"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "dump.txt").touch()
    assert labels(tmp_path / "x", tmp_path / "y" / "dump.txt") == ["dump.txt", "dump.txt (2)"]


def test_a_file_that_is_missing_has_no_size(tmp_path: Path) -> None:
    (item,) = inputs([tmp_path / "missing.txt"])
    assert item.size == 0


def test_no_name_of_a_file_shows_whose_it_is(tmp_path: Path) -> None:
    for name in ("mona.a@example.org.csv", "omar@example.org.csv", "+201012345678.txt"):
        (tmp_path / name).touch()
    assert sorted(labels(tmp_path)) == ["▮▮▮.csv", "▮▮▮.csv (2)", "▮▮▮.txt"]
    with pytest.raises(NothingToRead) as caught:
        list(opened(tmp_path / "zoe@example.org.csv"))
    assert "zoe" not in caught.value.message
