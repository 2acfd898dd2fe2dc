"""Which way each line of a block is read, where a file is in one encoding and some of its lines are in another."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps import mojibake
from floodmark.dumps.code_pages import CodePage, code_page
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.mixed_lines import by_line
from floodmark.dumps.stray_lines import Strays
from floodmark.dumps.utf8_lines import Offsets, is_utf8, kept, line_end, valid_lines
from floodmark.dumps.ways import AS_IT_IS, AS_UTF8, Way, decoding, stray


class LineWays(Protocol):
    """Chooses a way for each line.

    Attributes:
        known: the ways; the first is that of most lines. It may grow at its end.
    """

    known: tuple[Way, ...]

    def is_plain(self, data: bytes) -> bool:
        """Whether all of the data is as it should be; told at memory speed."""
        ...

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
        self.known: tuple[Way, ...] = (AS_IT_IS, *mojibake.WAYS)
        self._strays = Strays(encoding.stray)

    def is_plain(self, data: bytes) -> bool:
        """As `LineWays.is_plain`."""
        return is_utf8(data) and not len(mojibake.suspects(data))

    def choose(self, data: bytes, edges: Offsets) -> NDArray[np.uint8]:
        """As `LineWays.choose`."""
        valid = valid_lines(data, edges)
        end = line_end(data)
        ways = np.zeros(len(valid), np.uint8)
        suspect = np.zeros(len(valid), np.bool_)
        suspect[np.searchsorted(edges, mojibake.suspects(data), side="right") - 1] = True
        suspect &= valid
        if suspect.any():
            ways[suspect] = mojibake.repairs(kept(data, edges, suspect)[0], int(suspect.sum()), end)
        if not valid.all():
            self._strays.note(kept(data, edges, valid)[0])
            which = self._strays.which(*kept(data, edges, ~valid), end)
            if which.any() and self._strays.name is not None:
                if len(self.known) == len(mojibake.WAYS) + 1:
                    self.known += (stray(self._strays.name),)
                ways[np.flatnonzero(~valid)[which]] = len(self.known) - 1
        return ways


class LegacyWays:
    """Lines of a file in an older encoding; those that are valid UTF-8 in several bytes are UTF-8.

    Where the sample has lines in other older encodings too, each line is judged by itself.

    Args:
        encoding: of the file.
    """

    def __init__(self, encoding: Encoding) -> None:
        self._page = code_page(encoding.name)
        self._names = (self._page.name, *encoding.mixed) if encoding.mixed else ()
        # Lines that are in none of several encodings stay what no reader takes for UTF-8.
        mixed = [*map(stray, encoding.mixed), AS_IT_IS] if encoding.mixed else []
        self.known: tuple[Way, ...] = (decoding(self._page), AS_UTF8, *mixed)

    def is_plain(self, data: bytes) -> bool:
        """As `LineWays.is_plain`."""
        return data.isascii()

    def choose(self, data: bytes, edges: Offsets) -> NDArray[np.uint8]:
        """As `LineWays.choose`."""
        buffer = np.frombuffer(data, np.uint8)
        ways = np.maximum.reduceat((buffer & 0xC0) == 0x80, edges[:-1])
        if self._page.family == "double" and ways.any():
            # Two bytes of a Chinese character are a Greek or Cyrillic letter in UTF-8 as often as not, but only three
            # bytes to a character are no such accident.
            ways &= ~np.maximum.reduceat((buffer & 0xE0) == 0xC0, edges[:-1])
            ways &= np.add.reduceat(buffer >= 0xE0, edges[:-1], dtype=np.int64) > 1
        if ways.any():
            ways[ways] = valid_lines(*kept(data, edges, ways))
        chosen = ways.astype(np.uint8)
        older = ~ways & np.maximum.reduceat(buffer >= 0x80, edges[:-1])
        if self._names and older.any():
            found = by_line(*kept(data, edges, older), self._names, line_end(data))
            chosen[older] = found + (found > 0)
        return chosen


def line_ways(page: CodePage, encoding: Encoding) -> LineWays:
    """The chooser for a file whose lines end with the bytes that they have in ASCII."""
    return Utf8Ways(encoding) if page.family == "utf-8" else LegacyWays(encoding)
