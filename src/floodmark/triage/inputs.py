"""From the paths of a command line to the files to read, each with the label that reports call it by."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from floodmark.dumps.containers.labels import LENGTH, Labels, shown_as
from floodmark.errors import FloodmarkError, NothingToRead, UnreadableInput, UsageError
from floodmark.files import real

LINK_HINT = "It is named and not followed: name what it leads to, if that is to be read."


@dataclass(frozen=True)
class Input:
    """A file to read, its label (its name, or its path below the folder that was given), and why it is not read."""

    path: Path
    label: str
    problem: FloodmarkError | None = None

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
    return [item for item in _named(paths) if item.problem is None]


def passed_over(paths: Iterable[Path]) -> list[Input]:
    """What lies in the folders among `paths` and is not read: links, pipes, sockets and devices, each with why."""
    return [item for item in _named(paths) if item.problem is not None]


def _named(paths: Iterable[Path]) -> list[Input]:
    found: list[tuple[Path, str, FloodmarkError | None]] = []
    for path in paths:
        if str(path) == "-":
            raise UsageError(
                "Standard input is not read: inference and reading each need the file",
                "Write it to a file first; gzip and zstd files are read as they are.",
            )
        if path.is_dir():
            below = sorted(_below(path), key=lambda item: item[1])
            if all(problem for _, _, problem in below):
                raise NothingToRead(
                    f"There is no file in {shown_as(real(path).name)}", "Name a folder with files in it."
                )
            found.extend(below)
        else:
            found.append((path, path.name, None))
    labels = Labels(LENGTH)
    return [Input(path, labels.label("", name), problem) for path, name, problem in found]


def _below(folder: Path) -> Iterable[tuple[Path, str, FloodmarkError | None]]:
    def refuse(error: OSError) -> None:
        raise UnreadableInput(f"Cannot list a folder: {error.strerror}", "Ask for permission to list it.")

    for where, folders, names in os.walk(folder, onerror=refuse, followlinks=False):
        for name in [*names, *folders]:
            path = Path(where) / name
            if path.is_symlink():
                yield (
                    path,
                    str(path.relative_to(folder)),
                    UnreadableInput("This is a link, not a file", LINK_HINT),
                )
            elif path.is_file():
                yield path, str(path.relative_to(folder)), None
            elif not path.is_dir():
                problem = UnreadableInput(
                    "This is a pipe, a socket or a device, not a file", "It was not opened."
                )
                yield path, str(path.relative_to(folder)), problem
