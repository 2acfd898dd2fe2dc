"""Opening what wraps a text: plain files, gzip and zstd, streamed; everything else is named and refused.

The raw bytes are hashed in the same pass, and a container that expands beyond any honest text is stopped.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from floodmark.errors import (
    InputChanged,
    LimitExceeded,
    NothingToRead,
    UnknownContainer,
    UnreadableInput,
)

READ_SIZE = 1 << 20
MAX_RATIO = 300
RATIO_FLOOR = 1 << 28
MAX_WINDOW = 1 << 27
ZSTD_PIECE = 2048

# First bytes of formats that are not text (public "magic number" lists, as in file(1)).
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip archive (or an Office document)"),
    (b"PK\x05\x06", "empty zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"\xfd7zXZ\x00", "xz stream"),
    (b"BZh", "bzip2 stream"),
    (b"\x7fELF", "ELF program"),
    (b"MZ\x90\x00", "Windows program"),
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"GIF8", "GIF picture"),
    (b"%PDF-", "PDF document"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"PAR1", "Parquet file"),
    (b"ARROW1", "Arrow file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document"),
    (b"\x04\x22\x4d\x18", "lz4 stream"),
    (b"-----BEGIN PGP MESSAGE", "OpenPGP message"),
    (b"age-encryption.org/", "age-encrypted file"),
    (b"Salted__", "OpenSSL-encrypted file"),
)


class Watcher(Protocol):
    """Told of every raw byte read, in order; used for hashing and progress."""

    def __call__(self, data: bytes) -> None:
        """Take the next raw bytes."""


@dataclass(frozen=True)
class Fingerprint:
    """What must not change while a file is read."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, handle: BinaryIO) -> Fingerprint:
        """Fingerprint of an open file."""
        status = os.fstat(handle.fileno())
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; a symlink given by name is followed.

    Raises:
        NothingToRead: the path does not exist.
        UnreadableInput: it is a folder, a pipe, a device or a socket, a loop of links, or not permitted.
    """
    try:
        # O_NONBLOCK so that a named pipe without a writer cannot hang the open.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise NothingToRead(f"No such file: {path.name}", "Check the path and the spelling.") from error
    except ValueError as error:
        raise NothingToRead("No file can have this name", "Check the path and the spelling.") from error
    except PermissionError as error:
        raise UnreadableInput(
            f"Not permitted to read {path.name}", "Ask for read permission, or run as a user who has it."
        ) from error
    except OSError as error:
        raise UnreadableInput(f"Cannot open {path.name}: {error.strerror}") from error
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        raise UnreadableInput(f"{path.name} is {what}", "Name the files themselves.")
    return os.fdopen(descriptor, "rb", buffering=0)


def container_of(head: bytes) -> str:
    """Kind of container by its first bytes.

    Raises:
        UnknownContainer: a format that is not text and that this version does not open.
    """
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd"
    for magic, name in MAGIC:
        if head.startswith(magic):
            raise UnknownContainer(
                f"This is a {name}, not text", "Unpack it and name the text file inside it."
            )
    if head[257:262] == b"ustar":
        raise UnknownContainer(
            "This is a tar archive, not text", "Unpack it and name the text files inside it."
        )
    return "plain"


class TextSource:
    """The text of one file, its container opened, as a stream of bytes.

    Args:
        path: a regular file.
        watch: told of every raw byte in order (hashing, progress).
        max_ratio: largest ratio of text to raw bytes that is believed, beyond the first 256 MiB.
    """

    def __init__(self, path: Path, watch: Watcher | None = None, max_ratio: int = MAX_RATIO) -> None:
        self.path = path
        self._watch = watch
        self._max_ratio = max_ratio
        self._file = open_regular(path)
        self._before = Fingerprint.of(self._file)
        self.size = self._before.size
        self.raw_read = 0
        self.text_read = 0
        try:
            head = self._file.read(512)
            self._file.seek(0)
            self.container = container_of(head)
        except BaseException:
            self._file.close()
            raise
        readers: dict[str, Callable[[int], bytes]] = {
            "plain": self._raw,
            "gzip": _GzipReader(self._raw, path.name).read,
            "zstd": _ZstdReader(self._raw, path.name).read,
        }
        self._decompress = readers[self.container]

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of text; fewer only near the end, none at the end."""
        parts: list[bytes] = []
        wanted = size
        while wanted > 0:
            part = self._decompress(wanted)
            if not part:
                break
            parts.append(part)
            wanted -= len(part)
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        self.text_read += len(data)
        if self.text_read > RATIO_FLOOR and self.text_read > self.raw_read * self._max_ratio:
            raise LimitExceeded(
                f"{self.path.name} expands more than {self._max_ratio} times, which no text does",
                "It looks like a decompression bomb; nothing was read from it beyond this point.",
            )
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def finish(self) -> None:
        """Read what a decompressor left behind, so that every raw byte is hashed, and check for changes.

        Raises:
            InputChanged: size, time or identity of the file differ from when it was opened.
        """
        while self._raw(READ_SIZE):
            pass
        try:
            replaced = self.path.stat().st_ino != self._before.inode
        except OSError:
            replaced = True
        if replaced or Fingerprint.of(self._file) != self._before or self.raw_read != self.size:
            raise InputChanged(f"{self.path.name} changed while it was read")

    def _raw(self, size: int) -> bytes:
        # Never past the size at opening, so that a file that grows without end is still read to an end.
        size = min(size, self.size - self.raw_read)
        try:
            data = self._file.read(size) if size > 0 else b""
        except OSError as error:
            raise UnreadableInput(f"Cannot read {self.path.name}: {error.strerror}") from error
        self.raw_read += len(data)
        if data and self._watch is not None:
            self._watch(data)
        return data


