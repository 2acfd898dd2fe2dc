"""Locks between real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from floodmark.register.database import WorkspaceBusy, WorkspaceUnwritable
from floodmark.register.lock import Holder, held, holder, is_held, take

HOLD = """
import sys
from pathlib import Path
from floodmark.register.lock import held
with held(Path(sys.argv[1]), "save", wait=0):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process_holding(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.stdin.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace.lock"


def test_who_waits_in_vain_is_told_who_holds_it(path):
    with another_process_holding(path) as other:
        with pytest.raises(WorkspaceBusy) as caught, held(path, "forget", wait=0.2):
            pass
        since = holder(path).since
        assert caught.value.message == (
            f"The workspace is held by floodmark save (process {other.pid}, since {since})."
        )


def test_who_waits_is_told_once_and_then_has_its_turn(path):
    told: list[str] = []
    with another_process_holding(path) as other:
        assert other.stdin is not None

        def waiting(message: str) -> None:
            told.append(message)
            other.stdin.close()  # type: ignore[union-attr]

        with held(path, "forget", wait=60, waiting=waiting):
            assert holder(path).pid == os.getpid()
    assert len(told) == 1
    assert told[0].endswith(". Waiting.")
    assert str(other.pid) in told[0]


def test_a_kill_releases_a_lock(path):
    with another_process_holding(path) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert holder(path).pid == other.pid  # what it wrote is still there, and binds nobody
        with held(path, "forget", wait=0):
            pass


def test_a_lock_that_was_let_go_names_nobody(path):
    with held(path, "save", wait=0):
        assert is_held(path)
        assert (holder(path).what, holder(path).pid) == ("save", os.getpid())
    assert not is_held(path)
    assert holder(path) == Holder("", 0, "")
    assert path.read_bytes() == b""


def test_a_lock_that_was_taken_is_held_until_its_descriptor_is_closed(path):
    descriptor = take(path, "save")
    assert is_held(path) and is_held(path)
    os.close(descriptor)
    assert not is_held(path)


def test_a_lock_is_taken_once(path):
    descriptor = take(path, "save")
    with pytest.raises(FileExistsError):
        take(path, "save")
    os.close(descriptor)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff" * 2000, b'{"what": 1, "pid": []}']
)
def test_a_lock_file_of_any_content_is_held_by_another_process(path, raw):
    path.write_bytes(raw)
    assert holder(path).words == "another process"
    with held(path, "save", wait=0):
        assert holder(path).pid == os.getpid()


def test_a_lock_that_is_a_link_is_neither_followed_nor_held(path, tmp_path):
    (tmp_path / "target").write_text("mine")
    path.symlink_to(tmp_path / "target")
    assert not is_held(path)
    with pytest.raises(OSError), held(path, "save", wait=0):
        pass
    assert (tmp_path / "target").read_text() == "mine"


def test_only_its_user_can_read_a_lock(path):
    with held(path, "save", wait=0):
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_a_locks_file_says_cannot_control_a_terminal(path):
    path.write_text('{"what": "\\u001b]0;pwned\\u0007save", "pid": 1, "since": "\\u202e2026"}')
    assert holder(path).words == "floodmark ]0;pwnedsave (process 1, since 2026)"


def test_a_pipe_in_the_place_of_a_lock_is_named_and_nobody_waits_for_it(path):
    os.mkfifo(path)
    with (
        pytest.raises(WorkspaceUnwritable, match=r"workspace\.lock is no ordinary file"),
        held(path, "save", wait=0),
    ):
        pass
    assert is_held(path) is False
