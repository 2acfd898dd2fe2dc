"""A leak's files, kept as they are for whoever reads them: what is replaced or forgotten meanwhile goes later.

A reader holds a shared lock on the leak's folder itself, so that read-only media serve too. Whoever removes a folder
needs it alone, and leaves a folder that is being read to the next command that writes.
"""

from __future__ import annotations

import errno
import fcntl
import os
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from floodmark.register.folders import remove_tree
from floodmark.register.leaks import ArrayFile, Leak, get_leak, list_arrays

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Lease:
    """One leak to read; its folder stays until the lease is closed or no longer referred to.

    Attributes:
        leak: its row.
        arrays: its arrays, by name.
        folder: where its files are.
    """

    def __init__(self, leak: Leak, arrays: list[ArrayFile], folder: Path, descriptor: int | None) -> None:
        self.leak = leak
        self.arrays = arrays
        self.folder = folder
        self.close = weakref.finalize(self, os.close, descriptor) if descriptor is not None else _nothing


def lease(workspace: Workspace, slug: str) -> Lease:
    """Take a leak to read.

    A leak whose folder is missing is leased all the same: whoever opens its files says which one is missing.

    Raises:
        LeakNotFound: no leak of that slug is saved.
    """
    previous = None
    while True:
        with workspace.connect() as connection:
            leak, arrays = get_leak(connection, slug), list_arrays(connection, slug)
        folder = workspace.leaks_folder / leak.folder
        descriptor = share(folder)
        if descriptor is not None or leak.folder == previous:
            return Lease(leak, arrays, folder, descriptor)
        previous = leak.folder  # gone; if the leak was replaced meanwhile, its row has another by now


def remove_unread(folder: Path) -> bool:
    """Remove a folder unless somebody reads it; whether it is gone.

    A link or a file in its place is removed itself; what a link leads to stays.

    Raises:
        OSError: the disk refused.
    """
    try:
        descriptor = os.open(folder, _DIRECTORY)
    except FileNotFoundError:
        return True
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        folder.unlink()
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove_tree(folder)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def share(folder: Path) -> int | None:
    """A descriptor that keeps a folder from being removed by `remove_unread`; None when it is gone."""
    try:
        descriptor = os.open(folder, _DIRECTORY)
    except OSError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    try:
        if os.path.samestat(os.fstat(descriptor), folder.lstat()):
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _nothing() -> None:
    """Close what was never opened."""
