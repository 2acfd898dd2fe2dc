"""Commands in a folder of their own, in this process, in which they start at once; a warning is an error here, too."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from floodmark.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Place:
    """A folder with a workspace and keys."""

    folder: Path

    def run(self, *args: object, columns: int = 100) -> Done:
        """What `floodmark` with these arguments does there."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setenv("FLOODMARK_HOME", str(self.folder / "home"))
            patch.setenv("FLOODMARK_KEYS", str(self.folder / "keys"))
            patch.setenv("COLUMNS", str(columns))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = main([*map(str, args)])
        return Done(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))  # type: ignore[attr-defined]