class _ZstdReader:
    """All frames of a zstd file, one after the other (RFC 8878), with clear errors."""

    def __init__(self, raw: Callable[[int], bytes], name: str) -> None:
        self._raw = raw
        self._name = name
        self._expand = self._frame()
        self._pending = b""
        self._ready = b""
        self._started = False

    @staticmethod
    def _frame() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj()

    def read(self, size: int) -> bytes:
        while not self._ready:
            # A few bytes can stand for a block of 128 KiB: so few at a time bound what comes out at once.
            if not self._pending:
                self._pending = self._raw(READ_SIZE)
            if not self._pending:
                if self._started:
                    raise self._damaged("cut off")
                return b""
            piece, self._pending = self._pending[:ZSTD_PIECE], self._pending[ZSTD_PIECE:]
            try:
                self._ready = self._expand.decompress(piece)
            except zstandard.ZstdError as error:
                raise self._damaged("damaged") from error
            self._started = not self._expand.eof
            if self._expand.eof:
                self._pending = self._expand.unused_data + self._pending
                self._expand = self._frame()
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _damaged(self, how: str) -> UnreadableInput:
        return UnreadableInput(
            f"{self._name} is a zstd file that is {how}",
            "Get the file again; `zstd -t` tells where it breaks.",
        )


class _GzipReader:
    """All members of a gzip file, one after the other (RFC 1952), with clear errors."""

    def __init__(self, raw: Callable[[int], bytes], name: str) -> None:
        self._raw = raw
        self._name = name
        self._inflate = zlib.decompressobj(wbits=31)
        self._pending = b""
        self._started = False

    def read(self, size: int) -> bytes:
        while True:
            data = self._pending or self._raw(READ_SIZE)
            self._pending = b""
            if self._inflate.eof:
                data = data.lstrip(b"\x00")  # padding between or after members, as gzip(1) allows
                if not data:
                    if not (rest := self._raw(READ_SIZE)):
                        return b""
                    self._pending = rest
                    continue
                self._inflate = zlib.decompressobj(wbits=31)
                self._started = False
            if not data:
                if self._started and not self._inflate.eof:
                    raise self._damaged("cut off")
                return b""
            try:
                text = self._inflate.decompress(data, size)
            except zlib.error as error:
                raise self._damaged("damaged") from error
            self._started = True
            self._pending = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            if text:
                return text

    def _damaged(self, how: str) -> UnreadableInput:
        return UnreadableInput(
            f"{self._name} is a gzip file that is {how}", "Get the file again, or rescue it with `gzrecover`."
        )
