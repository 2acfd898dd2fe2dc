r"""Lines on stderr that hold nobody up: where nobody reads them, they are dropped and counted.

>>> reading, writing = os.pipe()
>>> lines = Lines(writing)
>>> lines(b"{}\n")
>>> os.read(reading, 9)
b'{}\n'
>>> os.close(reading), os.close(writing)
(None, None)
"""

from __future__ import annotations

import os
import select
import threading
from contextlib import suppress

STDERR = 2
LONGEST = 4096  # bytes that a pipe with any room takes at once (pipe(7), PIPE_BUF)


class Lines:
    """Writes each line in one piece among those of other processes; for any number of threads.

    Before the first line that is written again stands how many were dropped: `{"dropped":12}`.

    Args:
        descriptor: where to.
    """

    def __init__(self, descriptor: int = STDERR) -> None:
        self._descriptor = descriptor
        self._dropped = 0
        self._lock = threading.Lock()
        self._room = select.poll()
        self._room.register(descriptor, select.POLLOUT)

    def __call__(self, line: bytes) -> None:
        """Write a line, if that is possible at once; where whoever read has gone, nothing happens.

        Args:
            line: with its end; one that is longer than 4 KiB is dropped.
        """
        with self._lock, suppress(OSError):
            said = b'{"dropped":%d}\n' % self._dropped + line if self._dropped else line
            if len(said) > LONGEST or not self._room.poll(0):
                self._dropped += 1
                return
            self._dropped = 0
            os.write(self._descriptor, said)


to_stderr = Lines()
"""Of this process."""
