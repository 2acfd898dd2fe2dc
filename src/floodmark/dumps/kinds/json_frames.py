"""Cutting a JSON text into its records: which bytes are which record's, and which are the frame around them."""

from __future__ import annotations

import re
from array import array

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.kinds.json_outline import Outline
from floodmark.dumps.kinds.json_rules import ROOT, Nesting
from floodmark.dumps.kinds.json_tokens import (
    BRACE,
    CLOSING,
    COMMA,
    STEPS,
    tokens,
)
from floodmark.dumps.kinds.stretches import BROKEN, FRAME, Stretches

WINDOW = 1 << 20
SMALL = 1 << 12  # window after damage; doubled again with every clean one
PATIENCE = 1000  # damaged places after which no more than one in `SMALL` bytes is looked at by itself
MOST_TABLES = 200
KEY = re.compile(r"[^\W\d][\w .$-]{0,60}")
LONGEST_KEY = 300
LAST_KEY = re.compile(rb'"([^"\\]{1,200})"\s*+:\Z')


class Framer:
    """Knows where in a text it is: which containers are open, and what of a record was seen already.

    Args:
        outline: where the records are.
    """

    def __init__(self, outline: Outline) -> None:
        self.level = outline.level
        keys = [*outline.path]
        self._usual = (bytearray(outline.stack), [""] * (self.level - len(keys)) + keys)
        self._stack = bytearray()  # containers around the records
        self._keys: list[str] = []  # their keys, empty where one has none
        self._lost = False
        self._nesting, self._inside, self._escaped = Nesting(), False, False  # where scanning is
        self._tables: dict[str, int] = {}
        self._inner: set[int] = set()
        self._damaged = 0
        self._seen = 0
        self._anchor = _anchor(outline)
        self._ends = array("q")
        self._owners = array("h")
        self._done = 0

    def feed(self, data: bytes, scanned: int, final: bool) -> tuple[int, Stretches]:
        """Stretches of the data that are whole; what follows them is to be given again, with what comes after it.

        Args:
            data: follows what was consumed before.
            scanned: bytes of it that were given before.
            final: whether nothing comes after it.

        Returns:
            Bytes consumed, and their stretches.
        """
        self._ends, self._owners, self._done = array("q"), array("h"), 0
        at, size = scanned, WINDOW
        if self._lost:
            at = self._resume(data, 0)
        while at < len(data):
            found = tokens(data[at : at + size], self._inside, self._escaped)
            nested = self._nesting.take(found.kinds)
            marks = nested.marks if nested.fault is None else nested.marks[nested.marks < nested.fault]
            self._frame(data, found.kinds[marks], found.places[marks] + at, nested.depths[: len(marks)])
            if nested.fault is not None:
                # A string that ends here may have swallowed the end of its record: it is looked into.
                back = 2 if nested.fault > 1 and found.kinds[nested.fault - 1] == CLOSING else 1
                suspect = at + int(found.places[nested.fault - back]) if nested.fault else at
                at, size = self._resume(data, max(suspect, self._done)), SMALL
                continue
            self._inside, self._escaped = found.inside, found.escaped
            at, size = at + size, min(size * 2, WINDOW)
        if final and self._done < len(data):
            self._end(len(data), self._rest(data))
        self._seen += self._done
        ends, owners = np.array(self._ends, np.int64), np.array(self._owners, np.int16)
        return self._done, Stretches(ends, owners, tuple(self._tables), frozenset(self._inner))

    def _rest(self, data: bytes) -> int:
        """What the end of the text is: a record that was cut off, or the end of the frame."""
        blank = not data[self._done :].strip(b" \t\r\n,;)]}")
        return FRAME if blank or len(self._stack) != self.level else self._owner(data, len(data))

    def _end(self, at: int, owner: int) -> None:
        if at > self._done:
            self._ends.append(at)
            self._owners.append(owner)
            self._done = at

    def _frame(
        self, data: bytes, kinds: NDArray[np.uint8], places: NDArray[np.int64], depths: NDArray[np.int64]
    ) -> None:
        """Take over the records that end among these marks, and the containers that open and close around them."""
        steps = STEPS[kinds]
        if self.level == 0:
            ends = places[(steps < 0) & (depths == 0)] + 1
            self._records(data, ends)
            return
        commas = (kinds == COMMA) & (depths == self.level)
        turns = ((steps > 0) & (depths <= self.level)) | ((steps < 0) & (depths < self.level))
        marks = np.flatnonzero(commas | turns)
        odd = np.flatnonzero(turns[marks])
        first = 0
        for stop in [*odd.tolist(), len(marks)]:
            if stop > first:
                self._records(data, places[marks[first:stop]] + 1)
            if stop < len(marks):
                self._turn(data, int(kinds[marks[stop]]), int(places[marks[stop]]))
            first = stop + 1

    def _records(self, data: bytes, ends: NDArray[np.int64]) -> None:
        if not len(ends):
            return
        if self._aside():
            for end in ends.tolist():
                self._end(end, self._owner(data, end))
            return
        self._ends.frombytes(ends.astype(np.int64).tobytes())
        self._owners.frombytes(np.full(len(ends), self._table(), np.int16).tobytes())
        self._done = int(ends[-1])

    def _aside(self) -> bool:
        """Whether this is an object where others than that of the records are: values in it are about the text."""
        return bool(self._stack) and self._stack[-1] == BRACE and self._stack != self._usual[0]

    def _owner(self, data: bytes, end: int) -> int:
        """Whose the member that ends here is."""
        aside = self._aside() and data.find(b"{", self._done, end) < 0
        return FRAME if aside else self._table()

    def _turn(self, data: bytes, kind: int, at: int) -> None:
        """A container opens or closes around the records."""
        within = len(self._stack) == self.level
        if STEPS[kind] > 0:
            before = data[max(self._done, at - LONGEST_KEY) : at].rstrip()
            key = LAST_KEY.search(before) if before.endswith(b":") else None
            self._stack.append(kind)
            self._keys.append(key.group(1).decode("utf-8", "replace") if key else "")
            if len(self._stack) == self.level:
                self._end(at + 1, FRAME)
            return
        if within and data[self._done : at].strip():
            self._end(at, self._owner(data, at))
        if self._stack:
            self._stack.pop()
            self._keys.pop()
        self._end(at + 1, FRAME)

    def _table(self) -> int:
        """Number of the table whose records stand here."""
        name = ".".join(key if KEY.fullmatch(key) else "*" for key in self._keys if key)
        inner = bool(self._stack) and self._stack[-1] == BRACE
        if name not in self._tables and len(self._tables) >= MOST_TABLES:
            name = "*"
        if name in self._tables and (self._tables[name] in self._inner) != inner:
            name += ".*"
        number = self._tables.setdefault(name, len(self._tables))
        if inner:
            self._inner.add(number)
        return number

    def _resume(self, data: bytes, suspect: int) -> int:
        """Where reading goes on after damage; what is before it since the last record is lost."""
        self._damaged += 1
        patient = self._damaged < PATIENCE + (self._seen + self._done) // SMALL
        found = self._anchor.search(data, suspect if patient else suspect + SMALL)
        self._lost = found is None
        self._end(found.end() if found else len(data), BROKEN)
        if len(self._stack) != self.level:
            self._stack, self._keys = bytearray(self._usual[0]), [*self._usual[1]]
        self._nesting = Nesting(bytes(self._stack), COMMA if self.level else ROOT)
        self._inside = self._escaped = False
        return self._done


def _anchor(outline: Outline) -> re.Pattern[bytes]:
    """What stands between two records, so that reading can go on after damage."""
    start = rb"\{\s*+\""
    if outline.first_key is not None:
        start += re.escape(outline.first_key.encode()) + rb'"\s*+:'
    if outline.level == 0:
        return re.compile(rb"(?=" + start + rb")")
    if outline.stack[-1] == BRACE:
        return re.compile(rb',\s*+(?="(?:[^"\\]|\\.)*+"\s*+:\s*+' + start + rb")", re.DOTALL)
    if outline.first_key is None:
        start = rb'[\[{"\d]'
    return re.compile(rb",\s*+(?=" + start + rb")")
