"""The register as a server reads it: kept in memory for as long as nobody writes to it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from floodmark.register.leaks import Leak, list_leaks
from floodmark.register.profiles import saved_profile
from floodmark.register.statements import Statement, list_statements
from floodmark.register.workspace import Workspace
from floodmark.triage.public_profile import PublicProfile, public_profile

T = TypeVar("T")
MOST_KEPT = 64  # results of each kind


@dataclass(frozen=True)
class Custody:
    """Facts of how a leak was read that name no file, no folder and nobody.

    Attributes:
        started_at: when reading began, ISO 8601, UTC.
        finished_at: when the result was complete.
        saved_at: when it was saved and signed.
        floodmark: version that read it.
        phone_metadata: version of the numbering plans that it was read with.
    """

    started_at: str
    finished_at: str
    saved_at: str
    floodmark: str
    phone_metadata: str


class RegisterReading:
    """What of a workspace's register a server tells; several threads may ask.

    Args:
        workspace: whose register it is.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._folder = workspace.folder
        self._kept = Kept()

    def leaks(self) -> Mapping[str, Leak]:
        """Every leak, by slug."""
        return self._read("leaks", lambda found: {leak.slug: leak for leak in list_leaks(found)})

    def statements(self, slug: str) -> list[Statement]:
        """What was said of a leak, in the order in which it was."""
        return self._read(("statements", slug), lambda found: list_statements(found, slug))

    def profile(self, slug: str, saved_at: str) -> tuple[PublicProfile, Custody]:
        """What of a leak's profile may be public, and how it was read.

        Args:
            slug: the leak's.
            saved_at: when it was saved, by which the profile is kept.

        Raises:
            FloodmarkError: it is not there, or not what was signed.
        """

        def read() -> tuple[PublicProfile, Custody]:
            found = saved_profile(self._opened(), slug)
            tool = found.custody.get("tool") or {}
            return public_profile(found), Custody(
                started_at=str(found.custody.get("started_at") or ""),
                finished_at=str(found.custody.get("finished_at") or ""),
                saved_at=saved_at,
                floodmark=str(tool.get("floodmark") or ""),
                phone_metadata=str(tool.get("phone_metadata") or ""),
            )

        return self._kept.get(("profile", slug), saved_at, read)

    def _read(self, name: Hashable, read: Callable[[Connection], T]) -> T:
        def connected() -> T:
            with self._opened().connect() as connection:
                return read(connection)

        return self._kept.get(name, _mark(self._folder), connected)

    def _opened(self) -> Workspace:
        """The workspace for this thread: one object is for one at a time."""
        return Workspace.open(self._folder)


class Kept:
    """Results by name, each made once by one thread while others wait for it, and made anew when its mark changes."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, tuple[Hashable, Future[Any]]] = OrderedDict()

    def get(self, name: Hashable, mark: Hashable, make: Callable[[], T]) -> T:
        """The result that has this name and mark, made if it is not kept; one that failed is not.

        Raises:
            Exception: as `make`.
        """
        with self._lock:
            before = self._results.get(name)
            ours = before is None or before[0] != mark
            future: Future[T] = Future() if ours or before is None else before[1]
            self._results[name] = (mark, future)
            self._results.move_to_end(name)
            while len(self._results) > self._most:
                self._results.popitem(last=False)
        if ours:
            self._make(name, mark, future, make)
        return future.result()

    def _make(self, name: Hashable, mark: Hashable, future: Future[T], make: Callable[[], T]) -> None:
        try:
            future.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._results.get(name) == (mark, future):
                    del self._results[name]
            future.set_exception(error)


def _mark(folder: Path) -> tuple[tuple[int, ...], ...]:
    """What changes with every write to the register: its file and its log, as the file system has them."""
    found: list[tuple[int, ...]] = []
    for name in ("register.sqlite", "register.sqlite-wal"):
        try:
            state = (folder / name).stat()
        except OSError:
            found.append(())
        else:
            found.append((state.st_ino, state.st_size, state.st_mtime_ns))
    return tuple(found)
