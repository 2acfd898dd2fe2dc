"""Snapshots of a workspace: which leaks go in, in which order things happen, and what a fault at any point leaves."""

from __future__ import annotations

import hashlib
import re
import resource
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update

from floodmark.errors import NothingToRead, UnreadableInput, UsageError
from floodmark.exposure.sealed.manifest import CONTEXT, Manifest
from floodmark.exposure.sealed.sealed_folder import SealedLeakBroken, SignedByAnother
from floodmark.exposure.snapshots import (
    Predecessor,
    SnapshotBroken,
    SnapshotDirectory,
    WrongEpoch,
    open_snapshot,
    verify_buckets,
)
from floodmark.register import tables
from floodmark.register.database import RegisterDamaged, WorkspaceUnwritable
from floodmark.register.forget import forget, trace
from floodmark.register.key_changes import make
from floodmark.register.key_epochs import next_epoch, present
from floodmark.register.key_folder import NoKeys, file_name
from floodmark.register.key_signing import SigningKey
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.leaks import LeakNotFound
from floodmark.register.lease import lease
from floodmark.register.sealed_leaks import NotSealed, SealedRow, put_sealed
from floodmark.register.snapshot_folders import kept_while_read, latest_snapshot, snapshots_of
from floodmark.register.snapshot_leaks import RetiredLeak, SensitiveLeak, SnapshotOutdated, still_fit
from floodmark.register.snapshot_rows import check_known, list_snapshots
from floodmark.register.snapshots import SnapshotOvertaken, live_key, make_snapshot
from floodmark.register.workspace_keys import WrongKeys
from floodmark.signatures import signature_file

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
CREATED = "2026-01-31T13:05:00Z"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """rows.npy of nothing but filler."""
    path = tmp_path_factory.mktemp("rows") / "rows.npy"
    drawn = np.random.default_rng(5).integers(0, 256, (65536, 16, 8), np.uint8)
    np.save(path, np.sort(drawn.view(">u8"), axis=1).view(np.uint8).reshape(65536, -1))
    return path


@pytest.fixture
def keyring(tmp_path, workspace):
    folder = tmp_path / "keys"
    make(folder, Bare, created=CREATED, workspace=workspace.folder)
    with Keyring.open(folder, workspace=workspace.folder) as keys:
        yield keys


@pytest.fixture
def sealed(workspace, save, keyring, rows):
    """Saves a leak and its sealed leak; says what is to be said of the leak and of the manifest."""

    def seal_one(slug, *, again=False, seal_id=None, signing=None, manifest=None, **said):
        leak = None if again else save(slug, **said)
        key, live = signing or keyring.signing_key(), live_key(keyring)
        seal_id = seal_id or hashlib.sha256(slug.encode()).hexdigest()[:32]
        values = {
            "seal_id": seal_id,
            "slug": slug,
            "synthetic": True if leak is None else leak.synthetic,
            "sealed_at": CREATED,
            "epoch": live.epoch,
            "public_key": bytes.fromhex(live.public),
            "members": {"phone": 2},
            "field_sets": (("phone",),),
            "cell_bytes": 2,
            "m": 16,
            "rows_bytes": rows.stat().st_size,
            "rows_sha256": hashlib.sha256(rows.read_bytes()).hexdigest(),
        }
        found = Manifest(**(values | (manifest or {})))
        held = lease(workspace, slug)
        folder = held.folder / "sealed" / seal_id
        held.close()
        folder.mkdir(parents=True)
        shutil.copy(rows, folder / "rows.npy")
        data = found.to_bytes()
        (folder / "manifest.json").write_bytes(data)
        signature = signature_file(key.public, key.sign(CONTEXT + data))
        (folder / "manifest.json.sig").write_bytes(signature)
        row = SealedRow(
            slug, seal_id, found.epoch, found.public_key.hex(), dict(found.members), 16,
            found.rows_bytes, hashlib.sha256(data).hexdigest(), CREATED,
        )  # fmt: skip
        with workspace.writing("seal") as connection:
            put_sealed(connection, row)
            connection.execute(
                update(tables.workspace).values(signing_key=keyring.signing_key().public.hex())
            )
        return folder

    return seal_one


