"""Where reading an SQL dump can go on after something that is no row and no statement."""

from __future__ import annotations

from floodmark.dumps.kinds.sql_patterns import DEPTH, GAP, RESUME, WORD, Dialect


def reach(dialect: Dialect, data: bytes, at: int) -> int:
    """How far from a damaged row's beginning one has to look to find that it is damaged."""
    depth = 0
    while depth <= DEPTH and (found := dialect.inside.match(data, at + 1)) is not None:
        at = found.end()
        if data[at : at + 1] in (b"'", b'"'):
            string = dialect.string.match(data, at)
            return string.end() if string is not None else len(data)
        if data[at : at + 1] != b"(":
            break
        depth += 1
    return at


def resume(dialect: Dialect, data: bytes, at: int, width: int | None) -> tuple[int, bool] | None:
    """The next place where a row or a statement begins.

    Args:
        dialect: how strings are written.
        data: the bytes at hand.
        at: where to look from.
        width: cells of the rows that were read; None where there were none.

    Returns:
        The place, and whether it is a row; None where there is none in the data.
    """
    while (sign := RESUME.search(data, at)) is not None:
        at = sign.end()
        if sign["row"] is not None:
            if width is not None and _is_row(dialect, data, at, width):
                return at, True
            continue
        gap = GAP.match(data, at)
        after = gap.end() if gap is not None else at
        if after == len(data) or WORD.match(data, after) is not None:
            return at, False
    return None


def _is_row(dialect: Dialect, data: bytes, at: int, width: int) -> bool:
    """Whether a row of so many cells goes from here to exactly the next sign that one ended."""
    sign = RESUME.search(data, at)
    row = dialect.row.match(data, at, sign.start() + 1) if sign is not None else None
    if sign is None or row is None or row.end() != sign.start() + 1:
        return False
    return len(dialect.cells.findall(row[0][:-1])) == width
