"""`floodmark check` as a process of its own, against a server on this machine."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ..unit.exposure.check.published import EMAIL, ROOT, publish
from ..unit.exposure.check.server import serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
FLOODMARK = str(Path(sys.executable).with_name("floodmark"))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"), datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def started(tmp_path):
    """A function that starts a check, with the identifier on its standard input."""

    def start(*args):
        process = subprocess.Popen(
            [FLOODMARK, "check", *args, "--root-key", ROOT.public.hex()],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "LANG": "C.UTF-8",
                "PYTHONWARNINGS": "error",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdin.write(EMAIL + "\n")
        process.stdin.close()
        process.stdin = None
        return process

    return start


@pytest.mark.parametrize("part", ["snapshot", "evaluate", "buckets"])
def test_ctrl_c_ends_a_check_that_waits_for_a_server(published, started, part):
    with serving(published) as server:
        reached = []

        def silent(request):
            reached.append(request)
            while not server.stopping.wait(0.02):
                yield b""

        server.lies[part] = silent
        process = started(server.address)
        while not reached:
            assert process.poll() is None, process.communicate()
            server.stopping.wait(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Interrupted." in err and "Traceback" not in err and "ada" not in err


def test_a_check_that_is_over_left_nothing_behind(published, started, tmp_path):
    with serving(published) as server:
        out, err = started(server.address).communicate(timeout=60)
    assert ("Found in 1 of 2 leaks" in out, err) == (True, "")
    assert [*tmp_path.iterdir()] == []


def test_ctrl_c_ends_a_check_that_waits_for_somebody_to_type(tmp_path):
    """On a terminal of its own, and without Enter after it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [FLOODMARK, "check", "https://127.0.0.1:1", "--root-key", ROOT.public.hex()],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    while b"not shown" not in seen:
        seen += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(timeout=60) == 130
    finally:
        process.kill()
        os.close(ours)
