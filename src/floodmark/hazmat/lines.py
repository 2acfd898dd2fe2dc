r"""The lines at an offset of a text, in bounded memory whatever the text is.

>>> from io import BytesIO
>>> [line.data for line in lines_at(BytesIO(b"one\ntwo\r\nthree").read, 5, 2, "utf-8")]
[b'two', b'three']
"""

from __future__ import annotations

from collections.abc import Callable

from floodmark.hazmat.look import NoSuchPlace, RawLine

BEFORE = 1 << 20  # bytes before the offset in which the beginning of its line is looked for
AFTER = 1 << 20  # bytes from there on in which lines are looked for
LONGEST = 4096  # bytes shown of one line
PIECE = 1 << 20


def lines_at(read: Callable[[int], bytes], offset: int, count: int, codec: str) -> tuple[RawLine, ...]:
    """Lines of a text, the first being the one in which the offset lies.

    A line that begins more than `BEFORE` bytes before the offset is shown from the offset on. Lines end with a line
    feed or, in a text without any thereabouts, with a carriage return.

    Args:
        read: returns up to so many bytes of the text from its beginning on, and nothing at its end.
        offset: in the text as found.
        count: lines wanted, at least 1; near the end there are fewer.
        codec: Python codec of the text.

    Raises:
        NoSuchPlace: the text ends before the offset.
    """
    width = len("\n".encode(codec))
    start = max(0, offset - BEFORE) // width * width
    text = _window(read, start, offset - start + AFTER)
    at = offset - start
    if at >= len(text):
        raise NoSuchPlace(f"The text has {start + len(text):,} bytes, so there is nothing at byte {offset:,}")
    end = next(
        (mark for mark in ("\n", "\r") if _find(text, mark.encode(codec), 0, width) >= 0), "\n"
    ).encode(codec)
    first = _begin(text, end, at, width)
    if first == 0 and start:
        first = at // width * width
    lines: list[RawLine] = []
    while len(lines) < count and first < len(text):
        stop = _find(text, end, first, width)
        whole = text[first : len(text) if stop < 0 else stop]
        if stop >= 0 and end == "\n".encode(codec):
            whole = whole.removesuffix("\r".encode(codec))
        cut = len(whole) > LONGEST or (stop < 0 and len(text) == at + AFTER)
        lines.append(RawLine(start + first, whole[:LONGEST], cut))
        if stop < 0:
            break
        first = stop + width
    return tuple(lines)


def _window(read: Callable[[int], bytes], start: int, size: int) -> bytes:
    """Bytes of the text from `start` on; fewer near its end."""
    passed = 0
    while passed < start:
        data = read(min(PIECE, start - passed))
        if not data:
            raise NoSuchPlace(
                f"The text has {passed:,} bytes, so there is nothing at byte {start:,} or beyond"
            )
        passed += len(data)
    parts: list[bytes] = []
    while size > 0 and (data := read(min(PIECE, size))):
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def _find(text: bytes, mark: bytes, start: int, width: int) -> int:
    """Where a line end stands first from `start` on, at a place where a character can begin; -1 for nowhere."""
    at = text.find(mark, start)
    while at >= 0 and at % width:
        at = text.find(mark, at + 1)
    return at


def _begin(text: bytes, mark: bytes, at: int, width: int) -> int:
    """First byte of the line in which `at` lies."""
    found = text.rfind(mark, 0, at // width * width)
    while found >= 0 and found % width:
        found = text.rfind(mark, 0, found + width - 1)
    return found + width if found >= 0 else 0
