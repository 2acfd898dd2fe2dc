"""Saving a leak beside triage of the same dump without saving, in the same run.

For every size the two take turns, each in a process of its own, on a synthetic dump that is in the page cache where it
fits. The table shows medians, peak memory, and what a saved identifier takes on disk. The last line is the ratio of
the times at the largest size.

Run: `python benchmarks/save.py [--rows N ...] [--folder DIR] [--twin NAME] [--repeats N]`
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from triage import floodmark, made, run, warm

MEMORY_LIMIT = 2_000_000_000


def workspace(folder):
    """A fresh workspace with keys of its own, named by the environment of the programs that follow."""
    for name in ("home", "keys"):
        shutil.rmtree(folder / name, ignore_errors=True)
    os.environ |= {"FLOODMARK_HOME": str(folder / "home"), "FLOODMARK_KEYS": str(folder / "keys")}
    run(floodmark("keys", "init", "--wrap", "none"))


def measured(folder, twin, rows, repeats):
    """Seconds of triage and of a save, and the save's peak memory, at one size."""
    path = made(folder, twin, rows)
    warm(path)
    found = {"triage": [], "save": []}
    for turn in range(repeats):
        found["triage"].append(run(floodmark("triage", path, "-o", "json")))
        found["save"].append(run(floodmark("save", f"turn-{turn}", path, "-o", "json")))
        if turn < repeats - 1:
            run(floodmark("forget", f"turn-{turn}", "--yes"))
    leak = json.loads(found["save"][-1].output)
    identifiers = sum(leak["identifiers"].values())
    arrays = folder / "home" / "leaks" / leak["slug"] / "digests"
    sizes = {path.name: path.stat().st_size for path in arrays.iterdir()}
    digests = sum(sizes[f"{kind}.npy"] for kind in leak["identifiers"])
    run(floodmark("forget", leak["slug"], "--yes"))
    walls = {name: median(one.wall for one in runs) for name, runs in found.items()}
    busy = {name: median(one.busy for one in runs) for name, runs in found.items()}
    peaks = {name: max(one.peak for one in runs) for name, runs in found.items()}
    print(
        f"{rows:>13,} rows {identifiers:>13,} identifiers"
        f"  triage {walls['triage']:>7.1f} s (cpu {busy['triage']:>6.1f}), {peaks['triage'] / 1e6:>5,.0f} MB"
        f"  save {walls['save']:>7.1f} s (cpu {busy['save']:>6.1f}), {peaks['save'] / 1e6:>5,.0f} MB"
        f"  {digests / identifiers:.2f} bytes a digest, {sum(sizes.values()) / identifiers:.2f} in all"
        f"  ratio {walls['save'] / walls['triage']:.2f}",
        flush=True,
    )
    return walls["save"] / walls["triage"], peaks["save"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "floodmark-benchmark")
    arguments.add_argument("--twin", default="facebook-2021")
    arguments.add_argument("--repeats", type=int, default=1)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    workspace(given.folder)
    found = [measured(given.folder, given.twin, rows, given.repeats) for rows in given.rows]
    print(f"largest peak {max(peak for _, peak in found) / MEMORY_LIMIT:.2f} of {MEMORY_LIMIT / 1e6:,.0f} MB")
    print(f"ratio {found[-1][0]:.2f}")
    sys.exit(max(peak for _, peak in found) > MEMORY_LIMIT)


if __name__ == "__main__":
    main()
