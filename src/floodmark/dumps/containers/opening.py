"""What one file may ask of this machine when it is opened: passwords to try, and limits."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import NoReturn

from floodmark.errors import LimitExceeded

TIB = 1 << 40


@dataclass(frozen=True)
class Opening:
    """How the containers of one file are opened.

    Attributes:
        passwords: tried in order for encrypted members; never shown.
        depth: containers that may be around one text.
        members: entries of archives, folders and links included, in all archives of the file together.
        ratio: largest ratio of all that is unpacked to the raw bytes read for it, beyond `ratio_floor`.
        ratio_floor: bytes that may be unpacked from any file, however small.
        size: bytes of text in all members together.
        name_length: characters shown of one part of a member's name.

    Examples:
        >>> Opening(passwords=("correct horse",))
        Opening(depth=8, members=100000, ratio=300, ratio_floor=268435456, size=17592186044416, name_length=120)
    """

    passwords: tuple[str, ...] = field(default=(), repr=False)
    depth: int = 8
    members: int = 100_000
    ratio: int = 300
    ratio_floor: int = 1 << 28
    size: int = 16 * TIB
    name_length: int = 120


class Allowance:
    """What one file has used of its limits so far.

    Args:
        opening: the limits.
        raw: gives the raw bytes of the file that were read so far.

    Attributes:
        exceeded: the limit that was reached, after which nothing more is read of the file.
    """

    def __init__(self, opening: Opening, raw: Callable[[], int]) -> None:
        self.opening = opening
        self._raw = raw
        self._unpacked = 0
        self._text = 0
        self._members = 0
        self.exceeded: LimitExceeded | None = None

    def unpacked(self, size: int) -> None:
        """Count bytes that came out of a container.

        Raises:
            LimitExceeded: far more came out than went in.
        """
        self._unpacked += size
        if self._unpacked > self.opening.ratio_floor and self._unpacked > self._raw() * self.opening.ratio:
            self._exceed(
                f"It expands more than {self.opening.ratio} times, which no text does",
                "It looks like a decompression bomb; nothing was read from it beyond this point.",
            )

    def text(self, size: int) -> None:
        """Count bytes of text.

        Raises:
            LimitExceeded: the file holds more text than is read of one file.
        """
        self._text += size
        if self._text > self.opening.size:
            raise LimitExceeded(
                f"It holds more than {self.opening.size:,} bytes of text",
                "Unpack it and read its members apart.",
            )

    def member(self) -> None:
        """Count one entry of an archive.

        Raises:
            LimitExceeded: there are more than are read of one file.
        """
        self._members += 1
        if self._members > self.opening.members:
            self._exceed(
                f"It has more than {self.opening.members:,} members", "Unpack it and read its members apart."
            )

    def _exceed(self, message: str, hint: str) -> NoReturn:
        self.exceeded = LimitExceeded(message, hint)
        raise copy(self.exceeded)
