"""What a machine gives to hours of sealing beside its processor: memory, disk, closed folders, and no core dumps.

Looks at the workspace and at the keys from outside: opens, makes and reads neither.
"""

from __future__ import annotations

import ctypes
import resource
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from floodmark.errors import FloodmarkError
from floodmark.register import key_folder, workspace
from floodmark.register.key_folder import KeyFolder
from floodmark.register.key_privacy import check_private
from floodmark.register.key_secrets import forbid_core_dumps
from floodmark.register.workspace_privacy import exposure

PR_GET_DUMPABLE = 3  # prctl(2)
MEMORY = Path("/proc/meminfo")


@dataclass(frozen=True)
class Machine:
    """What was found.

    Attributes:
        memory: bytes that are free or can be freed, and all; None where the system does not say.
        swap: whether memory may be written to disk; None where the system does not say.
        core_dumps: whether a crash could leave this process's memory in a file all the same.
        workspace: whether there is one.
        disk: free bytes where the workspace is or would be; None where that cannot be told.
        keys: purposes of the keys that are there.
        wrong: what has to be mended, each with its hint.
    """

    memory: tuple[int, int] | None
    swap: bool | None
    core_dumps: bool
    workspace: bool
    disk: int | None
    keys: tuple[str, ...]
    wrong: tuple[FloodmarkError, ...]


def look(home: Path | None = None, keys: Path | None = None, memory: Path = MEMORY) -> Machine:
    """Look at this machine.

    Args:
        home: the workspace; None for the default one.
        keys: their folder; None for the default one.
        memory: where Linux tells of memory.
    """
    home, keys = home or workspace.default_folder(), keys or key_folder.default_folder()
    told = _memory(memory)
    purposes: list[str] = []
    wrong: list[FloodmarkError] = []
    with suppress(FileNotFoundError, NotADirectoryError):
        if exposed := exposure(home):
            wrong.append(exposed)
    try:
        purposes += _closed(keys)
    except FloodmarkError as error:
        wrong.append(error)
    return Machine(
        memory=(told["MemAvailable"], told["MemTotal"])
        if {"MemAvailable", "MemTotal"} <= set(told)
        else None,
        swap=told["SwapTotal"] > 0 if "SwapTotal" in told else None,
        core_dumps=not _core_dumps_are_off(),
        workspace=home.is_dir(),
        disk=_free(home),
        keys=tuple(purposes),
        wrong=tuple(wrong),
    )


def _memory(place: Path) -> dict[str, int]:
    """Bytes by the names of `/proc/meminfo` (proc_meminfo(5)), which tells kibibytes."""
    told: dict[str, int] = {}
    with suppress(OSError, UnicodeDecodeError):
        for line in place.read_text().splitlines():
            name, _, value = line.partition(":")
            with suppress(ValueError, IndexError):
                told[name] = int(value.split()[0]) * 1024
    return told


def _core_dumps_are_off() -> bool:
    """Whether they are, after the call that every key is opened behind."""
    forbid_core_dumps()
    off = resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    if sys.platform == "linux":
        off = off and ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
    return off


def _closed(folder: Path) -> Iterator[str]:
    """Purposes of the keys in a folder.

    Raises:
        KeysExposed: others can use the folder or a key, or one is a link or another user's.
    """
    for purpose in KeyFolder(folder).purposes():
        path = folder / key_folder.file_name(purpose)
        with suppress(FileNotFoundError):  # it is moved there just now
            check_private(path.lstat(), path, "600")
        yield purpose


def _free(folder: Path) -> int | None:
    """Free bytes of the disk that a folder is on, or would be."""
    for there in (folder, *folder.parents):
        with suppress(OSError):
            return shutil.disk_usage(there).free
    return None
