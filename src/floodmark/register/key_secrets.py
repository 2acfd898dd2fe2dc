"""Secrets in memory: shown by nothing, wiped when done with, and kept out of core dumps.

    >>> secret = Secret(bytearray(b"thirty-two bytes that are random"))
    >>> secret
    Secret(…)
    >>> secret.wipe()
    >>> bytes(secret.reveal())
    b''

What this cannot do. Python moves and copies: a library that takes `bytes` gets a copy that nobody wipes, and
memory may be swapped to disk. Whoever may read this process's memory, as the system's administrator may, has the
keys. It does keep them from what leaves the process by accident: tracebacks, logs, pickles and core dumps.
"""

from __future__ import annotations

import ctypes
import hmac
import resource
import sys
from typing import NoReturn, Self

PR_SET_DUMPABLE = 4  # prctl(2)


class Secret:
    """Bytes that are neither printed, copied nor pickled.

    Args:
        content: the bytes, which this object takes over and will wipe.
    """

    __slots__ = ("_content",)

    def __init__(self, content: bytearray) -> None:
        self._content = content

    def reveal(self) -> memoryview:
        """The bytes, read-only and not copied; for the one call that needs them."""
        return memoryview(self._content).toreadonly()

    def wipe(self) -> None:
        """Overwrite the bytes with zeros and forget them. May be called again."""
        self._content[:] = bytes(len(self._content))
        self._content = bytearray()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._content, other._content)

    __hash__ = None  # type: ignore[assignment]  # a hash would outlive the wiping

    def __len__(self) -> int:
        return len(self._content)

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither copied nor pickled")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wipe()


def forbid_core_dumps() -> None:
    """Let no crash of this process, or of what it starts, leave its memory in a file.

    The limit on core files stops those that the kernel writes. On Linux the process is also marked as not
    dumpable, which stops core dumps that are piped to a program, and other processes of the same user that would
    read its memory or environment.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
