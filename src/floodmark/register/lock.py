"""Locks between processes: held by the system for as long as the holder lives, so that a kill releases them.

The file of a lock says who holds it, in JSON, for whoever waits:

    >>> Holder("save", 4711, "2026-01-31T13:05:00Z").words
    'floodmark save (process 4711, since 2026-01-31T13:05:00Z)'
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from floodmark.register.database import WorkspaceBusy, WorkspaceUnwritable

SAY_AFTER_SECONDS = 1.0
_STEP_SECONDS = 0.05


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: the command's word, its process and since when (ISO 8601, UTC)."""

    what: str
    pid: int
    since: str

    @property
    def words(self) -> str:
        """The holder as a message names it."""
        if not self.pid:
            return "another process"
        what, since = ("".join(c for c in text if c.isprintable()) for text in (self.what, self.since))
        return f"floodmark {what} (process {self.pid}, since {since})"


@contextmanager
def held(
    path: Path, what: str, *, wait: float, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the lock at `path`, after whoever holds it now.

    Args:
        path: the lock's file, made when it does not exist.
        what: word of the command, for whoever waits for us.
        wait: seconds to wait at most.
        waiting: told once what is waited for, when that takes more than a moment.

    Raises:
        WorkspaceBusy: the wait was in vain; the message says who holds the lock.
        WorkspaceUnwritable: something else lies there, such as a pipe.
        OSError: the file cannot be made or opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise WorkspaceUnwritable(
                f"{path.name} is no ordinary file.", "Remove it while no floodmark runs; it is made anew."
            )
        until(
            lambda: None if _take(descriptor) else holder(path),
            "The workspace is held by {}.",
            wait=wait,
            waiting=waiting,
        )
        _sign(descriptor, what)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)  # releases the lock


def take(path: Path, what: str) -> int:
    """Make a lock's file, hold it, and return the descriptor, whose closing releases it.

    Raises:
        OSError: the file cannot be made, or exists.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)  # may meet somebody's `is_held`, which lets go at once
    _sign(descriptor, what)
    return descriptor


def is_held(path: Path) -> bool:
    """Whether some process holds the lock at `path`; a lock without a file is held by nobody.

    Raises:
        OSError: it cannot be told.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return False
        raise
    try:
        return not _take(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def holder(path: Path) -> Holder:
    """What a lock's file says of its holder; process 0 when it does not say, as in the moment of taking it."""
    try:
        told = json.loads(path.read_bytes()[:1000])
        return Holder(str(told["what"])[:40], int(told["pid"]), str(told["since"])[:20])
    except (OSError, ValueError, KeyError, TypeError):
        return Holder("", 0, "")


def until(
    blocked_by: Callable[[], Holder | None],
    message: str,
    *,
    wait: float,
    waiting: Callable[[str], None] | None = None,
) -> None:
    """Ask again and again who is in the way, until nobody is.

    Args:
        blocked_by: who is in the way; None ends the wait.
        message: a sentence with a place for the holder.
        wait: seconds to wait at most.
        waiting: told the sentence once, when the wait takes more than a moment.

    Raises:
        WorkspaceBusy: somebody still is when the time is up.
    """
    start = time.monotonic()
    told = waiting is None
    while (found := blocked_by()) is not None:
        passed = time.monotonic() - start
        if passed >= wait:
            raise WorkspaceBusy(message.format(found.words))
        if not told and passed >= min(SAY_AFTER_SECONDS, wait / 2) and waiting is not None:
            waiting(message.format(found.words) + " Waiting.")
            told = True
        time.sleep(min(_STEP_SECONDS, wait - passed))


def _take(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int, what: str) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    os.ftruncate(descriptor, 0)
    with suppress(OSError):  # on a full disk the lock holds all the same, and `forget` must work
        os.pwrite(descriptor, json.dumps(asdict(Holder(what, os.getpid(), since))).encode(), 0)
