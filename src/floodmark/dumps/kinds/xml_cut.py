"""Cutting an XML text into its records, whole elements of a few names."""

from __future__ import annotations

import re

import numpy as np

from floodmark.dumps.kinds.stretches import BROKEN, DECLARED, FRAME, OUTSIDE, Stretches
from floodmark.dumps.kinds.xml_marks import ATTRIBUTES, DOCTYPE, attributes_of, blanked
from floodmark.dumps.kinds.xml_outline import Outline

MOST_TABLES = 200
FRAME_LIMIT = 1 << 12  # bytes around records that need no explanation


class Cutter:
    """Finds whole records, and knows which table they are of.

    Args:
        outline: which elements are the records.
    """

    def __init__(self, outline: Outline) -> None:
        names = b"|".join(re.escape(name.encode()) for name in outline.rows)
        around = rb"|(" + re.escape(outline.around.encode()) + rb")" if outline.around else rb"|(\Z.)"
        self._tag = re.compile(
            rb"<(?:/("
            + names
            + rb")\s*+>|(?:("
            + names
            + rb")"
            + around
            + rb")(?=[\s/>])("
            + ATTRIBUTES
            + rb")>)"
        )
        self._outline = outline
        self._several = len(outline.rows) > 1 or bool(outline.around) or outline.own_name
        self._table = ""
        self.tables: dict[str, int] = {}

    def cut(self, data: bytes, final: bool) -> tuple[int, Stretches]:
        """Stretches of the data that are whole; the rest is to be given again, with what comes after it.

        Args:
            data: follows what was consumed before.
            final: whether nothing comes after it.

        Returns:
            Bytes consumed, and their stretches.
        """
        ends: list[int] = []
        owners: list[int] = []
        done, begun, depth, name, owner = 0, 0, 0, b"", FRAME

        def end(at: int, whose: int) -> None:
            nonlocal done
            if at > done:
                if whose == FRAME and ends and data[done:at].isspace():
                    # White space after a record belongs to it, as a line end does.
                    ends[-1] = at
                else:
                    ends.append(at)
                    owners.append(_around(data, done, at) if whose == FRAME else whose)
                done = at

        for tag in self._tag.finditer(blanked(data)):
            closing, opening, around, rest = tag.groups()
            if around is not None:
                if not depth:
                    self._table = attributes_of(rest).get("name", "")
                continue
            if closing is not None:
                if depth and closing == name:
                    depth -= 1
                    if not depth:
                        end(tag.end(), owner)
                continue
            if depth and name.decode() not in self._outline.nests:
                # A record of this kind never stands in another: the one before was not closed.
                end(tag.start(), BROKEN)
                depth = 0
            elif depth:
                depth += opening == name and not rest.endswith(b"/")
                continue
            end(tag.start(), FRAME)
            begun, name, owner = tag.start(), opening, self._number(opening, rest)
            if rest.endswith(b"/"):
                end(tag.end(), owner)
            else:
                depth = 1
        if final:
            end(len(data), BROKEN if depth and begun >= done else FRAME)
        elif not depth:
            # What may be the beginning of a tag is left for the next round.
            tail = data.rfind(b"<")
            end(tail if tail >= 0 and b">" not in data[tail:] else len(data), FRAME)
        return done, Stretches(np.array(ends, np.int64), np.array(owners, np.int16), tuple(self.tables))

    def _number(self, name: bytes, rest: bytes) -> int:
        """Number of a record's table."""
        if not self._several:
            table = ""
        elif self._outline.own_name:
            table = attributes_of(rest).get("name", "")
        elif self._outline.around:
            table = self._table
        else:
            table = name.decode("utf-8", "replace")
        if table not in self.tables and len(self.tables) >= MOST_TABLES:
            table = "*"
        return self.tables.setdefault(table, len(self.tables))


def _around(data: bytes, start: int, end: int) -> int:
    """What stands around records: no more than their frame, or so much that it has to be said."""
    if end - start <= FRAME_LIMIT:
        return FRAME
    return DECLARED if DOCTYPE.search(data, start, end) else OUTSIDE
