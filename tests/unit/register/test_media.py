"""Media that cannot be written to and disks that fill up: real mounts where they can be had, real limits everywhere."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import pytest

from floodmark.register.database import needs_copy, reading_engine

NEEDS_MOUNTS = "a disk that can be filled needs unshare and mount: be root, or allow user namespaces"
COMMON = """
import json, os, resource, subprocess, sys
from pathlib import Path
from floodmark.errors import FloodmarkError
from floodmark.register.forget import forget
from floodmark.register.leaks import ArrayFile, Leak, list_leaks
from floodmark.register.workspace import Workspace
folder = Path(sys.argv[1])
workspace = Workspace.open(folder, wait=0)
def held():
    with workspace.connect() as connection:
        leaks = list_leaks(connection)
    assert all((workspace.leaks_folder / leak.folder / "profile.json").is_file() for leak in leaks)
    return {leak.slug: leak.title for leak in leaks}
def write():
    with workspace.writing("test"):
        pass
def save(slug="other", title="Other", size=0):
    with workspace.staging(slug, replace=True) as staging:
        (staging.folder / "profile.json").write_bytes(bytes(size))
        staging.commit(Leak(slug=slug, title=title, synthetic=True, rows=1, saved_at=""), [])
def told(action):
    try:
        action()
    except FloodmarkError as error:
        return [error.slug, error.message, error.hint]
    return ["done", "", ""]
"""


def namespace() -> list[str]:
    """How to run a command with mounts of its own."""
    return ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


@cache
def mounts_work() -> bool:
    if sys.platform != "linux" or not shutil.which("unshare"):
        return False
    return (
        subprocess.run([*namespace(), "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode
        == 0
    )


def run(program: str, folder: Path, setup: str = "", *, bound: bool = False) -> object:
    """What a program prints last, as JSON.

    `setup` is shell, run first in a mount namespace of its own; `bound` runs it without any capability.
    """
    command = [sys.executable, "-c", COMMON + textwrap.dedent(program), str(folder)]
    if bound:
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
    if setup:
        command = [*namespace(), "sh", "-ec", setup + '\nexec "$@"', "sh", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def read_only(program: str, folder: Path) -> object:
    """Run a program where the folder is on media that cannot be written to."""
    if mounts_work():
        return run(program, folder, f"mount --bind {folder} {folder}; mount -o remount,bind,ro {folder}")
    # Without a mount the folder's modes have to do, which root obeys once it has given up its capabilities.
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    try:
        for path in paths:
            path.chmod(modes[path] & ~0o222)
        return run(program, folder, bound=os.geteuid() == 0)
    finally:
        for path in paths:
            path.chmod(modes[path])


READ_AND_WRITE = """
print(json.dumps([told(held), told(write), told(save), told(lambda: forget(workspace, "made-up")), held()]))
"""


def test_read_only_media_are_read_and_a_write_is_refused_in_words(workspace, save):
    save()
    before = {path: path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file()}
    read, *written, held = read_only(READ_AND_WRITE, workspace.folder)
    assert read[0] == "done"
    assert held == {"made-up": "Xylophone Harvest"}
    for slug, message, hint in written:
        assert slug == "workspace-unwritable"
        assert message.startswith("workspace.lock could not be written: ")
        assert str(workspace.folder) not in message + hint
        assert "FLOODMARK_HOME" in hint
    assert {path: path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file()} == before


def leave_a_log(workspace, title):
    """A change that was committed and not merged, as a process leaves it that is killed right after."""
    program = """
        import signal, sqlite3
        connection = sqlite3.connect(workspace.register, isolation_level=None)
        connection.execute("UPDATE leaks SET title = ?", (sys.argv[2],))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    command = [sys.executable, "-c", COMMON + textwrap.dedent(program), str(workspace.folder), title]
    assert subprocess.run(command, check=False).returncode == -9


def test_changes_that_a_kill_left_in_the_log_are_read_from_read_only_media(workspace, save):
    save()
    leave_a_log(workspace, "Changed")
    assert read_only("print(json.dumps(held()))", workspace.folder) == {"made-up": "Changed"}


