"""The folder in which budgets last: tables of fixed size in a file that every process maps into its memory.

Whatever is changed there is changed in the system's copy of the file at once, so that it outlives a process that is
killed; nothing is written beforehand and nothing replayed. The file holds keyed numbers alone and is for one user
(0600). Processes of one machine with the same limits share the budgets in a folder, one request at a time.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.files import PRIVATE, OutputFailed, open_atomic
from floodmark.guard.budgets.changed_limits import carry_over
from floodmark.guard.budgets.limits import Limit
from floodmark.guard.budgets.numbered import Numbered, numbered, renumbered
from floodmark.kernel.buckets import Sizes, Tables

STATE, LOCK = "budgets.state", "budgets.lock"
HEADER = 1 << 16
_MAGIC = "floodmark budgets"
_VERSION = 1
_FORKS = [0]  # how often this process is a fork of one that was running: a fork must have locks of its own

os.register_at_fork(after_in_child=lambda: _FORKS.append(_FORKS.pop() + 1))


class BadState(FloodmarkError):
    """The state of budgets is damaged, or of another version or machine."""

    slug: ClassVar[str] = "guard-state"
    hint = "Restore the folder from a backup, or move it away: budgets then begin empty."


class StateInUse(FloodmarkError):
    """Other processes hold the budgets of this folder under other limits."""

    slug: ClassVar[str] = "guard-state-in-use"
    hint = (
        "Processes that share budgets have one policy: stop the others, or give this one a folder of its own."
    )


@dataclass(frozen=True)
class _About:
    sizes: Sizes
    limits: tuple[Numbered, ...]

    def header(self) -> bytes:
        """The first bytes of a state file."""
        known: dict[str, Any] = {
            "magic": _MAGIC,
            "version": _VERSION,
            "byte_order": sys.byteorder,
            "sizes": [self.sizes.bucket_groups, self.sizes.floors, self.sizes.known_groups],
            "limits": [limit.record() for limit in self.limits],
        }
        text = json.dumps(known).encode()
        if len(text) > HEADER:
            raise OutputFailed("The limits name more endpoints than a state file has room for.")
        return text.ljust(HEADER)


class State:
    """The state of budgets in a folder, held open.

    Attributes:
        tables: of the state.
        limits: with the numbers that the tables know them by.
    """

    def __init__(self, folder: Path, limits: Sequence[Limit], *, at: int, sizes: Sizes) -> None:
        """Open the state of a folder, or make it.

        Args:
            folder: made where it is missing.
            limits: of the policy; where they were others, what was spent is carried over.
            at: nanoseconds since 1970.
            sizes: of tables that are made; those that are there keep theirs.

        Raises:
            BadState: what is there is no state of this version and machine.
            StateInUse: another process has it open, under other limits.
            OutputFailed: the folder cannot be written to, or has too little space.
        """
        self._folder = folder
        self._path = folder / STATE
        with _as_output_errors(self._path):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._holding = _private(folder / LOCK)
        try:
            about = self._held(limits, at, sizes)
            with _as_output_errors(self._path):
                self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except BaseException:
            os.close(self._holding)
            raise
        self._mapped = mmap.mmap(self._file, HEADER + about.sizes.bytes)
        self.tables = Tables(memoryview(self._mapped)[HEADER:], about.sizes)
        self.limits = about.limits
        self._forks = _FORKS[0]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process changes the tables meanwhile."""
        self.lock()
        try:
            yield
        finally:
            self.unlock()

    def lock(self) -> None:
        """Wait until no other process changes the tables, and keep them from it."""
        if self._forks != _FORKS[0]:
            self._hold_anew()
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def unlock(self) -> None:
        """Let other processes change the tables again."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def flush(self) -> None:
        """Bring everything to the disk, against a power cut."""
        self._mapped.flush()

    def close(self) -> None:
        """Flush, and let go."""
        if self._file >= 0:
            self.flush()
            os.close(self._file)
            os.close(self._holding)
            self._file = -1

    def _held(self, limits: Sequence[Limit], at: int, sizes: Sizes) -> _About:
        """What the state says of itself, once it fits the limits and is held against whoever has others."""
        while True:
            if _flock(self._holding, fcntl.LOCK_EX):
                self._fit(limits, at, sizes)
            fcntl.flock(self._holding, fcntl.LOCK_SH)
            with suppress(FileNotFoundError):
                about = _read(self._path)
                if renumbered(limits, about.limits) == about.limits:
                    return about
            if not _flock(self._holding, fcntl.LOCK_EX):
                raise StateInUse("Another process holds these budgets under other limits")
            self._fit(limits, at, sizes)

    def _fit(self, limits: Sequence[Limit], at: int, sizes: Sizes) -> None:
        """Make the state, or bring it to these limits, whole or not at all; nobody else has it open."""
        try:
            before = _read(self._path)
        except FileNotFoundError:
            _write(self._path, _About(sizes, numbered(limits)), None)
            return
        wanted = renumbered(limits, before.limits)
        if wanted == before.limits:
            return
        words = _own_words(self._path, before)
        carry_over(Tables(words, before.sizes), before.limits, wanted, at)
        _write(self._path, _About(before.sizes, wanted), words)

    def _hold_anew(self) -> None:
        """Locks of a fork's own: those that it inherited are its parent's, and would not keep it out."""
        self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        self._holding = _private(self._folder / LOCK)
        fcntl.flock(self._holding, fcntl.LOCK_SH)
        self._forks = _FORKS[0]


def copied(folder: Path, limits: Sequence[Limit], *, at: int) -> tuple[Tables, tuple[Numbered, ...]]:
    """The state of a folder as it is now, in memory that is taken only where it is changed; the folder is not.

    Args:
        folder: of a state, which other processes may hold.
        limits: under which to see it.
        at: nanoseconds since 1970.

    Returns:
        The tables, and the limits with the numbers that these know them by.

    Raises:
        NothingToRead: there is no state.
        BadState: as of `State`.
    """
    path = folder / STATE
    try:
        about = _read(path)
        tables = Tables(_own_words(path, about), about.sizes)
    except FileNotFoundError:
        raise NothingToRead("There are no budgets in this folder") from None
    wanted = renumbered(limits, about.limits)
    if wanted != about.limits:
        carry_over(tables, about.limits, wanted, at)
    return tables, wanted


def _own_words(path: Path, about: _About) -> memoryview:
    """The tables of a state file, in memory that is taken only where it is changed."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), HEADER + about.sizes.bytes, access=mmap.ACCESS_COPY)
    return memoryview(mapped)[HEADER:]


