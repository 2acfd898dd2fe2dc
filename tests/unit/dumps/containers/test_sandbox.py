"""The process that runs libarchive can only compute, and whatever becomes of it is an error of one archive."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from floodmark.dumps.containers import members
from floodmark.dumps.containers.sandbox import process
from floodmark.dumps.containers.sandbox.process import SCRIPT, ArchiveProcess, LibraryMissing
from floodmark.errors import LimitExceeded, UnreadableInput

from .finding import found_in, only_problem, texts
from .packing import FILES, TEXT, rar5, written_by_libarchive, zipped


def tried_when_confined(what: str) -> str:
    """What a confined process says when it has tried something."""
    code = f"""
import sys, os, socket, subprocess
sys.path.insert(0, {str(SCRIPT.parent)!r})
import confinement
filtered = confinement.confine(1 << 30)
try:
    {what}
    said = b"done"
except BaseException as error:
    said = type(error).__name__.encode()
os.write(1, said + (b" filtered" if filtered else b""))
os._exit(0)
"""
    run = subprocess.run([sys.executable, "-I", "-c", code], stdout=subprocess.PIPE, check=False, timeout=60)
    return run.stdout.decode()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("os.open('/etc/hostname', os.O_RDONLY)", "Error"),
        ("os.open(NEW, os.O_WRONLY | os.O_CREAT)", "Error"),
        ("socket.socket()", "Error"),
        ("os.fork()", "Error"),
        ("os.kill(os.getppid(), 0)", "Error"),
        ("os.execv('/bin/true', ['true'])", "Error"),
        ("bytearray(2 << 30)", "MemoryError"),
        ("sum(range(1000)); bytearray(100 << 20)", "done"),
    ],
)
def test_a_confined_process_can_only_compute(what: str, said: str, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert said in tried_when_confined(what.replace("NEW", repr(str(new))))
    assert not new.exists()


def test_system_calls_are_filtered_on_linux_machines_that_are_known() -> None:
    known = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
    assert tried_when_confined("pass").endswith("filtered") == known


def opened(raw: bytes, supports: str = "format_rar5") -> ArchiveProcess:
    return ArchiveProcess(lambda offset, size: raw[offset : offset + size], len(raw), [supports], "rar")


def test_a_process_that_dies_is_an_error_of_its_archive(tmp_path: Path) -> None:
    with opened(rar5(FILES)) as archive:
        entries = archive.entries()
        next(entries)
        os.kill(archive._process.pid, signal.SIGSEGV)
        archive._process.wait()
        with pytest.raises(UnreadableInput, match="libarchive failed"):
            list(entries)


def test_a_process_that_says_nothing_for_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "STALLED", 0.05)
    with opened(rar5(FILES)) as archive:
        os.kill(archive._process.pid, signal.SIGSTOP)
        with pytest.raises(UnreadableInput, match="busy without end"):
            list(archive.entries())


def test_a_process_that_talks_nonsense_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nonsense in ("X" * 9, "D" + "\\xff" * 4, "R" + "\\0" * 4, "H\\1\\0\\0\\0f", "E\\0\\0\\0\\0" * 3):
        script = tmp_path / "child.py"
        script.write_text(f"import posix\nposix.write(1, b'{nonsense}')\n")
        monkeypatch.setattr(process, "SCRIPT", script)
        with pytest.raises(UnreadableInput, match="libarchive failed"), opened(rar5(FILES)) as archive:
            list(archive.entries())


def test_a_missing_library_says_how_to_get_it_and_leaves_other_members_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOODMARK_LIBARCHIVE", str(tmp_path / "libarchive.so"))
    got = found_in(tmp_path, zipped([("a.csv", TEXT), ("b.rar", rar5(FILES)), ("c.csv", TEXT)]))
    problem = only_problem(got, LibraryMissing)
    assert "libarchive13" in problem.hint
    assert "FLOODMARK_LIBARCHIVE" in problem.hint
    assert texts(got) == {"a.csv": TEXT, "c.csv": TEXT}


def test_a_library_elsewhere_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOODMARK_LIBARCHIVE", "libarchive.so.13")
    assert texts(found_in(tmp_path, rar5(FILES))) == dict(FILES)


def test_an_archive_that_wants_much_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = written_by_libarchive([("a", TEXT)], "7zip", options="compression=lzma2,compression-level=9")
    assert texts(found_in(tmp_path, raw)) == {"a": TEXT}
    monkeypatch.setattr(process, "MEMORY", 100 << 20)
    problem = found_in(tmp_path, raw)[0].problem
    assert isinstance(problem, LimitExceeded | UnreadableInput)


def test_no_process_is_left_when_reading_stops_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def watched(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        started.append(real(command, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", watched)
    path = tmp_path / "dump"
    path.write_bytes(zipped([("a.rar", rar5(FILES))]))
    reading = members(path)
    next(reading)
    assert [process.poll() for process in started] == [None]
    reading.close()
    assert [process.poll() for process in started] == [-signal.SIGKILL]
