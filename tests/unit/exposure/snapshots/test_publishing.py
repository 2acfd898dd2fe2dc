"""Publishing: buckets before the envelope, by renaming; nobody else's files are touched."""

from __future__ import annotations

import fcntl
import os
import re
import resource
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from floodmark.exposure.snapshots import (
    FolderTaken,
    Predecessor,
    PublishBusy,
    Published,
    PublishedNewer,
    PublishedOther,
    SnapshotBroken,
    SnapshotDirectory,
    checked_answer,
    closed,
    open_snapshot,
    publish,
    published,
    sign_snapshot,
)
from floodmark.files import OutputFailed


@pytest.fixture(scope="session")
def series(made, root, tmp_path_factory):
    """Four snapshot directories, each the successor of the one before; their buckets are one file."""
    place, snapshot = made
    buckets = place / "v1" / "snapshots" / snapshot.id / "buckets.bin"
    found = []
    for number in range(1, 5):
        if found:
            before = Predecessor(snapshot.id, snapshot.sha256)
            snapshot = replace(snapshot, id=f"{number:032x}", number=number, predecessor=before)
        folder = tmp_path_factory.mktemp("series")
        (folder / "v1" / "snapshots" / snapshot.id).mkdir(parents=True)
        os.link(buckets, folder / "v1" / "snapshots" / snapshot.id / "buckets.bin")
        (folder / "v1" / "snapshot").write_bytes(sign_snapshot(snapshot, root))
        found.append((SnapshotDirectory(folder), snapshot))
    return found


@pytest.fixture
def put(series, root, tmp_path):
    """Publishes a snapshot of the series, by its number, to `www`."""

    def put_one(number, folder=tmp_path / "www"):
        source, _ = series[number - 1]
        return publish(source, source.envelope(), root.public, folder)

    return put_one


def mode(path):
    return path.stat().st_mode & 0o7777


def listed(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def files_of(*snapshots):
    return sorted(["v1/snapshot", *(f"v1/snapshots/{snapshot.id}/buckets.bin" for snapshot in snapshots)])


def test_what_is_published_can_be_read_as_the_source_can(series, put, root, now, tmp_path):
    assert put(1, tmp_path / "deep" / "www") == Published(kept=(), removed=())
    directory = SnapshotDirectory(tmp_path / "deep" / "www")
    snapshot = open_snapshot(directory.envelope(), root.public, now)
    assert snapshot == series[0][1]
    for number in (0, 65535):
        assert checked_answer(snapshot, number, directory.bucket(snapshot, number))
    assert listed(directory.path) == files_of(snapshot)


@pytest.mark.parametrize("umask", [0o077, 0o000, 0o022])
def test_files_can_be_read_by_everybody_and_written_by_their_owner_whatever_the_umask(put, tmp_path, umask):
    www = tmp_path / "deep" / "www"
    before = os.umask(umask)
    try:
        put(1, www)
    finally:
        os.umask(before)
    modes = {(path.is_dir(), mode(path)) for path in (www.parent, www, *www.rglob("*"))}
    assert modes == {(True, 0o755), (False, 0o644)}
    assert closed(www) == ()


def test_a_folder_that_was_there_keeps_its_mode_and_one_that_shuts_others_out_is_named(series, put, tmp_path):
    www = tmp_path / "www"
    (www / "v1").mkdir(parents=True)
    (www / "v1").chmod(0o750)
    www.chmod(0o777)
    put(1)
    assert (mode(www), mode(www / "v1"), mode(www / "v1" / "snapshots")) == (0o777, 0o750, 0o755)
    assert closed(www) == ("v1",)
    www.chmod(0o700)
    (www / "v1").chmod(0o711)
    (www / "v1" / "snapshots" / series[0][1].id / "buckets.bin").chmod(0o600)
    put(2)
    assert closed(www) == (".", f"v1/snapshots/{series[0][1].id}/buckets.bin")
    assert (mode(www), mode(www / "v1")) == (0o700, 0o711)


def test_buckets_of_the_snapshot_before_stay_and_older_ones_go(series, put, tmp_path):
    ids = [snapshot.id for _, snapshot in series]
    put(1)
    assert put(2) == Published(kept=(ids[0],), removed=())
    assert put(3) == Published(kept=(ids[1],), removed=(ids[0],))
    assert listed(tmp_path / "www") == files_of(series[1][1], series[2][1])


def test_the_one_that_was_published_before_stays_though_others_were_made_between(series, put, tmp_path):
    put(1)
    assert put(4).kept == (series[0][1].id,)
    assert listed(tmp_path / "www") == files_of(series[0][1], series[3][1])


def test_publishing_the_same_again_changes_nothing(series, put, tmp_path):
    put(1), put(2)
    assert put(2) == Published(kept=(series[0][1].id,), removed=())
    assert listed(tmp_path / "www") == files_of(series[0][1], series[1][1])


def test_an_older_snapshot_is_not_put_over_a_newer_one(series, put, root, tmp_path):
    put(2)
    with pytest.raises(PublishedNewer, match="number 1"):
        put(1)
    assert published(tmp_path / "www", root.public) == series[1][1]
    assert listed(tmp_path / "www") == files_of(series[1][1])


@pytest.mark.parametrize("change", [{"id": "ee" * 16}, {"expires_at": None}, {"number": 3}])
def test_another_snapshot_of_the_same_number_or_id_is_not_put_over_the_one_that_is_there(
    series, put, root, tmp_path, change
):
    put(2)
    source, snapshot = series[1]
    said = {name: value or snapshot.expires_at + timedelta(days=1) for name, value in change.items()}
    other = replace(snapshot, **said)
    with pytest.raises(PublishedOther, match="number 2"):
        publish(source, sign_snapshot(other, root), root.public, tmp_path / "www")
    assert published(tmp_path / "www", root.public) == snapshot
    assert listed(tmp_path / "www") == files_of(snapshot)


def test_a_file_of_somebody_beside_what_is_published_stays(series, put, tmp_path):
    put(1)
    www = tmp_path / "www"
    theirs = [
        www / "index.html",
        www / "v1" / "more",
        www / "v1" / "snapshots" / series[0][1].id / "notes.txt",
    ]
    for path in theirs:
        path.write_text("theirs")
    put(2), put(3)
    assert all(path.read_text() == "theirs" for path in theirs)


@pytest.mark.parametrize(
    "name",
    ["index.html", "v1/other", "v1/snapshots/mine/file", f"v1/snapshots/{'0a' * 16}/secret", ".git/config"],
)
def test_a_folder_with_something_else_in_it_is_refused_and_left_as_it_is(put, tmp_path, name):
    path = tmp_path / "www" / name
    path.parent.mkdir(parents=True)
    path.write_text("theirs")
    with pytest.raises(FolderTaken):
        put(1)
    assert listed(tmp_path / "www") == [name]


@pytest.mark.parametrize("name", ["v1", "v1/snapshots", "v1/snapshots/{id}"])
def test_links_in_the_place_of_folders_are_refused_and_not_followed(series, put, tmp_path, name):
    (tmp_path / "other").mkdir()
    path = tmp_path / "www" / name.format(id=series[0][1].id)
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "other")
    with pytest.raises(FolderTaken):
        put(1)
    assert not list((tmp_path / "other").iterdir())


