"""The directory at the end of a zip archive: which members it has and where they stand.

Read by our own code, a piece at a time and within bounds: `zipfile` holds the whole directory, and believes its
count. Names of fields are those of APPNOTE.TXT, version 6.3.10.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from floodmark.dumps.containers.labels import decoded
from floodmark.dumps.containers.seekable import Seekable
from floodmark.errors import LimitExceeded, UnreadableInput

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
HEADER = struct.Struct("<4s6H3L5H2L")
COMMENT_SIZE = 1 << 16
NO_32, NO_16 = 0xFFFFFFFF, 0xFFFF
ENCRYPTED, DESCRIPTOR, UTF_8 = 0x0001, 0x0008, 0x0800
PIECE = 1 << 16
OTHER_VOLUME = "This is one part of a zip archive in several"


@dataclass(frozen=True, slots=True)
class ZipMember:
    """One header of the directory.

    Attributes:
        name: as text.
        raw_name: as it stands there.
        method: how it is compressed.
        flags: general purpose bits.
        crc: CRC-32 of its bytes.
        packed: compressed bytes.
        size: bytes.
        offset: of its local header in the file.
        link: whether it is a link of Unix.
    """

    name: str
    raw_name: bytes
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int
    link: bool

    @property
    def encrypted(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & ENCRYPTED)


@dataclass(frozen=True)
class Directory:
    """Where the directory is.

    Attributes:
        start: offset of its first header.
        size: bytes.
        moved: bytes that stand before the archive, by which every offset in it is off.
    """

    start: int
    size: int
    moved: int


def find_directory(archive: Seekable) -> Directory | None:
    """The directory; None where the archive has none, mostly because it is cut off.

    Raises:
        UnreadableInput: it is one volume of several, or its end makes no sense.
    """
    tail_at = max(0, archive.size - COMMENT_SIZE - END.size)
    tail = archive.pread(tail_at, archive.size - tail_at)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END.size:
        return None
    _, disk, first_disk, _, _, size, offset, _ = END.unpack_from(tail, at)
    end = tail_at + at
    locator = archive.pread(end - LOCATOR.size, LOCATOR.size) if end >= LOCATOR.size else b""
    if locator.startswith(b"PK\x06\x07"):
        _, _, end, disks = LOCATOR.unpack(locator)
        record = archive.pread(end, END_64.size)
        if len(record) < END_64.size or not record.startswith(b"PK\x06\x06"):
            raise _damaged()
        _, _, _, _, disk, first_disk, _, _, size, offset = END_64.unpack(record)
        disk = max(disk, disks - 1) if disks else disk
    if disk not in (0, NO_16) or first_disk not in (0, NO_16):
        raise UnreadableInput(OTHER_VOLUME, "Join its parts with `zip -s 0 FIRST.zip --out whole.zip`.")
    start = end - size
    if start < 0 or start < offset:
        raise _damaged()
    return Directory(start, size, start - offset)


def headers(archive: Seekable, directory: Directory, limit: int) -> Iterator[ZipMember]:
    """Members in the order of the directory.

    Raises:
        UnreadableInput: the directory is damaged.
        LimitExceeded: it has more than `limit` headers.
    """
    at, stop, count = directory.start, directory.start + directory.size, 0
    piece, piece_at = b"", at
    while at + HEADER.size <= stop:
        if at + HEADER.size + 3 * COMMENT_SIZE > piece_at + len(piece):
            piece, piece_at = archive.pread(at, min(4 * COMMENT_SIZE + PIECE, stop - at)), at
        begin = at - piece_at
        if len(piece) - begin < HEADER.size:
            raise _damaged()
        fields = HEADER.unpack_from(piece, begin)
        name_size, extra_size, comment_size = fields[10:13]
        after = begin + HEADER.size
        if fields[0] != b"PK\x01\x02" or len(piece) - after < name_size + extra_size + comment_size:
            raise _damaged()
        count += 1
        if count > limit:
            raise LimitExceeded(
                f"It has more than {limit:,} members", "Unpack it and read its members apart."
            )
        name = piece[after : after + name_size]
        extra = piece[after + name_size : after + name_size + extra_size]
        yield _member(fields, name, extra, directory.moved)
        at += HEADER.size + name_size + extra_size + comment_size
    if at != stop:
        raise _damaged()


def _member(fields: tuple[int, ...], name: bytes, extra: bytes, moved: int) -> ZipMember:
    _, made_by, _, flags, method, _, _, crc, packed, size, _, _, _, _, _, attributes, offset = fields
    large = _extra_field(extra, 1)
    sizes = [size, packed, offset]
    for place, value in enumerate(sizes):
        if value == NO_32:
            if len(large) < 8:
                raise _damaged()
            sizes[place], large = int.from_bytes(large[:8], "little"), large[8:]
    size, packed, offset = sizes
    text = decoded(name) if not flags & UTF_8 else name.decode("utf-8", "replace")
    link = made_by >> 8 == 3 and attributes >> 28 == 0o12
    return ZipMember(text, name, method, flags, crc, packed, size, offset + moved, link)


def _extra_field(extra: bytes, wanted: int) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<2H", extra, at)
        if tag == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return b""


def _damaged() -> UnreadableInput:
    return UnreadableInput(
        "The directory of this zip archive is damaged", "Get it again, or mend it with `zip -FF`."
    )
