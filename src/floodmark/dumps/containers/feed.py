"""Compressed bytes in pieces: small ones at the start of a stream, since whatever follows its end is given back."""

from __future__ import annotations

from collections.abc import Callable

READ_SIZE = 1 << 20
FIRST, LARGEST = 1 << 12, 1 << 18


class Feed:
    """Pieces of what is compressed.

    Giving back costs as much as the piece had, so that a file of a million tiny streams must not come in large ones.

    Args:
        raw: gives at most as many bytes as asked for, none at the end.
    """

    def __init__(self, raw: Callable[[int], bytes]) -> None:
        self._raw = raw
        self._block = b""
        self._at = 0
        self._step = FIRST

    def piece(self, most: int = LARGEST) -> bytes:
        """The next bytes, at most so many; none at the end."""
        if self._at >= len(self._block):
            self._block, self._at = self._raw(READ_SIZE), 0
        data = self._block[self._at : self._at + min(self._step, most)]
        self._at += len(data)
        self._step = min(2 * self._step, LARGEST)
        return data

    def give_back(self, size: int) -> None:
        """Take the last bytes of the last piece back: a stream has ended before them."""
        self._at -= size
        self._step = FIRST

    def pass_zeros(self) -> bool:
        """Pass over zeros, which pad the end of a stream; whether anything follows."""
        while piece := self.piece():
            if rest := piece.lstrip(b"\0"):
                self.give_back(len(rest))
                return True
        return False