@pytest.fixture
def snapshot(workspace, keyring):
    """Makes a snapshot, a minute after the one before."""
    made = []

    def make_one(slugs=None, **said):
        now = NOW + timedelta(minutes=len(made))
        made.append(make_snapshot(workspace, keyring, slugs, **({"clock": lambda: now} | said)))
        return made[-1]

    return make_one


def change(workspace, slug, **said):
    with workspace.writing("edit") as connection:
        connection.execute(update(tables.leaks).where(tables.leaks.c.slug == slug).values(**said))


def opened(found, keyring):
    return open_snapshot(
        SnapshotDirectory(found.folder).envelope(), keyring.signing_key().public, found.snapshot.made_at
    )


def kept(workspace):
    """What lies in the folder of snapshots."""
    return sorted(path.name for path in (workspace.folder / "snapshots").iterdir())


def test_a_snapshot_of_all_sealed_leaks_is_sound_signed_and_named_by_a_row(
    workspace, sealed, snapshot, keyring
):
    sealed("second", title="Another", breach_date="2019-08-31", verified=True)
    sealed("first")
    found = snapshot()
    assert opened(found, keyring) == found.snapshot
    assert [leak.slug for leak in found.snapshot.leaks] == ["first", "second"]
    assert found.snapshot.leaks[1].title == "Another"
    assert found.snapshot.leaks[1].breach_date == "2019-08-31"
    assert found.left_out == ()
    assert verify_buckets(SnapshotDirectory(found.folder), found.snapshot) == ()
    with workspace.connect() as connection:
        (row,) = list_snapshots(connection)
    assert (row.id, row.number, row.sha256) == (found.snapshot.id, 1, found.snapshot.sha256)
    assert (row.leaks, row.made_at, row.expires_at) == (("first", "second"), CREATED, "2026-03-02T13:05:00Z")
    assert latest_snapshot(workspace) == found.folder
    assert not list(found.folder.rglob(".*"))
    assert {oct(path.stat().st_mode & 0o777) for path in found.folder.rglob("*")} == {"0o700", "0o600"}


def test_each_snapshot_names_the_one_before_and_the_newest_two_are_kept(workspace, sealed, snapshot):
    sealed("first")
    made = [snapshot() for _ in range(4)]
    assert [found.snapshot.number for found in made] == [1, 2, 3, 4]
    for before, after in pairwise(made):
        assert (after.snapshot.predecessor.id, after.snapshot.predecessor.sha256) == (
            before.snapshot.id, before.snapshot.sha256,
        )  # fmt: skip
    assert [row.number for row, _ in snapshots_of(workspace)] == [4, 3]
    assert kept(workspace) == sorted(found.snapshot.id for found in made[2:])


def test_a_workspace_without_snapshots_has_no_latest_one(workspace, save):
    assert latest_snapshot(workspace) is None
    save()
    assert latest_snapshot(workspace) is None
    assert not (workspace.folder / "snapshots").exists()


def test_what_cannot_go_in_is_left_out_with_its_reason(workspace, sealed, save, snapshot, keyring):
    sealed("good")
    sealed("secret", sensitive=True)
    sealed("gone", retired=True)
    sealed("both", sensitive=True, retired=True)
    sealed("stale", manifest={"epoch": 7})
    save("unsealed")
    found = snapshot()
    assert [leak.slug for leak in found.snapshot.leaks] == ["good"]
    assert {one.slug: one.reason for one in found.left_out} == {
        "secret": "sensitive-leak",
        "gone": "retired-leak",
        "both": "sensitive-leak",
        "stale": "wrong-epoch",
        "unsealed": "not-sealed",
    }


@pytest.mark.parametrize(
    ("slug", "error"),
    [
        ("secret", SensitiveLeak),
        ("gone", RetiredLeak),
        ("stale", WrongEpoch),
        ("unsealed", NotSealed),
        ("nowhere", LeakNotFound),
    ],
)
def test_a_leak_that_is_named_and_cannot_go_in_is_an_error(workspace, sealed, save, snapshot, slug, error):
    sealed("good")
    sealed("secret", sensitive=True)
    sealed("gone", retired=True)
    sealed("stale", manifest={"epoch": 7})
    save("unsealed")
    with pytest.raises(error) as raised:
        snapshot(["good", slug])
    if error is WrongEpoch:
        assert "floodmark seal stale" in raised.value.hint
    assert latest_snapshot(workspace) is None
    assert [leak.slug for leak in snapshot(["good", "good"]).snapshot.leaks] == ["good"]


