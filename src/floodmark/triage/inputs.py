"""From the paths of a command line to the files to read, each with the label that reports call it by."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from floodmark.dumps.containers.labels import LENGTH, Labels, shown_as
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
    found: list[tuple[Path, str]] = []
    for path in paths:
        if str(path) == "-":
            raise UsageError(
                "Standard input is not read: inference and reading each need the file",
                "Write it to a file first; gzip and zstd files are read as they are.",
            )
        if path.is_dir():
            below = sorted(_below(path), key=lambda item: item[1])
            if not below:
                raise NothingToRead(
                    f"There is no file in {shown_as(path.resolve().name)}", "Name a folder with files in it."
                )
            found.extend(below)
        else:
            found.append((path, path.name))
    labels = Labels(LENGTH)
    return [Input(path, labels.label("", name)) for path, name in found]


def _below(folder: Path) -> Iterable[tuple[Path, str]]:
    def refuse(error: OSError) -> None:
        raise UnreadableInput(f"Cannot list a folder: {error.strerror}", "Ask for permission to list it.")

    for where, _, names in os.walk(folder, onerror=refuse, followlinks=False):
        for name in names:
            path = Path(where) / name
            if not path.is_symlink() and path.is_file():
                yield path, str(path.relative_to(folder))
