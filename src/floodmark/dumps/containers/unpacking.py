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

from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from floodmark.dumps.containers import foreign, tape
from floodmark.dumps.containers.block_streams import BlockStreams
from floodmark.dumps.containers.formats import HEAD_SIZE, format_of
from floodmark.dumps.containers.gzip_members import GzipReader
from floodmark.dumps.containers.labels import Labels
from floodmark.dumps.containers.member import Entry, Member
from floodmark.dumps.containers.opened import Opened
from floodmark.dumps.containers.opening import Allowance, Opening
from floodmark.dumps.containers.outer import Outer
from floodmark.dumps.containers.regular import Watcher
from floodmark.dumps.containers.sandbox.process import LibraryMissing
from floodmark.dumps.containers.sandbox.said import EncryptedMember
from floodmark.dumps.containers.seekable import Seekable, SeekableFile, Spool
from floodmark.dumps.containers.stream import Kind, Pull, Source, Stream
from floodmark.dumps.containers.zips import Zip
from floodmark.dumps.containers.zstd_frames import ZstdReader
from floodmark.dumps.secret_file import spool_directory
from floodmark.errors import FloodmarkError, LimitExceeded, UnknownContainer, UnreadableInput

# What is the matter with one member, or with the rest of one archive. Other errors end the reading of the file.
PROBLEMS = (EncryptedMember, LibraryMissing, LimitExceeded, UnknownContainer, UnreadableInput)
AT_ONCE = 1 << 16  # bytes that a decompressor is asked for


class _Reader(Protocol):
    def read(self, size: int) -> bytes: ...


STREAMS: dict[str, Callable[[Pull], _Reader]] = {
    "gzip": lambda pull: GzipReader(pull, "This"),
    "zstd": lambda pull: ZstdReader(pull, "This"),
    **{what: partial(BlockStreams, what=what) for what in ("bzip2", "xz", "lzma")},
    **{what: partial(foreign.Filtered, what=what) for what in foreign.FILTERS},
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
        yield from unpacking.opened(_Thing(Stream(outer.read), size=outer.size, whole=outer))
        outer.finish()
    finally:
        outer.close()


@dataclass(frozen=True)
class _Thing:
    """Something that begins with an unknown format.

    Attributes:
        stream: its bytes.
        label: what it is called.
        wrapping: containers around it.
        size: bytes of it, if something says so.
        whole: its bytes to seek in, where they are so at hand.
    """

    stream: Stream
    label: str = ""
    wrapping: tuple[str, ...] = ()
    size: int | None = None
    whole: Seekable | None = None

    def member(self, source: Source | None, problem: FloodmarkError | None = None) -> Member:
        return Member(self.label, self.wrapping, self.size, source, problem)


class _Unpacking:
    """One file and what was used of its limits."""

    def __init__(self, outer: Outer, opening: Opening) -> None:
        self._outer = outer
        self._opening = opening
        self._allowance = Allowance(opening, lambda: outer.done)
        self._labels = Labels(opening.name_length)
        self._ended = False

    def opened(self, thing: _Thing) -> Generator[Member, None, None]:
        """Members of what begins here; a thing without containers is its own only member."""
        with ExitStack() as stack:
            try:
                form = _form(thing.stream)
                while form in STREAMS:
                    thing = self._expanded(thing, form, stack)
                    form = _form(thing.stream)
                if form == "parquet":
                    found = self._text(thing, "parquet")
                elif form == "plain":
                    found = self._text(thing, "text")
                else:
                    thing = self._within(thing, form)
                    found = self._archived(thing, form, stack)
            except PROBLEMS as problem:
                yield thing.member(None, problem)
            else:
                yield from found

    def _archived(self, thing: _Thing, form: str, stack: ExitStack) -> Generator[Member, None, None]:
        if form == "tar":
            return self._members(thing, tape.entries(thing.stream), counted=False)
        if form == "rar":
            return self._members(thing, foreign.in_order(thing.stream, form, self._opening.passwords))
        archive = thing.whole
        if archive is None:
            archive = stack.enter_context(closing(Spool(thing.stream.read, spool_directory())))
        passed = self._passed if archive is self._outer else _ignored
        if form == "7z":
            return self._members(thing, foreign.seeking(archive, form, self._opening.passwords, passed))
        zipped = Zip(archive, self._opening)
        if zipped.is_workbook():
            # The stream may have gone into a spool.
            stream = Stream(SeekableFile(archive).read)
            return self._text(
                replace(thing, stream=stream, whole=archive, wrapping=thing.wrapping[:-1]), "xlsx"
            )
        return self._members(thing, zipped.entries(passed))

    def _text(self, thing: _Thing, kind: Kind) -> Generator[Member, None, None]:
        with closing(Opened(thing.stream, self._allowance, kind, thing.whole)) as source:
            yield thing.member(source)

    def _members(
        self, thing: _Thing, entries: Generator[Entry, None, None], *, counted: bool = True
    ) -> Generator[Member, None, None]:
        """Members of an archive, and at the end what is the matter with it."""
        try:
            with closing(entries):
                for entry in entries:
                    if self._allowance.exceeded is not None:
                        raise copy(self._allowance.exceeded)
                    self._allowance.member()
                    if entry.folder:
                        continue
                    name = self._labels.label(thing.label, entry.name)
                    if entry.pull is None:
                        yield Member(name, thing.wrapping, entry.size, None, entry.problem)
                        continue
                    stream = self._stream(entry.pull) if counted else Stream(entry.pull)
                    yield from self.opened(_Thing(stream, name, thing.wrapping, entry.size))
        except PROBLEMS as problem:
            # A limit of the whole file ends every archive around it, and is told once.
            if not self._ended:
                self._ended = self._allowance.exceeded is not None
                yield replace(thing, size=None).member(None, problem)

    def _expanded(self, thing: _Thing, form: str, stack: ExitStack) -> _Thing:
        thing = self._within(thing, form)
        reader = STREAMS[form](thing.stream.some)
        if isinstance(reader, foreign.Filtered):
            stack.callback(reader.close)
        return replace(thing, stream=self._stream(reader.read), size=None, whole=None)

    def _within(self, thing: _Thing, form: str) -> _Thing:
        if len(thing.wrapping) >= self._opening.depth:
            raise LimitExceeded(
                f"There are more than {self._opening.depth} containers one in the other",
                "Unpack the outer ones, and name what is inside.",
            )
        return replace(thing, wrapping=(*thing.wrapping, form))

    def _stream(self, pull: Pull) -> Stream:
        """What comes out of a container, counted."""

        def counted(size: int) -> bytes:
            data = pull(size)
            self._allowance.unpacked(len(data))
            return data

        return Stream(counted, AT_ONCE)

    def _passed(self, size: int) -> None:
        self._outer.reached(self._outer.done + size)


def _form(stream: Stream) -> str:
    form = format_of(stream.peek(HEAD_SIZE))
    return "tar" if form == "plain" and tape.is_empty(stream) else form


def _ignored(size: int) -> None:
    """Nobody counts these bytes."""
