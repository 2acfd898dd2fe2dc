"""Fuzz target of what opens containers: any bytes as a file; every member is read to its end.

    python fuzz/fuzz_containers.py -max_total_time=600 fuzz/corpus-containers

Archives that libarchive reads start a process each, so that they are tried some ten times a second; the others are
tried thousands of times.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["floodmark"]):
    from floodmark.dumps.containers import Opening, members
    from floodmark.errors import FloodmarkError

OPENING = Opening(members=200, ratio_floor=1 << 24, size=1 << 26, passwords=("secret",))


def read_one(data: bytes, folder: Path) -> None:
    """Open one file and read all of it.

    Raises:
        AssertionError: the raw bytes were not seen once, in order; or a label could move a cursor.
    """
    path = folder / "file"
    path.write_bytes(data)
    seen = hashlib.sha256()
    try:
        for member in members(path, OPENING, watch=seen.update):
            assert member.name.isprintable(), "a label that does not print"
            assert (member.source is None) <= (member.problem is not None), "neither bytes nor a problem"
            try:
                while member.source is not None and member.source.read(1 << 16):
                    pass
            except FloodmarkError as error:
                assert error.message
    except FloodmarkError as error:
        assert error.message
        return
    assert seen.digest() == hashlib.sha256(data).digest(), "raw bytes were not hashed once each"


def main() -> None:
    memory = Path("/dev/shm")  # no disk, where there is one
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        atheris.Setup(sys.argv, lambda data: read_one(data, Path(folder)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
