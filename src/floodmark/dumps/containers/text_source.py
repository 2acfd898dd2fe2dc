"""The text of one plain, gzip or zstd file as a stream, hashed in the same pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from floodmark.dumps.containers.formats import container_of
from floodmark.dumps.containers.gzip_members import GzipReader
from floodmark.dumps.containers.regular import Fingerprint, Watcher, open_regular
from floodmark.dumps.containers.zstd_frames import ZstdReader
from floodmark.errors import InputChanged, LimitExceeded, UnreadableInput

READ_SIZE = 1 << 20
MAX_RATIO = 300
RATIO_FLOOR = 1 << 28


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
            "gzip": GzipReader(self._raw, path.name).read,
            "zstd": ZstdReader(self._raw, path.name).read,
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
