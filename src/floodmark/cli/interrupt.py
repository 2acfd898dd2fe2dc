"""Ctrl-C that is not lost: an interrupt swallowed on its way, by a callback or a library, is raised again."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def stop_typing_at_interrupt() -> None:
    """Let Ctrl-C end a prompt at once; for the main thread, before it reads.

    Polars has its own handler around Python's, after which a read goes on: Ctrl-C would wait for Enter.
    """
    signal.siginterrupt(signal.SIGINT, True)


@contextmanager
def interruptible(advance: Callable[[int], None]) -> Iterator[Callable[[int], None]]:
    """Raise KeyboardInterrupt at Ctrl-C, and again at the next step of the work should it be swallowed.

    Args:
        advance: told of the work done, from the main thread.

    Yields:
        What to call instead of `advance`.
    """
    stopped = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        raise KeyboardInterrupt

    def checked(size: int) -> None:
        if stopped:
            raise KeyboardInterrupt
        advance(size)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield checked
    finally:
        signal.signal(signal.SIGINT, before)
