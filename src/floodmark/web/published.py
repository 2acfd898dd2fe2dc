"""The snapshot that a server answers from: opened once, looked after by a thread, and swapped under its readers.

Every two seconds the thread looks whether a newer one is there, whether the files are still there, and whether a leak
was forgotten, retired or marked as sensitive since. Requests read one attribute. The snapshot before stays open beside
the newest, so that whoever began with it can end, until its files are removed, it expires or may not be answered from.

Files are held by their descriptors and not by a lock, so that forgetting a leak removes them from the disk at once.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.exposure.snapshots import Snapshot, SnapshotDirectory, check_time, read_snapshot
from floodmark.exposure.snapshots.directory import buckets_at, envelope_at
from floodmark.register.snapshot_folders import kept_while_read, latest_snapshot
from floodmark.register.snapshot_leaks import check_still_fit
from floodmark.register.workspace import Workspace
from floodmark.web.open_snapshot import OpenSnapshot, file_mark
from floodmark.web.problems import NothingHere

EVERY = 2.0  # seconds
ANYHOW = 30  # looks, after which everything is looked at whether something seems to have changed or not


@dataclass(frozen=True)
class _Held:
    """An open snapshot, and why nothing is answered from it."""

    opened: OpenSnapshot
    refused: FloodmarkError | None


@dataclass(frozen=True)
class _State:
    """What the last look found: the newest snapshot or why there is none, and all that are open, by id."""

    newest: OpenSnapshot | FloodmarkError
    held: dict[str, _Held]

    @property
    def well(self) -> bool:
        """Whether all that is open may be answered from, and is still there."""
        open_ones = self.held.values()
        return isinstance(self.newest, OpenSnapshot) and all(
            one.refused is None and one.opened.there for one in open_ones
        )


class PublishedSnapshot:
    """What a server answers from; to be closed.

    Args:
        place: a snapshot directory, or the workspace whose newest snapshot it is.
        root_key: that has to have signed it, 32 bytes.
        clock: gives the time, with time zone.
        judge: the workspace that says which of its leaks may be told of; None for the place where that is one.
        every: seconds between looks.
    """

    def __init__(
        self,
        place: Path | Workspace,
        root_key: bytes,
        clock: Callable[[], datetime],
        *,
        judge: Workspace | None = None,
        every: float = EVERY,
    ) -> None:
        # A workspace is for one thread at a time, and this one's is the thread that looks.
        judge = place if isinstance(place, Workspace) else judge
        self._place = place if isinstance(place, Path) else None
        self._workspace = None if judge is None else Workspace.open(judge.folder)
        self._root = root_key
        self._clock = clock
        self._looking = threading.Lock()
        self._looks = 0
        self._seen: tuple[tuple[int, ...], ...] = ()
        self._state = _State(NothingToRead("There is no snapshot."), {})
        self._closing = threading.Event()
        self.look()
        self._thread = threading.Thread(target=self._watch, args=(every,), name="published", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def current(self) -> OpenSnapshot:
        """The newest snapshot.

        Raises:
            FloodmarkError: there is none that may be answered from now.
        """
        newest = self._state.newest
        if isinstance(newest, FloodmarkError):
            raise _again(newest)
        return self._in_time(newest)

    def find(self, name: str) -> OpenSnapshot:
        """A snapshot that is open: the newest, or the one before.

        Args:
            name: id of it.

        Raises:
            NothingHere: no such snapshot is open.
            FloodmarkError: it may not be answered from.
        """
        held = self._state.held.get(name)
        if held is None:
            raise NothingHere(
                "There is no such snapshot here.",
                "A newer one may have taken its place: ask for v1/snapshot.",
            )
        if held.refused is not None:
            raise _again(held.refused)
        return self._in_time(held.opened)

    def look(self) -> None:
        """See what is there now; little is read while all is well and no file has changed."""
        with self._looking:
            marks, self._looks = self._marks(), self._looks + 1
            if marks == self._seen and self._looks % ANYHOW and self._state.well:
                return
            self._seen = marks
            before = self._state
            try:
                newest = self._newest(before)
                held = self._judged(newest, before)
            except FloodmarkError as error:
                held = self._judged(None, before)
                self._state = _State(error, held)
            else:
                refused = held[newest.snapshot.id].refused
                self._state = _State(newest if refused is None else refused, held)

    def close(self) -> None:
        """Look no more; files are closed when the last request that reads them ends."""
        self._closing.set()
        self._thread.join()
        self._state = _State(NothingToRead("There is no snapshot any more."), {})

    def _watch(self, every: float) -> None:
        while not self._closing.wait(every):
            try:
                self.look()
            except Exception as error:  # nobody else would say so, and nothing is to be told unjudged
                self._state = _State(_unknown(error), {})

    def _marks(self) -> tuple[tuple[int, ...], ...]:
        """What changes when a snapshot is published, or the register is written to."""
        files = [] if self._place is None else [envelope_at(self._place)]
        if self._workspace is not None:
            register = self._workspace.register
            files += [register, register.with_name(f"{register.name}-wal")]
        return tuple(map(file_mark, files))

    def _newest(self, before: _State) -> OpenSnapshot:
        """The snapshot that is the newest now, opened if it was not."""
        folder = self._place
        if folder is None:
            assert self._workspace is not None  # noqa: S101  # one of the two is there
            folder = latest_snapshot(self._workspace)
        if folder is None:
            raise NothingToRead("There is no snapshot.", "Make one with floodmark snapshot make.")
        mark = file_mark(envelope_at(folder))
        for held in before.held.values():
            if held.opened.is_of(mark) and held.opened.there:
                return held.opened
        with kept_while_read(folder):
            directory = SnapshotDirectory(folder)
            envelope = directory.envelope()
            snapshot = read_snapshot(envelope, self._root)
            with directory.buckets(snapshot) as descriptor:
                path = buckets_at(folder, snapshot.id)
                return OpenSnapshot(snapshot, envelope, os.dup(descriptor), path, mark)

    def _judged(self, newest: OpenSnapshot | None, before: _State) -> dict[str, _Held]:
        """The newest snapshot and the one before it, each with what the register says of it now."""
        opened = {name: one.opened for name, one in before.held.items() if one.opened.there}
        if newest is not None:
            opened.pop(newest.snapshot.id, None)
            opened[newest.snapshot.id] = newest
        latest = list(opened.items())[-2:]
        return {name: _Held(one, self._refusal(one.snapshot)) for name, one in latest}

    def _refusal(self, snapshot: Snapshot) -> FloodmarkError | None:
        if self._workspace is None:
            return None
        try:
            with self._workspace.connect() as connection:
                check_still_fit(connection, snapshot)
        except FloodmarkError as error:
            return error
        return None

    def _in_time(self, opened: OpenSnapshot) -> OpenSnapshot:
        check_time(opened.snapshot, self._clock())
        return opened


def _again(error: FloodmarkError) -> FloodmarkError:
    """An error of another thread, to be raised here without the frames of each time that it was."""
    return error.with_traceback(None)


def _unknown(error: Exception) -> FloodmarkError:
    return FloodmarkError(f"The snapshot could not be looked at: {type(error).__name__}.")
