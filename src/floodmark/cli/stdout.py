"""What a command answers, on stdout: JSON as it is, or something that rich lays out."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

from floodmark.files import OutputFailed

if TYPE_CHECKING:
    from rich.console import RenderableType


def put_json(value: Any) -> None:
    """Write a JSON value, indented, in UTF-8.

    Raises:
        OutputFailed: stdout is closed.
    """
    _check_open()
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def put(shown: RenderableType) -> None:
    """Lay out text for a terminal or a pipe; one that is not Unicode gets what it can show.

    Raises:
        OutputFailed: stdout is closed.
    """
    from rich.console import Console

    class Stdout(Console):
        """One that leaves a pipe without a reader to whoever answers for all commands, and does not exit with 1."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    _check_open()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    Stdout(highlight=False, markup=False).print(shown)


def _check_open() -> None:
    if sys.stdout is None:  # closed by who started us
        raise OutputFailed("Standard output is closed", "Redirect it to a file.")
