"""What a kill leaves is put away by the next write, and nothing else is touched."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, update

from floodmark.register import tables
from floodmark.register.database import WorkspaceUnwritable
from floodmark.register.forget import forget
from floodmark.register.leaks import LeakNotFound
from floodmark.register.lease import lease
from floodmark.register.recovery import UNCOMMITTED
from floodmark.register.removals import folders_to_remove, note_removal
from floodmark.register.strays import words
from floodmark.register.workspace import Workspace

PART = ".profile.json.0123456789abcdef.part"


def put_away(workspace):
    with workspace.writing("test"):
        pass


def leave(workspace, name, *, marked=True):
    """A leak's folder as a save that was killed before its row leaves it; unmarked, one whose row was committed."""
    (workspace.leaks_folder / name / "digests").mkdir(parents=True)
    (workspace.leaks_folder / name / "digests" / "phone.npy").write_bytes(b"x")
    if marked:
        (workspace.leaks_folder / name / UNCOMMITTED).touch()


def test_folders_of_saves_that_were_killed_before_their_row_are_removed(workspace, save):
    save()
    for name in ("gone", "made-up@2", ".staging-made-up-0123456789abcdef"):
        leave(workspace, name)
    put_away(workspace)
    assert [path.name for path in workspace.leaks_folder.iterdir()] == ["made-up"]


def test_of_a_save_that_was_killed_after_its_row_only_the_mark_is_removed(workspace, save):
    save()
    (workspace.leaks_folder / "made-up" / UNCOMMITTED).touch()
    put_away(workspace)
    assert (workspace.leaks_folder / "made-up" / "profile.json").is_file()
    assert not (workspace.leaks_folder / "made-up" / UNCOMMITTED).exists()


def test_a_folder_that_was_noted_for_removal_is_removed_unless_a_row_names_it(workspace, save):
    save()
    leave(workspace, "other", marked=False)
    with workspace.writing("test") as connection:
        for name in ("other", "made-up", "../escape", "never-there"):
            note_removal(connection, name)
    put_away(workspace)
    assert [path.name for path in workspace.leaks_folder.iterdir()] == ["made-up"]
    with workspace.connect() as connection:
        assert folders_to_remove(connection) == set()


def test_a_leak_that_an_older_register_does_not_know_is_kept_and_said(tmp_path, save, workspace):
    told = []
    save()
    older = workspace.register.read_bytes()
    save("later", content="precious")
    save(replaces=True, content="newer")
    for path in workspace.folder.glob("register.sqlite*"):
        path.unlink()
    workspace.register.write_bytes(older)
    opened = Workspace.open(workspace.folder, wait=0, warning=told.append)
    put_away(opened)
    put_away(opened)
    assert (workspace.leaks_folder / "later" / "profile.json").read_text() == "precious"
    assert (workspace.leaks_folder / "made-up@2" / "profile.json").read_text() == "newer"
    assert len(told) == 1
    assert "leaks/later, leaks/made-up@2, which are left alone" in told[0]
    with pytest.raises(LeakNotFound):
        lease(opened, "later")


def test_a_slug_whose_folder_lies_there_already_is_saved_beside_it(workspace, save):
    save("first")
    leave(workspace, "made-up", marked=False)
    assert save().folder == "made-up@2"
    forget(workspace, "made-up")
    assert (workspace.leaks_folder / "made-up" / "digests" / "phone.npy").read_bytes() == b"x"


def test_folders_that_somebody_keeps_among_the_leaks_stay_and_are_said_on_reading_too(workspace, save):
    save()
    told = []
    (workspace.leaks_folder / "a-backup").mkdir()
    (workspace.leaks_folder / "notes").symlink_to(workspace.folder)
    (workspace.leaks_folder / ".staging-made-up-0123456789abcdef").mkdir()
    Workspace.open(workspace.folder, warning=told.append).look_for_strays()
    assert len(told) == 1
    assert "names leaks/a-backup, leaks/notes, which" in told[0]
    put_away(workspace)
    assert (workspace.leaks_folder / "a-backup").is_dir()
    assert (workspace.leaks_folder / "notes").is_symlink()


def test_a_workspace_without_strays_tells_nothing(workspace, save):
    told = []
    opened = Workspace.open(workspace.folder, warning=told.append)
    opened.look_for_strays()
    save()
    opened.look_for_strays()
    put_away(opened)
    assert told == []


def test_many_strays_are_counted():
    assert "leaks/4 and 2 more, which are" in words([str(number) for number in range(7)])


