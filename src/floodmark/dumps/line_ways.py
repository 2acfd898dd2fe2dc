"""Which way each line of a block is read, where a file is in one encoding and some of its lines are in another."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.code_pages import CodePage, code_page
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.utf8_lines import Offsets, high_and_valid
from floodmark.dumps.ways import AS_IT_IS, AS_UTF8, Way, decoding, stray


class LineWays(Protocol):
    """Chooses a way for each line.

    Attributes:
        known: the ways; the first is that of most lines.
    """

    known: tuple[Way, ...]

    def choose(self, data: bytes, edges: Offsets) -> NDArray[np.uint8]:
        """Number of each line's way.

        Args:
            data: whole lines.
            edges: where they begin, and last where the data ends.
        """
        ...


class Utf8Ways:
    """Lines of a UTF-8 file; those that are not UTF-8 stay as they are, unless their encoding is known.

    Args:
        encoding: of the file.
    """

    def __init__(self, encoding: Encoding) -> None:
        self.known: tuple[Way, ...] = (AS_IT_IS,)
        if encoding.stray is not None:
            self.known += (stray(encoding.stray),)

    def choose(self, data: bytes, edges: Offsets) -> NDArray[np.uint8]:
        """As `LineWays.choose`."""
        _, valid = high_and_valid(data, edges)
        return np.where(valid | (len(self.known) == 1), 0, 1).astype(np.uint8)


class LegacyWays:
    """Lines of a file in an older encoding; those that are valid UTF-8 in several bytes are UTF-8.

    Args:
        encoding: of the file.
    """

    def __init__(self, encoding: Encoding) -> None:
        self.known: tuple[Way, ...] = (decoding(code_page(encoding.name)), AS_UTF8)

    def choose(self, data: bytes, edges: Offsets) -> NDArray[np.uint8]:
        """As `LineWays.choose`."""
        high, valid = high_and_valid(data, edges)
        return (high & valid).astype(np.uint8)


def line_ways(page: CodePage, encoding: Encoding) -> LineWays:
    """The chooser for a file whose lines end with the bytes that they have in ASCII."""
    return Utf8Ways(encoding) if page.family == "utf-8" else LegacyWays(encoding)
