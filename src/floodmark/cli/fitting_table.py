"""A table that fits its terminal: cells stay whole, and columns that have no room are left out and named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

GAP = 2
LEAST_FOLDED = 12


@dataclass(frozen=True)
class FittingTable:
    """Rows under a heading; a digest in them can be copied whole at any width.

    Attributes:
        title: the heading.
        columns: names divided by `|`, the most needed first, as columns are left out from the end. One that starts
            with `>` holds numbers, aligned right; one that starts with `~` may be folded.
        rows: cells, already safe to show.
    """

    title: str
    columns: str
    rows: Sequence[Sequence[str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        if not self.rows:
            return
        names = self.columns.split("|")
        widths = self._widths(names, options.max_width)
        yield Padding(Text(self.title, style="bold"), (1, 0, 0, 0))
        grid = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
        for name, width in zip(names, widths, strict=False):
            grid.add_column(
                name.lstrip(">~"),
                justify="right" if name.startswith(">") else "left",
                width=width,
                overflow="fold",
            )
        for row in self.rows:
            grid.add_row(*(Text(cell) for cell in row[: len(widths)]))
        yield grid
        if left_out := [name.lstrip(">~") for name in names[len(widths) :]]:
            yield Text(
                f"No room for: {', '.join(left_out)}. A wider terminal or -o json has it.", style="dim"
            )

    def _widths(self, names: Sequence[str], room: int) -> list[int]:
        """Columns of those that are shown: headings in one line where all fit so, else by their words."""
        cells = [max(cell_len(row[place]) for row in self.rows) for place in range(len(names))]
        titles = [name.lstrip(">~") for name in names]
        for headings in (
            [cell_len(title) for title in titles],
            [max(map(cell_len, title.split() or [""])) for title in titles],
        ):
            widths = [max(pair) for pair in zip(cells, headings, strict=True)]
            if _taken(widths) <= room:
                return widths
        while len(widths) > 1 and _taken(widths) > room:
            last = widths.pop()
            left = room - _taken(widths) - GAP
            if names[len(widths)].startswith("~") and LEAST_FOLDED <= left < last:
                return [*widths, left]
        return [min(widths[0], room), *widths[1:]]


def _taken(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)
