"""Records of XML that are elements with text alone, read by one pattern; all others are left to the parser."""

from __future__ import annotations

import re

from floodmark.dumps.kinds.keyed import Cells
from floodmark.dumps.kinds.xml_marks import local

MOST_CELLS = 200
MOST_PATTERNS = 20
# Text that means itself: no mark, no entity, nothing that XML forbids or reads as something else.
PLAIN = r"[^<>&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*+"


class FlatRows:
    """Learns from records that were parsed what those after them may look like.

    Examples:
        >>> flat = FlatRows()
        >>> flat.learn("u", ["id", "name"])
        >>> flat.cells_of(b"<u> <id>1</id><name/></u>")
        {'id': '1', 'name': ''}
        >>> flat.cells_of(b"<u><id>1</id><name>&amp;</name></u>"), flat.cells_of(b"<u><name>A</name><id>1</id></u>")
        (None, None)
    """

    def __init__(self) -> None:
        self._patterns: dict[str, tuple[re.Pattern[str], tuple[str, ...]]] = {}
        self._learnt = 0

    def learn(self, row: str, tags: list[str]) -> None:
        """Take a record for an example.

        Args:
            row: name of its element.
            tags: names of the elements in it, in order, each once.
        """
        known = self._patterns.get(row, (None, ()))[1]
        tags = [*known, *(tag for tag in tags if tag not in known)]
        names = tuple(local(tag) for tag in tags)
        if self._learnt >= MOST_PATTERNS or len(tags) > MOST_CELLS or len(set(names)) < len(names):
            return
        if any("}" in tag for tag in (row, *tags)):
            return
        self._learnt += 1
        cells = "".join(
            rf"(?:<{name}>({PLAIN})</{name}\s*+>\s*+|(<{name}\s*+/>)\s*+)?+" for name in map(re.escape, tags)
        )
        name = re.escape(row)
        self._patterns[row] = (re.compile(rf"<{name}>\s*+{cells}</{name}\s*+>\s*+"), tuple(tags))

    def cells_of(self, text: bytes) -> Cells | None:
        """Cells of a record that looks as one learnt from does; None for any other."""
        for pattern, tags in self._patterns.values():
            try:
                found = pattern.fullmatch(text.decode())
            except UnicodeDecodeError:
                return None
            if found is None:
                continue
            groups = found.groups()
            cells: Cells = {}
            for tag, value, empty in zip(tags, groups[::2], groups[1::2], strict=True):
                if value is not None:
                    cells[local(tag)] = value.strip()
                elif empty is not None:
                    cells[local(tag)] = ""
            return cells or None
        return None