def _private(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)


def _flock(descriptor: int, kind: int) -> bool:
    """Whether the lock was free."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(path: Path) -> _About:
    """What a state file says of itself.

    Raises:
        FileNotFoundError: there is none.
        BadState: it is none of this version and machine, or not whole.
    """
    try:
        with path.open("rb") as file:
            known = json.loads(file.read(HEADER))
            size = os.fstat(file.fileno()).st_size
        if (known["magic"], known["version"], known["byte_order"]) != (_MAGIC, _VERSION, sys.byteorder):
            raise ValueError
        about = _About(
            Sizes(*(int(number) for number in known["sizes"])),
            tuple(Numbered.of_record(record) for record in known["limits"]),
        )
    except FileNotFoundError:
        raise
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise BadState("The state of the budgets cannot be read") from error
    if size != HEADER + about.sizes.bytes:
        raise BadState("The state of the budgets is not whole")
    return about


def _write(path: Path, about: _About, tables: memoryview | None) -> None:
    with open_atomic(path, private=True) as file:
        file.write(about.header())
        if tables is not None:
            file.write(tables)
        else:
            blank = bytes(
                1 << 20
            )  # written and not left out: a full disk must not be found later, in a mapped page
            for start in range(0, about.sizes.bytes, len(blank)):
                file.write(blank[: about.sizes.bytes - start])


@contextmanager
def _as_output_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputFailed(f"{path.name} could not be opened: {os.strerror(error.errno or 0)}.") from error
