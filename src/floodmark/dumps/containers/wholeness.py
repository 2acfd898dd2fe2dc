"""Telling that an archive is one part of several by its beginning, and that it is cut off by its end.

The RAR 4 header is that of Marchenko's technote; RAR 5 is described at rarlab.com, 7z in 7zFormat.txt.
"""

from __future__ import annotations

import zlib

from floodmark.errors import UnreadableInput

HEAD_SIZE = 64
TAIL_SIZE = 64
RAR_4, RAR_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
MAIN_4, END_4, VOLUME_4 = 0x73, 0x7B, 0x0001
MAIN_5, END_5, HAS_EXTRA_5, VOLUME_5 = 1, 5, 1, 1


def check_whole(head: bytes, size: int | None) -> None:
    """Refuse one part of several.

    Args:
        head: the first `HEAD_SIZE` bytes of a RAR or 7z archive.
        size: bytes of the archive, where that is known.

    Raises:
        UnreadableInput: it is one part of several, or ends before its end.
    """
    if (head.startswith(RAR_4) and _volume_4(head)) or (head.startswith(RAR_5) and _volume_5(head)):
        raise UnreadableInput(
            "This is one part of a RAR archive in several",
            "Unpack it with `unrar x FIRST.part1.rar` where all its parts are, and read the folder.",
        )
    if head.startswith(b"7z") and size is not None:
        where, length = int.from_bytes(head[12:20], "little"), int.from_bytes(head[20:28], "little")
        if 32 + where + length > size:
            raise UnreadableInput(
                "This 7z archive is cut off, or is one part of several",
                "Join the parts in order (`cat FILE.7z.0* > FILE.7z`), or get it again.",
            )


def has_end_mark(tail: bytes) -> bool:
    """Whether the block that ends a RAR archive is among its last bytes.

    Args:
        tail: the last `TAIL_SIZE` bytes.
    """
    return any(_ends_4(tail, at) or _ends_5(tail, at) for at in range(len(tail)))


def _ends_4(tail: bytes, at: int) -> bool:
    size = int.from_bytes(tail[at + 5 : at + 7], "little")
    check = (zlib.crc32(tail[at + 2 : at + size]) & 0xFFFF).to_bytes(2, "little")
    return tail[at + 2 : at + 3] == bytes([END_4]) and size >= 7 and tail[at : at + 2] == check


def _ends_5(tail: bytes, at: int) -> bool:
    size, begin = _number(tail, at + 4)
    check = zlib.crc32(tail[at + 4 : begin + size]).to_bytes(4, "little")
    return tail[begin : begin + 1] == bytes([END_5]) and tail[at : at + 4] == check


def _volume_4(head: bytes) -> bool:
    return head[9:10] == bytes([MAIN_4]) and bool(int.from_bytes(head[10:12], "little") & VOLUME_4)


def _volume_5(head: bytes) -> bool:
    at = len(RAR_5) + 4
    _, at = _number(head, at)
    kind, at = _number(head, at)
    flags, at = _number(head, at)
    if flags & HAS_EXTRA_5:
        _, at = _number(head, at)
    archive_flags, at = _number(head, at)
    return kind == MAIN_5 and bool(archive_flags & VOLUME_5)


def _number(head: bytes, at: int) -> tuple[int, int]:
    """A number in sevens of bits, lowest first, and where it ends."""
    value = 0
    for place in range(10):
        byte = head[at + place] if at + place < len(head) else 0
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return value, at + place + 1
    return 0, at + 10