def test_a_log_that_cannot_be_read_is_not_passed_over(workspace, save):
    save()
    leave_a_log(workspace, "Changed")
    (workspace.folder / "register.sqlite-shm").unlink()
    slug, message, hint = read_only("print(json.dumps(told(held)))", workspace.folder)
    assert (slug, "register.sqlite" in message) == ("register-unreadable", True)
    assert "copy the folder" in hint


def test_only_a_refusal_of_the_system_is_answered_with_a_copy(workspace, save):
    save()
    workspace.register.write_bytes(b"x" * 5000)
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError) as caught, reading_engine(workspace.register).connect() as connection:
        connection.exec_driver_sql("SELECT 1 FROM sqlite_master")
    assert isinstance(caught.value.orig, sqlite3.DatabaseError)
    assert not needs_copy(workspace.register, caught.value)


FULL_DISK = """
import shutil
source = Path(sys.argv[1]).parent / "source"
results = []
full = sum(4 * -(-path.lstat().st_size // 4096) for path in source.rglob("*"))  # KiB, in the pages of a tmpfs
for size in range(full + 24, full + 384, 12):
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    subprocess.run(["mount", "-o", f"remount,size={size}k", "none", str(folder)], check=True)
    shutil.copytree(source, folder, dirs_exist_ok=True)
    for action in (lambda: save(title="T" * 9000, size=40_000), lambda: save("made-up", "New", 30_000)):
        before = held()
        slug, message, _ = told(action)
        assert slug in ("done", "workspace-unwritable"), (slug, message)
        results.append((slug, message))
        if slug != "done":
            assert held() == before, (held(), before)
    subprocess.run(["mount", "-o", "remount,size=4m", "none", str(folder)], check=True)
    write()
    with workspace.connect() as connection:
        assert {leak.folder for leak in list_leaks(connection)} == {p.name for p in workspace.leaks_folder.iterdir()}
print(json.dumps(results))
"""


def test_a_disk_that_fills_up_at_any_point_leaves_the_old_state_and_says_so(workspace, save, tmp_path):
    assert mounts_work(), NEEDS_MOUNTS
    save()
    shutil.copytree(workspace.folder, tmp_path / "source")
    results = run(
        FULL_DISK, workspace.folder, f"mount -t tmpfs -o size=512k,mode=700 none {workspace.folder}"
    )
    slugs = [slug for slug, _ in results]
    assert set(slugs) == {"done", "workspace-unwritable"}
    messages = {message for slug, message in results if slug != "done"}
    assert all("could not be written" in message for message in messages)
    assert any("pace left" in message for message in messages)


def test_what_a_killed_save_filled_a_disk_with_is_put_away_first(workspace, save, tmp_path):
    assert mounts_work(), NEEDS_MOUNTS
    save()
    shutil.copytree(workspace.folder, tmp_path / "source")
    program = """
        import shutil
        shutil.copytree(folder.parent / "source", folder, dirs_exist_ok=True)
        left = workspace.leaks_folder / ".staging-other-0123456789abcdef"
        left.mkdir()
        try:
            (left / "phone.npy").write_bytes(bytes(10_000_000))
        except OSError:
            pass
        assert not os.statvfs(folder).f_bavail
        print(json.dumps([held(), told(save)[0], held()]))
    """
    found = run(program, workspace.folder, f"mount -t tmpfs -o size=1m,mode=700 none {workspace.folder}")
    old = {"made-up": "Xylophone Harvest"}
    assert found == [old, "done", old | {"other": "Other"}]


def test_files_that_may_not_grow_leave_the_old_state_and_are_said(workspace, save):
    save()
    program = """
        results = []
        for limit in range(0, 200_000, 10_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            slug, message, _ = told(lambda: save("made-up", "N" * 9_000, 60_000))
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            assert slug in ("done", "workspace-unwritable"), (slug, message)
            results.append(slug)
            assert (held() == {"made-up": "Xylophone Harvest"}) == ("done" not in results), held()
            write()
            assert len(list(workspace.leaks_folder.iterdir())) == 1
        print(json.dumps(results))
    """
    assert set(run(program, workspace.folder)) == {"done", "workspace-unwritable"}
