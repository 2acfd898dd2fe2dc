"""Reading the XML of a workbook as it streams by, bounded in whatever a hostile one can make large."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat

PIECE = 1 << 16
DEEPEST = 64
LONGEST_TOKEN = 8 << 20  # bytes of one tag; a cell's longest text comes in pieces

Attributes = dict[str, str]


class DamagedXml(Exception):
    """XML that is not well-formed, or not what a workbook has."""


class Scan:
    """A pass over the XML of one part.

    Document types are refused, and with them all entities but the five of XML; so is deeper nesting and a longer tag
    than a workbook has.

    Args:
        read: returns up to so many bytes; nothing at the end.
        start: told the name of an element without its prefix, and its attributes with theirs.
        end: told the name of an element that ends.
        text: told of characters, in pieces.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        self._read = read
        self._start = start
        self._end = end
        self._depth = 0
        self._fed = 0
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = PIECE
        parser.StartElementHandler = self._opened
        parser.EndElementHandler = self._closed
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse
        self._parser = parser

    def step(self) -> bool:
        """Go through the next piece; False once the part is at its end.

        Raises:
            DamagedXml: it cannot be gone on with.
        """
        piece = self._read(PIECE)
        try:
            self._parser.Parse(piece, not piece)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise DamagedXml("not well-formed") from error
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TOKEN:
            raise DamagedXml("a tag is too long")
        return bool(piece)

    def run(self) -> None:
        """Go through all of it.

        Raises:
            DamagedXml: it cannot be read to its end.
        """
        while self.step():
            pass

    def _opened(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise DamagedXml("nested too deeply")
        self._start(name.rpartition(":")[2], attributes)

    def _closed(self, name: str) -> None:
        self._depth -= 1
        if self._end is not None:
            self._end(name.rpartition(":")[2])

    def _refuse(self, *_: object) -> NoReturn:
        raise DamagedXml("a document type")
