"""The folder: where it is, who may enter it, what a write does, and which registers are refused."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from floodmark.errors import UsageError
from floodmark.register import tables
from floodmark.register.database import (
    RegisterDamaged,
    RegisterUnreadable,
    WorkspaceBusy,
    WorkspaceUnwritable,
)
from floodmark.register.leaks import LeakNotFound, get_leak, list_leaks
from floodmark.register.schema import APPLICATION, ForeignRegister, RegisterNewer
from floodmark.register.workspace import RegisterMissing, Workspace, default_folder
from floodmark.register.workspace_privacy import WorkspaceExposed

CASE = {
    "title": "A case",
    "status": "open",
    "aware_at": "2026-01-31T00:00:00Z",
    "opened_at": "2026-01-31T00:00:00Z",
}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def slugs(workspace: Workspace) -> list[str]:
    with workspace.connect() as connection:
        return list(connection.execute(select(tables.cases.c.slug)).scalars())


def add_case(workspace: Workspace, slug: str) -> None:
    with workspace.writing("case open") as connection:
        connection.execute(insert(tables.cases).values(slug=slug, **CASE))


def test_reading_a_workspace_that_is_not_there_finds_nothing_and_makes_nothing(workspace):
    with workspace.connect() as connection:
        assert list_leaks(connection) == []
        with pytest.raises(LeakNotFound) as caught:
            get_leak(connection, "made-up")
    assert "No leak is saved in this workspace" in caught.value.hint
    assert not workspace.folder.exists()


def test_the_first_write_makes_a_folder_that_only_its_user_can_enter(workspace):
    add_case(workspace, "a")
    assert slugs(workspace) == ["a"]
    assert mode(workspace.folder) == mode(workspace.leaks_folder) == 0o700
    assert {mode(path) for path in workspace.folder.iterdir() if path.is_file()} == {0o600}


def test_a_write_that_raises_changes_nothing(workspace):
    add_case(workspace, "a")
    with pytest.raises(ZeroDivisionError), workspace.writing("case open") as connection:
        connection.execute(insert(tables.cases).values(slug="b", **CASE))
        raise ZeroDivisionError
    assert slugs(workspace) == ["a"]


def test_what_a_reader_sees_does_not_change_under_it(workspace):
    add_case(workspace, "a")
    with workspace.connect() as connection:
        before = list(connection.execute(select(tables.cases.c.slug)).scalars())
        add_case(workspace, "b")
        assert list(connection.execute(select(tables.cases.c.slug)).scalars()) == before
    assert slugs(workspace) == ["a", "b"]


@pytest.mark.parametrize("there", [True, False])
def test_a_reader_cannot_write(workspace, there):
    if there:
        add_case(workspace, "a")
    with workspace.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(insert(tables.cases).values(slug="b", **CASE))


def test_a_reference_to_nothing_is_refused(workspace):
    with pytest.raises(IntegrityError), workspace.writing("case note") as connection:
        note = {"case_slug": "nobody", "written_at": "2026-01-31T00:00:00Z", "text": "x"}
        connection.execute(insert(tables.case_notes).values(**note))


def test_an_error_of_the_database_shows_no_values(workspace):
    add_case(workspace, "a")
    with pytest.raises(IntegrityError) as caught:
        add_case(workspace, "a")
    assert "A case" not in str(caught.value)


def test_a_write_inside_a_write_is_told_at_once(workspace):
    with workspace.writing("save"), pytest.raises(RuntimeError, match="wait for itself"):
        add_case(workspace, "a")


def test_writing_again_after_an_error_works(workspace):
    with pytest.raises(ZeroDivisionError), workspace.writing("save"):
        raise ZeroDivisionError
    add_case(workspace, "a")
    assert slugs(workspace) == ["a"]


def test_the_folder_is_named_by_the_environment_or_is_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("FLOODMARK_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    assert default_folder() == tmp_path / ".local/share/floodmark"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_folder() == tmp_path / "data/floodmark"
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "elsewhere"))
    assert Workspace.open().folder == tmp_path / "elsewhere"


def test_a_file_is_no_workspace(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt is no folder"):
        Workspace.open(path)


@pytest.mark.parametrize("below", ["notes.txt/x", "notes.txt/x/y", "dangling", "dangling/x"])
def test_a_path_through_a_file_is_no_workspace(tmp_path, below):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"(notes\.txt|dangling) is no folder"):
        Workspace.open(tmp_path / below)


@pytest.mark.parametrize("mode", [0o775, 0o707, 0o1777])
def test_nothing_is_written_where_others_may_write_and_reading_warns(workspace, save, mode):
    save()
    told = []
    workspace.folder.chmod(mode)
    opened = Workspace.open(workspace.folder, warning=told.append)
    for _ in range(2):
        with opened.connect() as connection:
            assert len(list_leaks(connection)) == 1
    assert len(told) == 1 and "Others may write" in told[0] and "chmod go-w" in told[0]
    with pytest.raises(WorkspaceExposed, match=f"{mode:04o}"), opened.writing("save"):
        pass
    workspace.folder.chmod(mode & ~0o022)
    with opened.writing("save"):
        pass


def test_nothing_is_written_to_another_users_workspace(workspace, save, monkeypatch):
    save()
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(WorkspaceExposed, match="another user"), workspace.writing("save"):
        pass


def test_a_workspace_that_is_removed_under_a_write_is_named(workspace, made_up):
    with pytest.raises(WorkspaceUnwritable, match="No such file"), workspace.staging("made-up") as staging:
        shutil.rmtree(workspace.folder)
        staging.commit(*made_up)


@pytest.mark.parametrize(
    "raw",
    [b"not a database, but long enough to be taken for one" * 20, b"SQLite format 3\0" + b"\xff" * 5000],
)
def test_a_damaged_register_is_named_and_left_alone(workspace, raw):
    workspace.folder.mkdir(mode=0o700)
    workspace.register.write_bytes(raw)
    for attempt in (
        workspace.connect,
        lambda: workspace.writing("save"),
        lambda: workspace.staging("made-up"),
    ):
        with pytest.raises(RegisterDamaged, match=r"register\.sqlite"), attempt():
            pass
    assert workspace.register.read_bytes() == raw


def test_damage_deep_in_a_register_is_named_when_it_is_met(workspace, save):
    for number in range(60):
        save(f"made-up-{number}", description="words " * 400)
    size = workspace.register.stat().st_size
    with workspace.register.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * (size - 4096 * 3))
    with pytest.raises(RegisterDamaged), workspace.connect() as connection:
        list_leaks(connection)


def test_the_database_of_another_program_is_left_alone(workspace):
    workspace.folder.mkdir(mode=0o700)
    with sqlite3.connect(workspace.register) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = workspace.register.read_bytes()
    for attempt in (workspace.connect, lambda: workspace.writing("save")):
        with pytest.raises(ForeignRegister, match="another program"), attempt():
            pass
    assert workspace.register.read_bytes() == before


def test_a_register_of_a_newer_version_is_refused(workspace, save):
    save()
    with sqlite3.connect(workspace.register) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    for attempt in (workspace.connect, lambda: workspace.writing("save")):
        with pytest.raises(RegisterNewer) as caught, attempt():
            pass
    assert "Upgrade" in caught.value.hint


@pytest.mark.parametrize("half_made", ["nothing", "empty", "header"])
def test_a_register_whose_making_was_killed_is_as_none_and_is_made_by_the_next_write(workspace, half_made):
    workspace.folder.mkdir(mode=0o700)
    if half_made != "nothing":
        workspace.register.touch()
    if half_made == "header":
        with sqlite3.connect(workspace.register) as begun:
            begun.execute("PRAGMA journal_mode = WAL")
        begun.close()
    assert slugs(workspace) == []
    add_case(workspace, "a")
    assert slugs(workspace) == ["a"]


@pytest.mark.parametrize("lost", ["missing", "empty", "without tables"])
def test_leaks_without_their_register_are_kept_and_said(workspace, save, lost):
    save()
    workspace.register.unlink()
    if lost != "missing":
        workspace.register.touch()
    if lost == "without tables":
        with sqlite3.connect(workspace.register) as begun:
            begun.execute("PRAGMA journal_mode = WAL")
        begun.close()
    for attempt in (workspace.connect, lambda: workspace.writing("save"), lambda: workspace.staging("other")):
        with pytest.raises(RegisterMissing, match=r"register\.sqlite is missing"), attempt():
            pass
    assert (workspace.leaks_folder / "made-up" / "profile.json").is_file()


def test_a_register_that_is_a_folder_is_unreadable(workspace):
    workspace.folder.mkdir(mode=0o700)
    workspace.register.mkdir()
    with pytest.raises(RegisterUnreadable), workspace.connect():
        pass


@pytest.mark.parametrize("name", ["register.sqlite", "workspace.lock", "leaks"])
def test_something_else_in_the_place_of_a_file_is_named(workspace, name):
    workspace.folder.mkdir(mode=0o700)
    path = workspace.folder / name
    path.touch() if name == "leaks" else path.mkdir()
    with pytest.raises(WorkspaceUnwritable, match=name), workspace.writing("save"):
        pass


def test_a_lock_that_is_a_link_is_not_followed(workspace, tmp_path):
    workspace.folder.mkdir(mode=0o700)
    (tmp_path / "mine").write_text("mine")
    (workspace.folder / "workspace.lock").symlink_to(tmp_path / "mine")
    with pytest.raises(WorkspaceUnwritable, match=r"workspace\.lock"), workspace.writing("save"):
        pass
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_folder_may_have_any_name(tmp_path):
    for name in ("a?b#c%20d", "été \u202e", os.fsdecode(b"\xff\xfe"), "it's; --"):
        add_case(Workspace.open(tmp_path / name), "a")
        assert slugs(Workspace.open(tmp_path / name)) == ["a"]
        assert (tmp_path / name / "register.sqlite").is_file()


def test_a_workspace_may_lie_on_another_disk_behind_a_link(save, tmp_path):
    (tmp_path / "large").mkdir(mode=0o700)
    (tmp_path / "floodmark").symlink_to(tmp_path / "large")
    save()
    assert (tmp_path / "large" / "leaks" / "made-up" / "profile.json").is_file()


def test_a_program_that_holds_the_database_is_named_as_such(workspace, monkeypatch):
    add_case(workspace, "a")
    monkeypatch.setattr("floodmark.register.database.BUSY_SECONDS", 0.1)
    other = sqlite3.connect(workspace.register, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(WorkspaceBusy, match="Another program"):
        add_case(workspace, "b")
    other.close()


def test_every_connection_checks_references_and_overwrites_what_it_deletes(workspace):
    with workspace.writing("save") as connection:
        told = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("foreign_keys", "secure_delete", "synchronous", "journal_mode", "application_id")
        ]
    assert told == [1, 1, 2, "wal", APPLICATION]


def test_a_register_that_is_up_to_date_is_opened_without_alembic(workspace, save):
    save()
    program = (
        "import sys; from pathlib import Path; from floodmark.register.workspace import Workspace\n"
        "from floodmark.register.leaks import list_leaks\n"
        "with Workspace.open(Path(sys.argv[1])).writing('look') as connection: print(len(list_leaks(connection)))\n"
        "print(sorted({'alembic', 'polars', 'numpy'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, str(workspace.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["1", "[]"]
