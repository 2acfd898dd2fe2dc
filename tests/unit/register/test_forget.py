"""A leak that was forgotten is in no byte of any file."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from floodmark.register import tables
from floodmark.register.case_changes import add_note, link, open_case
from floodmark.register.cases import get_case
from floodmark.register.database import WorkspaceBusy
from floodmark.register.forget import forget, trace
from floodmark.register.incidents import ensure_incident
from floodmark.register.leaks import LeakNotFound, get_leak, list_leaks

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
TRACES = [b"made-up", b"Xylophone", b"Quagmire"]


def traces(workspace):
    """Names of files with a trace of the leak in any byte, or in their own name."""
    files = [path for path in workspace.folder.rglob("*") if path.is_file()]
    return {path.name for path in files if any(word in path.read_bytes() + bytes(path) for word in TRACES)}


def wipe_due(workspace):
    with workspace.connect() as connection:
        return connection.execute(select(tables.workspace.c.wipe_due)).scalar_one()


@pytest.fixture
def case(workspace, save):
    save()
    with workspace.writing("test") as connection:
        open_case(connection, "acme", "Customer file", NOW, NOW)
        link(connection, "acme", "leak", "made-up", NOW)


def test_no_byte_of_a_forgotten_leak_is_left_and_the_others_stay(workspace, save, case):
    kept = save("other", title="Kept", description="")
    assert "register.sqlite" in traces(workspace)
    done = forget(workspace, "made-up")
    assert (done.slug, done.cases, done.pending) == ("made-up", ("acme",), "")
    assert traces(workspace) == set()
    assert not wipe_due(workspace)
    with workspace.connect() as connection:
        assert list_leaks(connection) == [kept]
        assert get_case(connection, "acme").links == ()


def test_no_byte_is_left_of_a_leak_that_was_replaced_and_edited_many_times(workspace, save):
    for number in range(8):
        save(replaces=number > 0, description=f"Quagmire {number} " * 300)
        save(f"filler-{number}", title="Filler", description="words " * 300)
    forget(workspace, "made-up")
    assert traces(workspace) == set()


def test_a_forgotten_leak_can_be_saved_again(workspace, save):
    save()
    forget(workspace, "made-up")
    assert save().folder == "made-up"


def test_what_is_not_there_cannot_be_forgotten(workspace, save):
    save()
    with pytest.raises(LeakNotFound) as caught:
        forget(workspace, "made-upp")
    assert caught.value.hint == "Did you mean made-up?"
    with pytest.raises(LeakNotFound):
        trace(workspace, "nothing")


def test_what_would_be_removed_is_told_before(workspace, case):
    with workspace.writing("test") as connection:
        open_case(connection, "hearsay", "Not tied", NOW, NOW)
        add_note(connection, "hearsay", "Somebody said Xylophone Harvest is old.", NOW)
        open_case(connection, "nothing-to-do", "With it", NOW, NOW)
    found = trace(workspace, "made-up")
    assert (found.arrays, found.bytes, found.cases) == (3, 2_450, ("acme",))
    assert found.mentions == ("hearsay",)


def test_words_that_look_like_a_pattern_are_taken_as_words(workspace, save):
    save(title="100%_")
    with workspace.writing("test") as connection:
        open_case(connection, "acme", "1000 of them", NOW, NOW)
    assert trace(workspace, "made-up").mentions == ()


def test_a_reader_in_the_way_of_the_wipe_is_said_and_the_next_write_finishes(workspace, save, monkeypatch):
    save()
    monkeypatch.setattr("floodmark.register.wipe.READERS_SECONDS", 0.1)
    with workspace.connect() as reader:
        assert get_leak(reader, "made-up").slug == "made-up"
        done = forget(workspace, "made-up")
        assert "reads the register" in done.pending
        assert not (workspace.leaks_folder / "made-up").exists()
        with workspace.writing("test"):  # the reader is still there: the wipe waits, and others need not
            pass
    assert wipe_due(workspace)
    with workspace.writing("test"):
        pass
    assert not wipe_due(workspace)
    assert traces(workspace) == set()


def test_a_leak_that_is_being_saved_is_not_forgotten_under_it(workspace, save, another_saving):
    save()
    other = another_saving("made-up")
    with pytest.raises(WorkspaceBusy, match=f"process {other.process.pid}"):
        forget(workspace, "made-up")
    other.tell("commit")
    with workspace.connect() as connection:
        assert get_leak(connection, "made-up").title == "Another"
    forget(workspace, "made-up")
    assert traces(workspace) == set()


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_leak_whose_folder_somebody_swapped_is_forgotten_and_what_a_link_leads_to_stays(
    workspace, save, tmp_path, kind
):
    save()
    place = workspace.leaks_folder / "made-up"
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere") if kind == "link" else place.write_text("swapped")
    assert trace(workspace, "made-up").bytes == 0
    assert forget(workspace, "made-up").pending == ""
    assert not os.path.lexists(place)
    assert (tmp_path / "elsewhere" / "profile.json").is_file()
    assert traces(workspace) == set()
    assert not wipe_due(workspace)


def test_a_folder_that_the_disk_refuses_to_remove_is_said_and_the_wipe_is_done(workspace, save, monkeypatch):
    save()

    def refuse(folder):
        raise OSError(errno.EIO, "broken", str(folder))

    with monkeypatch.context() as broken:
        broken.setattr("floodmark.register.lease.remove_tree", refuse)
        done = forget(workspace, "made-up")
    assert done.pending == "Its files could not be removed: Input/output error."
    assert not wipe_due(workspace)
    with workspace.writing("test"):
        pass
    assert traces(workspace) == set()
    assert not (workspace.leaks_folder / "made-up").exists()


def test_a_leak_whose_files_are_gone_can_be_forgotten(workspace, save):
    save()
    for path in sorted((workspace.leaks_folder / "made-up").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (workspace.leaks_folder / "made-up").rmdir()
    assert trace(workspace, "made-up").bytes == 0
    assert forget(workspace, "made-up").pending == ""


def test_who_forgets_an_incident_is_told_how_it_goes(workspace, save):
    save()
    with workspace.writing("test") as connection:
        ensure_incident(connection, "outage", "An outage", NOW)
    for act in (trace, forget):
        with pytest.raises(LeakNotFound, match="That is an incident") as caught:
            act(workspace, "outage")
        assert "floodmark statement remove NUMBER" in caught.value.hint
    with pytest.raises(LeakNotFound, match="No leak of that slug"):
        forget(workspace, "nothing")
