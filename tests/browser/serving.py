"""`floodmark serve` as a process of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .workspace import FLOODMARK, Made

PLENTY = ("--per-address", "1000000", "--per-network", "1000000", "--per-server", "1000000")


@dataclass(frozen=True)
class Served:
    """A server that runs.

    Attributes:
        address: of it, without a stroke at the end.
        process: number of its process.
        log: file with what it says.
    """

    address: str
    process: int
    log: Path


@contextmanager
def serving(made: Made, *options: str, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """A server, for as long as the block runs; then it has to end well, with no traceback in what it said.

    Args:
        made: the workspace.
        options: of the command; without any, nobody is refused.
        environment: of the process; without one, that of the workspace.
    """
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [FLOODMARK, "serve", "--port", "0", *(options or PLENTY)],
                cwd=made.folder,
                env=environment or made.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=written,
            )
        try:
            yield Served(listening(process, log), process.pid, log)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()
        said = log.read_text()
        assert "Traceback" not in said and '"status":500' not in said, said


def let_the_day_end() -> None:
    """Wait for the next day (UTC) where this one has less than two minutes left: a budget is one of a day."""
    while (datetime.now(UTC) + timedelta(minutes=2)).date() != datetime.now(UTC).date():
        time.sleep(0.1)


def listening(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address that a server says it listens at."""
    while not (found := re.search(r"Listening at (http://[^\s\"]*[0-9])", log.read_text())):
        assert process.poll() is None, log.read_text()
        time.sleep(0.02)
    return found[1]
