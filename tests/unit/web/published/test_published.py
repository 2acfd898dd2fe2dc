"""The snapshot that a server answers from: newer ones, older ones, and those that may not be told of any more."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.exposure.snapshots import (
    Predecessor,
    SnapshotBroken,
    SnapshotExpired,
    WrongRootKey,
    sign_snapshot,
    withdraw,
)
from floodmark.files import write_atomic
from floodmark.register import tables
from floodmark.register.forget import forget
from floodmark.register.snapshot_leaks import SnapshotOutdated
from floodmark.web.hot.buckets import read_now
from floodmark.web.problems import NothingHere
from floodmark.web.published import ANYHOW, PublishedSnapshot

from ...exposure.check.published import NOW, ROOT

NEVER = 3600.0  # seconds between looks that a test makes itself


@pytest.fixture(scope="module")
def first(published):
    """A snapshot that was published, of which nothing may be changed."""
    return published


@pytest.fixture
def place(first, tmp_path):
    """A folder of its own with that snapshot."""
    folder = shutil.copytree(first.folder, tmp_path / "public", copy_function=os.link)
    write_atomic(folder / "v1" / "snapshot", first.envelope())  # a file of its own
    return folder


def following(before, number):
    return replace(
        before,
        id=f"{number:032x}",
        number=number,
        predecessor=Predecessor(before.id, before.sha256),
    )


def take_over(place, snapshot, buckets):
    """Publish a snapshot in a folder, with the same buckets."""
    within = place / "v1" / "snapshots" / snapshot.id
    within.mkdir()
    os.link(buckets, within / "buckets.bin")
    write_atomic(place / "v1" / "snapshot", sign_snapshot(snapshot, ROOT))


def buckets_of(place, snapshot):
    return place / "v1" / "snapshots" / snapshot.id / "buckets.bin"


def open_below(place):
    """Files below a folder that this process has open, removed ones too; others of its files may come and go."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(one.readlink()))
    return [one for one in found if one.startswith(f"{place.resolve()}/")]


def opened(place, **said):
    return PublishedSnapshot(place, ROOT.public, lambda: NOW, **({"every": NEVER} | said))


def test_a_newer_snapshot_takes_over_and_the_one_before_goes_on(first, place):
    with opened(place) as published:
        second = following(first.snapshot, 2)
        take_over(place, second, buckets_of(place, first.snapshot))
        assert published.current().snapshot == first.snapshot
        published.look()
        assert published.current().snapshot == second
        assert published.current().envelope == (place / "v1" / "snapshot").read_bytes()
        assert published.find(first.snapshot.id).snapshot == first.snapshot
        assert published.find(second.id) is published.current()


def test_of_three_the_oldest_is_closed(first, place):
    with opened(place) as published:
        second = following(first.snapshot, 2)
        for one in (second, following(second, 3)):
            take_over(place, one, buckets_of(place, first.snapshot))
            published.look()
        assert published.current().snapshot.number == 3
        assert published.find(second.id)
        with pytest.raises(NothingHere):
            published.find(first.snapshot.id)


def test_the_one_before_goes_when_its_files_do(first, place):
    with opened(place) as published:
        second = following(first.snapshot, 2)
        take_over(place, second, buckets_of(place, first.snapshot))
        os.link(buckets_of(place, first.snapshot), place / "a copy that somebody keeps")
        published.look()
        shutil.rmtree(buckets_of(place, first.snapshot).parent)
        assert published.find(first.snapshot.id)
        published.look()
        with pytest.raises(NothingHere):
            published.find(first.snapshot.id)