def test_links_among_older_snapshots_are_neither_followed_nor_removed(put, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "buckets.bin").write_text("theirs")
    put(1)
    link = tmp_path / "www" / "v1" / "snapshots" / ("ff" * 16)
    link.symlink_to(tmp_path / "other")
    put(2)
    assert link.is_symlink()
    assert (tmp_path / "other" / "buckets.bin").exists()


def test_a_folder_may_be_reached_by_a_link_of_whatever_name(series, put, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "v1").symlink_to(tmp_path / "elsewhere")
    put(1, tmp_path / "v1")
    put(2, tmp_path / "v1")
    assert listed(tmp_path / "elsewhere") == files_of(series[0][1], series[1][1])


def test_what_cannot_be_removed_does_not_undo_what_was_published(series, put, root, tmp_path):
    put(1), put(2)
    old = tmp_path / "www" / "v1" / "snapshots" / series[0][1].id / "buckets.bin"
    old.unlink()
    old.mkdir()
    assert put(3).removed == ()
    assert published(tmp_path / "www", root.public) == series[2][1]
    old.rmdir()
    assert set(put(4).removed) == {series[0][1].id, series[1][1].id}


@pytest.mark.parametrize("content", [b"", b"{}", b"<html>"])
def test_a_folder_whose_envelope_is_none_is_refused(put, tmp_path, content):
    (tmp_path / "www" / "v1").mkdir(parents=True)
    (tmp_path / "www" / "v1" / "snapshot").write_bytes(content)
    with pytest.raises(FolderTaken):
        put(1)


def test_a_folder_with_the_snapshot_of_another_root_key_is_refused(series, put, other_root, tmp_path):
    (tmp_path / "www" / "v1").mkdir(parents=True)
    (tmp_path / "www" / "v1" / "snapshot").write_bytes(sign_snapshot(series[0][1], other_root))
    with pytest.raises(FolderTaken, match="root key"):
        put(1)


@pytest.mark.parametrize("path", ["www", "www/v1"])
def test_a_file_in_the_place_of_a_folder_is_refused(put, tmp_path, path):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("a file")
    with pytest.raises((FolderTaken, OutputFailed)):
        put(1)
    assert (tmp_path / path).read_text() == "a file"


def test_buckets_that_changed_since_they_were_verified_are_not_published(
    series, root, directory, put, tmp_path
):
    put(1)
    _, snapshot = series[1]
    copy = directory / "v1" / "snapshots" / snapshot.id
    (directory / "v1" / "snapshots" / series[0][1].id).rename(copy)
    data = bytearray((copy / "buckets.bin").read_bytes())
    data[12_345_678] ^= 1
    (copy / "buckets.bin").unlink()
    (copy / "buckets.bin").write_bytes(data)
    with pytest.raises(SnapshotBroken):
        publish(SnapshotDirectory(directory), sign_snapshot(snapshot, root), root.public, tmp_path / "www")
    assert published(tmp_path / "www", root.public) == series[0][1]
    assert listed(tmp_path / "www") == files_of(series[0][1])


def test_a_full_disk_leaves_what_was_published_before(series, put, root, tmp_path):
    put(1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, before[1]))
    try:
        with pytest.raises(OutputFailed, match=r"buckets\.bin could not be written"):
            put(2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert published(tmp_path / "www", root.public) == series[0][1]
    assert listed(tmp_path / "www") == files_of(series[0][1])


def test_two_at_once_do_not_publish_to_one_folder(put, tmp_path):
    put(1)
    descriptor = os.open(tmp_path / "www", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(PublishBusy):
            put(2)
    finally:
        os.close(descriptor)
    put(2)


@pytest.mark.parametrize("how", ["kill", "fail"])
def test_a_fault_at_any_line_leaves_the_old_or_the_new_and_publishing_again_cleans_up(
    series, root, tmp_path, how
):
    program = Path(__file__).with_name("kill_publishing.py")
    old, new = (str(series[number][0].path) for number in (0, 1))
    command = [sys.executable, str(program), how, old, new, root.public.hex(), str(tmp_path / "www"), "29"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"[1-9][0-9]+ faults\n", done.stdout)