def test_nothing_that_can_go_in_is_nothing_to_read(sealed, save, snapshot):
    with pytest.raises(NothingToRead):
        snapshot()
    save("unsealed")
    sealed("secret", sensitive=True)
    with pytest.raises(NothingToRead):
        snapshot()
    with pytest.raises(NothingToRead):
        snapshot([])


def test_why_nothing_can_go_in_is_said_of_each_leak_as_far_as_they_can_be_named(sealed, save, snapshot):
    for number in range(9):
        save(f"unsealed-{number}")
    sealed("a-secret", sensitive=True)
    with pytest.raises(NothingToRead) as raised:
        snapshot()
    assert "a-secret is marked as sensitive" in raised.value.message
    assert "unsealed-6 is not sealed. 2 more cannot." in raised.value.message
    assert "publish DIR --withdraw" in raised.value.hint


@pytest.mark.parametrize("said", [{"sensitive": True}, {"retired": True}])
def test_a_snapshot_that_holds_what_may_not_be_told_any_more_is_not_fit_to_answer(
    workspace, sealed, snapshot, said, tmp_path
):
    sealed("first")
    sealed("second")
    both, one = snapshot(), snapshot(["second"])
    still_fit(workspace, both.folder)
    change(workspace, "first", **said)
    with pytest.raises(SnapshotOutdated, match="first was"):
        still_fit(workspace, both.folder)
    still_fit(workspace, one.folder)
    still_fit(workspace, tmp_path / both.folder.name)  # somebody else's


@pytest.mark.parametrize(
    "lifetime", [timedelta(0), timedelta(days=-1), timedelta(days=367), timedelta(milliseconds=5)]
)
def test_a_lifetime_that_cannot_be_is_refused(sealed, snapshot, lifetime):
    sealed("first")
    with pytest.raises(UsageError):
        snapshot(lifetime=lifetime)


def test_a_snapshot_lasts_as_long_as_was_said(sealed, snapshot):
    sealed("first")
    made = snapshot(lifetime=timedelta(hours=36)).snapshot
    assert made.expires_at - made.made_at == timedelta(hours=36)


@pytest.mark.parametrize("at", [130, 4_000_000, -1])
def test_a_flipped_bit_in_a_sealed_leak_stops_the_snapshot(workspace, sealed, snapshot, at):
    folder = sealed("first")
    data = bytearray((folder / "rows.npy").read_bytes())
    data[at] ^= 16
    (folder / "rows.npy").write_bytes(data)
    with pytest.raises(SealedLeakBroken, match="first"):
        snapshot()
    assert kept(workspace) == []


def test_a_sealed_leak_that_another_key_signed_is_refused(sealed, snapshot):
    sealed("first", signing=SigningKey(bytes(32)))
    with pytest.raises(SignedByAnother):
        snapshot()


def test_a_manifest_that_is_sound_and_not_the_one_of_the_row_is_refused(workspace, sealed, snapshot):
    sealed("first")
    with workspace.writing("edit") as connection:
        connection.execute(update(tables.sealed).values(manifest_sha256="0" * 64))
    with pytest.raises(SealedLeakBroken, match="first"):
        snapshot()


def test_missing_rows_are_said(sealed, snapshot):
    (sealed("first") / "rows.npy").unlink()
    with pytest.raises(UnreadableInput):
        snapshot()


def test_other_keys_than_the_workspaces_are_refused(workspace, sealed, tmp_path):
    sealed("first")
    make(tmp_path / "others", Bare, created=CREATED, workspace=workspace.folder)
    with Keyring.open(tmp_path / "others", workspace=workspace.folder) as keys, pytest.raises(WrongKeys):
        make_snapshot(workspace, keys)


