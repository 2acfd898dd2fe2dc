"""A leak on its way in: not there until its row is, and there as a whole then."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from floodmark.register.database import WorkspaceBusy
from floodmark.register.free_text import HoldsIdentifier
from floodmark.register.leaks import LeakExists, get_leak, list_arrays, list_leaks
from floodmark.register.slugs import BadSlug


def titles(workspace):
    with workspace.connect() as connection:
        return {leak.slug: leak.title for leak in list_leaks(connection)}


def folders(workspace):
    return sorted(path.name for path in workspace.leaks_folder.iterdir())


def test_a_leak_is_read_back_as_it_was_saved(workspace, save, made_up):
    saved = save()
    leak, arrays = made_up
    counted = {"phone": 290}
    assert saved == replace(leak, folder="made-up", modified_at=leak.saved_at, identifiers=counted)
    with workspace.connect() as connection:
        assert get_leak(connection, "made-up") == saved
        assert list_arrays(connection, "made-up") == sorted(arrays, key=lambda array: array.name)
    assert folders(workspace) == ["made-up"]


def test_a_staging_folder_is_not_there_for_others_until_it_is_committed(workspace, made_up):
    with workspace.staging("made-up") as staging:
        assert titles(workspace) == {}
        assert staging.folder.parent == workspace.leaks_folder
        staging.commit(*made_up)
        assert titles(workspace) == {"made-up": made_up[0].title}
    assert folders(workspace) == ["made-up"]


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_a_staging_that_ends_without_commit_leaves_nothing(workspace, error):
    with pytest.raises(error), workspace.staging("made-up") as staging:
        (staging.folder / "digests").mkdir()
        (staging.folder / "digests" / "phone.npy").write_bytes(b"x")
        raise error
    assert folders(workspace) == []
    with workspace.staging("made-up"):
        pass
    assert folders(workspace) == []


def test_only_their_user_can_read_the_files_of_a_leak(workspace, made_up):
    with workspace.staging("made-up") as staging:
        (staging.folder / "deep" / "er").mkdir(parents=True, mode=0o755)
        (staging.folder / "deep" / "er" / "file").touch(mode=0o644)
        staging.commit(*made_up)
    place = workspace.leaks_folder / "made-up"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (place, *place.rglob("*"))}
    assert modes == {"made-up": 0o700, "deep": 0o700, "er": 0o700, "file": 0o600}


def test_a_leak_that_is_there_is_refused_before_the_work_begins(workspace, save):
    save()
    with pytest.raises(LeakExists) as caught, workspace.staging("made-up"):
        pytest.fail("the work began")
    assert "--replace" in caught.value.hint


def test_a_leak_that_somebody_saved_meanwhile_is_refused_at_the_end(workspace, made_up, save):
    with pytest.raises(LeakExists), workspace.staging("made-up", replace=True) as staging:
        with workspace.writing("test") as connection:
            from floodmark.register.leaks import put_leak

            put_leak(connection, replace(made_up[0], folder="made-up@9", title="Theirs"), [])
        (workspace.leaks_folder / "made-up@9").mkdir()
        staging.commit(*made_up, replace=False)
    assert titles(workspace) == {"made-up": "Theirs"}
    assert folders(workspace) == ["made-up@9"]


def test_replacing_gives_a_new_folder_each_time_and_removes_the_old_one(workspace, save):
    save(content="first")
    names = []
    for number in range(2, 5):
        saved = save(replaces=True, content=str(number), title=f"Version {number}")
        names.append(saved.folder)
        assert folders(workspace) == [saved.folder]
        assert titles(workspace) == {"made-up": f"Version {number}"}
        assert (workspace.leaks_folder / saved.folder / "profile.json").read_text() == str(number)
    assert names == ["made-up@2", "made-up@3", "made-up@4"]


def test_a_reader_keeps_the_files_that_it_opened_when_the_leak_is_replaced(workspace, save):
    save(content="first")
    with (workspace.leaks_folder / "made-up" / "profile.json").open() as file:
        save(replaces=True, content="second")
        assert file.read() == "first"


def test_replacing_what_is_not_there_saves_it(workspace, save):
    assert save(replaces=True).folder == "made-up"


def test_a_staging_is_committed_once_and_as_its_own_leak(workspace, made_up):
    leak, arrays = made_up
    with workspace.staging("made-up") as staging:
        with pytest.raises(ValueError):
            staging.commit(replace(leak, slug="another"), arrays)
        staging.commit(leak, arrays)
        with pytest.raises(ValueError):
            staging.commit(leak, arrays)


@pytest.mark.parametrize("slug", ["", "../x", "A", ".staging-a", "a" * 65, "a/b"])
def test_what_is_no_slug_is_refused_before_anything_is_made(workspace, slug):
    with pytest.raises(BadSlug), workspace.staging(slug):
        pass
    assert not workspace.folder.exists()


def test_a_slug_that_seems_to_hold_a_number_is_refused(workspace):
    with pytest.raises(HoldsIdentifier) as caught, workspace.staging("447700900123"):
        pass
    assert "447700900123" not in caught.value.message + caught.value.hint


def test_a_link_among_the_files_is_refused_and_not_followed(workspace, made_up, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ValueError, match="link"), workspace.staging("made-up") as staging:
        (staging.folder / "profile.json").symlink_to(tmp_path / "mine")
        staging.commit(*made_up)
    assert titles(workspace) == {}
    assert (tmp_path / "mine").read_text() == "mine"


def test_others_use_the_workspace_while_a_leak_is_prepared(workspace, save, another_saving):
    other = another_saving("theirs")
    save()
    assert titles(workspace) == {"made-up": "Xylophone Harvest"}
    other.tell("commit")
    assert titles(workspace) == {"made-up": "Xylophone Harvest", "theirs": "Another"}


def test_a_second_save_of_the_same_leak_is_told_who_saves_it(workspace, save, another_saving):
    other = another_saving("made-up")
    told = json.loads((other.folder / ".lock").read_bytes())
    assert (told["pid"], told["what"]) == (other.process.pid, "save")
    with pytest.raises(WorkspaceBusy) as caught:
        save()
    assert caught.value.message == (
        f"This leak is being saved by floodmark save (process {other.process.pid}, since {told['since']})."
    )
    other.tell("give up")
    save()


def test_a_second_save_that_waits_has_its_turn(workspace, save, another_saving):
    other = another_saving("made-up")
    told: list[str] = []

    def waiting(message: str) -> None:
        told.append(message)
        other.tell("give up")

    workspace.wait, workspace.waiting = 60, waiting
    save()
    assert len(told) == 1
    assert titles(workspace) == {"made-up": "Xylophone Harvest"}


def test_a_save_that_was_killed_holds_nothing_and_is_put_away(workspace, save, another_saving):
    other = another_saving("made-up")
    other.kill()
    assert other.folder.is_dir()
    save()
    assert folders(workspace) == ["made-up"]


def test_the_end_of_a_save_waits_for_others_however_impatient_its_beginning_was(workspace, made_up):
    told: list[str] = []
    with workspace.staging("made-up") as staging:
        descriptor = os.open(workspace.folder / "workspace.lock", os.O_RDWR)
        fcntl.flock(descriptor, fcntl.LOCK_EX)

        def waiting(message: str) -> None:
            told.append(message)
            os.close(descriptor)

        workspace.waiting = waiting
        staging.commit(*made_up)
    assert told == ["The workspace is held by another process. Waiting."]
    assert titles(workspace) == {"made-up": "Xylophone Harvest"}


def test_many_processes_that_save_at_once_all_succeed(workspace):
    program = """
