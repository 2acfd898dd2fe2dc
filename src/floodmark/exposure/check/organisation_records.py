r"""A file of records, each encrypted, that grows at its end and survives a kill at any point.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "records"
    ...     with RecordFile.opened(path, bytes(32)) as file:
    ...         file.append([b"one", b"two"])
    ...     with RecordFile.opened(path, bytes(32)) as file:
    ...         file.before
    [b'one', b'two']

A magic, and then what each run appended: a salt, from which and the secret its key comes (so that no nonce comes
twice), and records, each a length and a text sealed with AES-256-GCM. What a kill cut short is dropped when the file is
opened again.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from floodmark.errors import FloodmarkError
from floodmark.files import PRIVATE, OutputFailed

MAGIC = b"floodmark/batch1"
SALT_BYTES = 16
LENGTH_BYTES = 4
LONGEST = 1 << 24
PART, RECORD = b"P", b"R"


class ProgressLocked(FloodmarkError):
    """The progress file cannot be opened with the keys there are, or is no progress file."""

    slug: ClassVar[str] = "progress-locked"
    hint = (
        "Run it with the keys (FLOODMARK_KEYS) that it was begun with, or name another output and begin anew."
    )


class ProgressBusy(FloodmarkError):
    """Another process works on the same output."""

    slug: ClassVar[str] = "progress-busy"
    hint = "Wait for it, or stop it first."


class RecordFile:
    """A file of records, held by this process alone; made by `opened`.

    Attributes:
        before: the records that were there when it was opened; those that do not open are left out.
    """

    def __init__(self, descriptor: int, secret: bytes) -> None:
        self._descriptor = descriptor
        self._secret = secret
        self._cipher: AESGCM | None = None
        self._number = 0
        self.before: list[bytes] = []

    @classmethod
    def opened(cls, path: Path, secret: bytes) -> Self:
        """Open a file, or make it; mode 0600, whatever it was.

        Args:
            path: where it is or is to be; no link.
            secret: what it is encrypted under, 32 bytes.

        Raises:
            ProgressLocked: it was made with another secret, or is no such file.
            ProgressBusy: another process has it open.
            OutputFailed: it cannot be made or written.
        """
        with _output_errors():
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            file = cls(os.open(path, flags, PRIVATE), secret)
        try:
            file._take_up(path)
        except BaseException:
            file.close()
            raise
        return file

    def append(self, records: Iterable[bytes], *, sync: bool = True) -> None:
        """Write records.

        Args:
            records: of at most 16 MB each.
            sync: whether they have to outlast a power cut, too.

        Raises:
            OutputFailed: the disk refused; what was written before stays good, and none of these is there.
        """
        with _output_errors():
            start = os.lseek(self._descriptor, 0, os.SEEK_END)
            try:
                _write(self._descriptor, b"".join(self._sealed(records)))
                if sync:
                    os.fdatasync(self._descriptor)
            except OSError:
                os.ftruncate(self._descriptor, start)
                self._cipher = None  # the next ones begin a part, with a key that has sealed nothing
                raise

    def close(self) -> None:
        """Give the file back."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take_up(self, path: Path) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProgressBusy(f"Another process works on {path.name}.") from None
        with _output_errors():
            os.fchmod(self._descriptor, PRIVATE)
            if not os.fstat(self._descriptor).st_size:
                _write(self._descriptor, MAGIC)
            end = self._read()
            if end is None:
                raise ProgressLocked(f"{path.name} was begun with other keys, or is no progress file.")
            os.ftruncate(self._descriptor, end)

    def _read(self) -> int | None:
        """Take every record; where they end, or None where the first does not open.

        A record that was cut short ends the file. One that does not open is passed over.
        """
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            file.seek(0)
            if file.read(len(MAGIC)) != MAGIC:
                return None
            end, cipher, number = len(MAGIC), AESGCM(bytes(32)), 0
            while (part := _part(file)) is not None:
                mark, content = part
                if mark == PART:
                    cipher, number = self._cipher_of(content), 0
                    continue
                try:
                    self.before.append(cipher.decrypt(_nonce(number), content, None))
                except InvalidTag:
                    if not self.before:
                        return None
                end, number = file.tell(), number + 1
            return end

    def _sealed(self, records: Iterable[bytes]) -> Iterator[bytes]:
        if self._cipher is None:
            salt = secrets.token_bytes(SALT_BYTES)
            self._cipher, self._number = self._cipher_of(salt), 0
            yield PART + salt
        for plain in records:
            sealed = self._cipher.encrypt(_nonce(self._number), plain, None)
            self._number += 1
            yield RECORD + len(sealed).to_bytes(LENGTH_BYTES) + sealed

    def _cipher_of(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt, b"floodmark/check-progress/1").derive(self._secret))


def _part(file: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next salt or sealed record with its mark; None at the end, and where it is cut short."""
    mark = file.read(1)
    length = SALT_BYTES if mark == PART else int.from_bytes(file.read(LENGTH_BYTES)) if mark == RECORD else 0
    content = file.read(length) if 0 < length <= LONGEST else b""
    return (mark, content) if content and len(content) == length else None


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


@contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise OutputFailed(f"The progress file could not be written: {reason}.") from error
