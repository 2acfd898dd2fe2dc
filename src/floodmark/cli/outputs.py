"""Files and folders that a command writes: never into the workspace, and never over the keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from floodmark.errors import UsageError
from floodmark.files import real


class OutputPath(click.Path):
    """A path to write to that lies neither in the workspace nor among the keys, wherever links lead."""

    def __init__(self, *, allow_dash: bool = False) -> None:
        super().__init__(path_type=Path, allow_dash=allow_dash)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path.

        Raises:
            UsageError: it lies in the workspace or among the keys.
        """
        path: Path = super().convert(value, param, ctx)  # type: ignore[assignment]  # as path_type asks
        if str(path) != "-":
            check(path)
        return path


def check(path: Path) -> None:
    """Refuse to write to a path in the workspace or among the keys.

    Raises:
        UsageError: it lies there.
    """
    from floodmark.register import key_folder, workspace

    found = real(path)
    for folder, name in (
        (workspace.default_folder(), "the workspace"),
        (key_folder.default_folder(), "the keys"),
    ):
        if found.is_relative_to(real(folder)):
            raise UsageError(
                f"{path.name or 'A folder'} would be written into the folder of {name}",
                "Name a file elsewhere: what lies there is not to be replaced.",
            )
