"""A leak that is being read stays as it is, whatever becomes of it meanwhile."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from floodmark.register.forget import forget
from floodmark.register.leaks import LeakNotFound
from floodmark.register.lease import lease


def folders(workspace):
    return sorted(path.name for path in workspace.leaks_folder.iterdir())


def put_away(workspace):
    with workspace.writing("test"):
        pass


def test_a_leak_that_is_replaced_is_read_to_its_end(workspace, save):
    save(content="first")
    reader = lease(workspace, "made-up")
    save(replaces=True, content="second")
    put_away(workspace)
    assert (reader.folder / "profile.json").read_text() == "first"
    assert (lease(workspace, "made-up").folder / "profile.json").read_text() == "second"
    assert folders(workspace) == ["made-up", "made-up@2"]
    reader.close()
    put_away(workspace)
    assert folders(workspace) == ["made-up@2"]


def test_a_leak_that_is_forgotten_is_read_to_its_end_and_that_is_said(workspace, save):
    save(content="first")
    reader = lease(workspace, "made-up")
    done = forget(workspace, "made-up")
    assert done.pending == "Another process reads its files, so that they cannot be removed yet."
    assert (reader.folder / "profile.json").read_text() == "first"
    with pytest.raises(LeakNotFound):
        lease(workspace, "made-up")
    reader.close()
    put_away(workspace)
    assert folders(workspace) == []


def test_a_leak_can_be_saved_again_while_the_one_that_was_forgotten_is_read(workspace, save):
    save(content="first")
    reader = lease(workspace, "made-up")
    forget(workspace, "made-up")
    saved = save(content="second")
    assert (reader.folder / "profile.json").read_text() == "first"
    assert (workspace.leaks_folder / saved.folder / "profile.json").read_text() == "second"


def test_a_lease_that_is_dropped_is_closed(workspace, save):
    save()
    lease(workspace, "made-up")
    assert forget(workspace, "made-up").pending == ""


def test_a_lease_has_the_row_and_the_arrays(workspace, save, made_up):
    saved = save()
    reader = lease(workspace, "made-up")
    assert reader.leak == saved
    assert reader.arrays == sorted(made_up[1], key=lambda array: array.name)
    reader.close()
    reader.close()


def test_a_leak_whose_folder_is_missing_is_leased_so_that_its_reader_can_say_so(workspace, save):
    save()
    shutil.rmtree(workspace.leaks_folder / "made-up")
    reader = lease(workspace, "made-up")
    assert not reader.folder.exists()
    reader.close()


def test_readers_find_one_whole_version_while_others_replace_it(workspace, save):
    save(content="0" * 1000)
    program = """
import sys
from pathlib import Path
from floodmark.register.lease import lease
from floodmark.register.workspace import Workspace
workspace = Workspace.open(Path(sys.argv[1]))
seen = set()
while (workspace.folder / "go-on").exists():
    reader = lease(workspace, "made-up")
    content = (reader.folder / "profile.json").read_text()
    assert content == reader.leak.title * 1000 or reader.leak.title == "Xylophone Harvest", content[:20]
    if not seen:
        print("reading", flush=True)
    seen.add(reader.leak.title)
print(len(seen))
"""
    (workspace.folder / "go-on").touch()
    command = [sys.executable, "-c", program, str(workspace.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "reading\n"
        for number in range(1, 30):
            save(replaces=True, content=chr(48 + number) * 1000, title=chr(48 + number))
        (workspace.folder / "go-on").unlink()
        seen = process.stdout.read()
    assert process.returncode == 0
    assert int(seen) > 0
    put_away(workspace)
    assert len(folders(workspace)) == 1
