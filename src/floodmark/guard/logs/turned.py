r"""Files that a log was turned to, one after the other: which comes next after the one that was read.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     log = Path(folder) / "access.log"
...     for time, name in enumerate(("access.log.2", "access.log.1.gz", "access.log.1", "access.log"), 1):
...         _ = log.with_name(name).write_bytes(name.encode() + b"\n")
...         os.utime(log.with_name(name), ns=(time, time))
...     read = OpenLog((log.with_name("access.log.2")).open("rb"))
...     found = next_after(read, log)
...     read.close()
>>> found.path.name, found.compressed
('access.log.1', 1)
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from floodmark.guard.logs.open_log import OpenLog

_TURNED = re.compile(r"[.-][0-9][0-9T:._-]*(?P<compressed>\.(?:gz|bz2|xz|zst))?")


@dataclass(frozen=True, slots=True)
class Next:
    """The file to go on with.

    Attributes:
        path: where it lies.
        inode: of the file.
        compressed: how many lie before it that were compressed before they were read.
    """

    path: Path
    inode: int
    compressed: int = 0


def next_after(log: OpenLog, path: Path) -> Next | None:
    """What to go on with once a file is read: the oldest that was written to after it, under the path or turned.

    A log may be turned twice between two looks; the file in between lies beside it then, as `access.log.1`. Copies of
    the file itself are left out.

    Args:
        log: that was read.
        path: of the log.

    Returns:
        None while nothing else lies at the path.
    """
    try:
        there = path.stat()
        beside = list(os.scandir(path.parent))
    except OSError:
        return None
    if there.st_ino == log.inode:
        return None
    turned: list[tuple[int, Path, int, bool]] = []
    for entry in beside:
        shape = (
            _TURNED.fullmatch(entry.name.removeprefix(path.name))
            if entry.name.startswith(path.name)
            else None
        )
        if shape is None:
            continue
        try:
            found = entry.stat()
        except OSError:
            continue
        other = stat.S_ISREG(found.st_mode) and found.st_ino not in {log.inode, there.st_ino}
        if other and found.st_mtime_ns > log.changed and not _is_copy(Path(entry.path), log):
            turned.append(
                (found.st_mtime_ns, Path(entry.path), found.st_ino, shape["compressed"] is not None)
            )
    compressed = 0
    for _, place, inode, packed in sorted(turned):
        if not packed:
            return Next(place, inode, compressed)
        compressed += 1
    return Next(path, there.st_ino, compressed)


def _is_copy(path: Path, log: OpenLog) -> bool:
    """Whether a file begins as one that was read."""
    try:
        with path.open("rb") as file:
            return bool(log.head) and file.read(len(log.head)) == log.head
    except OSError:
        return True
