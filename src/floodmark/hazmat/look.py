"""One look at raw lines: what the log keeps of it, and what the person sees, which is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from floodmark.dumps import Span
from floodmark.errors import FloodmarkError


class NoSuchPlace(FloodmarkError):
    """The file has no such offset, member or quarantined place."""

    slug: ClassVar[str] = "no-such-place"
    hint = "Take offsets and member names from a report of this same file."


@dataclass(frozen=True)
class Look:
    """What was looked at, and why; nothing of the content.

    Attributes:
        sha256: of the raw bytes of the file.
        size: its bytes.
        member: which member of the file, from 1 in its order; 0 for the file itself.
        offset: first byte of the lines in the text, after its containers were opened.
        lines: how many were asked for.
        reason: why, in the words of whoever looked.
        label: what reports call the member, as text that is safe to show; empty for the file itself.
    """

    sha256: str
    size: int
    member: int
    offset: int
    lines: int
    reason: str
    label: str = ""


@dataclass(frozen=True, repr=False)
class RawLine:
    """One line as found; its representation does not show it.

    Attributes:
        start: offset of its first byte in the text.
        data: its bytes, without the line end.
        cut: whether it goes on beyond `data`.
    """

    start: int
    data: bytes
    cut: bool = False

    def __repr__(self) -> str:
        return f"RawLine(start={self.start}, {len(self.data)} bytes)"


@dataclass(frozen=True)
class Shown:
    """Lines, and where they are from.

    Attributes:
        look: what the log says of them.
        codec: Python codec of the text.
        lines: the lines.
        span: the quarantined span that was asked for; None for an offset.
    """

    look: Look
    codec: str
    lines: tuple[RawLine, ...]
    span: Span | None = None

    @property
    def begins_before(self) -> int | None:
        """Where the first line begins, if that is before the offset that was asked for."""
        start = self.lines[0].start if self.lines else self.look.offset
        return start if start < self.look.offset else None
