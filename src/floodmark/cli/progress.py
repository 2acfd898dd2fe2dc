"""A bar on stderr for long work: what is done, rate and time left; nothing where stderr is no terminal.

Examples:
    >>> with progress(3, "Reading") as advance:
    ...     advance(3)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], None]


@contextmanager
def progress(total: int | None, label: str, *, unit: str = "") -> Iterator[Advance]:
    """Show a bar while the block runs.

    Args:
        total: work in all; None when unknown (a pipe), which shows no time left.
        label: what is going on, in a word or two; never a path or a cell.
        unit: what is counted, in the plural; empty for bytes.

    Yields:
        A function that takes what was done since it was last called.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _nothing
        return
    from rich import progress as bars
    from rich.console import Console

    counted: list[bars.ProgressColumn] = [bars.DownloadColumn(binary_units=True), bars.TransferSpeedColumn()]
    if unit:
        counted = [bars.TextColumn("{task.completed:,.0f} of {task.total:,.0f} " + unit)]
    columns = (
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        *counted,
        bars.TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)

        def advance(size: int) -> None:
            bar.advance(task, size)

        yield advance


def _nothing(size: int) -> None:
    """Take the bytes done and show nothing."""
