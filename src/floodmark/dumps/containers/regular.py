"""Opening regular files, and noticing when one changes while it is read."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from floodmark.dumps.containers.labels import shown_as
from floodmark.errors import NothingToRead, UnreadableInput


class Watcher(Protocol):
    """Told of every raw byte read, in order; used for hashing and progress."""

    def __call__(self, data: bytes) -> None:
        """Take the next raw bytes."""


@dataclass(frozen=True)
class Fingerprint:
    """What must not change while a file is read."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, handle: BinaryIO) -> Fingerprint:
        """Fingerprint of an open file."""
        status = os.fstat(handle.fileno())
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; a symlink given by name is followed.

    Raises:
        NothingToRead: the path does not exist.
        UnreadableInput: it is a folder, a pipe, a device or a socket, a loop of links, or not permitted.
    """
    try:
        # O_NONBLOCK so that a named pipe without a writer cannot hang the open.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise NothingToRead(
            f"No such file: {shown_as(path.name)}", "Check the path and the spelling."
        ) from error
    except ValueError as error:
        raise NothingToRead("No file can have this name", "Check the path and the spelling.") from error
    except PermissionError as error:
        raise UnreadableInput(
            f"Not permitted to read {shown_as(path.name)}",
            "Ask for read permission, or run as a user who has it.",
        ) from error
    except OSError as error:
        raise UnreadableInput(f"Cannot open {shown_as(path.name)}: {error.strerror}") from error
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        raise UnreadableInput(f"{shown_as(path.name)} is {what}", "Name the files themselves.")
    return os.fdopen(descriptor, "rb", buffering=0)
