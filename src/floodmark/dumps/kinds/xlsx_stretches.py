"""A part of a workbook in stretches of whole elements, for reading by column expressions as far as that goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from floodmark.dumps.kinds.xlsx_package import Read

PIECE = 4 << 20
LONGEST_TOP = 1 << 20
_ENCODED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*['\"](?!utf-8['\"])", re.IGNORECASE)


@dataclass(frozen=True)
class Stretch:
    """Whole elements one after another.

    Attributes:
        data: their XML; empty where the part is not of a form that can be cut.
        again: reads the part without what was handed out before this stretch, for an XML parser to go on with.
    """

    data: bytes
    again: Read


def stretches(read: Read, around: bytes, element: bytes) -> Iterator[Stretch]:
    """Stretches of about 4 MiB; the part is read to its end, so that its checksum is checked.

    Args:
        read: reads the part.
        around: name of the element that holds them all.
        element: name of the elements.

    Examples:
        >>> import io
        >>> part = io.BytesIO(b"<sst><si><t>Ada</t></si><si/></sst>")
        >>> [stretch.data for stretch in stretches(part.read, b"sst", b"si")]
        [b'<si><t>Ada</t></si>', b'']
    """
    rest = read(PIECE)
    begins = re.compile(b"<" + around + rb"(?:\s[^<>]*)?(?<!/)>").search(rest, 0, LONGEST_TOP)
    top = rest[: begins.end()] if begins else b""
    plain = b"<!" not in top and not _ENCODED.search(top) and top.lstrip(b"\xef\xbb\xbf").startswith(b"<")
    if not top or not plain:
        yield Stretch(b"", _again(rest, read))
        return
    rest = rest[len(top) :]
    while True:
        closed = rest.find(b"</" + around)
        stop = rest.rfind(b"</" + element + b">", 0, closed if closed >= 0 else len(rest))
        data = rest[: stop + len(element) + 3] if stop >= 0 else b""
        left = rest[len(data) : closed] if closed >= 0 else b""
        if data:
            yield Stretch(data, _again(top + rest, read))
        if left.strip() or (not data and closed < 0):
            yield Stretch(b"", _again(top + rest[len(data) :], read))
            return
        if closed >= 0:
            while read(PIECE):
                pass
            return
        rest = rest[len(data) :]
        rest += read(PIECE)


def _again(held: bytes, read: Read) -> Read:
    view = memoryview(held)

    def again(size: int) -> bytes:
        nonlocal view
        if len(view):
            piece, view = bytes(view[:size]), view[size:]
            return piece
        return read(size)

    return again
