"""From the paths of a command line to the files to read, each with the label that reports call it by."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from floodmark.errors import NothingToRead, UnreadableInput, UsageError


@dataclass(frozen=True)
class Input:
    """A file to read, and its label: its name, or its path below the folder that was given."""

    path: Path
    label: str

    @property
    def size(self) -> int:
        """Bytes of the file; 0 where nobody can tell, and reading will say why."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


def inputs(paths: Iterable[Path]) -> list[Input]:
    """Files named by `paths`: a file is itself, a folder is all regular files below it, in order of their names.

    A symlink given by name is followed; one found inside a folder is not, and neither is anything else that is no
    regular file.

    Raises:
        NothingToRead: a path does not exist, or a folder has no regular file.
        UnreadableInput: a folder cannot be listed.
    """
    found: list[Input] = []
    for path in paths:
        if str(path) == "-":
            raise UsageError(
                "Standard input is not read: inference and reading each need the file",
                "Write it to a file first; gzip and zstd files are read as they are.",
            )
        if path.is_dir():
            below = sorted(_below(path), key=lambda item: item.label)
            if not below:
                raise NothingToRead(
                    f"There is no file in {path.name or path}", "Name a folder with files in it."
                )
            found.extend(below)
        else:
            found.append(Input(path, _printable(path.name)))
    return _told_apart(found)


def _below(folder: Path) -> Iterable[Input]:
    def refuse(error: OSError) -> None:
        raise UnreadableInput(f"Cannot list a folder: {error.strerror}", "Ask for permission to list it.")

    for where, _, names in os.walk(folder, onerror=refuse, followlinks=False):
        for name in names:
            path = Path(where) / name
            if not path.is_symlink() and path.is_file():
                yield Input(path, _printable(str(path.relative_to(folder))))


def _printable(name: str) -> str:
    """A name as Unicode text, whatever bytes the file system has for it."""
    return name.encode("utf-8", "replace").decode()


def _told_apart(found: list[Input]) -> list[Input]:
    """Labels made different where two files have the same name."""
    seen: dict[str, int] = {}
    result: list[Input] = []
    for item in found:
        seen[item.label] = seen.get(item.label, 0) + 1
        label = item.label if seen[item.label] == 1 else f"{item.label} ({seen[item.label]})"
        result.append(Input(item.path, label))
    return result
