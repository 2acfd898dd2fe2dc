"""Contenders that take turns, each in a process of its own, and the medians of what they used."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from statistics import median

# Reads everything in a file to columns of text and prints how many records there are.
READ = """
import sys
from floodmark import dumps
rows = 0
for dump in dumps.opened(sys.argv[1]):
    if isinstance(dump, dumps.Unopened):
        sys.exit(dump.problem.message)
    rows += sum(dump.map(lambda batch, table: batch.frame.height, workers=2))
print(rows)
"""


@dataclass(frozen=True)
class Used:
    """What a contender used: seconds passed, seconds of the processor, peak bytes; and the number that it printed."""

    wall: float
    busy: float
    peak: int
    printed: str


def floodmark(path):
    return [sys.executable, "-c", READ, str(path)]


def python(code, *arguments):
    return [sys.executable, "-c", code, *map(str, arguments)]


def shell(line):
    return ["sh", "-c", line]


def used(command):
    """Run a program to its end."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            sys.exit(f"failed with exit code {process.returncode}: {command[-1]}: {' '.join(last)}")
        output.seek(0)
        busy = usage.ru_utime + usage.ru_stime
        return Used(wall, busy, usage.ru_maxrss * 1024, output.read().decode().strip())


def turns(contenders, rounds):
    """Medians by contender, which take turns."""
    runs = {name: [] for name in contenders}
    for number in range(rounds):
        print(f"\rround {number + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
        for name, command in contenders.items():
            runs[name].append(used(command))
    print("\r", end="", file=sys.stderr)
    return {
        name: Used(
            median(run.wall for run in each),
            median(run.busy for run in each),
            max(run.peak for run in each),
            each[0].printed,
        )
        for name, each in runs.items()
    }
