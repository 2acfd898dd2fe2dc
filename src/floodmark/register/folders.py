"""Folders as a whole: flushed to the disk, removed without following a link."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder that only this user can enter, and the folders above it as they usually are.

    Raises:
        OSError: it cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def sync(folder: Path) -> None:
    """Flush a folder's list of names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make every file and folder below private to this user, and flush them and the folder itself to the disk.

    Raises:
        ValueError: something below is neither a file nor a folder, such as a link.
        OSError: the disk refused.
    """
    for path in sorted(folder.iterdir()):
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            path.chmod(0o700)
            sync_tree(path)
        elif stat.S_ISREG(mode):
            path.chmod(0o600)
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            raise ValueError("a link or a device lies among the files to keep")
    sync(folder)


def remove_tree(folder: Path) -> None:
    """Remove a folder and all below it; links are removed and never followed.

    Two processes may remove the same folder at once.

    Raises:
        OSError: the disk refused.
    """
    while True:
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            if folder.exists():
                continue
        return
