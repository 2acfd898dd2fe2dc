"""Fuzz target of the dump reader: any bytes, any overrides; only a FloodmarkError may come out.

Run it as `fuzz/README.md` says. The first two bytes of an input choose the container, the file's name and the
overrides; the rest is the file.
"""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import atheris
import zstandard

with atheris.instrument_imports(include=["floodmark"]):
    from floodmark import dumps
    from floodmark.errors import FloodmarkError

DELIMITERS = (None, ":", ",", ";", "|", "\t", "|||", ", ")
TYPES = (
    None,
    ["phone", "email"],
    ["email", "password"],
    ["phone", "unknown", "location", "registered_at", "email"],
)
RECORDS = (None, "delimited", "jsonl", "json", "sql", "xml", "blocks", "fixed")
NAMES = ("dump.txt", "dump.csv", "dump.jsonl", "dump")


def overrides_of(choice: int) -> dict[str, Any]:
    """Overrides that 10 bits of `choice` stand for."""
    chosen = {
        "delimiter": DELIMITERS[choice & 7],
        "columns": TYPES[choice >> 3 & 3],
        "record": RECORDS[choice >> 5 & 7],
        "header": (None, True, False, None)[choice >> 8 & 3],
    }
    return {key: value for key, value in chosen.items() if value is not None}


def read_one(data: bytes, folder: Path) -> None:
    """Read one input and check what must hold of every reading.

    Raises:
        AssertionError: bytes without a fate, records without a row, or columns that the grammar does not name.
    """
    if len(data) < 2:
        return
    choice, text = int.from_bytes(data[:2], "big"), data[2:]
    packed = text
    if choice >> 12 & 3 == 1:
        packed = gzip.compress(text, compresslevel=1, mtime=0)
    elif choice >> 12 & 3 == 2:
        packed = zstandard.compress(text)
    path = folder / NAMES[choice >> 10 & 3]
    path.write_bytes(packed)
    try:
        dump = dumps.read(path, **overrides_of(choice))
        heights = 0
        for frame in dump.batches():
            names = [table.grammar.names for table in dump.tables.values()]
            assert frame.columns in names, "a batch has other columns than its grammar"
            heights += frame.height
    except FloodmarkError as error:
        assert error.message, "an error without a message"
        assert error.hint, "an error without a hint"
        return
    assert heights == dump.accounting.records, "records and rows differ"
    if packed is not text or dump.grammar.container == "plain":
        assert dump.accounting.total_bytes == len(text), "a byte has no fate, or two"


def main() -> None:
    memory = Path("/dev/shm")  # no disk, where there is one
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        atheris.Setup(sys.argv, lambda data: read_one(data, Path(folder)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
