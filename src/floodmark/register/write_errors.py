"""Failures of the system to write, in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from floodmark.register.database import WorkspaceUnwritable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
_REFUSED = {
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.ENOENT,  # removed under us
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.ELOOP,
}


@contextmanager
def write_errors(folder: Path) -> Iterator[None]:
    """Failures of the system to write below `folder`, in words that name the file and not its whole path.

    Raises:
        WorkspaceUnwritable: in place of an OSError that says full or read-only, or that names a file below.
    """
    try:
        yield
    except OSError as error:
        file = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
        ours = file is not None and (file.is_relative_to(folder) or folder.is_relative_to(file))
        if error.errno in _NO_ROOM or (error.errno in _REFUSED and ours):
            name = file.name if file is not None else "The workspace"
            raise WorkspaceUnwritable(f"{name} could not be written: {os.strerror(error.errno)}.") from error
        raise
