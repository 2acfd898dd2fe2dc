"""Where nothing is written: a workspace that others may write to, who could swap its files or point it elsewhere."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError
from floodmark.register.database import WorkspaceUnwritable

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class WorkspaceExposed(FloodmarkError):
    """Others may write to the workspace, or it is another user's; nothing was written."""

    slug: ClassVar[str] = "workspace-exposed"
    hint = "Close it to others with chmod go-w, or point FLOODMARK_HOME to a folder of your own."


def exposure(folder: Path) -> WorkspaceExposed | None:
    """Why nothing should be written to a workspace; None when it is this user's alone, or not there yet."""
    try:
        about = folder.stat()
    except OSError:
        return None
    if about.st_uid != os.geteuid():
        return WorkspaceExposed(
            "The workspace belongs to another user.",
            "Work as that user, or point FLOODMARK_HOME to a folder of your own.",
        )
    if about.st_mode & OTHERS_WRITE:
        return WorkspaceExposed(
            f"Others may write to the workspace (mode {stat.S_IMODE(about.st_mode):04o}).",
            f"See that all in it is as you left it, then close it: chmod go-w {shlex.quote(str(folder))}",
        )
    return None


def check_writable(folder: Path, leaks_folder: Path) -> None:
    """Refuse to write where others may, and behind a link that stands for the leaks.

    Args:
        folder: the workspace.
        leaks_folder: its folder of leaks, which need not exist.

    Raises:
        WorkspaceExposed: as `exposure`.
        WorkspaceUnwritable: the folder of leaks is a link or a file.
    """
    if exposed := exposure(folder):
        raise exposed
    if leaks_folder.is_symlink() or (leaks_folder.exists() and not leaks_folder.is_dir()):
        raise WorkspaceUnwritable(
            "leaks is a link or a file, and only a folder of the workspace itself is written to.",
            "Move the workspace as a whole to the larger disk, and point FLOODMARK_HOME there.",
        )
