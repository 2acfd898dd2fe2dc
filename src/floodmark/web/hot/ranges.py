"""What part of a file is asked for: the header Range (RFC 9110, section 14), one range of bytes at a time.

>>> wanted(b"bytes=000-099", 1000)
(0, 100)
>>> wanted(b"bytes=990-", 1000), wanted(b"bytes=-10", 1000)
((990, 1000), (990, 1000))
>>> wanted(None, 1000), wanted(b"lines=1-2", 1000)
(None, None)
"""

from __future__ import annotations

import re
from typing import ClassVar

from floodmark.web.problems import Refusal

# Of numbers and what surrounds them a client chooses the length: nothing here may try a second way to read them.
_RANGE = re.compile(rb"[ \t]*+([0-9]{0,18}+)[ \t]*+-[ \t]*+([0-9]{0,18}+)[ \t]*+")
_LONGEST = 64


class RangeRefused(Refusal):
    """A range that a file has not, several of them, or something else in their place."""

    slug: ClassVar[str] = "range-not-satisfiable"
    status: ClassVar[int] = 416
    hint = "Ask for one range of bytes that begins within the file."

    def __init__(self, size: int) -> None:
        super().__init__("The file has no such range, or more than one was asked for.")
        self.headers = {"content-range": f"bytes */{size}"}


def wanted(value: bytes | None, size: int) -> tuple[int, int] | None:
    """The first byte that is asked for and the one after the last; None for all of the file.

    A header of another unit says nothing. What is no range of bytes is refused, as nginx does: all of a file is much.

    Args:
        value: of Range.
        size: of the file, 1 or more.

    Raises:
        RangeRefused: the file has no such bytes, there are several ranges, or none that can be read.
    """
    if value is None or len(value) <= len(b"bytes=") or value[:6].lower() != b"bytes=":
        return None
    found = _RANGE.fullmatch(value, 6) if len(value) <= _LONGEST else None
    first, last = (found[1], found[2]) if found else (b"", b"")
    if first:
        start, end = int(first), min(size, int(last) + 1) if last else size
    elif last:
        start, end = max(0, size - int(last)), size
    else:
        raise RangeRefused(size)
    if start >= end:
        raise RangeRefused(size)
    return start, end
