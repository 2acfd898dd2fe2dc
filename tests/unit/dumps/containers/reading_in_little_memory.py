"""Reads every member of a file with little memory to spare: a script that `test_memory.py` runs as a process."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from floodmark.dumps.containers import Opening, members

MIB = 1 << 20


def in_use() -> int:
    """Bytes of address space."""
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()


def main() -> None:
    path, spare = Path(sys.argv[1]), int(sys.argv[2]) * MIB
    most = in_use() + spare
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    count = size = 0
    for member in members(path, Opening(ratio=1 << 30, members=20_000)):
        count += 1
        if member.problem is not None:
            print(type(member.problem).__name__, member.problem.message)
        while member.source is not None and (data := member.source.read(1 << 22)):
            size += len(data)
    print(count, size)


if __name__ == "__main__":
    main()
