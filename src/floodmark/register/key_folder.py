"""The folder of the keys: where it is, who may read it, and how several files change at once.

The folder is 0700 and its files 0600, all of the user who runs. What others can read is refused and not repaired:
it has to be seen that it was open, and a key that others could read may have been.

Files change together. They are written to `.next/`, which becomes `.ready/` by one rename, the moment of commitment;
then each moves to its place. A kill before that rename leaves the old keys, after it the new ones: a reader looks into
`.ready/` first, and whoever changes the folder next finishes the moves.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError, UnreadableInput
from floodmark.files import OutputFailed, real
from floodmark.register.key_files import PURPOSES
from floodmark.register.key_privacy import check_private, read_private

NEXT = ".next"
READY = ".ready"
SUFFIX = ".json"


class NoKeys(FloodmarkError):
    """There are no keys, or not the one that is needed."""

    slug: ClassVar[str] = "no-keys"
    hint = "Make them with floodmark keys init, or name their folder in FLOODMARK_KEYS."


class KeysMisplaced(FloodmarkError):
    """The keys lie in the workspace, or the workspace among the keys, so that one copy would give both away."""

    slug: ClassVar[str] = "keys-misplaced"
    hint = "Name another folder in FLOODMARK_KEYS, or another workspace in FLOODMARK_HOME."


def default_folder() -> Path:
    """`FLOODMARK_KEYS`, else `floodmark/keys` in the XDG folder of settings (by default `~/.config`)."""
    named = os.environ.get("FLOODMARK_KEYS")
    if named:
        return Path(named)
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    return (settings if settings.is_absolute() else Path("~/.config").expanduser()) / "floodmark" / "keys"


def file_name(purpose: str) -> str:
    """Name of a key's file in the folder."""
    return purpose + SUFFIX


def apart(folder: Path, workspace: Path) -> None:
    """See that neither folder lies in the other, whatever links lead there.

    Raises:
        KeysMisplaced: one does.
    """
    keys, data = real(folder), real(workspace)
    if _within(keys, data) or _within(data, keys):
        raise KeysMisplaced("The keys and the workspace lie one within the other.")


class KeyFolder:
    """The files of a keys folder, each by its purpose.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, purpose: str) -> bytes | None:
        """Content of one key file; None when there is none.

        Raises:
            KeysExposed: the folder or the file can be read by others, is a link or is not this user's.
        """
        with self._opened() as folder:
            if folder is None:
                return None
            for place in (f"{READY}/{file_name(purpose)}", file_name(purpose)):
                raw = read_private(self.path / place, folder=folder, name=place)
                if raw is not None:
                    return raw
        return None

    def purposes(self) -> list[str]:
        """Purposes for which there is a key file, in the order of `PURPOSES`.

        Raises:
            KeysExposed: as for `read`.
        """
        with self._opened() as folder:
            if folder is None:
                return []
            names = {entry.name for entry in self.path.iterdir()}
            with suppress(FileNotFoundError):
                names |= {entry.name for entry in (self.path / READY).iterdir()}
        return [purpose for purpose in PURPOSES if file_name(purpose) in names]

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the folder alone, made if need be, and finish or drop what an earlier change left.

        Raises:
            KeysExposed: as for `read`.
            OutputFailed: the folder cannot be made or written to.
        """
        with _output_errors():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._opened() as folder:
            if folder is None:
                raise OutputFailed("The keys folder went away.")
            fcntl.flock(folder, fcntl.LOCK_EX)
            with _output_errors():
                self._finish(folder)
            yield

    def put(self, files: Mapping[str, bytes]) -> None:
        """Replace several key files at once, all or none; only while `changing`.

        Args:
            files: content by purpose.

        Raises:
            OutputFailed: the folder cannot be written to; the old keys stay.
        """
        with self._opened() as folder, _output_errors():
            if folder is None:
                raise OutputFailed("The keys folder went away.")
            os.mkdir(NEXT, 0o700, dir_fd=folder)
            try:
                for purpose, content in files.items():
                    _write_private(f"{NEXT}/{file_name(purpose)}", content, folder)
                _sync(NEXT, folder)
                os.rename(NEXT, READY, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                shutil.rmtree(self.path / NEXT, ignore_errors=True)
                raise
            os.fsync(folder)
            with suppress(
                OSError
            ):  # done already; readers look into .ready, and the next change moves the files
                self._finish(folder)

    def _finish(self, folder: int) -> None:
        """Carry out a change that was committed, and drop one that was not."""
        with suppress(FileNotFoundError):
            for entry in (self.path / READY).iterdir():
                os.rename(f"{READY}/{entry.name}", entry.name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
            os.rmdir(READY, dir_fd=folder)
        if (self.path / NEXT).is_dir():
            shutil.rmtree(self.path / NEXT)

    @contextmanager
    def _opened(self) -> Iterator[int | None]:
        """A descriptor of the folder, seen to be private; None when it does not exist."""
        try:
            folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            yield None
            return
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise UnreadableInput(
                f"The keys folder cannot be opened: {reason}.", "See whose it is."
            ) from None
        try:
            check_private(os.fstat(folder), self.path, "700")
            yield folder
        finally:
            os.close(folder)


def _within(inner: Path, outer: Path) -> bool:
    """Whether a folder is another one or lies in it; by identity, since names can differ in case or by a mount."""
    if inner.is_relative_to(outer):
        return True
    with suppress(OSError):
        about = outer.stat()
        for place in (inner, *inner.parents):
            with suppress(OSError):
                if os.path.samestat(place.stat(), about):
                    return True
    return False


def _write_private(name: str, content: bytes, folder: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, 0o600, dir_fd=folder), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(name: str, folder: int) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise OutputFailed(f"The keys could not be written: {reason}.") from None