def test_without_an_evaluation_key_it_is_said_how_to_make_one(sealed, snapshot, tmp_path):
    sealed("first")
    (tmp_path / "keys" / file_name("evaluation")).unlink()
    with pytest.raises(NoKeys) as raised:
        snapshot()
    assert "floodmark keys epoch" in raised.value.hint


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda workspace, sealed: change(workspace, "first", sensitive=True),
        lambda workspace, sealed: change(workspace, "first", retired=True),
        lambda workspace, sealed: forget(workspace, "first"),
        lambda workspace, sealed: sealed("first", again=True, seal_id="ab" * 16),
    ],
)
def test_a_leak_that_changes_meanwhile_is_not_published_as_it_was(workspace, sealed, snapshot, meanwhile):
    sealed("first")
    sealed("second")
    with pytest.raises(SnapshotOvertaken):
        snapshot(phase=doing(lambda: meanwhile(workspace, sealed)))
    assert kept(workspace) == []
    assert snapshot().snapshot.number == 1


def test_an_epoch_that_begins_meanwhile_stops_the_snapshot(workspace, sealed, snapshot, tmp_path):
    sealed("first")

    def begin():
        former = present(tmp_path / "keys", workspace=workspace.folder)
        next_epoch(tmp_path / "keys", former, created=CREATED, workspace=workspace.folder)

    with pytest.raises(SnapshotOvertaken):
        snapshot(phase=doing(begin))


def test_words_that_are_edited_meanwhile_are_told_as_they_are_now(workspace, sealed, snapshot):
    sealed("first")
    found = snapshot(phase=doing(lambda: change(workspace, "first", title="Another title")))
    assert found.snapshot.leaks[0].title == "Another title"


def test_a_snapshot_that_is_made_meanwhile_is_the_predecessor(sealed, snapshot):
    sealed("first")
    found = snapshot(phase=doing(lambda: snapshot()))
    assert found.snapshot.number == 2


def doing(action):
    """A phase at whose end something happens."""

    class Phase:
        def __init__(self, name, total):
            pass

        def __enter__(self):
            return lambda size: None

        def __exit__(self, *_):
            action()

    return Phase


@pytest.mark.parametrize("how", ["kill", "fail"])
def test_a_fault_at_any_line_leaves_the_old_state_or_the_new_and_the_next_one_cleans_up(tmp_path, how):
    program = Path(__file__).with_name("kill_snapshots.py")
    command = [sys.executable, str(program), how, str(tmp_path / "scratch"), "19"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"[1-9][0-9]* faults, of which [1-9][0-9]* left the old and [1-9][0-9]* the new\n", done.stdout
    )


def test_a_disk_that_is_full_while_rows_are_copied_leaves_nothing(workspace, sealed, snapshot):
    sealed("first")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, before[1]))
    try:
        with pytest.raises(WorkspaceUnwritable):
            snapshot()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert kept(workspace) == []
    assert snapshot().snapshot.number == 1


def test_leftovers_of_kills_are_removed_and_what_is_not_ours_is_left_alone(
    workspace, sealed, snapshot, tmp_path
):
    sealed("first")
    snapshot()
    folder = workspace.folder / "snapshots"
    ours = [folder / f".staging-{'ab' * 16}", folder / ("cd" * 16)]
    for path in ours:
        path.mkdir()
        (path / "rest").write_text("of a kill")
    (ours[1] / ".uncommitted").touch()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ".uncommitted").touch()
    theirs = [folder / "mine", folder / ("ef" * 16), folder / ".staging-mine"]
    for path in theirs:
        path.mkdir()
    links = [folder / ("12" * 16), folder / f".staging-{'34' * 16}"]
    for path in links:
        path.symlink_to(outside)
    (folder / f".staging-{'56' * 16}").write_text("a file")
    snapshot()
    assert not any(path.exists() for path in ours)
    assert all(path.is_dir() for path in theirs)
    assert all(path.is_symlink() for path in links)
    assert (outside / ".uncommitted").exists()
    assert (folder / f".staging-{'56' * 16}").exists()


def test_a_snapshot_that_is_being_read_stays_until_nobody_reads_it(workspace, sealed, snapshot):
    sealed("first")
    first = snapshot()
    with kept_while_read(first.folder):
        snapshot()
        snapshot()
        assert first.folder.is_dir()
    snapshot()
    assert not first.folder.exists()
    with kept_while_read(first.folder):
        pass


