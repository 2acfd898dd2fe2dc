"""Columns of fixed width, told by the gaps that go through all lines of a sample."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FEWEST = 5  # lines
TOLERATED = 0.02  # lines that may reach into a gap: headings, damage
WIDEST = 4000
DELIMITERS = ",;\t|:~^"
EVEN = 0.9
TOP = 10
ROOM = 2  # places before cells aligned to the right that longer ones may need
SPACE = 32
Grid = NDArray[np.uint32]


@dataclass(frozen=True)
class Gapped:
    """Columns of a sample.

    Attributes:
        starts: character at which each column starts.
        tight: those that no gap stands before.
        share: lines that keep to them.
        confidence: between 0 and 1.
    """

    starts: tuple[int, ...]
    tight: tuple[int, ...]
    share: float
    confidence: float


def columns_by_gaps(lines: list[str]) -> Gapped | None:
    """Columns of some lines that are not blank, or None where no gaps go through them, or something else cuts them.

    Examples:
        >>> people = [("Ada", 36, "Rome"), ("Bartholomew", 7, "Oslo"), ("Cy", 101, "Lima")]
        >>> rows = [f"{name:<12}{age:>4}  {city}" for name, age, city in people]
        >>> columns_by_gaps(rows * 2).starts
        (0, 12, 18)
    """
    lines = [line.rstrip() for line in lines]
    body = lines[TOP:] if len(lines) > 4 * TOP else lines
    body = [line for line in body if len(line) <= WIDEST]
    if len(body) < FEWEST or _delimited(body):
        return None
    grid = _grid(body)
    gapped = _cuts(grid, (grid != SPACE).mean(axis=0))
    tight = _by_class(grid, gapped) if _even_lengths(body) else []
    starts = sorted(gapped + tight)
    if len(starts) < 2:
        return None
    share = float(np.mean([_keeps(line, gapped) for line in body]))
    evidence = _evidence(body, grid, starts)
    if share < 1 - 2 * TOLERATED or evidence is None:
        return None
    return Gapped(tuple(starts), tuple(tight), share, evidence)


def _delimited(lines: list[str]) -> bool:
    """Whether a delimiter occurs equally often in nearly all lines."""
    for mark in DELIMITERS:
        count, often = Counter(line.count(mark) for line in lines).most_common(1)[0]
        if count and often >= EVEN * len(lines):
            return True
    return False


def _grid(lines: list[str]) -> Grid:
    """Code points, a row a line, padded with spaces."""
    width = max(map(len, lines))
    text = "".join(line.ljust(width) for line in lines)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).reshape(len(lines), width)


def _cuts(grid: Grid, filled: NDArray[np.float64]) -> list[int]:
    """Where columns start: after a gap, or within it where the column after it is aligned to the right."""
    busy = filled > TOLERATED
    edges = np.flatnonzero(np.diff(np.concatenate([[False], busy, [False]]).astype(np.int8)))
    runs = edges.reshape(-1, 2).tolist()
    starts = [0] if runs else []
    for (_, before), (start, stop) in pairwise(runs):
        gap = filled[before:start]
        empty = np.flatnonzero(gap == gap.min()) + before
        after = int(empty[-1]) + 1
        room = max(int(empty[0]) + 1, after - ROOM)
        starts.append(room if _right(grid, start, stop) else after)
    return starts


def _right(grid: Grid, start: int, stop: int) -> bool:
    """Whether cells end where the column ends, rather than begin where it begins."""
    cells = grid[:, start:stop] != SPACE
    cells = cells[cells.any(axis=1)]
    return bool(cells[:, -1].mean() > max(EVEN, cells[:, 0].mean()))


def _by_class(grid: Grid, starts: list[int]) -> list[int]:
    """Columns more, where cells of nothing but digits and of nothing but letters meet in all lines."""
    digit = ((grid >= ord("0")) & (grid <= ord("9"))).mean(axis=0) >= 1 - TOLERATED
    letters = ((grid >= 65) & (grid <= 90)) | ((grid >= 97) & (grid <= 122)) | (grid > 191)
    letter = letters.mean(axis=0) >= 1 - TOLERATED
    turns = (digit[:-1] & letter[1:]) | (letter[:-1] & digit[1:])
    found: list[int] = []
    for start, stop in pairwise([*starts, grid.shape[1]]):
        # Up to its last filled place a cell is all digits or all letters everywhere.
        end = stop - int(np.argmax(((grid[:, start:stop] != SPACE).any(axis=0))[::-1]))
        if (digit | letter)[start:end].all():
            found += (np.flatnonzero(turns[start : end - 1]) + start + 1).tolist()
    return found


def _even_lengths(lines: list[str]) -> bool:
    return len(lines) >= 2 * TOP and Counter(map(len, lines)).most_common(1)[0][1] >= EVEN * len(lines)


def _keeps(line: str, starts: list[int]) -> bool:
    return all(at == 0 or at >= len(line) or line[at - 1] == " " or line[at] != " " for at in starts)


def _evidence(lines: list[str], grid: Grid, starts: list[int]) -> float | None:
    """How sure columns are: wide gaps that prose and single spaces do not leave; None where there are too few."""
    wide = [at for at in starts[1:] if at >= 2 and (grid[:, at - 2 : at] == SPACE).all(axis=1).mean() > 1 / 4]
    gaps = sum("  " in line.strip() for line in lines)
    if len(wide) < max(1, len(starts) // 3) or (gaps < EVEN * len(lines) and not _even_lengths(lines)):
        return None
    return 0.8 if len(lines) >= 2 * TOP else 0.6
