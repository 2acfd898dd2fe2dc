"""Columns of fixed width, told by the gaps that go through all lines of a sample."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 5  # lines
TOLERATED = 0.02  # lines that may reach into a gap: headings, damage
WIDEST = 4000
DELIMITERS = ",;\t|:~^"
EVEN = 0.9
TOP = 10
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
    filled = (grid != 32).mean(axis=0)
    busy = filled > TOLERATED
    gapped = _cuts(grid, busy)
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


def _cuts(grid: Grid, busy: NDArray[np.bool_]) -> list[int]:
    """Where columns start: after a gap, or within it where the column after it is aligned to the right."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], busy, [False]]).astype(np.int8)))
    runs = edges.reshape(-1, 2).tolist()
    starts: list[int] = []
    for number, (start, stop) in enumerate(runs):
        if not number:
            starts.append(0)
            continue
        before = runs[number - 1][1]
        starts.append(before + 1 if _right(grid, start, stop) and start - before > 1 else start)
    return starts


def _right(grid: Grid, start: int, stop: int) -> bool:
    """Whether cells end where the column ends, and do not begin where it begins."""
    cells = grid[:, start:stop] != 32
    filled = cells.any(axis=1)
    return bool(cells[filled, -1].mean() > EVEN and cells[filled, 0].mean() < EVEN)


def _by_class(grid: Grid, starts: list[int]) -> list[int]:
    """Columns more, where digits and letters meet in all lines, as in files without gaps."""
    digit = (grid >= 48) & (grid <= 57)
    letter = ((grid >= 65) & (grid <= 90)) | ((grid >= 97) & (grid <= 122)) | (grid > 191)
    turns = ((digit[:, :-1] & letter[:, 1:]) | (letter[:, :-1] & digit[:, 1:])).mean(axis=0)
    return [at for at in (np.flatnonzero(turns >= 1 - TOLERATED) + 1).tolist() if at not in starts]


def _even_lengths(lines: list[str]) -> bool:
    return len(lines) >= 2 * TOP and Counter(map(len, lines)).most_common(1)[0][1] >= EVEN * len(lines)


def _keeps(line: str, starts: list[int]) -> bool:
    return all(at == 0 or at >= len(line) or line[at - 1] == " " or line[at] != " " for at in starts)


def _evidence(lines: list[str], grid: Grid, starts: list[int]) -> float | None:
    """How sure columns are: wide gaps that prose and single spaces do not leave; None where there are too few."""
    wide = [at for at in starts[1:] if at >= 2 and (grid[:, at - 2 : at] == 32).all(axis=1).mean() > 1 / 4]
    if len(wide) < max(1, len(starts) // 3) or sum("  " in line.strip() for line in lines) < EVEN * len(
        lines
    ):
        return None
    return 0.8 if len(lines) >= 2 * TOP else 0.6
