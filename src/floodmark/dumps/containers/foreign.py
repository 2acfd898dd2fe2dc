"""What libarchive opens: RAR, 7z, zip archives that are encrypted or cut off, and rarer compressed streams."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from floodmark.dumps.containers.member import Entry
from floodmark.dumps.containers.sandbox.process import ArchiveProcess
from floodmark.dumps.containers.seekable import Seekable
from floodmark.dumps.containers.stream import Pull, Stream
from floodmark.dumps.containers.wholeness import HEAD_SIZE, TAIL_SIZE, check_whole, has_end_mark
from floodmark.errors import UnreadableInput

FILTERS = {"lz4": "filter_lz4", "lzip": "filter_lzip", "compress": "filter_compress"}
IN_ORDER = {"rar": ("format_rar", "format_rar5")}
SEEKING = {"7z": ("format_7zip",), "zip": ("format_zip_seekable",)}


def in_order(stream: Stream, container: str, passwords: Sequence[str] = ()) -> Generator[Entry, None, None]:
    """Entries of an archive that is read from its beginning.

    Args:
        stream: its bytes.
        container: "rar", or "zip" for one without a directory.
        passwords: tried in order.

    Raises:
        FloodmarkError: those of `ArchiveProcess.entries`, and where it is one part of several.
    """
    check_whole(stream.peek(HEAD_SIZE), None)
    supports = IN_ORDER.get(container, ("format_zip_streamable",))
    tail = b""

    def read_next(_: int, size: int) -> bytes:
        nonlocal tail
        data = stream.some(size)
        tail = (tail + data[-TAIL_SIZE:])[-TAIL_SIZE:]
        return data

    with ArchiveProcess(read_next, None, supports, container, passwords) as process:
        yield from process.entries()
        # libarchive takes the end of the bytes for the end of the archive, which has a mark of its own.
        if container == "rar" and process.read_past_end and not has_end_mark(tail):
            raise UnreadableInput(
                "This rar archive has no end mark, so it is probably cut off",
                "Get it again; what there is was read.",
            )


def seeking(
    archive: Seekable, container: str, passwords: Sequence[str], passed: Callable[[int], None]
) -> Generator[Entry, None, None]:
    """Entries of an archive whose directory is at its end.

    Args:
        archive: its bytes.
        container: "7z" or "zip".
        passwords: tried in order.
        passed: told how many bytes of the archive are read each time.

    Raises:
        FloodmarkError: those of `ArchiveProcess.entries`, and where it is one part of several.
    """
    check_whole(archive.pread(0, HEAD_SIZE), archive.size)

    def read_at(offset: int, size: int) -> bytes:
        data = archive.pread(offset, size)
        passed(len(data))
        return data

    with ArchiveProcess(read_at, archive.size, SEEKING[container], container, passwords) as process:
        yield from process.entries()


class Filtered:
    """Bytes out of a compressed stream that only libarchive knows.

    Args:
        raw: the compressed bytes.
        what: name of the format.
    """

    def __init__(self, raw: Pull, what: str) -> None:
        self._raw = raw
        self._what = what
        self._texts: Generator[Entry, None, None] | None = None
        self._text: Pull | None = None

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        if self._texts is None:
            self._texts = self._entries()
            self._text = next(self._texts, Entry("")).pull
        data = self._text(size) if self._text is not None else b""
        if not data:
            next(self._texts, None)
            self._text = None
        return data

    def close(self) -> None:
        """End the process that reads it."""
        if self._texts is not None:
            self._texts.close()

    def _entries(self) -> Generator[Entry, None, None]:
        supports = (FILTERS[self._what], "format_raw")
        with ArchiveProcess(lambda _, size: self._raw(size), None, supports, self._what) as process:
            yield from process.entries()
