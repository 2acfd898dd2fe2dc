"""The bytes of a zip archive's members, by its directory, each checked against its own header and checksum."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Generator, Sequence

from floodmark.dumps.containers.block_streams import BlockStreams
from floodmark.dumps.containers.feed import Feed
from floodmark.dumps.containers.inflate import Damaged, Inflate
from floodmark.dumps.containers.member import Entry
from floodmark.dumps.containers.seekable import Seekable
from floodmark.dumps.containers.stream import Pull
from floodmark.dumps.containers.zip_directory import DESCRIPTOR, NO_32, Directory, ZipMember
from floodmark.dumps.containers.zip_lzma import ZipLzma
from floodmark.dumps.containers.zstd_frames import ZstdReader
from floodmark.errors import LimitExceeded, UnreadableInput

LOCAL = struct.Struct("<4s5H3L2H")
METHODS = {0, 8, 12, 14, 93, 95}  # stored, deflated, bzip2, lzma, zstd, xz
READ_SIZE = 1 << 18


def check_places(members: Sequence[ZipMember], directory: Directory) -> None:
    """Refuse members that share bytes: a small file could stand for any amount of text.

    Raises:
        LimitExceeded: two members overlap, or one overlaps the directory (Fifield, WOOT 2019).
    """
    ends = 0
    for member in sorted(members, key=lambda member: member.offset):
        if member.offset < ends:
            raise LimitExceeded(
                "Members of this zip archive overlap, as only a decompression bomb's do",
                "Nothing was read from it.",
            )
        ends = member.offset + LOCAL.size + len(member.raw_name) + member.packed
    if ends > directory.start:
        raise UnreadableInput("This zip archive says of itself that it is larger than it is", "Get it again.")


def entries(
    archive: Seekable, members: Sequence[ZipMember], passed: Callable[[int], None]
) -> Generator[Entry, None, None]:
    """Entries of the archive, in the order of the directory.

    Args:
        archive: the archive.
        members: its members; the methods of all are in `METHODS` and none is encrypted.
        passed: told of the compressed bytes of each member as they are read.
    """
    for member in members:
        if member.name.endswith("/") and not member.size:
            yield Entry(member.name, folder=True)
        elif member.link:
            problem = UnreadableInput("This member is a link, not a file", "It is named and never followed.")
            yield Entry(member.name, problem=problem)
        else:
            yield Entry(member.name, member.size, _Body(archive, member, passed).read)


class _Body:
    """The bytes of one member."""

    def __init__(self, archive: Seekable, member: ZipMember, passed: Callable[[int], None]) -> None:
        self._archive = archive
        self._member = member
        self._passed = passed
        self._at = -1
        self._left = member.packed
        self._crc = 0
        self._given = 0
        self._expand = self._method()

    def read(self, size: int) -> bytes:
        if self._at < 0:
            self._at = self._start()
        data = self._expand(size) if size > 0 else b""
        self._crc = zlib.crc32(data, self._crc)
        self._given += len(data)
        ended = not data and size > 0
        if ended and self._crc != self._member.crc:
            raise _damaged()
        if ended and self._given != self._member.size:
            raise UnreadableInput(
                "This member has another size than its zip archive says",
                "All of it was read, and its checksum is right: only the size that is stated is wrong.",
            )
        return data

    def _method(self) -> Pull:
        match self._member.method:
            case 8:
                return _Inflated(self._raw).read
            case 12:
                return BlockStreams(self._raw, "bzip2").read
            case 14:
                return ZipLzma(self._raw, self._member.size).read
            case 93:
                return ZstdReader(self._raw, "This member").read
            case 95:
                return BlockStreams(self._raw, "xz").read
        return self._raw

    def _raw(self, size: int) -> bytes:
        data = self._archive.pread(self._at, min(size, self._left, READ_SIZE))
        if not data and self._left and size:
            raise UnreadableInput("This member is cut off", "Get the archive again.")
        self._at += len(data)
        self._left -= len(data)
        self._passed(len(data))
        return data

    def _start(self) -> int:
        """Offset of the member's bytes, after a header that must say what the directory says."""
        member = self._member
        header = self._archive.pread(member.offset, LOCAL.size)
        if len(header) < LOCAL.size or not header.startswith(b"PK\x03\x04"):
            raise _damaged()
        _, _, flags, method, _, _, _, packed, size, name_size, extra_size = LOCAL.unpack(header)
        begin: int = member.offset + LOCAL.size + name_size + extra_size
        name = self._archive.pread(member.offset + LOCAL.size, name_size)
        told = flags & DESCRIPTOR or NO_32 in (packed, size) or packed == member.packed
        if name != member.raw_name or method != member.method or not told:
            raise UnreadableInput(
                "This member's header says something else than the directory of its zip archive",
                "Somebody may have changed it by hand: unpack it with two programs and compare.",
            )
        return begin


class _Inflated:
    """Bytes out of a raw deflate stream (RFC 1951)."""

    def __init__(self, raw: Pull) -> None:
        self._feed = Feed(raw)
        self._inflate = Inflate(-15)

    def read(self, size: int) -> bytes:
        while not self._inflate.eof:
            data = self._inflate.left or self._feed.piece()
            try:
                text = self._inflate.expand(data, size)
            except Damaged as error:
                raise _damaged() from error
            if text:
                return text
            if not data and not self._inflate.eof:
                raise _damaged()
        return b""


def _damaged() -> UnreadableInput:
    return UnreadableInput(
        "This member of a zip archive is damaged", "Get it again; `unzip -t` tells which are."
    )
