"""The register as a server reads it: kept in memory for as long as nobody writes to it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from floodmark.assessment.timeline import Timeline
from floodmark.register.leaks import Leak, list_leaks
from floodmark.register.profiles import saved_profile
from floodmark.register.statements import list_statements
from floodmark.register.workspace import Workspace
from floodmark.register.workspace_keys import signer
from floodmark.triage.public_profile import PublicProfile, public_profile
from floodmark.web.kept import Kept
from floodmark.web.said import timeline, whole_timeline

T = TypeVar("T")
MOST_KEPT = 2_048  # results


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
        self._kept = Kept(MOST_KEPT)

    def signer(self) -> bytes | None:
        """The public key that the workspace signs with, 32 bytes; None before the first save."""
        return self._read("signer", signer)

    def leaks(self) -> Mapping[str, Leak]:
        """Every leak, by slug."""
        return self._read("leaks", lambda found: {leak.slug: leak for leak in list_leaks(found)})

    def timeline(self, slug: str, titles: Mapping[str, str]) -> Timeline:
        """What was said of a leak, with what tests make of it.

        Args:
            slug: the leak's.
            titles: of the leaks, by slug, whose statements may be held against these; as `said.timeline`.
        """
        name = ("timeline", slug, frozenset(titles.items()))
        return self._read(name, lambda found: timeline(slug, list_statements(found), titles))

    def whole_timeline(self, slug: str, title: str) -> Timeline:
        """What was said of a leak, tested by all that the register knows: not for everybody."""
        name = ("whole timeline", slug, title)
        return self._kept.get(name, _mark(self._folder), lambda: whole_timeline(slug, title, self._opened()))

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

    def _read(self, name: Hashable, read: Callable[[Any], T]) -> T:
        def connected() -> T:
            with self._opened().connect() as connection:
                return read(connection)

        return self._kept.get(name, _mark(self._folder), connected)

    def _opened(self) -> Workspace:
        """The workspace for this thread: one object is for one at a time."""
        return Workspace.open(self._folder)


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