import sys
from pathlib import Path
from floodmark.register.leaks import Leak
from floodmark.register.workspace import Workspace
workspace = Workspace.open(Path(sys.argv[1]))
for number in range(4):
    with workspace.staging(f"{sys.argv[2]}-{number}") as staging:
        (staging.folder / "profile.json").write_text("{}")
        staging.commit(Leak(slug=staging.slug, title="T", synthetic=True, rows=1, saved_at=""), [])
"""
    commands = [[sys.executable, "-c", program, str(workspace.folder), f"p{number}"] for number in range(4)]
    running = [subprocess.Popen(command) for command in commands]
    assert [process.wait() for process in running] == [0] * 4
    wanted = sorted(f"p{process}-{number}" for process in range(4) for number in range(4))
    assert sorted(titles(workspace)) == folders(workspace) == wanted


def test_of_many_processes_that_save_the_same_leak_one_is_at_it_at_a_time(workspace):
    program = """
import sys
from pathlib import Path
from floodmark.register.leaks import Leak
from floodmark.register.workspace import Workspace
workspace = Workspace.open(Path(sys.argv[1]))
for number in range(4):
    with workspace.staging("same", replace=True) as staging:
        assert [path.name for path in workspace.leaks_folder.glob(".staging-*")] == [staging.folder.name]
        (staging.folder / "profile.json").write_text("{}")
        assert [path.name for path in workspace.leaks_folder.glob(".staging-*")] == [staging.folder.name]
        staging.commit(Leak(slug="same", title="T", synthetic=True, rows=1, saved_at=""), [])
"""
    running = [subprocess.Popen([sys.executable, "-c", program, str(workspace.folder)]) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    assert folders(workspace) == ["same@16"]


def test_what_a_save_writes_is_on_the_disk_before_its_row_is(workspace, made_up, monkeypatch):
    """Every file and folder is flushed before the rename, and the rename before the row."""
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def flushed(descriptor: int) -> None:
        fsync(descriptor)
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    def renamed(path: Path, target: Path) -> Path:
        done.append("rename")
        return rename(path, target)

    with workspace.staging("made-up") as staging:
        (staging.folder / "digests").mkdir()
        (staging.folder / "digests" / "phone.npy").touch()
        monkeypatch.setattr(os, "fsync", flushed)
        monkeypatch.setattr(Path, "rename", renamed)
        staging.commit(*made_up)
    before = done[: done.index("rename")]
    assert {"phone.npy", "digests", staging.folder.name} <= set(before)
    assert done[done.index("rename") + 1 :] == ["made-up", "leaks"]
