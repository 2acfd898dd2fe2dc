"""A temporary file without a name whose bytes are unreadable without a key that only this process's memory holds.

The bytes may be phone numbers, or digests in a dump's order, so nothing of them may outlive the process: the file is
unlinked, mode 0600, and AES-256-CTR under a random key of its own. A crash leaves noise without a key.

    >>> from floodmark.dumps.secret_file import SecretFile, spool_directory
    >>> with SecretFile(spool_directory()) as file:
    ...     offset = file.append(b"a part of sixteen")
    ...     bytes(file.read(offset + 2, 4))
    b'part'
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from floodmark.errors import FloodmarkError

CIPHER_BLOCK = 16


class SpoolFailed(FloodmarkError):
    """Temporary space for intermediate results could not be opened, written or read back."""

    slug: ClassVar[str] = "spool-failed"
    hint = "Point FLOODMARK_TMP (or TMPDIR) to a folder that can be written to and has more free space."


def spool_directory() -> Path:
    """Folder for unnamed temporary files: `FLOODMARK_TMP`, else `TMPDIR` or what else `tempfile` finds."""
    chosen = os.environ.get("FLOODMARK_TMP")
    with _spool_errors("found"):
        return Path(chosen) if chosen else Path(tempfile.gettempdir())


class SecretFile:
    """Bytes that are appended in parts and read back from anywhere.

    Reading from several threads is safe, and so is reading beside one that appends.

    Args:
        directory: folder whose file system holds the bytes.

    Raises:
        SpoolFailed: the folder is missing, read-only or full.
    """

    def __init__(self, directory: Path) -> None:
        with _spool_errors("opened"):
            self._file = tempfile.TemporaryFile(dir=directory, buffering=0)  # noqa: SIM115  # see close
        self._key = algorithms.AES256(os.urandom(32))
        self.size = 0

    def append(self, data: bytes | memoryview) -> int:
        """Write a part after all others and return its offset, a multiple of `CIPHER_BLOCK`.

        Raises:
            SpoolFailed: the space is full or gone.
        """
        offset = self.size
        padding = -len(data) % CIPHER_BLOCK
        secret = self._cipher(offset).encryptor().update(bytes(data) + bytes(padding) if padding else data)
        with _spool_errors("written"):
            view = memoryview(secret)
            while view:
                view = view[self._file.write(view) :]
        self.size += len(secret)
        return offset

    def read(self, offset: int, size: int) -> memoryview:
        """Bytes `offset` to `offset + size` of what was appended.

        Raises:
            SpoolFailed: the bytes are not there any more.
        """
        skipped = offset % CIPHER_BLOCK
        origin = offset - skipped
        data = bytearray(size + skipped)
        with _spool_errors("read back"):
            view = memoryview(data)
            while view:
                got = os.preadv(self._file.fileno(), [view], origin + len(data) - len(view))
                if not got:
                    raise SpoolFailed("Temporary space lost what was written to it.")
                view = view[got:]
        plain = bytearray(len(data) + CIPHER_BLOCK - 1)
        self._cipher(origin).decryptor().update_into(data, plain)
        return memoryview(plain)[skipped : skipped + size]

    def close(self) -> None:
        """Give the space back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _cipher(self, offset: int) -> Cipher[modes.CTR]:
        return Cipher(self._key, modes.CTR((offset // CIPHER_BLOCK).to_bytes(CIPHER_BLOCK, "big")))


@contextmanager
def _spool_errors(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise SpoolFailed(f"Temporary space could not be {what}: {reason}.") from error
