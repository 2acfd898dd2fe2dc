"""Records at the end of a file, whole or not at all."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from floodmark.guard.appending import append

LIMIT = 4096


@pytest.fixture
def small_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.usefixtures("small_files")
def test_of_a_record_that_has_no_room_nothing_stays_behind(tmp_path: Path) -> None:
    path = tmp_path / "records"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    append(descriptor, b"a" * 4000)
    with pytest.raises(OSError, match="File too large"):
        append(descriptor, b"b" * 200)
    append(descriptor, b"c" * 96)
    os.close(descriptor)
    assert path.read_bytes() == b"a" * 4000 + b"c" * 96
