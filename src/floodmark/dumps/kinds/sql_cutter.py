"""Cutting an SQL dump into chunks of whole records, in order, knowing at every byte which statement it is in.

What is not a row where a row should be is damage. Reading goes on at the next place that looks like a row of as many
cells, or like a statement after the end of one; what lies between is quarantined, however long it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from floodmark.dumps.accounting import SpanKind
from floodmark.dumps.chunks import CHUNK_SIZE, Chunk
from floodmark.dumps.kinds.sql_bulk import WINDOW, find_rows
from floodmark.dumps.kinds.sql_collect import STATEMENT, TOO_MANY, Collected
from floodmark.dumps.kinds.sql_damage import reach, resume
from floodmark.dumps.kinds.sql_patterns import (
    BATCH_END,
    CLAUSE,
    COPY,
    CREATE,
    GAP,
    INSERT,
    LONGEST_HEADER,
    NEXT_ROW,
    RESUME,
    STATEMENT_END,
    Dialect,
)
from floodmark.dumps.kinds.sql_shapes import LONGEST_DEFINITION, Shapes, defined

DAMAGED = "damaged-record"
COPY_END = re.compile(rb"^\\\.\r?$", re.MULTILINE)
LEAST_WINDOW = 1 << 15
PATIENCE, MOST_PATIENCE = 50, 3200
MOST_DOLLARS = 16  # unmatched $$ in one stretch, after which they are ordinary text


class Cutter:
    """Goes through a dump once.

    Args:
        read: returns up to so many bytes; nothing at the end.
        start: offset in the text of the first byte that `read` returns.
        dialect: how strings are written.
        size: bytes wanted in a chunk; no record or statement may be longer.
    """

    def __init__(
        self, read: Callable[[int], bytes], start: int, dialect: Dialect, size: int = CHUNK_SIZE
    ) -> None:
        self._read = read
        self._base = start
        self._dialect = dialect
        self._size = size
        self._data = b""
        self._at = 0
        self._ended = False
        self._step: Callable[[bool], bool] = self._statement
        self._found = Collected()
        self._shapes = Shapes()
        self._window = LEAST_WINDOW
        self._patience = 0  # rows to read one by one before many are tried again
        self._impatience = PATIENCE
        self._careful = 0  # up to here rows are looked for between signs of rows only
        self._lost: tuple[SpanKind, str] = ("skipped", STATEMENT)
        self._lost_lines = 1
        self._lost_in: Callable[[bool], bool] = self._statement

    def chunks(self) -> Iterator[Chunk]:
        """The chunks; their `state` is a tuple of regions, which are all of their bytes."""
        while True:
            full = len(self._data) - self._at >= self._size
            if self._at < len(self._data) and self._step(self._ended or full):
                if self._found.end >= self._size:
                    yield self._taken()
                continue
            if self._ended:
                break
            if self._found.end >= max(1, self._size // 2):
                yield self._taken()
            self._fill()
        if self._found.end:
            yield self._taken()

    def _fill(self) -> None:
        parts = [self._data]
        wanted = self._size
        while wanted > 0 and (fresh := self._read(wanted)):
            parts.append(fresh)
            wanted -= len(fresh)
        self._ended = wanted > 0
        self._data = b"".join(parts)

    def _taken(self) -> Chunk:
        """The chunk up to the end of the last record or statement."""
        end = self._found.end
        chunk = self._found.chunk(self._base, self._data)
        self._data = self._data[end:]
        self._base += end
        self._at -= end
        self._careful -= end
        return chunk

    def _pass(self, end: int, kind: SpanKind = "skipped", reason: str = STATEMENT, lines: int = 1) -> None:
        self._found.passed(end, kind, reason, lines)
        self._at = end

    # --- statements

    def _statement(self, final: bool) -> bool:
        """Read what stands between statements, and how one begins; False where more bytes are needed."""
        data = self._data
        gap = GAP.match(data, self._at)
        at = gap.end() if gap is not None else self._at
        if not final and len(data) - at < LONGEST_HEADER:
            return False
        if at == len(data):
            self._pass(at)
            return True
        if at > self._at and (data[self._at : at].strip() or self._found.end != self._at):
            self._pass(at)
        self._at = at
        if (found := INSERT.match(data, at, at + LONGEST_HEADER)) is not None:
            return self._inserting(found["table"], found["columns"], found.end())
        if (found := COPY.match(data, at, at + LONGEST_HEADER)) is not None:
            return self._copying(found["table"], found["columns"], found.end())
        return self._other(at, final)

    def _inserting(self, table: bytes, columns: bytes | None, end: int) -> bool:
        width = 0
        if columns is None and not self._shapes.known(table):
            row = self._dialect.row.match(self._data, end)
            width = len(self._dialect.cells.findall(row[0][:-1])) if row is not None else 0
        shape = self._shapes.use(table, columns, width)
        if shape is None:
            self._lose("quarantined", DAMAGED if columns is None and not width else TOO_MANY)
            return True
        self._found.shape = shape
        self._at = end
        self._step = self._rows
        return True

    def _copying(self, table: bytes, columns: bytes | None, end: int) -> bool:
        first = self._data[end : self._data.find(b"\n", end)]
        shape = self._shapes.use(table, columns, first.count(b"\t") + 1)
        self._pass(end)
        self._found.shape = shape
        self._step = self._copied
        return True

    def _other(self, at: int, final: bool) -> bool:
        """Pass over a statement that holds no rows."""
        data, dollars = self._data, 0
        while True:
            found = self._dialect.statement.match(data, at)
            at = found.end() if found is not None else at
            if data[at : at + 1] != b"$":
                break
            stop = data.find(b"$", at + 1) + 1
            close = data.find(data[at:stop], stop) if dollars < MOST_DOLLARS else -1
            if close < 0:
                dollars += 1
                if not final:
                    return False
            at = close + stop - at if close >= 0 else at + 1
        if at == len(data) and not final:
            return False
        if at < len(data) and data[at : at + 1] not in (b";", b"\n"):
            # A quote or a comment that nothing ends.
            if not final:
                return False
            self._lose("skipped", STATEMENT)
            return True
        self._declare(self._at, at)
        ended = STATEMENT_END.match(data, at)
        self._pass(ended.end() if ended is not None else min(at + 1, len(data)))
        return True

    def _declare(self, start: int, end: int) -> None:
        if end - start > LONGEST_DEFINITION or CREATE.match(self._data, start, end) is None:
            return
        statement = self._dialect.without_comments(self._data[start:end])
        if (found := CREATE.match(statement)) is not None:
            row = self._dialect.row.match(statement, found.end() - 1)
            if row is not None:
                self._shapes.declare(found["table"], defined(row[0][:-1], self._dialect.cells))

    # --- rows

    def _rows(self, final: bool) -> bool:
        """Read rows, of which one begins here."""
        if self._many():
            return True
        data, at = self._data, self._at
        if at < self._careful:
            sign = RESUME.search(data, at)
            row = self._dialect.row.match(data, at, sign.start() + 1) if sign is not None else None
        else:
            row = self._dialect.row.match(data, at)
        if row is None:
            seen = self._careful if at < self._careful else reach(self._dialect, data, at)
            if seen >= len(data) and not final:
                return False
            self._careful = seen
            self._lose("quarantined", DAMAGED)
            return True
        end = row.end()
        if len(data) - end < LONGEST_HEADER and not final:
            return False
        if (following := NEXT_ROW.match(data, end)) is not None:
            self._add(at, end, following.end())
            return True
        self._step = self._statement
        if (clause := CLAUSE.match(data, end)) is not None:
            found = self._dialect.statement.match(data, clause.end())
            end = found.end() if found is not None else end
        if (ended := STATEMENT_END.match(data, end) or BATCH_END.match(data, end)) is not None:
            self._add(at, row.end(), ended.end())
        elif not data[end:].strip():
            self._add(at, row.end(), len(data))
        else:
            self._add(at, row.end(), end)
            self._lose("quarantined", DAMAGED)
        return True

    def _many(self) -> bool:
        """Read as many rows at once as follow each other without anything unusual."""
        if self._patience > 0 or self._at < self._careful:
            self._patience -= 1
            return False
        window = self._data[self._at : self._at + self._window]
        found = find_rows(window, self._dialect.backslash, self._is_same)
        if found is None:
            self._patience, self._window = self._impatience, LEAST_WINDOW
            self._impatience = min(2 * self._impatience, MOST_PATIENCE)
            return False
        self._found.rows(found, self._at)
        self._at += found.next
        self._window, self._impatience = min(4 * self._window, WINDOW), PATIENCE
        return True

    def _is_same(self, header: bytes) -> bool:
        """Whether a statement begins so for the same table and columns."""
        found = INSERT.match(header + b"(")
        if found is None or found.end() != len(header) or not self._shapes.known(found["table"]):
            return False
        return self._shapes.use(found["table"], found["columns"], 0) == self._found.shape

    def _add(self, opens: int, closes: int, end: int) -> None:
        self._found.row(opens, closes, end)
        self._at = end

    # --- lines of a COPY

    def _copied(self, final: bool) -> bool:
        """Read the lines of a COPY up to its end, or as many as there are."""
        data, at = self._data, self._at
        ended = COPY_END.search(data, at)
        if ended is not None and (ended.end() < len(data) or self._ended):
            stop = ended.start()
            self._copy(stop)
            line = data.find(b"\n", stop) + 1 or len(data)
            self._pass(line)
            self._step = self._statement
            return True
        last = data.rfind(b"\n", at) + 1 if not self._ended else len(data)
        if last <= at:
            if not final:
                return False
            self._lose("quarantined", "line-too-long")
            return True
        self._copy(last)
        return True

    def _copy(self, end: int) -> None:
        self._found.lines(end)
        self._at = end

    # --- damage

    def _lose(self, kind: SpanKind, reason: str) -> None:
        """From here on, look for a place where reading can begin again."""
        self._lost = (kind, reason)
        self._lost_lines = 1
        self._lost_in = self._step
        self._step = self._search

    def _search(self, final: bool) -> bool:
        """Find where reading can begin again; what is passed until then shares one fate."""
        data = self._data
        kind, reason = self._lost
        if self._lost_in == self._copied:
            stop = data.find(b"\n", self._at) + 1
            self._pass(stop or len(data), kind, reason, self._lost_lines)
            self._lost_lines = 0
            if stop:
                self._step = self._copied
            return True
        shape = self._found.shape
        width = len(shape[1]) if self._lost_in == self._rows and shape is not None else None
        found = resume(self._dialect, data, self._at, width)
        if found is None and not final:
            return False
        stop, is_row = found or (len(data), False)
        self._pass(stop, kind, reason, self._lost_lines)
        self._lost_lines = 0
        if found is not None:
            self._step = self._rows if is_row else self._statement
        return True
