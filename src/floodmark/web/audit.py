"""One line of JSON for whoever signs in or out, or fails to: which analyst, and how it ended.

    >>> from datetime import UTC
    >>> lines: list[bytes] = []
    >>> audit = Audit(lambda: datetime(2026, 1, 31, 13, 5, tzinfo=UTC), lines.append)
    >>> audit.note("sign-in", "wrong-code", "ada", secrets_since="2026-01-01T00:00:00Z")
    >>> print(lines[0].decode(), end="")
    {"time":"2026-01-31T13:05:00Z","event":"sign-in","outcome":"wrong-code","analyst":"ada",\
"secrets_since":"2026-01-01T00:00:00Z"}

Names are those of analysts alone: what was typed for a name that nobody has may be a password. No address, token or
code. A reset, which is made by a command on the server's machine, shows in `secrets_since`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeAlias

from floodmark.notices import stamp
from floodmark.web.stderr_lines import to_stderr

Outcome: TypeAlias = Literal[
    "signed-in",
    "wrong-code",
    "wrong-password",
    "waiting",
    "too-many",
    "out-of-date",
    "key-lost",
    "here",
    "everywhere",
]
"""Of a sign-in, or of a sign-out the last two. `wrong-password` had a right code: an authenticator may be stolen."""


class Audit:
    """Writes lines.

    Args:
        clock: gives the time, with time zone.
        write: takes a whole line.
    """

    def __init__(self, clock: Callable[[], datetime], write: Callable[[bytes], None] = to_stderr) -> None:
        self._clock = clock
        self._write = write

    def note(
        self,
        event: Literal["sign-in", "sign-out"],
        outcome: Outcome,
        analyst: str | None = None,
        *,
        secrets_since: str | None = None,
    ) -> None:
        """Write what happened.

        Args:
            event: what was tried.
            outcome: how it ended.
            analyst: name; None for a name that nobody has, or where none was looked at.
            secrets_since: when the analyst's secrets were last changed.
        """
        said = {"time": stamp(self._clock()), "event": event, "outcome": outcome, "analyst": analyst}
        if secrets_since is not None:
            said["secrets_since"] = secrets_since
        self._write(json.dumps(said, separators=(",", ":")).encode() + b"\n")
