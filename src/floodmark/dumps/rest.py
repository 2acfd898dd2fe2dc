"""Lines of which one column takes all delimiters that the others leave: the passwords of a list of credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.plan import URL_TYPES, Plan, cell_of

_SCHEME = rb"[A-Za-z][A-Za-z+.-]{1,15}://"

Widths = tuple[int, ...]
# An address by how many raw cells it has between colons: with a port, with only a scheme; else it is one cell.
_SITES = ((3, r"^[A-Za-z]{2,10}://[^:/]+:[0-9]{2,5}(?:/[^:]*)?$"), (2, r"^[A-Za-z]{2,10}://[^:]*$"))
_HOST_AND_PORT = (2, r"^[^:/@]+\.[^:/@]+:[0-9]{2,5}/[^:]*$")


def rest_widths(raw: pl.DataFrame, count: int, plan: Plan) -> Iterator[tuple[NDArray[np.int64], Widths]]:
    """Numbers of lines and the widths of their columns; lines that are too short for their columns are left out.

    Args:
        raw: String columns named by their number, a row a line.
        count: raw cells of each line.
        plan: a plan with a column that takes the rest.
    """
    columns, rest = len(plan.names), plan.rest
    assert rest is not None  # noqa: S101  only asked of such plans
    site = next((i for i, kind in enumerate(plan.types) if kind in URL_TYPES and i != rest), None)
    left = np.arange(raw.height)
    if site is not None and plan.delimiter == ":":
        for width, pattern in (*_SITES, _HOST_AND_PORT):
            at = site if site < rest else count - (columns - site - 1) - width
            if not 0 <= at <= count - width or not len(left):
                continue
            found = raw[left].select(cell_of(at, width, ":").str.contains(pattern)).to_series().to_numpy()
            if (room := count - columns + 2 - width) > 0 and found.any():
                yield left[found], _widths(columns, {site: width, rest: room})
            left = left[~found]
        # A scheme whose address is not there, or has no login after it.
        if len(left) and site < count - 1:
            torn = raw[left].select(pl.col(str(site + 1)).str.starts_with("//")).to_series().to_numpy()
            left = left[~torn] if site < rest else left
    if len(left):
        yield left, _widths(columns, {rest: count - columns + 1})


def delimited_sites(data: bytes, plan: Plan) -> bytes:
    """Lines with the delimiter after the address of a site that has something else there; none gets longer.

    Args:
        data: whole lines.
        plan: the grammar's plan.

    Examples:
        >>> plan = Plan(":", (), (), (), None, rest=2, after_site=" ")
        >>> delimited_sites(b"https://a.example:81/in ada@b.example:x y", plan)
        b'https://a.example:81/in:ada@b.example:x y'
    """
    if not plan.after_site or len(plan.after_site.encode()) != len(plan.delimiter.encode()):
        return data
    end = re.escape(plan.after_site.encode())
    port = rb"(?::[0-9]{2,5}(?=/|" + end + rb"))?"
    site = rb"(?<![^\r\n])(" + _SCHEME + rb"[^\s:/" + end + rb"]+" + port + rb"(?:/[^\s:" + end + rb"]*)?)"
    return re.sub(site + end + rb"(?=\S)", lambda found: found[1] + plan.delimiter.encode(), data)


def _widths(columns: int, wide: dict[int, int]) -> Widths:
    return tuple(wide.get(i, 1) for i in range(columns))
