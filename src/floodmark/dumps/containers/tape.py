"""The members of a tar archive, in order, from a stream.

One header block is read by `tarfile`; the walk is our own, because the library's keeps every header, follows chains
of long names by recursion, reads extended headers of any size, and takes damage for the end.
"""

from __future__ import annotations

import tarfile
from collections.abc import Generator
from dataclasses import replace

from floodmark.dumps.containers.labels import decoded
from floodmark.dumps.containers.member import Entry
from floodmark.dumps.containers.stream import Stream
from floodmark.errors import LimitExceeded, UnreadableInput

BLOCK = 512
RECORD = 20 * BLOCK
EXTENDED_SIZE = 1 << 20
NAMES = {b"L": "path", b"K": "linkpath"}  # GNU's headers of long names
EXTENDED = {*NAMES, b"x", b"X", b"g"}
LABELS = {b"V", b"M", b"N"}  # GNU's volume labels, continuations of another volume, old long names


def entries(stream: Stream) -> Generator[Entry, None, None]:
    """Entries of the archive. What is left of one's bytes is passed over when the next is asked for.

    Archives written one after the other are read as one.

    Raises:
        UnreadableInput: the archive is damaged or cut off here.
        LimitExceeded: an extended header is larger than any name needs.
    """
    stated: dict[str, bytes] = {}
    while (header := _header(stream)) is not None:
        # Global headers ("g") hold for all members; none of them says the name or size of one.
        if header.type in EXTENDED:
            text = _extended(stream, header.size)
            if header.type in NAMES:
                stated[NAMES[header.type]] = text.rstrip(b"\0")
            elif header.type != b"g":
                stated |= _records(text)
            continue
        size = _size(stated.get("size"), header.size)
        name = stated.get("path", header.name.encode("utf-8", "surrogateescape"))
        entry = Entry(decoded(name), size)
        holes = header.type == b"S" or any(key.startswith("GNU.sparse") for key in stated)
        stated = {}
        if header.isdir():
            yield replace(entry, size=None, folder=True)
            continue
        if header.issym() or header.islnk() or header.isdev():
            what = "a device or a pipe" if header.isdev() else "a link"
            yield replace(entry, size=None, problem=_refused(what, "It is named and never followed."))
            continue
        body = _Body(stream, size)
        if holes:
            yield replace(entry, problem=_refused("a file with holes", "Unpack the archive with GNU tar."))
        elif header.type not in LABELS:
            yield replace(entry, pull=body.read)
        body.pass_over()


def is_empty(stream: Stream) -> bool:
    """Whether it is an archive of nothing: one record of zeros, and no more."""
    head = stream.peek(BLOCK)
    if head.strip(b"\0"):
        return False
    whole = stream.peek(RECORD + 1)
    return 2 * BLOCK <= len(whole) <= RECORD and not len(whole) % BLOCK and not whole.strip(b"\0")


class _Body:
    """The bytes of one member and what pads them."""

    def __init__(self, stream: Stream, size: int) -> None:
        self._stream = stream
        self._text = size
        self._padding = -size % BLOCK

    def read(self, size: int) -> bytes:
        if not self._text:
            return b""
        data = self._stream.some(min(size, self._text))
        if not data and size:
            self._text = self._padding = 0
            raise _broken("cut off")
        self._text -= len(data)
        return data

    def pass_over(self) -> None:
        left = self._text + self._padding
        if self._stream.pass_over(left) < left:
            raise _broken("cut off")


def _header(stream: Stream) -> tarfile.TarInfo | None:
    """The next header; None at the end."""
    ended = False
    while block := stream.read(BLOCK):
        if not block.strip(b"\0"):
            ended = ended or len(block) == BLOCK
            continue
        if len(block) < BLOCK:
            raise _broken("cut off")
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.TarError, ValueError) as error:
            raise _broken("damaged") from error
        if header.size < 0:
            raise _broken("damaged")
        return header
    if not ended:
        raise _broken("cut off, or its end mark is missing")
    return None


def _extended(stream: Stream, size: int) -> bytes:
    if size > EXTENDED_SIZE:
        raise LimitExceeded(
            f"A header of this tar archive has more than {EXTENDED_SIZE >> 10} KiB",
            "No name needs that; the rest of the archive was not read.",
        )
    text = stream.read(size)
    padding = -size % BLOCK
    if len(text) < size or stream.pass_over(padding) < padding:
        raise _broken("cut off")
    return text


def _records(text: bytes) -> dict[str, bytes]:
    """Records of an extended header: each a length, a space, KEY=VALUE and a line feed (POSIX.1-2017, pax)."""
    found: dict[str, bytes] = {}
    at = 0
    while at < len(text) and text[at]:
        length, space, _ = text[at : at + 20].partition(b" ")
        if not space or not length.isdigit() or not 4 < int(length) <= len(text) - at:
            raise _broken("damaged")
        key, _, value = text[at + len(length) + 1 : at + int(length) - 1].partition(b"=")
        found[decoded(key)] = value
        at += int(length)
    return found


def _size(stated: bytes | None, of_header: int) -> int:
    if stated is None:
        return of_header
    if not stated.isdigit() or len(stated) > 18:
        raise _broken("damaged")
    return int(stated)


def _broken(how: str) -> UnreadableInput:
    return UnreadableInput(f"This tar archive is {how}", "Get it again; what stood before was read.")


def _refused(what: str, hint: str) -> UnreadableInput:
    return UnreadableInput(f"This member is {what}, not a file", hint)
