"""Records of JSON that are built alike: the same keys in the same order, found for many records at once.

Nearly all records of an export are. What differs from the usual build, or holds a list, is read one by one
(`json_records`), so this only ever has to be sure, never complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.kinds.json_tokens import (
    BACKSLASH,
    BRACE,
    BRACKET,
    COLON,
    COMMA,
    END_BRACE,
    OPENING,
    STEPS,
    Tokens,
)

SPACE = 32
BLANKS = b" \t\r\n"
BLANK = np.zeros(256, np.bool_)
BLANK[list(BLANKS)] = True
DEEPEST = 8  # as in `jsonl`: what is nested deeper is one cell
MOST_MARKS = 2000
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Alike:
    """Values of records that are built alike.

    Attributes:
        records: their numbers, ascending, int64.
        keys: keys of the values, those of nested objects joined by dots, in the order of the text.
        starts: offset of each value's first byte, a row a record, a column a key.
        stops: offset just past it.
        quoted: whether it is a string; else a number or a word.
    """

    records: Places
    keys: tuple[str, ...]
    starts: Places
    stops: Places
    quoted: NDArray[np.bool_]


class Group:
    """Neighbouring records of a text, with their marks.

    Args:
        data: the records, one after the other.
        ends: offset just past each.
        found: marks of the data.
    """

    def __init__(self, data: bytes, ends: Places, found: Tokens) -> None:
        self.data = data
        self.buffer = np.frombuffer(data, np.uint8)
        self.ends = ends
        self.kinds, self.places = found.kinds, found.places
        steps = STEPS[self.kinds]
        depths = np.cumsum(steps, dtype=np.int64)
        # Brackets, colons and the commas between members; not the commas between records.
        bare = (steps != 0) | (self.kinds == COLON) | ((self.kinds == COMMA) & (depths > 0))
        self.marks = np.flatnonzero(bare)
        lasts = np.searchsorted(self.places[self.marks], ends)
        self.counts = np.diff(lasts, prepend=0)
        self.firsts = lasts - self.counts
        self._dirty = self._unclean()

    def alike(self, pending: Places) -> tuple[Places, Alike | None]:
        """Values of those of some records that are built as the first of the most usual length is.

        Args:
            pending: numbers of records.

        Returns:
            Numbers of the records that were looked at, and what was found; None where they are to be read one by one.
        """
        usual = int(np.argmax(np.bincount(self.counts[pending])))
        rows = pending[self.counts[pending] == usual]
        clean = rows[~self._dirty[rows]]
        if not 3 <= usual <= MOST_MARKS or not len(clean):
            return rows, None
        marks = self.marks[self.firsts[clean][:, None] + np.arange(usual)]
        build = self.kinds[marks[0]]
        keys = self._keys(marks[0])
        if keys is None:
            return rows, None
        same = (self.kinds[marks] == build).all(axis=1)
        marks, clean = marks[same], clean[same]
        colons = marks[:, build == COLON]
        same = self._same_keys(colons)
        colons, clean = colons[same], clean[same]
        # Colons before a nested object have no value of their own.
        own = [number for number, key in enumerate(keys) if key is not None]
        found = self._values(clean, colons[:, own], tuple(key for key in keys if key is not None))
        return np.union1d(clean, rows[self._dirty[rows]]), found

    def _keys(self, marks: Places) -> list[str | None] | None:
        """Keys of a record's colons, None for those before an object; None where it cannot be read so."""
        path: list[str] = []
        keys: list[str | None] = []
        for mark in marks.tolist():
            kind = self.kinds[mark]
            if kind == BRACKET or (kind == BRACE and self.kinds[mark + 1] == END_BRACE):
                return None
            if kind == END_BRACE and path:
                path.pop()
            elif kind == COLON:
                text = self.data[int(self.places[mark - 2]) + 1 : int(self.places[mark - 1])]
                if BACKSLASH in text:
                    return None
                name = ".".join([*path, text.decode()])
                nested = self.kinds[mark + 1] == BRACE
                keys.append(None if nested else name)
                if nested:
                    path.append(text.decode())
        own = [key for key in keys if key is not None]
        return keys if len(set(own)) == len(own) and own and len(path) <= DEEPEST else None

    def _same_keys(self, colons: Places) -> NDArray[np.bool_]:
        """Which records have the first one's keys."""
        starts, stops = self.places[colons - 2] + 1, self.places[colons - 1]
        same: NDArray[np.bool_] = (stops - starts == stops[0] - starts[0]).all(axis=1)
        last = len(self.buffer) - 1
        for column in range(colons.shape[1]):
            length = int(stops[0, column] - starts[0, column])
            wanted = self.buffer[starts[0, column] : stops[0, column]]
            # Row by row of the key's bytes, which is how they lie in memory.
            places = np.minimum(starts[:, column][:, None] + np.arange(length), last)
            same &= (self.buffer[places] == wanted).all(axis=1)
        return same

    def _unclean(self) -> NDArray[np.bool_]:
        """Records with text between marks where only white space may be, or with a control within a string."""
        dirty = np.zeros(len(self.ends) + 1, np.bool_)
        if not len(self.places):
            return ~dirty
        inside = self.kinds == OPENING
        follows = np.append(self.kinds[1:], np.uint8(0))
        value = (self.kinds == COLON) & (STEPS[follows] <= 0) & (follows != OPENING)
        stops = np.append(self.places[1:], len(self.buffer))
        gaps = np.flatnonzero((stops - self.places > 1) & ~inside & ~value)
        wrong = stops[gaps[~self._blank(self.places[gaps] + 1, stops[gaps])]] - 1
        controls = np.flatnonzero(self.buffer < SPACE)
        before = np.searchsorted(self.places, controls) - 1
        strung = controls[(before >= 0) & inside[np.maximum(before, 0)]]
        for places in (wrong, strung):
            dirty[np.searchsorted(self.ends, places, side="right")] = True
        dirty[0] |= bool(self.data[: int(self.places[0])].strip(BLANKS))
        return dirty

    def _blank(self, starts: Places, stops: Places) -> NDArray[np.bool_]:
        """Which stretches, none of them empty, are nothing but white space."""
        blank: NDArray[np.bool_] = BLANK[self.buffer[starts]]
        longer = np.flatnonzero(stops - starts > 1)
        if len(longer):
            seen = self._seen
            blank[longer] = seen[stops[longer]] == seen[starts[longer]]
        return blank

    @cached_property
    def _seen(self) -> Places:
        """How many bytes before each are not white space."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(~BLANK[self.buffer])])

    @cached_property
    def _visible(self) -> Places:
        """Offsets of the bytes that are not white space."""
        return np.flatnonzero(~BLANK[self.buffer])

    def _values(self, rows: Places, colons: Places, keys: tuple[str, ...]) -> Alike:
        quoted = self.kinds[colons + 1] == OPENING
        starts, stops = self.places[colons] + 1, self.places[colons + 1]
        starts = np.where(quoted, stops + 1, starts)
        closing = self.places[np.minimum(colons + 2, len(self.places) - 1)]
        stops = np.where(quoted, closing, stops)
        spaced = ~quoted & (BLANK[self.buffer[starts]] | BLANK[self.buffer[stops - 1]])
        if spaced.any():
            starts[spaced], stops[spaced] = self._trimmed(starts[spaced], stops[spaced])
        return Alike(rows, keys, starts, stops, quoted)

    def _trimmed(self, starts: Places, stops: Places) -> tuple[Places, Places]:
        """Stretches without the white space around them."""
        visible, seen = self._visible, self._seen
        first = visible[np.minimum(seen[starts], len(visible) - 1)]
        last = visible[np.maximum(seen[stops] - 1, 0)] + 1
        return np.minimum(first, stops), np.maximum(last, np.minimum(first, stops))