@pytest.mark.parametrize(
    "make_it", [lambda path, other: path.symlink_to(other), lambda path, other: path.write_text("")]
)
def test_a_link_or_a_file_that_stands_for_the_folder_of_snapshots_is_refused(
    workspace, sealed, snapshot, tmp_path, make_it
):
    sealed("first")
    (tmp_path / "other").mkdir()
    make_it(workspace.folder / "snapshots", tmp_path / "other")
    with pytest.raises(WorkspaceUnwritable):
        snapshot()
    assert not list((tmp_path / "other").iterdir())


def test_two_snapshots_at_once_do_not_remove_what_the_other_prepares(workspace, sealed, snapshot):
    sealed("first")
    names = []
    found = snapshot(phase=doing(lambda: names.extend([kept(workspace), snapshot()])))
    assert len(names[0]) == 1
    assert kept(workspace) == sorted([names[1].snapshot.id, found.snapshot.id])


def test_a_snapshot_with_a_leak_goes_when_the_leak_is_forgotten_and_the_next_one_follows_it(
    workspace, sealed, snapshot
):
    sealed("unforgettable", title="Quagmire Parade")
    sealed("second")
    first = snapshot()
    assert b"Quagmire Parade" in everything(workspace)
    assert trace(workspace, "unforgettable").snapshots == 1
    assert forget(workspace, "unforgettable").pending == ""
    assert latest_snapshot(workspace) is None
    assert kept(workspace) == []
    assert b"Quagmire Parade" not in everything(workspace)
    assert b"unforgettable" not in everything(workspace)
    assert not wipe_due(workspace)
    found = snapshot().snapshot
    assert [leak.slug for leak in found.leaks] == ["second"]
    assert found.number == 2
    assert found.predecessor == Predecessor(first.snapshot.id, first.snapshot.sha256)


def test_a_snapshot_that_somebody_reads_when_a_leak_of_it_is_forgotten_goes_with_the_next_write(
    workspace, sealed, snapshot
):
    sealed("first")
    made = snapshot()
    with kept_while_read(made.folder):
        assert "Another process reads" in forget(workspace, "first").pending
        assert made.folder.is_dir()
        assert latest_snapshot(workspace) is None
    with workspace.writing("whatever comes next"):
        pass
    assert kept(workspace) == []


@pytest.mark.parametrize("function", ["withdraw", "clear_leftovers"])
def test_a_forget_that_fails_midway_leaves_the_snapshot_with_its_leak_or_neither(
    workspace, sealed, snapshot, monkeypatch, function
):
    sealed("first")
    made = snapshot()

    def fail(*given):
        raise MemoryError

    monkeypatch.setattr(f"floodmark.register.forget.{function}", fail)
    with pytest.raises(MemoryError):
        forget(workspace, "first")
    monkeypatch.undo()
    with workspace.writing("whatever comes next"):
        pass
    there = function == "withdraw"
    assert kept(workspace) == ([made.snapshot.id] if there else [])
    assert (latest_snapshot(workspace) == made.folder) == there
    if there:
        assert not (made.folder / ".uncommitted").exists()


def wipe_due(workspace):
    with workspace.connect() as connection:
        return connection.execute(select(tables.workspace.c.wipe_due)).scalar_one()


def everything(workspace):
    return b"".join(path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("said", [{"id": "../../elsewhere"}, {"leaks": {"a": 1}}])
def test_a_row_that_cannot_be_a_snapshots_is_refused(workspace, sealed, snapshot, said):
    sealed("first")
    snapshot()
    with workspace.writing("edit") as connection:
        connection.execute(update(tables.snapshots).values(**said))
    with pytest.raises(RegisterDamaged):
        latest_snapshot(workspace)


def test_a_snapshot_and_its_predecessor_are_held_against_the_rows(workspace, sealed, snapshot):
    sealed("first")
    first, second = snapshot().snapshot, snapshot().snapshot
    with workspace.connect() as connection:
        check_known(connection, first)
        check_known(connection, second)
        for found in (
            replace(second, made_at=second.made_at - timedelta(seconds=1)),
            replace(second, id="ab" * 16, predecessor=Predecessor(first.id, "0" * 64)),
        ):
            with pytest.raises(SnapshotBroken):
                check_known(connection, found)
