"""Finding many rows of one table at once, as long as nothing but commas or the same statement stands between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from floodmark.dumps.kinds.sql_marks import CLOSE, COMMA, DOUBLE, END, OPEN, Offsets, find_marks
from floodmark.dumps.kinds.sql_patterns import BATCH_END, LONGEST_HEADER, NEXT_ROW, STATEMENT_END

WINDOW = 1 << 20


@dataclass(frozen=True)
class Found:
    """Rows found; arrays of one length, offsets in the stretch.

    Attributes:
        opens: of each opening parenthesis.
        closes: just past each closing one.
        ends: where each record ends, with what ends its statement.
        next: where the next row opens, with what comes before it.
    """

    opens: Offsets
    closes: Offsets
    ends: Offsets
    next: int


def find_rows(window: bytes, backslash: bool, same: Callable[[bytes], bool]) -> Found | None:
    """Rows at the beginning of a stretch, without its last one.

    Args:
        window: begins with a row.
        backslash: whether a backslash escapes in strings.
        same: whether a statement's beginning, up to its first row, is that of the same table and columns.

    Returns:
        The rows; None where not even two of them follow each other so.
    """
    buffer = np.frombuffer(window, np.uint8)
    marks = find_marks(buffer, backslash)
    wrong = (marks.depth < 0) | ((marks.kinds == END) & (marks.depth > 0))
    limit = min(marks.good, int(marks.at[np.argmax(wrong)]) if wrong.any() else len(window))
    opened = marks.at[(marks.kinds == OPEN) & (marks.depth == 1)]
    closed = marks.at[(marks.kinds == CLOSE) & (marks.depth == 0)] + 1
    closed = closed[closed <= limit]
    opened = opened[: len(closed)]
    if len(closed) < 2 or opened[0] != 0:
        return None
    gaps = _Gaps(window, opened, closed, same)
    gaps.read(np.flatnonzero((opened[1:] - closed[:-1] > 1) | (buffer[closed[:-1]] != COMMA)).tolist())
    # Names of columns may stand in double quotes, values are read one by one then.
    double = marks.at[marks.kinds == DOUBLE]
    quoted = np.searchsorted(double, closed) > np.searchsorted(double, opened)
    stop = min(gaps.stop, int(np.argmax(quoted & gaps.rows)) if (quoted & gaps.rows).any() else gaps.stop)
    rows = np.flatnonzero(gaps.rows[:stop])
    return Found(opened[rows], closed[rows], gaps.ends[rows], int(opened[stop])) if len(rows) else None


class _Gaps:
    """What stands between groups in parentheses, and so which of them are rows.

    Attributes:
        rows: which groups are rows, and not the columns of a statement.
        ends: where the records of the rows end.
        stop: number of the first group after which something else stands.
    """

    def __init__(
        self, window: bytes, opened: Offsets, closed: Offsets, same: Callable[[bytes], bool]
    ) -> None:
        self._window = window
        self._opened = opened
        self._closed = closed
        self._same = same
        self._known: dict[bytes, int | None] = {}
        self.rows = np.ones(len(opened), np.bool_)
        self.ends = np.append(opened[1:], closed[-1])
        self.stop = len(opened) - 1

    def read(self, others: list[int]) -> None:
        """Look at the gaps after these groups, which are more than a comma."""
        skip = -1
        for i in others:
            if i == skip:
                continue
            size = self._size(i, i + 1)
            if size is None and i + 2 < len(self._opened):
                # Perhaps the group after the gap names columns, and the statement goes on behind it.
                size = self._size(i, i + 2)
                if size is not None:
                    self.rows[i + 1] = False
                    skip = i + 1
            if size is None:
                self.stop = i
                return
            if size:
                self.ends[i] = self._closed[i] + size

    def _size(self, before: int, after: int) -> int | None:
        """Bytes of what ends a statement between two groups: 0 where it goes on, None where another follows."""
        gap = self._window[self._closed[before] : self._opened[after]]
        if gap not in self._known:
            self._known[gap] = self._read(gap)
        return self._known[gap]

    def _read(self, gap: bytes) -> int | None:
        if (found := NEXT_ROW.match(gap + b"(")) is not None:
            return 0 if found.end() == len(gap) else None
        ended = STATEMENT_END.match(gap) or BATCH_END.match(gap)
        if ended is None or len(gap) > LONGEST_HEADER:
            return None
        return ended.end() if self._same(gap[ended.end() :]) else None
