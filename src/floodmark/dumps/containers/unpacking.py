"""Opening a file, whatever is around its texts, and giving them one after the other.

>>> import gzip, tempfile, zipfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder) / "dump.zip"
...     with zipfile.ZipFile(path, "w") as archive:
...         archive.writestr("egypt.csv", "phone,name")
...         archive.writestr("more/italy.csv.gz", gzip.compress(b"name;phone"))
...     [(member.name, member.wrapping, member.source.read(1 << 20)) for member in members(path)]
[('egypt.csv', ('zip',), b'phone,name'), ('more/italy.csv.gz', ('zip', 'gzip'), b'name;phone')]
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from floodmark.dumps.containers import tape, zip_members
from floodmark.dumps.containers.block_streams import BlockStreams
from floodmark.dumps.containers.formats import HEAD_SIZE, format_of
from floodmark.dumps.containers.gzip_members import GzipReader
from floodmark.dumps.containers.labels import Labels
from floodmark.dumps.containers.member import Entry, Member
from floodmark.dumps.containers.opened import Opened
from floodmark.dumps.containers.opening import Allowance, Opening
from floodmark.dumps.containers.outer import Outer
from floodmark.dumps.containers.regular import Watcher
from floodmark.dumps.containers.seekable import Seekable, SeekableFile, Spool
from floodmark.dumps.containers.stream import Kind, Pull, Source, Stream
from floodmark.dumps.containers.zip_directory import find_directory, headers
from floodmark.dumps.containers.zstd_frames import ZstdReader
from floodmark.dumps.secret_file import spool_directory
from floodmark.errors import LimitExceeded, UnknownContainer, UnreadableInput

STREAMS: dict[str, Callable[[Pull], Pull]] = {
    "gzip": lambda pull: GzipReader(pull, "This").read,
    "zstd": lambda pull: ZstdReader(pull, "This").read,
    "bzip2": lambda pull: BlockStreams(pull, "bzip2").read,
    "xz": lambda pull: BlockStreams(pull, "xz").read,
    "lzma": lambda pull: BlockStreams(pull, "lzma").read,
}
OFFICE = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "binary Excel workbook",
    "word/document.xml": "Word document",
    "ppt/presentation.xml": "PowerPoint document",
}


def members(
    path: Path,
    opening: Opening = Opening(),  # noqa: B008  # frozen
    *,
    watch: Watcher | None = None,
    advance: Callable[[int], None] | None = None,
) -> Generator[Member, None, None]:
    """Every text in a file, each to be read before the next is asked for; what is left of it is passed over.

    Args:
        path: a regular file: a text, a compressed text or an archive, nested to any depth that `opening` allows.
        opening: passwords and limits.
        watch: told of every raw byte of the file once and in order, for hashing.
        advance: told how many raw bytes more are done with, for a progress bar; adds up to the file's size.

    Yields:
        The members in the order of their archives. A plain file has one, named "".

    Raises:
        NothingToRead: there is no such file.
        UnreadableInput: it cannot be opened or read, or is no regular file.
        InputChanged: it changed meanwhile.
        SpoolFailed: there is no temporary space for an archive that has to be read from its end.
    """
    outer = Outer(path, watch, advance)
    try:
        unpacking = _Unpacking(outer, opening)
        yield from unpacking.opened(Stream(outer.read), "", (), outer.size, outer)
        outer.finish()
    finally:
        outer.close()


class _Unpacking:
    """One file and what was used of its limits."""

    def __init__(self, outer: Outer, opening: Opening) -> None:
        self._outer = outer
        self._opening = opening
        self._allowance = Allowance(opening, lambda: outer.done)
        self._labels = Labels(opening.name_length)

    def opened(
        self, stream: Stream, label: str, wrapping: tuple[str, ...], size: int | None, whole: Seekable | None
    ) -> Iterator[Member]:
        """Members of what begins here.

        Args:
            stream: its bytes.
            label: what it is called.
            wrapping: containers around it.
            size: bytes of it, if something says so.
            whole: its bytes to seek in, where they are so at hand.
        """
        try:
            while (form := format_of(stream.peek(HEAD_SIZE))) not in ("plain", "parquet"):
                self._check_depth(wrapping)
                wrapping = (*wrapping, form)
                if form not in STREAMS:
                    break
                stream, size, whole = Stream(self._counted(STREAMS[form](stream.some))), None, None
            kind: Kind = "parquet" if form == "parquet" else "text"
        except (LimitExceeded, UnknownContainer, UnreadableInput) as error:
            yield Member(label, wrapping, size, None, error)
            return
        if form == "tar":
            yield from self._archive(tape.entries(stream), label, wrapping)
        elif form == "zip":
            yield from self._zip(stream, label, wrapping, size, whole)
        elif form in ("plain", "parquet"):
            yield from self._text(stream, label, wrapping, size, whole, kind)
        else:
            problem = UnknownContainer(f"This is a {form} archive", "Unpack it and name the text inside it.")
            yield Member(label, wrapping, size, None, problem)

    def _text(
        self,
        stream: Stream,
        label: str,
        wrapping: tuple[str, ...],
        size: int | None,
        whole: Seekable | None,
        kind: Kind,
    ) -> Iterator[Member]:
        again = None if label else partial(_reopened, self._outer.path, self._opening)
        with closing(Opened(stream, self._allowance, kind, whole, again)) as source:
            yield Member(label, wrapping, size, source)

    def _archive(self, entries: Iterator[Entry], label: str, wrapping: tuple[str, ...]) -> Iterator[Member]:
        """Members of an archive, and at the end what is the matter with it."""
        try:
            for entry in entries:
                self._allowance.member()
                if entry.folder:
                    continue
                name = self._labels.label(label, entry.name)
                if entry.pull is None:
                    yield Member(name, wrapping, entry.size, None, entry.problem)
                else:
                    yield from self.opened(Stream(entry.pull), name, wrapping, entry.size, None)
        except (LimitExceeded, UnknownContainer, UnreadableInput) as error:
            yield Member(label, wrapping, None, None, error)

    def _zip(
        self,
        stream: Stream,
        label: str,
        wrapping: tuple[str, ...],
        size: int | None,
        whole: Seekable | None,
    ) -> Iterator[Member]:
        with ExitStack() as stack:
            try:
                archive = whole or stack.enter_context(closing(Spool(stream.read, spool_directory())))
                directory = find_directory(archive)
                if directory is None:
                    raise UnreadableInput("This zip archive is cut off", "Get it again.")
                listed = list(headers(archive, directory, self._opening.members))
                if office := next((OFFICE[member.name] for member in listed if member.name in OFFICE), None):
                    if office != "xlsx":
                        raise UnknownContainer(f"This is a {office}, not text", "Save it as CSV or xlsx.")
                    own = SeekableFile(archive)
                    yield from self._text(Stream(own.read), label, wrapping[:-1], size, archive, "xlsx")
                    return
                zip_members.check_places(listed, directory)
                entries = zip_members.entries(archive, listed, self._passed if archive is whole else _ignored)
            except (LimitExceeded, UnknownContainer, UnreadableInput) as error:
                yield Member(label, wrapping, size, None, error)
                return
            yield from self._archive(map(self._counted_entry, entries), label, wrapping)

    def _passed(self, size: int) -> None:
        self._outer.reached(self._outer.done + size)

    def _counted(self, pull: Pull) -> Pull:
        def counted(size: int) -> bytes:
            data = pull(size)
            self._allowance.unpacked(len(data))
            return data

        return counted

    def _counted_entry(self, entry: Entry) -> Entry:
        return entry if entry.pull is None else replace(entry, pull=self._counted(entry.pull))

    def _check_depth(self, wrapping: tuple[str, ...]) -> None:
        if len(wrapping) >= self._opening.depth:
            raise LimitExceeded(
                f"There are more than {self._opening.depth} containers one in the other",
                "Unpack the outer ones, and name what is inside.",
            )


def _ignored(size: int) -> None:
    """Nobody counts these bytes."""


def _reopened(path: Path, opening: Opening) -> Source | None:
    """The text of a file from its start, with a file of its own that closes with it."""
    again = members(path, opening)
    source = next(again).source
    if isinstance(source, Opened):
        source.when_closed = again.close
    return source
