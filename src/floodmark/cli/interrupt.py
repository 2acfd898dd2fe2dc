"""Ctrl-C that is not lost: an interrupt swallowed on its way, by a callback or a library, is raised again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SOON = 0.001  # seconds
_HOLDING = {threading.Condition.__enter__.__code__, threading.Condition.__exit__.__code__}
"""Where an exception would leave a lock taken for good, on which the threads of a pool then wait: futures have such."""


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
        if frame is not None and frame.f_code in _HOLDING:
            signal.setitimer(signal.ITIMER_REAL, SOON)
            return
        raise KeyboardInterrupt

    def checked(size: int) -> None:
        if stopped:
            raise KeyboardInterrupt
        advance(size)

    before = signal.signal(signal.SIGINT, stop), signal.signal(signal.SIGALRM, stop)
    try:
        yield checked
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGALRM, before[1])