def test_who_reads_a_snapshot_reads_it_to_the_end(first, place):
    data = buckets_of(first.folder, first.snapshot).read_bytes()
    with opened(place) as published:
        reading = published.find(first.snapshot.id)
        half = read_now(reading, 0, len(data) // 2)
        before = first.snapshot
        for number in range(2, 5):
            before = following(before, number)
            take_over(place, before, buckets_of(first.folder, first.snapshot))
            published.look()
        shutil.rmtree(buckets_of(place, first.snapshot).parent)
        published.look()
        rest = read_now(reading, len(half), len(data) - len(half))
        assert half + rest == data


def test_files_are_closed_when_nobody_reads_them_any_more(first, place):
    with opened(place) as published:
        snapshot = first.snapshot
        for number in range(2, 12):
            snapshot = following(snapshot, number)
            take_over(place, snapshot, buckets_of(first.folder, first.snapshot))
            shutil.rmtree(buckets_of(place, replace(snapshot, id=snapshot.predecessor.id)).parent)
            published.look()
        assert len(open_below(place)) == 1
    assert open_below(place) == []


def test_what_was_taken_down_is_answered_from_no_more(first, place):
    with opened(place) as published:
        withdraw(place, ROOT.public)
        published.look()
        with pytest.raises(NothingToRead):
            published.current()
        with pytest.raises(NothingHere):
            published.find(first.snapshot.id)


def test_a_newer_envelope_that_is_broken_stops_new_checks_and_lets_those_that_began_end(first, place):
    with opened(place) as published:
        write_atomic(place / "v1" / "snapshot", b"{}")
        published.look()
        with pytest.raises(SnapshotBroken):
            published.current()
        assert published.find(first.snapshot.id).snapshot == first.snapshot
        write_atomic(place / "v1" / "snapshot", first.envelope())
        published.look()
        assert published.current().snapshot == first.snapshot


def test_a_snapshot_whose_buckets_are_not_there_is_none(first, place):
    second = following(first.snapshot, 2)
    (place / "v1" / "snapshots" / second.id).mkdir()
    write_atomic(place / "v1" / "snapshot", sign_snapshot(second, ROOT))
    with opened(place) as published, pytest.raises(NothingToRead):
        published.current()


def test_a_snapshot_whose_buckets_were_cut_short_is_answered_from_no_more(first, place):
    path = buckets_of(place, first.snapshot)
    data = path.read_bytes()
    path.unlink()  # and make a file of its own
    path.write_bytes(data)
    with opened(place) as published:
        os.truncate(path, len(data) - 1)
        published.look()
        with pytest.raises(FloodmarkError) as refused:
            published.current()
        assert refused.value.slug == "snapshot-broken"
        with pytest.raises(NothingHere):
            published.find(first.snapshot.id)
        path.write_bytes(data)
        published.look()
        assert published.current().snapshot == first.snapshot


def test_a_snapshot_by_another_root_key_is_refused(place):
    with PublishedSnapshot(place, bytes(32), lambda: NOW, every=NEVER) as published:
        for _ in range(2):
            with pytest.raises(WrongRootKey) as found:
                published.current()
            published.look()
        assert len(found.traceback) < 5  # an error that is kept does not collect the frames of every request


def test_a_snapshot_that_expires_while_it_is_served_is_refused(first, place):
    now = [NOW]
    with PublishedSnapshot(place, ROOT.public, lambda: now[0], every=NEVER) as published:
        assert published.current()
        now[0] = first.snapshot.expires_at
        for ask in (published.current, lambda: published.find(first.snapshot.id)):
            with pytest.raises(SnapshotExpired):
                ask()


def test_the_thread_notices_on_its_own(first, place):
    with opened(place, every=0.01) as published:
        second = following(first.snapshot, 2)
        take_over(place, second, buckets_of(place, first.snapshot))
        wait_until(lambda: published.current().snapshot == second)


def test_what_nobody_foresaw_stops_all_answers_until_it_is_over(first, place, monkeypatch):
    with opened(place, every=0.01) as published:
        monkeypatch.setattr(published, "_newest", lambda before: 1 / 0)
        wait_until(lambda: refuses(published.current) == "failed")
        assert refuses(lambda: published.find(first.snapshot.id)) == "not-found"
        monkeypatch.undo()
        wait_until(lambda: not refuses(published.current))


def test_readers_in_many_threads_never_see_half_of_a_change(first, place):
    wrong, stop = [], threading.Event()
    with opened(place) as published:

        def read():
            while not stop.is_set():
                one = published.current()
                if one.snapshot.id.encode() not in one.envelope or not one.there:
                    wrong.append(one.snapshot.number)
                os.fstat(one.descriptor)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for one in threads:
            one.start()
        snapshot = first.snapshot
        for number in range(2, 8):
            snapshot = following(snapshot, number)
            take_over(place, snapshot, buckets_of(first.folder, first.snapshot))
            published.look()
        stop.set()
        for one in threads:
            one.join()
    assert wrong == []


# Of a workspace


def change(workspace, slug, **said):
    with workspace.writing("edit") as connection:
        connection.execute(update(tables.leaks).where(tables.leaks.c.slug == slug).values(**said))


@pytest.fixture
def made(workspace, sealed, snapshot, keyring):
    sealed("one")
    sealed("other")
    return snapshot()


@pytest.fixture
def serving(workspace, made, keyring):
    with PublishedSnapshot(workspace, keyring.signing_key().public, lambda: NOW, every=NEVER) as published:
        yield published


def test_the_newest_of_a_workspace_is_answered_from(serving, made, snapshot):
    assert serving.current().snapshot == made.snapshot
    second = snapshot()
    serving.look()
    assert serving.current().snapshot == second.snapshot
    assert serving.find(made.snapshot.id).snapshot == made.snapshot


@pytest.mark.parametrize("said", ["sensitive", "retired"])
def test_a_leak_that_must_not_be_told_of_stops_its_snapshots(workspace, serving, made, snapshot, said):
    change(workspace, "one", **{said: True})
    serving.look()
    for ask in (serving.current, lambda: serving.find(made.snapshot.id)):
        with pytest.raises(SnapshotOutdated):
            ask()
    without = snapshot()
    serving.look()
    assert serving.current().snapshot == without.snapshot
    with pytest.raises(SnapshotOutdated):
        serving.find(made.snapshot.id)


def test_a_leak_that_is_forgotten_is_gone_from_answers_and_from_the_disk(workspace, serving, made):
    assert serving.current()
    forget(workspace, "one")
    assert not made.folder.exists()
    serving.look()
    with pytest.raises(NothingToRead):
        serving.current()
    assert refuses(lambda: serving.find(made.snapshot.id)) in ("not-found", "snapshot-outdated")


def test_a_copy_of_the_workspaces_snapshot_is_judged_by_the_workspace(workspace, made, keyring, tmp_path):
    copy = shutil.copytree(made.folder, tmp_path / "copy")
    root = keyring.signing_key().public
    with PublishedSnapshot(copy, root, lambda: NOW, judge=workspace, every=NEVER) as published:
        assert published.current()
        change(workspace, "one", sensitive=True)
        published.look()
        assert refuses(published.current) == "snapshot-outdated"


def test_a_workspace_without_a_snapshot_waits_for_one(workspace, sealed, snapshot, keyring):
    with PublishedSnapshot(workspace, keyring.signing_key().public, lambda: NOW, every=NEVER) as published:
        assert refuses(published.current) == "nothing-to-read"
        sealed("one")
        made = snapshot()
        published.look()
        assert published.current().snapshot == made.snapshot


def test_a_register_that_cannot_be_read_stops_all_answers(workspace, serving, made):
    assert serving.current()
    workspace.register.write_bytes(b"no register" * 100)
    serving.look()
    assert refuses(serving.current)
    assert refuses(lambda: serving.find(made.snapshot.id))


@pytest.mark.parametrize("of_a_workspace", [True, False])
def test_while_nothing_changes_nothing_is_read_but_now_and_then(
    request, workspace, first, place, monkeypatch, of_a_workspace
):
    published = request.getfixturevalue("serving") if of_a_workspace else request.getfixturevalue("standing")
    asked, newest = [], published._newest
    monkeypatch.setattr(published, "_newest", lambda before: asked.append(1) or newest(before))
    for _ in range(3 * ANYHOW):
        published.look()
    assert len(asked) == 3
    asked.clear()
    if of_a_workspace:
        change(workspace, "one", title="Another")
    else:
        # To another time: since it was written, less may have passed than a tick of the clock of files.
        os.utime(place / "v1" / "snapshot", (1, 1))
    for _ in range(ANYHOW - 2):
        published.look()
    assert len(asked) == 1


@pytest.fixture
def standing(place):
    with opened(place) as published:
        yield published


def refuses(ask):
    """Slug of the error that asking ends in; None for an answer."""
    try:
        ask()
    except Exception as error:
        return error.slug
    return None


def wait_until(true):
    """Wait for what another thread does."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)
