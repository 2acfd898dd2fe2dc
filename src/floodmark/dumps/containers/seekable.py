"""Bytes that can be read from anywhere: the file itself, or a spool."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from floodmark.dumps.secret_file import SecretFile

if TYPE_CHECKING:
    from typing_extensions import Buffer

PIECE = 1 << 20


class Seekable(Protocol):
    """Bytes that can be read from anywhere."""

    size: int

    def pread(self, offset: int, size: int) -> bytes:
        """Bytes from an offset; fewer only at the end."""


class Spool:
    """A stream put into an encrypted file without a name.

    Args:
        read: gives as many bytes as asked for until the end.
        directory: folder for the file.

    Raises:
        SpoolFailed: there is no space.
    """

    def __init__(self, read: Callable[[int], bytes], directory: Path) -> None:
        self._secret = SecretFile(directory)
        self.size = 0
        try:
            # A part of whole cipher blocks is not padded, so that offsets in the spool are offsets in the stream.
            while data := read(PIECE):
                self._secret.append(data)
                self.size += len(data)
        except BaseException:
            self._secret.close()
            raise

    def pread(self, offset: int, size: int) -> bytes:
        """Bytes from an offset; fewer only at the end."""
        size = min(size, self.size - offset)
        return bytes(self._secret.read(offset, size)) if size > 0 else b""

    def close(self) -> None:
        """Give the space back."""
        self._secret.close()


class SeekableFile(io.RawIOBase):
    """A binary file for libraries that want one.

    Args:
        bytes_of: where its bytes are.
    """

    def __init__(self, bytes_of: Seekable) -> None:
        super().__init__()
        self._bytes = bytes_of
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to an offset."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._bytes.size}[whence]
        if origin + offset < 0:
            raise ValueError("negative seek position")
        self._at = origin + offset
        return self._at

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        """Fill a buffer; fewer bytes only at the end."""
        view = memoryview(buffer).cast("B")
        data = self._bytes.pread(self._at, min(len(view), PIECE))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
