"""What is found when a file is opened: its members, each with its bytes or with what is the matter."""

from __future__ import annotations

from dataclasses import dataclass, field

from floodmark.dumps.containers.stream import Pull, Source
from floodmark.errors import FloodmarkError


@dataclass(frozen=True)
class Member:
    """One text of a file, or one thing in it that is not read.

    Attributes:
        name: label inside the file, "parts/1.rar/Egypt.txt"; "" for the file itself. Never a path.
        wrapping: the containers around it, outermost first; () for a plain file.
        size: bytes that its archive says it has; None where nothing says so.
        source: its bytes, to be read before the next member is asked for; None where they cannot be.
        problem: why they cannot, or what is the matter with the rest of an archive.
    """

    name: str
    wrapping: tuple[str, ...]
    size: int | None
    source: Source | None = field(repr=False)
    problem: FloodmarkError | None = None


@dataclass(frozen=True)
class Entry:
    """One entry of an archive, as the reader of its format gives it.

    Attributes:
        name: as the archive has it.
        size: bytes that the archive says it has.
        pull: its bytes, until the next entry is asked for.
        folder: whether it is a folder.
        problem: why there are no bytes.
    """

    name: str
    size: int | None = None
    pull: Pull | None = None
    folder: bool = False
    problem: FloodmarkError | None = None
