"""The folder that keeps what was learnt: `register.sqlite`, its lock, and one folder per leak.

    >>> from tempfile import TemporaryDirectory
    >>> from floodmark.register.leaks import list_leaks
    >>> with TemporaryDirectory() as folder, Workspace.open(Path(folder) / "floodmark") as workspace:
    ...     with workspace.connect() as connection:
    ...         list_leaks(connection)
    ...     workspace.folder.exists()
    []
    False

Reading makes nothing; the folder and the register come with the first write. Whoever writes holds `workspace.lock`
for as long as that takes, which is seconds: the hours of a save pass in a staging folder of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import DBAPIError

from floodmark.errors import FloodmarkError, UsageError
from floodmark.register import database, lock, schema, tables
from floodmark.register.database import RegisterUnreadable
from floodmark.register.folders import make_private
from floodmark.register.recovery import clear_staging, leftovers, recover
from floodmark.register.snapshot_leftovers import NAME as SNAPSHOTS
from floodmark.register.snapshot_leftovers import clear_leftovers
from floodmark.register.staging import Staging, stage
from floodmark.register.strays import strays, words
from floodmark.register.workspace_privacy import check_writable, exposure
from floodmark.register.write_errors import write_errors


class RegisterMissing(FloodmarkError):
    """Leaks lie in the workspace, and the register that says what they are does not; nothing was changed."""

    slug = "register-missing"
    hint = "Put register.sqlite back from a copy of the workspace, or move leaks/ away to start anew."


class Workspace:
    """One workspace; made by `open`, and usable by one thread at a time.

    Attributes:
        folder: where it is, or will be.
        wait: seconds to wait for another process that writes.
        waiting: told once what is waited for.
        warning: told, once each, what somebody should look into.
    """

    def __init__(
        self,
        folder: Path,
        wait: float,
        waiting: Callable[[str], None] | None,
        warning: Callable[[str], None] | None,
    ) -> None:
        self.folder = folder
        self.wait = wait
        self.waiting = waiting
        self.warning = warning
        self._writing = False
        self._warned: set[str] = set()

    @classmethod
    def open(
        cls,
        folder: Path | None = None,
        *,
        wait: float = 60.0,
        waiting: Callable[[str], None] | None = None,
        warning: Callable[[str], None] | None = None,
    ) -> Workspace:
        """The workspace in a folder, which need not exist.

        Args:
            folder: None for FLOODMARK_HOME, or else `floodmark` in the user's data folder (XDG).
            wait: seconds to wait for another process that writes.
            waiting: told once, in a sentence, what is waited for.
            warning: told, once each, what somebody should look into: a workspace that others may write to, and
                folders among the leaks that no row names.

        Raises:
            UsageError: the path is a file, or leads through one.
        """
        found = (folder or default_folder()).absolute()
        there = next((path for path in (found, *found.parents) if os.path.lexists(path)), found)
        if not os.path.isdir(there):  # noqa: PTH112  # which answers where nobody may look
            raise UsageError(
                f"{there.name} is no folder", "Point FLOODMARK_HOME to a folder, new or existing."
            )
        return cls(found, wait, waiting, warning)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open between calls."""

    @property
    def register(self) -> Path:
        """The database's file."""
        return self.folder / "register.sqlite"

    @property
    def leaks_folder(self) -> Path:
        """Folder of the leaks' folders."""
        return self.folder / "leaks"

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection that reads one unchanging state; of a workspace that is not there yet, an empty one.

        Raises:
            RegisterDamaged, RegisterUnreadable, ForeignRegister, RegisterNewer: it cannot be read.
        """
        if not self._writing and (exposed := exposure(self.folder)):
            self._warn(f"{exposed.message} {exposed.hint}")
        with database.register_errors(writing=False):
            standing, engine = self._reader()
            if standing is schema.Standing.OLDER:
                engine.dispose()
                with self.writing("upgrade"):
                    pass
                _, engine = self._reader()
            try:
                with engine.connect() as connection:
                    yield connection
            finally:
                engine.dispose()

    @contextmanager
    def writing(self, what: str) -> Iterator[Connection]:
        """A connection in one transaction, which is committed when the block ends and undone if it raises.

        Before it, what a killed process left is put away. The lock is held meanwhile: keep it short.

        Args:
            what: word of the command, for whoever waits for us.

        Raises:
            WorkspaceBusy: another process held the lock for too long.
            WorkspaceUnwritable: read-only, full or not permitted.
            WorkspaceExposed: others may write to it.
            RegisterDamaged, RegisterMissing, ForeignRegister, RegisterNewer: there is nothing sound to change.
        """
        with self.locked(what) as connection, connection.begin():
            yield connection

    @contextmanager
    def locked(self, what: str, *, wait: float | None = None) -> Iterator[Connection]:
        """As `writing`, with a connection in no transaction, for what needs several.

        Args:
            what: word of the command, for whoever waits for us.
            wait: seconds to wait for another process; None for as long as the workspace was told.
        """
        if self._writing:
            raise RuntimeError("a write inside a write would wait for itself")
        with write_errors(self.folder), database.register_errors(writing=True), self._marked():
            make_private(self.folder)
            check_writable(self.folder, self.leaks_folder)
            path = self.folder / "workspace.lock"
            seconds = self.wait if wait is None else wait
            with lock.held(path, what, wait=seconds, waiting=self.waiting):
                clear_staging(self.leaks_folder)
                self._make_register()
                engine = database.writing_engine(self.register)
                with engine.connect() as connection:
                    self._prepare(connection)
                    recover(connection, self.folder, self.leaks_folder)
                    clear_leftovers(connection, self.folder / SNAPSHOTS)
                    self._warn_of(strays(self.leaks_folder, lambda: _within(connection)))
                    yield connection

    def look_for_strays(self) -> None:
        """Warn of folders among the leaks that no row names, as every write does.

        Raises:
            RegisterDamaged, RegisterUnreadable, ForeignRegister, RegisterNewer: as `connect`.
        """
        self._warn_of(strays(self.leaks_folder, self.connect))

    def staging(
        self, slug: str, *, replace: bool = False, what: str = "save"
    ) -> AbstractContextManager[Staging]:
        """A folder to prepare a leak in, which is removed when the block ends without `commit`.

        Args:
            slug: the leak's.
            replace: whether a leak of this slug may exist.
            what: word of the command, for whoever waits for us.

        Raises:
            BadSlug, HoldsIdentifier: the slug cannot be one.
            LeakExists: it is taken, and not to be replaced.
            WorkspaceBusy: another process saves the same leak, or holds the lock for too long.
            WorkspaceUnwritable: read-only, full or not permitted; also for a disk that is full in the block.
        """
        return stage(self, slug, replace=replace, what=what)

    def _warn_of(self, found: list[str]) -> None:
        if found:
            self._warn(words(found))

    def _warn(self, sentence: str) -> None:
        if self.warning is not None and sentence not in self._warned:
            self._warned.add(sentence)
            self.warning(sentence)

    @contextmanager
    def _marked(self) -> Iterator[None]:
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def _reader(self) -> tuple[schema.Standing, Engine]:
        """How the register stands, and an engine that reads it; one of an empty register where there is none yet."""
        if not self._size():
            self._check_not_lost()
            return schema.Standing.EMPTY, database.empty_engine()
        engine = database.reading_engine(self.register)
        try:
            standing = _standing(engine)
        except DBAPIError as error:
            if not database.needs_copy(self.register, error):
                raise
            engine.dispose()
            engine = self._copy()
            standing = _standing(engine)
        if standing is schema.Standing.EMPTY:
            self._check_not_lost()
            engine.dispose()
            engine = database.empty_engine()
        return standing, engine

    def _copy(self) -> Engine:
        with ExitStack() as stack:
            if not self._writing:
                with suppress(OSError):  # read-only media, where nobody can write
                    path = self.folder / "workspace.lock"
                    stack.enter_context(lock.held(path, "read", wait=self.wait, waiting=self.waiting))
            return database.copied_engine(self.register.read_bytes())

    def _size(self) -> int:
        """Bytes of the register, 0 when there is none."""
        try:
            return self.register.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return 0
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise RegisterUnreadable(f"register.sqlite could not be read: {reason}.") from error

    def _check_not_lost(self) -> None:
        """Refuse to take a register for new when leaks lie beside it: nothing would say any more what they are."""
        if leftovers(self.leaks_folder):
            raise RegisterMissing("register.sqlite is missing or empty beside leaks that were saved.")

    def _make_register(self) -> None:
        if not self._size():
            self._check_not_lost()
        make_private(self.leaks_folder)
        os.close(os.open(self.register, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def _prepare(self, connection: Connection) -> None:
        with connection.begin():
            standing = schema.standing(connection)
        if standing is schema.Standing.CURRENT:
            return
        if standing is schema.Standing.EMPTY:
            self._check_not_lost()
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute("PRAGMA journal_mode = WAL")
        with connection.begin():
            schema.upgrade(connection)
            if standing is schema.Standing.EMPTY:
                now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                connection.execute(insert(tables.workspace).values(id=1, created_at=now))


@contextmanager
def _within(connection: Connection) -> Iterator[Connection]:
    with connection.begin():
        yield connection


def _standing(engine: Engine) -> schema.Standing:
    try:
        with engine.connect() as connection:
            return schema.standing(connection)
    except BaseException:
        engine.dispose()
        raise


def default_folder() -> Path:
    """FLOODMARK_HOME, or `floodmark` below XDG_DATA_HOME, or below ~/.local/share."""
    if home := os.environ.get("FLOODMARK_HOME"):
        return Path(home)
    data = Path(os.environ.get("XDG_DATA_HOME") or "")
    return (data if data.is_absolute() else Path.home() / ".local/share") / "floodmark"
