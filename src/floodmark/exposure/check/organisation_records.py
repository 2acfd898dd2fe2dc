r"""A file of records, each encrypted, that grows at its end and survives a kill at any point.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "records"
    ...     with RecordFile.opened(path, bytes(32)) as file:
    ...         file.append([b"one", b"two"])
    ...     with RecordFile.opened(path, bytes(32)) as file:
    ...         file.before
    [b'one', b'two']

A magic, and then what each run appended: a salt, from which and the secret its key comes, and records, each a length
and a text sealed with AES-256-GCM. A record's nonce is its place in the file: none comes twice under one key, and a
record opens nowhere else. What a kill cut short is dropped when the file is opened again; what is damaged before
something whole is an error, since nobody knows what it said.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self

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
_MARK = re.compile(PART + b"|" + RECORD)


class ProgressLocked(FloodmarkError):
    """The progress file cannot be opened with the keys there are, or is no progress file."""

    slug: ClassVar[str] = "progress-locked"
    hint = (
        "Run it with the keys (FLOODMARK_KEYS) that it was begun with, or name another output and begin anew."
    )


class ProgressDamaged(FloodmarkError):
    """The progress file is not as it was written."""

    slug: ClassVar[str] = "progress-damaged"
    hint = "Put back a copy of it, or name another output: everybody is asked anew then, and paid for again."


class ProgressBusy(FloodmarkError):
    """Another process works on the same output."""

    slug: ClassVar[str] = "progress-busy"
    hint = "Wait for it, or stop it first."


class RecordFile:
    """A file of records, held by this process alone; made by `opened`.

    Attributes:
        before: the records that were there when it was opened.
    """

    def __init__(self, descriptor: int, secret: bytes) -> None:
        self._descriptor = descriptor
        self._secret = secret
        self._cipher: AESGCM | None = None
        self.before: list[bytes] = []

    @classmethod
    def opened(cls, path: Path, secret: bytes) -> Self:
        """Open a file, or make it; mode 0600, whatever it was. What is refused is left as it is.

        Args:
            path: where it is or is to be; no link.
            secret: what it is encrypted under, 32 bytes.

        Raises:
            ProgressLocked: it was made with another secret, or is no such file.
            ProgressDamaged: something in it was changed.
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
                _write(self._descriptor, b"".join(self._sealed(start, records)))
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
            end = self._read(path.name)
            os.fchmod(self._descriptor, PRIVATE)
            if not end:
                _write(self._descriptor, MAGIC)
            else:
                os.ftruncate(self._descriptor, end)

    def _read(self, name: str) -> int:
        """Take every record; where the last one ends, 0 in an empty file.

        Raises:
            ProgressLocked, ProgressDamaged: as for `opened`.
        """
        if not os.fstat(self._descriptor).st_size:
            return 0
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
            if data[: len(MAGIC)] != MAGIC:
                raise ProgressLocked(f"{name} is no progress file.")
            end, cipher = len(MAGIC), None
            at = end
            while at < len(data):
                if (salt := _salt(data, at)) is not None:
                    at, cipher = at + 1 + SALT_BYTES, self._cipher_of(salt)
                elif (plain := _plain(data, at, cipher)) is not None:
                    self.before.append(plain)
                    at = end = at + _size(data, at)
                else:
                    self._see_that_a_kill_cut(data, at, cipher, name)
                    break
            return end

    def _see_that_a_kill_cut(self, data: mmap.mmap, at: int, cipher: AESGCM | None, name: str) -> None:
        """See that what does not open is the end of the file, cut short.

        Raises:
            ProgressLocked: nothing opens.
            ProgressDamaged: something whole comes after it.
        """
        after = self._any_opens(data, at + 1, cipher)
        # A power cut may leave the last record without its content.
        last = bool(self.before) and at + _size(data, at) == len(data)
        if not after and (last or _is_cut_short(data, at)):
            return
        if after or self.before:
            raise ProgressDamaged(f"{name} is damaged at byte {at:,}: it is not as it was written.")
        raise ProgressLocked(f"{name} was begun with other keys.")

    def _any_opens(self, data: mmap.mmap, start: int, cipher: AESGCM | None) -> bool:
        """Whether a record opens anywhere from a place on."""
        for at in (found.start() for found in _MARK.finditer(data, start)):
            if _plain(data, at, cipher) is not None:
                return True
            salt = _salt(data, at)
            first = at + 1 + SALT_BYTES
            if (
                salt is not None
                and _size(data, first)
                and _plain(data, first, self._cipher_of(salt)) is not None
            ):
                return True
        return False

    def _sealed(self, at: int, records: Iterable[bytes]) -> Iterator[bytes]:
        if self._cipher is None:
            salt = secrets.token_bytes(SALT_BYTES)
            self._cipher = self._cipher_of(salt)
            yield PART + salt
            at += 1 + SALT_BYTES
        for plain in records:
            sealed = self._cipher.encrypt(_nonce(at), plain, None)
            yield RECORD + len(sealed).to_bytes(LENGTH_BYTES) + sealed
            at += 1 + LENGTH_BYTES + len(sealed)

    def _cipher_of(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt, b"floodmark/check-progress/1").derive(self._secret))


def _salt(data: mmap.mmap, at: int) -> bytes | None:
    """The salt of a part that begins here, None where none does."""
    salt = data[at + 1 : at + 1 + SALT_BYTES]
    return salt if data[at : at + 1] == PART and len(salt) == SALT_BYTES else None


def _size(data: mmap.mmap, at: int) -> int:
    """Bytes of the record that begins here, 0 where none does that is whole."""
    if data[at : at + 1] != RECORD:
        return 0
    length = int.from_bytes(data[at + 1 : at + 1 + LENGTH_BYTES])
    size = 1 + LENGTH_BYTES + length
    return size if 0 < length <= LONGEST and at + size <= len(data) else 0


def _is_cut_short(data: mmap.mmap, at: int) -> bool:
    """Whether what begins here is less than a salt or a record, or was never written."""
    mark, length = data[at : at + 1], int.from_bytes(data[at + 1 : at + 1 + LENGTH_BYTES])
    rest = len(data) - at
    if mark == RECORD:
        return rest <= LENGTH_BYTES or rest - 1 - LENGTH_BYTES < length <= LONGEST
    return (mark == PART and rest <= SALT_BYTES) or not data[at:].strip(b"\0")


def _plain(data: mmap.mmap, at: int, cipher: AESGCM | None) -> bytes | None:
    """What the record that begins here says, None where none does that opens."""
    size = _size(data, at)
    if not size or cipher is None:
        return None
    try:
        return cipher.decrypt(_nonce(at), data[at + 1 + LENGTH_BYTES : at + size], None)
    except InvalidTag:
        return None


def _nonce(at: int) -> bytes:
    return at.to_bytes(12)


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
