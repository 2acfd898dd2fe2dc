"""Files and folders that are this user's alone, or are not read.

What others can read is refused and not repaired: it has to be seen that it was open, and a key that others could read
may have been.
"""

from __future__ import annotations

import errno
import os
import shlex
import stat
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError, UnreadableInput
from floodmark.register.key_files import LARGEST

OTHERS = stat.S_IRWXG | stat.S_IRWXO
MORE_THAN_READ_BY_LIST = OTHERS & ~stat.S_IRGRP


class KeysExposed(FloodmarkError):
    """Others can read the keys or a passphrase, or they are not this user's own; nothing was read."""

    slug: ClassVar[str] = "keys-exposed"
    hint = "Close it to others with chmod, and ask who may have read it."


def read_private(path: Path, *, folder: int | None = None, name: str | None = None) -> bytes | None:
    """Content of a small file that must be this user's alone; None when it does not exist.

    Args:
        path: the file.
        folder: descriptor of the folder to open it in, in which case no link is followed.
        name: its name in that folder.

    Returns:
        The content, at most one byte more than a key file may have.

    Raises:
        KeysExposed: it is no ordinary file, another user's, or others can read it.
        UnreadableInput: it cannot be opened.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    if folder is not None:
        flags |= os.O_NOFOLLOW
    try:
        descriptor = os.open(path if name is None else name, flags, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise KeysExposed(f"{path.name} is a link.", "Put the file itself there.") from None
        raise UnreadableInput(f"{path.name} cannot be opened: {os.strerror(error.errno or 0)}.") from None
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise KeysExposed(f"{path.name} is no ordinary file.", "Put an ordinary file there.")
        check_private(about, path, "600")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    finally:
        os.close(descriptor)


def check_private(about: os.stat_result, path: Path, mode: str) -> None:
    """See that a file or folder is this user's, and closed to all others.

    Args:
        about: of an open descriptor, so that nobody changes what was looked at.
        path: for the error to name.
        mode: what it should be, in octal, for the hint.

    Raises:
        KeysExposed: it is another user's, or others can use it.
    """
    if _credential(about, path):
        return
    if about.st_uid != os.geteuid():
        raise KeysExposed(
            f"{path.name} belongs to another user.",
            f"Make it your own: chown {os.geteuid()} {shlex.quote(str(path))}",
        )
    if about.st_mode & OTHERS:
        raise KeysExposed(
            f"{path.name} can be used by others than its owner (mode {stat.S_IMODE(about.st_mode):04o}).",
            f"Close it, and ask who may have read it: chmod {mode} {shlex.quote(str(path))}",
        )


def _credential(about: os.stat_result, path: Path) -> bool:
    """Whether systemd made a file for this service alone, as one of its credentials.

    Where it can, systemd leaves those to root and lets the service read them by an access control list, whose mask is
    what the mode of the group then shows (systemd.exec(5), `LoadCredential=`).
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return (
        folder is not None
        and path.parent == Path(folder)
        and about.st_uid == 0
        and not about.st_mode & MORE_THAN_READ_BY_LIST
    )
