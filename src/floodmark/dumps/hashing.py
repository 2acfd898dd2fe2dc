"""SHA-256 of what is read anyway, in the same pass and beside it: hashing releases the interpreter's lock.

>>> with BackgroundDigest() as digest:
...     digest(b"a first part, ")
...     digest(b"and a second")
...     found = digest.finish("example.txt")
>>> found.size, found.sha256 and found.sha256[:16]
(26, 'b7a9c48f5f1a3067')
"""

from __future__ import annotations

import hashlib
import queue
import threading
from dataclasses import dataclass
from typing import Self

PARTS_WAITING = 8


@dataclass(frozen=True)
class InputDigest:
    """One input as found: how the report names it, its raw size in bytes and the SHA-256 of its raw bytes.

    `sha256` is None where not all of them were read.
    """

    label: str
    size: int
    sha256: str | None


class BackgroundDigest:
    """Takes the raw bytes of one input in order and hashes them on a thread of its own.

    Callable, so that it serves as the `watch` of `members`. At most `PARTS_WAITING` parts wait; the
    reader then waits for the hash, so memory stays bounded.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._size = 0
        self._parts: queue.Queue[bytes | None] = queue.Queue(PARTS_WAITING)
        self._thread = threading.Thread(target=self._work, name="sha256", daemon=True)
        self._thread.start()

    def __call__(self, data: bytes) -> None:
        """Take the next bytes, which must not change afterwards."""
        self._size += len(data)
        self._parts.put(data)

    def finish(self, label: str) -> InputDigest:
        """The digest of all bytes taken; nothing more can be added."""
        self.close()
        return InputDigest(label, self._size, self._hash.hexdigest())

    def close(self) -> None:
        """Stop the thread, after what it was given."""
        if self._thread.is_alive():
            self._parts.put(None)
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _work(self) -> None:
        while (part := self._parts.get()) is not None:
            self._hash.update(part)