@pytest.mark.parametrize("kind", ["link", "file"])
def test_nothing_is_written_or_removed_where_the_leaks_are_no_folder(workspace, tmp_path, kind):
    (tmp_path / "elsewhere" / ".staging-made-up-0123456789abcdef").mkdir(parents=True)
    workspace.folder.mkdir(mode=0o700)
    if kind == "link":
        workspace.leaks_folder.symlink_to(tmp_path / "elsewhere")
    else:
        workspace.leaks_folder.write_text("mine")
    with pytest.raises(WorkspaceUnwritable, match="leaks is a link or a file") as caught:
        put_away(workspace)
    assert "FLOODMARK_HOME" in caught.value.hint
    assert (tmp_path / "elsewhere" / ".staging-made-up-0123456789abcdef").is_dir()


def test_files_that_were_half_written_are_removed(workspace, save):
    save()
    places = (workspace.folder, workspace.leaks_folder, workspace.leaks_folder / "made-up")
    for place in places:
        (place / PART).write_bytes(b"half")
    put_away(workspace)
    assert not [place for place in places if (place / PART).exists()]


def test_what_is_the_users_own_is_left_alone(workspace, save, tmp_path):
    save()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    own = [
        workspace.folder / "notes.txt",
        workspace.folder / ".hidden.part",
        workspace.folder / "report.0123456789abcdef.part",
        workspace.leaks_folder / "README",
        workspace.leaks_folder / "My Copies" / "made-up",
        workspace.leaks_folder / "made-up" / "notes.txt",
    ]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    (workspace.leaks_folder / "link").symlink_to(tmp_path / "mine")
    (workspace.leaks_folder / ".staging-link-0123456789abcdef").symlink_to(tmp_path / "mine")
    (workspace.folder / PART).symlink_to(tmp_path / "mine" / "notes.txt")
    put_away(workspace)
    assert {path.read_text() for path in own} == {"mine"}
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"
    assert (workspace.leaks_folder / "link").is_symlink()


def test_a_link_inside_of_what_is_removed_is_not_followed(workspace, save, tmp_path):
    save()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    leave(workspace, "gone")
    (workspace.leaks_folder / "gone" / "link").symlink_to(tmp_path / "mine")
    put_away(workspace)
    assert not (workspace.leaks_folder / "gone").exists()
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"


def test_the_staging_of_a_live_process_is_left_to_it(workspace, another_saving):
    other = another_saving("theirs")
    put_away(workspace)
    assert (other.folder / "profile.json").read_text() == "of another process"
    other.kill()
    put_away(workspace)
    assert not other.folder.exists()


def test_reading_puts_nothing_away(workspace, save):
    save()
    leave(workspace, "gone")
    with workspace.connect() as connection:
        connection.execute(select(tables.leaks)).all()
    assert (workspace.leaks_folder / "gone").is_dir()


def test_a_wipe_that_was_due_is_done(workspace, save):
    save()
    with workspace.writing("test") as connection:
        connection.execute(update(tables.workspace).values(wipe_due=True))
    put_away(workspace)
    with workspace.connect() as connection:
        assert connection.execute(select(tables.workspace.c.wipe_due)).scalar_one() is False


def test_a_wipe_clears_what_a_deletion_left_in_free_pages(workspace, save):
    save()
    for number in range(9):
        save(f"made-up-{number}", description="Quagmire " * 500)
    other = sqlite3.connect(workspace.register, isolation_level=None)
    other.execute("PRAGMA secure_delete = OFF")
    for statement in ("DELETE FROM leak_arrays", "DELETE FROM leaks", "UPDATE workspace SET wipe_due = 1"):
        other.execute(statement)
    other.close()
    assert b"Quagmire" in workspace.register.read_bytes()
    size = workspace.register.stat().st_size
    put_away(workspace)
    assert b"Quagmire" not in workspace.register.read_bytes()
    assert workspace.register.stat().st_size < size


def test_a_folder_that_cannot_be_listed_as_one_does_not_end_the_write(workspace, save):
    save()
    os.mkfifo(workspace.leaks_folder / "pipe")
    put_away(workspace)
    assert (workspace.leaks_folder / "pipe").exists()


def test_a_kill_at_any_line_leaves_the_old_or_the_new_and_the_next_write_puts_the_rest_away(tmp_path):
    program = Path(__file__).with_name("kill_at_every_line.py")
    operations = ["first", "second", "replace", "forget", "seal"]
    command = [sys.executable, str(program), str(tmp_path), "31", *operations]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall("^[1-9][0-9]* kills, ", done.stdout, re.MULTILINE)) == len(operations)
