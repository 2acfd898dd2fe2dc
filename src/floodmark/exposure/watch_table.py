r"""A watch file cut into rows: its columns chosen, its heading taken off, block by block.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder) / "customers.csv"
...     _ = path.write_text("sep=;\nname;mail\nA;a@example.org\n")
...     table = WatchTable(WatchText(path), [Wish("mail")])
...     [(block, rows)] = table.rows()
>>> table.heading, table.columns[0].index, rows.lines.tolist(), rows.record(0)
(2, 1, [3], ['A', 'a@example.org'])
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from floodmark.exposure.watch_columns import WatchColumn, Wish, choose
from floodmark.exposure.watch_rows import RowCutter, Rows, delimiter_of
from floodmark.exposure.watch_text import LineBlock, WatchText

SAMPLE_ROWS = 2000
_SEPARATOR = re.compile(
    r"""["']?sep=([,;|\t])["']?""", re.IGNORECASE
)  # a first line that some spreadsheets write


class WatchTable:
    """The rows of one watch file, to be read once.

    Args:
        text: the file.
        wishes: columns to read; none to find them.
        region: country of national phone numbers.

    Attributes:
        columns: that are read; empty before the first row, and where there is nothing to read.
        heading: number of the line that names the columns, from 1; 0 where none does.
        lines: lines read so far.
    """

    def __init__(self, text: WatchText, wishes: Sequence[Wish] = (), region: str | None = None) -> None:
        self._text = text
        self._wishes = wishes
        self._region = region
        self._cutter: RowCutter | None = None
        self.columns: tuple[WatchColumn, ...] = ()
        self.heading = 0
        self.lines = 0

    def rows(self) -> Iterator[tuple[LineBlock, Rows]]:
        """Blocks of lines, each with the rows that end in it and are not blank.

        Raises:
            UsageError: a column that was asked for does not exist, or none was and none was found.
            UnreadableInput: the file cannot be read through.
        """
        waiting: LineBlock | None = None
        for block in self._text.blocks():
            if waiting is not None:
                yield waiting, self._cut(waiting, last=False)
            waiting = block
        if waiting is not None:
            yield waiting, self._cut(waiting, last=True)

    def _cut(self, block: LineBlock, *, last: bool) -> Rows:
        self.lines = block.first + block.lines.len() - 1
        lines = block.lines
        if self._cutter is None:
            if stated := _SEPARATOR.fullmatch(lines[0]):
                lines = lines.scatter(0, "")
            self._cutter = RowCutter(stated[1] if stated else delimiter_of(lines))
        rows = self._cutter.rows(block.first, lines, last=last).filled()
        if not self.columns and len(rows):
            sample = rows.only(slice(SAMPLE_ROWS))
            header, self.columns = choose(sample, self._wishes, self._region)
            if header:
                self.heading = int(rows.lines[0])
                rows = rows.only(slice(1, None))
        return rows
