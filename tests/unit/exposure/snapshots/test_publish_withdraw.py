"""Taking down what was published: no check can begin, nobody else's files go, and a kill is made good."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from floodmark.errors import NothingToRead
from floodmark.exposure.snapshots import (
    FolderTaken,
    PublishBusy,
    SnapshotDirectory,
    publish,
    publishing,
    sign_snapshot,
    withdraw,
)
from floodmark.exposure.snapshots.publish_folder import WITHDRAWN
from floodmark.files import OutputFailed


@pytest.fixture
def www(made, root, tmp_path) -> Path:
    """A folder with a published snapshot."""
    place, _ = made
    source = SnapshotDirectory(place)
    publish(source, source.envelope(), root.public, tmp_path / "www")
    return tmp_path / "www"


def test_nothing_is_left_of_what_was_published(www, root, snapshot):
    done = withdraw(www, root.public)
    assert (done.snapshot, done.removed) == (snapshot, (snapshot.id,))
    assert www.is_dir() and not list(www.iterdir())
    with pytest.raises(NothingToRead):
        withdraw(www, root.public)


def test_older_buckets_and_parts_of_kills_go_and_what_is_not_ours_stays(www, root, snapshot, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "buckets.bin").write_text("theirs")
    within = www / "v1" / "snapshots"
    (within / ("0b" * 16)).mkdir()
    (within / ("0b" * 16) / "buckets.bin").write_text("old")
    part = f".buckets.bin.{'0c' * 8}.part"
    (within / snapshot.id / part).write_text("part")
    (www / "v1" / f".snapshot.{'0c' * 8}.part").write_text("part")
    (within / ("ff" * 16)).symlink_to(tmp_path / "other")
    theirs = [www / "index.html", www / "v1" / ".hidden", within / ("0b" * 16) / "notes.txt"]
    for path in theirs:
        path.write_text("theirs")
    assert withdraw(www, root.public).removed == (snapshot.id, "0b" * 16)
    left = sorted(path for path in www.rglob("*") if not path.is_dir() or path.is_symlink())
    assert left == sorted([*theirs, within / ("ff" * 16)])
    assert (tmp_path / "other" / "buckets.bin").read_text() == "theirs"


@pytest.mark.parametrize("folder", ["empty", "missing", "theirs"])
def test_a_folder_without_a_snapshot_is_left_as_it_is(tmp_path, root, folder):
    if folder != "missing":
        (tmp_path / folder).mkdir()
    if folder == "theirs":
        (tmp_path / folder / "index.html").write_text("theirs")
    with pytest.raises(NothingToRead):
        withdraw(tmp_path / folder, root.public)
    assert [path.name for path in tmp_path.rglob("*.html")] == (["index.html"] if folder == "theirs" else [])
    assert (tmp_path / folder).exists() == (folder != "missing")


def test_a_snapshot_of_another_root_key_stays(www, snapshot, root, other_root):
    (www / "v1" / "snapshot").write_bytes(sign_snapshot(snapshot, other_root))
    with pytest.raises(FolderTaken, match="another root key"):
        withdraw(www, root.public)
    assert (www / "v1" / "snapshots" / snapshot.id / "buckets.bin").exists()


def test_one_that_was_killed_is_ended_by_the_next_and_by_nobody_with_another_key(
    www, root, other_root, snapshot
):
    (www / "v1" / "snapshot").rename(www / "v1" / WITHDRAWN)
    with pytest.raises(FolderTaken):
        withdraw(www, other_root.public)
    assert withdraw(www, root.public).removed == (snapshot.id,)
    assert not list(www.iterdir())


def test_publishing_after_one_that_was_killed_leaves_nothing_of_it(www, made, root):
    (www / "v1" / "snapshot").rename(www / "v1" / WITHDRAWN)
    source = SnapshotDirectory(made[0])
    publish(source, source.envelope(), root.public, www)
    assert [path.name for path in (www / "v1").iterdir() if path.is_file()] == ["snapshot"]


def test_buckets_that_cannot_be_removed_are_said_and_the_envelope_is_gone_all_the_same(www, root, snapshot):
    path = www / "v1" / "snapshots" / snapshot.id / "buckets.bin"
    path.unlink()
    path.mkdir()
    with pytest.raises(OutputFailed):
        withdraw(www, root.public)
    assert not (www / "v1" / "snapshot").exists()
    path.rmdir()
    withdraw(www, root.public)
    assert not list(www.iterdir())


def test_nothing_is_withdrawn_while_somebody_publishes(www, root):
    with publishing.locked(www), pytest.raises(PublishBusy):
        withdraw(www, root.public)
    assert (www / "v1" / "snapshot").exists()


@pytest.mark.parametrize("how", ["kill", "fail"])
def test_a_fault_at_any_line_leaves_it_whole_or_unasked_and_the_next_one_ends_it(made, root, tmp_path, how):
    program = Path(__file__).with_name("kill_publishing.py")
    source, www = os.fspath(made[0]), os.fspath(tmp_path / "www")
    said = [f"{how}-withdrawal", source, source, root.public.hex(), www, "1"]
    command = [sys.executable, os.fspath(program), *said]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"[1-9][0-9]+ faults\n", done.stdout)
