"""A whole exact triage beside a bare Polars scan-and-group of the same file, in the same run.

The file is a synthetic colon file with 1 % damaged lines, made once and kept in the folder. Contenders take turns,
each in a process of its own, on a file that is in the page cache; the table shows medians. Then comes the processor
time of each stage of the triage, measured apart. The last line is the ratio of the times.

Run: `python benchmarks/triage.py [--rows N] [--folder DIR] [--twin NAME] [--repeats N]`, or with `--memory [ROWS ...]`
for peak memory alone. docs/explanation/speed.md says what is compared and why.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SEED = 2021
MEMORY_LIMIT = 2_000_000_000
# This program starts all others and imports nothing large: a child's peak memory counts that of who started it.
STAGES = Path(__file__).with_name("triage_stages.py")
PEERS = Path(__file__).with_name("triage_peers.py")


@dataclass(frozen=True)
class Run:
    """One run of a program: wall and processor seconds, and peak resident bytes."""

    wall: float
    busy: float
    peak: int
    output: bytes


def run(command):
    """Run a program to its end, and measure it."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"failed with exit code {process.returncode}: {' '.join(command)}")
        output.seek(0)
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output.read())


def floodmark(*arguments):
    start = "import sys; from floodmark.cli import main; sys.exit(main())"
    return [sys.executable, "-c", start, *map(str, arguments)]


def made(folder, twin, rows):
    """The twin, from an earlier run where there was one."""
    path = folder / f"{twin}-{rows}-{SEED}.txt"
    if not path.exists():
        print(f"making {path.name}", flush=True)
        run(floodmark("synth", "leak", "--twin", twin, "--rows", rows, "--seed", SEED, "-o", path))
    return path


def warm(path):
    """Read a file through, so that every contender finds it in the page cache."""
    with path.open("rb") as file:
        while file.read(1 << 22):
            pass


def contenders(path, twin):
    """Commands by name, in the order in which they take turns."""
    peers = ["polars", "polars-all"]
    if importlib.util.find_spec("duckdb") is not None:
        peers += ["duckdb", "duckdb-all"]
    chosen = {name: [sys.executable, str(PEERS), name, twin, str(path)] for name in peers}
    return {**chosen, "triage": floodmark("triage", path, "-o", "json")}


NAMES = {
    "polars": "Polars, group by one column",
    "polars-all": "Polars, the same, every column counted",
    "duckdb": "DuckDB, group by one column",
    "duckdb-all": "DuckDB, the same, every column counted",
    "triage": "floodmark triage",
}


def compare(path, twin, repeats):
    """Median of each contender's runs, taken in turns."""
    commands = contenders(path, twin)
    runs = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            runs[name].append(run(command))
    triaged = json.loads(runs["triage"][0].output)
    rows = triaged["files"][0]["lines"]["total"]
    print(f"{'':40} {'wall':>8} {'':>17} {'processor':>10} {'lines/s':>10} {'peak':>9}")
    walls = {}
    for name, found in runs.items():
        times = [one.wall for one in found]
        walls[name] = median(times)
        busy, peak = median(one.busy for one in found), max(one.peak for one in found)
        spread = f"({min(times):.2f} to {max(times):.2f})"
        print(
            f"{NAMES[name]:40} {walls[name]:>6.2f} s {spread:>17} {busy:>8.2f} s"
            f" {rows / walls[name]:>10,.0f} {peak / 1e6:>6,.0f} MB"
        )
    return walls, triaged


def stages(path):
    """Print the table of stages."""
    found = json.loads(run([sys.executable, str(STAGES), str(path)]).output)
    total, lines = found["total"], found["lines"]
    print(f"\nProcessor time by stage, one thing at a time: {total:.2f} s ({lines / total:,.0f} lines/s)")
    for name, seconds in found["stages"].items():
        print(f"  {name:48} {seconds:>7.2f} s {seconds / total:>6.1%} {1e9 * seconds / lines:>7,.0f} ns/line")
    print(f"  {'everything else':48} {found['rest']:>7.2f} s {found['rest'] / total:>6.1%}")


def memory(folder, twin, sizes):
    """Peak resident memory of whole triages; whether all stayed below the limit."""
    peaks = []
    for rows in sizes:
        path = made(folder, twin, rows)
        warm(path)
        found = run(floodmark("triage", path, "-o", "json"))
        peaks.append(found.peak)
        print(
            f"{rows:>13,} rows {path.stat().st_size / 1e6:>8,.0f} MB {found.wall:>8.1f} s"
            f"  peak {found.peak / 1e6:>6,.0f} MB",
            flush=True,
        )
    print(f"limit {MEMORY_LIMIT / 1e6:,.0f} MB, largest peak {max(peaks) / MEMORY_LIMIT:.2f} of it")
    return max(peaks) < MEMORY_LIMIT


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--rows", type=int, default=10_000_000)
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "floodmark-benchmark")
    arguments.add_argument(
        "--twin", default="facebook-2021", choices=["facebook-2021", "facebook-2021-csv", "combo"]
    )
    arguments.add_argument("--repeats", type=int, default=3)
    arguments.add_argument("--no-stages", action="store_true", help="leave out the table of stages")
    arguments.add_argument("--memory", type=int, nargs="*", metavar="ROWS", help="peak memory at these sizes")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.memory is not None:
        sys.exit(not memory(given.folder, given.twin, given.memory or [1_000_000, 10_000_000]))
    path = made(given.folder, given.twin, given.rows)
    warm(path)
    print(
        f"{path.name}: {given.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores",
        flush=True,
    )
    walls, triaged = compare(path, given.twin, given.repeats)
    print("lines: " + ", ".join(f"{fate} {count:,}" for fate, count in triaged["files"][0]["lines"].items()))
    if not given.no_stages:
        stages(path)
    print(f"\nratio to the scan that counts every column: {walls['triage'] / walls['polars-all']:.2f}")
    print(f"ratio {walls['triage'] / walls['polars']:.2f}")


if __name__ == "__main__":
    main()
