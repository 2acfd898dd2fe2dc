"""Reads files in a process of its own, so that a crash, a traceback, a hang or a balloon of memory shows.

This file run as a script reads each path to the end, under a limit of address space if one is given, and prints one
JSON object a path.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

GIB = 1 << 30

WALL_LIMIT = 600
"""Seconds after which a probe counts as hung; generous, since only a hang should ever meet it."""

RESIDENT_LIMIT = int(1.5 * GIB)

# What is held for each processor is not what is bounded here, and a machine may have hundreds of them.
FEW_THREADS = {"POLARS_MAX_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"}


def probe(path: Path | str, act: str = "", address_space: int | None = None) -> dict[str, Any]:
    """Read `path` to the end in a process of its own; `probe_all` says what is returned and raised."""
    (found,) = probe_all([path], act, address_space)
    return found


def probe_all(
    paths: Sequence[Path | str], act: str = "", address_space: int | None = None
) -> list[dict[str, Any]]:
    """Read each path to the end, one after the other in one process of their own.

    Args:
        paths: what to read.
        act: what happens meanwhile: `grow`, `shrink`, `replace` or `remove` the file after the first batch, or
            `nobody` to read it as a user without rights.
        address_space: limit in bytes, if any.

    Returns:
        For each path: `outcome` `read` with lines, bytes, records and heights, or `error` with type, slug, exit_code,
        message and hint; and `resident`, the peak in bytes.

    Raises:
        AssertionError: the process printed a traceback, was killed, or met the wall limit.
    """
    job = json.dumps({"paths": [str(path) for path in paths], "act": act, "address_space": address_space})
    try:
        done = subprocess.run(
            [sys.executable, __file__, job],
            env=os.environ | FEW_THREADS,
            capture_output=True,
            timeout=WALL_LIMIT,
            check=False,
            text=True,
        )
    except subprocess.TimeoutExpired as late:
        said = f"the reader was still busy after {WALL_LIMIT} s: it hangs; before that: {late.stdout!r}"
        raise AssertionError(said) from None
    assert done.returncode == 0, f"the reader ended with {done.returncode}: {done.stderr[-3000:]}"
    assert done.stderr == ""
    found: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(paths)
    return found


def _resident() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _happen(act: str, path: Path) -> None:
    if act == "grow":
        with path.open("ab") as file:
            file.write(path.read_bytes()[:100_000])
    elif act == "shrink":
        os.truncate(path, path.stat().st_size // 3)
    elif act == "replace":
        other = path.with_suffix(".other")
        other.write_bytes(path.read_bytes()[::-1])
        other.replace(path)
    elif act == "remove":
        path.unlink()


def _become_nobody(like: Path) -> None:
    """Give up all rights, after one reading has loaded whatever is loaded late."""
    from floodmark import dumps

    list(dumps.read(like).batches())
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def _read(path: Path, act: str) -> dict[str, Any]:
    from floodmark import dumps
    from floodmark.errors import FloodmarkError

    try:
        dump = dumps.read(path)
        heights = 0
        for number, frame in enumerate(dump.batches()):
            heights += frame.height
            assert frame.columns == dump.grammar.names
            if number == 0:
                _happen(act, path)
    except FloodmarkError as error:
        return {
            "outcome": "error",
            "type": type(error).__name__,
            "slug": error.slug,
            "exit_code": error.exit_code,
            "message": error.message,
            "hint": error.hint,
        }
    accounting = dump.accounting
    return {
        "outcome": "read",
        "lines": accounting.lines,
        "bytes": accounting.bytes,
        "records": accounting.records,
        "heights": heights,
        "columns": len(dump.grammar.columns),
    }


def main() -> None:
    job = json.loads(sys.argv[1])
    if job["address_space"]:
        resource.setrlimit(resource.RLIMIT_AS, (job["address_space"], job["address_space"]))
    if job["act"] == "nobody":
        _become_nobody(Path(__file__).parents[1] / "corpus" / "pipe.txt")
    for path in job["paths"]:
        found = _read(Path(path), job["act"])
        print(json.dumps({**found, "resident": _resident()}), flush=True)


if __name__ == "__main__":
    main()
