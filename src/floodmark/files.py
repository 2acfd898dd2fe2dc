"""Files that are there whole or not at all: written under another name, flushed to the disk, then renamed.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_atomic(Path(folder) / "profile.json", b"{}")
    ...     [path.name for path in Path(folder).iterdir()]
    ['profile.json']

A kill at any point leaves the old file or the new one, and at worst a hidden `.part` file beside it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, ClassVar

from floodmark.errors import FloodmarkError

PRIVATE = 0o600
ORDINARY = 0o666  # less what the user's umask takes away


class OutputFailed(FloodmarkError):
    """A result could not be written; what was there before still is."""

    slug: ClassVar[str] = "output-failed"
    hint = "Check that the folder exists, can be written to and has free space."


def real(path: Path) -> Path:
    """The path without links, absolute; of links that lead nowhere but to each other, as far as they lead.

    `Path.resolve` raises where links go round, up to Python 3.12.
    """
    return Path(os.path.realpath(path))


def write_atomic(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write `data` as the whole content of `path`.

    Args:
        path: file to make or to replace.
        data: its bytes.
        private: readable for this user alone (mode 0600).

    Raises:
        OutputFailed: the folder is missing, read-only or full, or `path` is a folder.
    """
    with open_atomic(path, private=private) as file:
        file.write(data)


@contextmanager
def open_atomic(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A binary file that becomes `path` when the block ends, and never if it raises.

    An `OSError` in the block counts as a failure to write, except that of a pipe without a reader.

    A link at `path` is replaced, not followed. A device or a pipe (`/dev/stdout`) cannot be replaced and is
    written to as it is.

    Args:
        path: file to make or to replace.
        private: readable for this user alone (mode 0600).

    Raises:
        OutputFailed: as for `write_atomic`.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with _output_errors(path), path.open("wb") as device:
            yield device
        return
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    with _output_errors(path):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(part, flags, PRIVATE if private else ORDINARY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            with _output_errors(path):
                file.flush()
                os.fsync(file.fileno())
        with _output_errors(path):
            part.replace(path)
            _sync_folder(path.parent)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            raise _failed(path, error) from error
        raise


def _sync_folder(folder: Path) -> None:
    """Flush the rename itself, without which a power cut may bring the old file back."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _output_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> OutputFailed:
    reason = os.strerror(error.errno) if error.errno else "unknown reason"
    return OutputFailed(f"{path.name} could not be written: {reason}.")
