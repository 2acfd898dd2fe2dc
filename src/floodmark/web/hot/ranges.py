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

_RANGE = re.compile(rb"\s*([0-9]{0,20})-([0-9]{0,20})\s*")


class RangeRefused(Refusal):
    """A range that a file has not, or several of them."""

    slug: ClassVar[str] = "range-not-satisfiable"
    status: ClassVar[int] = 416
    hint = "Ask for one range of bytes that begins within the file."

    def __init__(self, size: int) -> None:
        super().__init__("The file has no such range, or more than one was asked for.")
        self.headers = {"content-range": f"bytes */{size}"}


def wanted(value: bytes | None, size: int) -> tuple[int, int] | None:
    """The first byte that is asked for and the one after the last; None for all of the file.

    A header of another form, or of another unit, says nothing (section 14.2).

    Args:
        value: of Range.
        size: of the file, 1 or more.

    Raises:
        RangeRefused: the file has no such bytes, or there are several ranges.
    """
    if value is None or value[:6].lower() != b"bytes=":
        return None
    if b"," in value:
        raise RangeRefused(size)
    found = _RANGE.fullmatch(value, 6)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        first, end = max(0, size - int(found[2])), size
    else:
        first, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
        if found[2] and int(found[2]) < int(found[1]):
            return None  # no range at all (section 14.1.1)
    if first >= size or first >= end:
        raise RangeRefused(size)
    return first, end
