"""A snapshot directory: read by place, with links and other sizes refused."""

from __future__ import annotations

import os

import pytest

from floodmark.errors import NothingToRead, UnreadableInput
from floodmark.exposure.snapshots import SnapshotBroken, SnapshotDirectory, open_snapshot


def buckets_of(directory, snapshot):
    return directory / "v1" / "snapshots" / snapshot.id / "buckets.bin"


def test_a_directory_gives_the_envelope_and_the_answers(directory, snapshot, root, now):
    found = SnapshotDirectory(directory)
    assert open_snapshot(found.envelope(), root.public, now) == snapshot
    data = buckets_of(directory, snapshot).read_bytes()
    size = snapshot.answer_bytes
    for number in (0, 5, 65535):
        assert found.bucket(snapshot, number) == data[number * size : (number + 1) * size]


@pytest.mark.parametrize("number", [-1, 65536])
def test_there_are_no_other_buckets(directory, snapshot, number):
    with pytest.raises(ValueError, match="65,536"):
        SnapshotDirectory(directory).bucket(snapshot, number)


@pytest.mark.parametrize(
    "name", ["v1", "v1/snapshot", "v1/snapshots", "v1/snapshots/{id}", "v1/snapshots/{id}/buckets.bin"]
)
def test_what_is_missing_or_a_link_is_said(directory, snapshot, name):
    path = directory / name.format(id=snapshot.id)
    moved = path.rename(directory / "moved")
    found = SnapshotDirectory(directory)
    read = found.envelope if name in ("v1", "v1/snapshot") else lambda: found.bucket(snapshot, 0)
    with pytest.raises(NothingToRead):
        read()
    path.symlink_to(moved)
    with pytest.raises(SnapshotBroken, match="link"):
        read()


def test_a_directory_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NothingToRead):
        SnapshotDirectory(tmp_path / "nowhere").envelope()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_pipe_or_a_folder_in_the_place_of_a_file_is_refused(directory, make):
    path = directory / "v1" / "snapshot"
    path.unlink()
    make(path)
    with pytest.raises((SnapshotBroken, UnreadableInput)):
        SnapshotDirectory(directory).envelope()


@pytest.mark.parametrize("size", [0, 1_000_000, 65536 * 810 - 1, 65536 * 810 + 1])
def test_buckets_of_another_size_are_refused(directory, snapshot, size):
    buckets_of(directory, snapshot).unlink()
    with buckets_of(directory, snapshot).open("wb") as file:
        file.truncate(size)
    with pytest.raises(SnapshotBroken, match="size"):
        SnapshotDirectory(directory).bucket(snapshot, 65535)
