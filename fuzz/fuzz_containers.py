"""Fuzz target of containers: any bytes; only members, their texts and FloodmarkErrors may come out.

Run it as `fuzz/README.md` says, with this name. The first byte of an input chooses what is put around the rest, so that
the fuzzer gets behind checksums.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import tempfile
import zipfile
from pathlib import Path

import atheris
import zstandard

with atheris.instrument_imports(include=["floodmark"]):
    from floodmark.dumps.containers import Opening, members
    from floodmark.errors import FloodmarkError

OPENING = Opening(passwords=("a",), members=200, ratio_floor=1 << 20, name_length=20)
MOST_TEXT = OPENING.ratio_floor + (1 << 21)
THEIRS = (b"Rar!", b"7z\xbc\xaf", b"\x04\x22\x4d\x18", b"LZIP", b"\x1f\x9d")


def wrapped(choice: int, data: bytes) -> bytes:
    """The data inside what `choice` stands for."""
    match choice & 7:
        case 1:
            return gzip.compress(data, 1)
        case 2:
            return zstandard.compress(data)
        case 3:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr("a", data)
            return out.getvalue()
        case _:
            return data


def open_one(data: bytes, path: Path) -> None:
    """Open one input and check what must hold of every file.

    Raises:
        AssertionError: labels that are not apart or not printable, bytes that the watcher missed, text beyond a limit.
    """
    # Each archive that libarchive reads takes a process; a fuzzer of libarchive itself is its own project's.
    if not data or any(magic in data for magic in THEIRS):
        return
    raw = wrapped(data[0], data[1:])
    path.write_bytes(raw)
    watched, told, size = bytearray(), 0, 0
    labels: list[str] = []

    def tell(step: int) -> None:
        nonlocal told
        told += step

    for member in members(path, OPENING, watch=watched.extend, advance=tell):
        assert member.name.isprintable(), "a label with what has no shape"
        if member.source is None:
            assert member.problem is not None, "a member without text or problem"
            assert member.problem.message, "a problem without a message"
            assert member.problem.hint, "a problem without a hint"
            continue
        labels.append(member.name)
        try:
            head = member.source.peek(100)
            while part := member.source.read(1 << 16):
                assert part.startswith(head[: len(part)]), "what was peeked at was not read"
                head = b""
                size += len(part)
        except FloodmarkError as error:
            assert error.hint, "an error without a hint"
    assert bytes(watched) == raw, "the watcher missed bytes"
    assert told == len(raw), "progress does not add up"
    assert len(set(labels)) == len(labels), "two members of one label"
    assert size <= max(MOST_TEXT, 300 * len(raw)), "text beyond the limit"


def main() -> None:
    memory = Path("/dev/shm")  # no disk, where there is one
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        atheris.Setup(sys.argv, lambda data: open_one(data, Path(folder) / "dump"))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
