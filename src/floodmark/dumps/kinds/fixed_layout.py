"""Tables drawn as text: columns between bars, under a ruler, or told by the gaps between them."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal

from floodmark.dumps.kinds.fixed_gaps import columns_by_gaps

BARS = "|│┃║¦"
# A line of a box: dashes, and where columns meet.
BORDER = re.compile(
    r"^\s*(?=.*[-─━═=_]{2})[-─━═=_+|│┃║¦┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╞╪╡╒╤╕╘╧╛╟╫╢╓╥╖╙╨╜┏┳┓┣╋┫┗┻┛┠╂┨:*\s]+$"
)
RULER = re.compile(r"^[ \t]*(?:[-=_─━═]{2,}|[-=])(?: +(?:[-=_─━═]{2,}|[-=]))*[ \t]*$")
LOOKED_AT = 400
TOP = 50


@dataclass(frozen=True)
class Layout:
    """How the lines of a drawn table become cells.

    Attributes:
        drawn: `bars` between cells, or `positions` of columns.
        bar: character between cells; empty for positions.
        starts: character at which each column starts; of bars, where they stand in the border, if it says.
        names: names of the columns, if the text gives them.
        preamble: lines before the table.
        repeated: lines that are drawn once a page: the names of the columns, and what is under them.
        columns: how many.
        confidence: between 0 and 1.
        evidence: why it is believed to be so.
        headings: what stands above the table, digits left out, as it may stand on every page.
        tight: starts of columns that no gap stands before.
    """

    drawn: Literal["bars", "positions"]
    bar: str
    starts: tuple[int, ...]
    names: tuple[str, ...] | None
    preamble: int
    repeated: frozenset[str]
    columns: int
    confidence: float
    evidence: str
    headings: frozenset[str] = frozenset()
    tight: frozenset[int] = frozenset()

    @property
    def widths(self) -> tuple[int, ...]:
        """Characters of each column but the last, which takes the rest of the line (0)."""
        if self.drawn == "bars":
            return ()
        return (*(after - at for at, after in zip(self.starts, self.starts[1:], strict=False)), 0)


def layout_of(lines: list[str]) -> Layout | None:
    """Layout of a text that begins with these lines, or None.

    Examples:
        >>> layout_of(["id  name", "--  ----", "1   Ada", "2   Bob"]).widths
        (4, 0)
        >>> layout_of(["+----+-----+", "| id | name|", "+----+-----+", "| 1  | Ada |"]).names
        ('id', 'name')
        >>> layout_of(["id,name", "1,Ada"])
    """
    lines = lines[:LOOKED_AT]
    return _boxed(lines) or _ruled(lines) or _spaced(lines)


def shape_of_line(line: str) -> str:
    """A line without what differs from page to page.

    >>> shape_of_line("Report  1 of 20") == shape_of_line("Report 2 of 20")
    True
    """
    return re.sub(r"\s+", " ", re.sub(r"\d+", "0", line)).strip()


def cells_of(line: str, bar: str) -> list[str]:
    """Cells of a line with bars between them, and perhaps around them.

    >>> cells_of("| 1 | Ada |", "|"), cells_of(" 1 | Ada", "|")
    (['1', 'Ada'], ['1', 'Ada'])
    """
    inner = line.strip()
    inner = inner.removeprefix(bar).removesuffix(bar) if inner.startswith(bar) else line
    return [cell.strip() for cell in inner.split(bar)]


def _boxed(lines: list[str]) -> Layout | None:
    """A table with bars between its cells and a border under the names of the columns."""
    for number, line in enumerate(lines[:TOP]):
        if not BORDER.match(line) or not number:
            continue
        above = lines[number - 1]
        bar = next((bar for bar in BARS if bar in above), None)
        if bar is None or BORDER.match(above):
            continue
        names = cells_of(above, bar)
        joints = [at for at, char in enumerate(line.rstrip()) if char not in "-─━═=_: \t"]
        below = [row for row in lines[number + 1 :] if bar in row and not BORDER.match(row)]
        fitting = sum(len(cells_of(row, bar)) == len(names) for row in below)
        if len(joints) < len(names) - 1 or fitting < 0.5 * len(below):
            continue
        table = sum(1 for row in lines[number:] if row.strip() and (bar in row or BORDER.match(row)))
        mostly = table >= 0.5 * sum(1 for row in lines if row.strip())
        top = number - 2 if number > 1 and BORDER.match(lines[number - 2]) else number - 1
        outer = above.strip().startswith(bar)
        starts = tuple(at + 1 for at in joints[:-1]) if outer else (0, *(at + 1 for at in joints))
        return Layout(
            "bars",
            bar,
            starts if len(starts) == len(names) else (),
            tuple(names),
            top,
            frozenset({above.strip()}),
            len(names),
            0.95 if mostly else 0.3,
            f"a border under {len(names)} names between bars",
            _headings(lines[:top]),
        )
    return None


def _ruled(lines: list[str]) -> Layout | None:
    """A table with a ruler of dashes, a run over each column."""
    for number, line in enumerate(lines[:TOP]):
        if not number or not RULER.match(line) or not lines[number - 1].strip():
            continue
        runs = [(run.start(), run.end()) for run in re.finditer(r"[^\s]+", line)]
        starts = (0, *(start for start, _ in runs[1:]))
        above = lines[number - 1]
        names = tuple(part.strip() for part in sliced(above, starts))
        below = [row for row in lines[number + 1 :] if row.strip() and not RULER.match(row)]
        fitting = sum(fits(row, starts) for row in below)
        if len(runs) < 2 or not fits(above, starts) or not all(names) or fitting < 0.7 * len(below):
            continue
        return Layout(
            "positions",
            "",
            starts,
            names,
            number - 1,
            frozenset({above.strip(), line.strip()}),
            len(starts),
            0.9,
            f"a ruler of {len(starts)} runs under as many names",
            _headings(lines[: number - 1]),
        )
    return None


def _spaced(lines: list[str]) -> Layout | None:
    """Columns told by gaps that go through all lines."""
    found = columns_by_gaps([line for line in lines if line.strip()])
    if found is None:
        return None
    first = next(
        number for number, line in enumerate(lines) if line.strip() and fits(line, found.starts, found.tight)
    )
    return Layout(
        "positions",
        "",
        found.starts,
        None,
        first,
        frozenset(),
        len(found.starts),
        found.confidence,
        f"{len(found.starts)} columns with gaps through {found.share:.0%} of the lines",
        _headings(lines[:first]),
        frozenset(found.tight),
    )


def fits(line: str, starts: Sequence[int], tight: Container[int] = ()) -> bool:
    """Whether no cell of a line reaches from one column into the next."""
    inner = (at for at in starts if 0 < at < len(line) and at not in tight)
    return all(line[at - 1].isspace() or line[at].isspace() for at in inner)


def sliced(line: str, starts: tuple[int, ...]) -> list[str]:
    """Cells of a line by position."""
    return [line[at:after] for at, after in zip(starts, (*starts[1:], None), strict=True)]


def _headings(lines: list[str]) -> frozenset[str]:
    return frozenset(shape_of_line(line) for line in lines if line.strip())
