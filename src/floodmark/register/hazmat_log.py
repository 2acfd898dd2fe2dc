"""Who looked at raw lines of which file, when, where and why: `hazmat.jsonl` in the workspace, one look a line.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Workspace.open(Path(folder) / "floodmark") as place:
    ...     append(place, Look("ab" * 32, 100, 0, 17, 1, "A reader asked"), datetime(2026, 1, 31, tzinfo=UTC), "ada")
    ...     [(one.time, one.user, one.look.offset, one.intact) for one in entries(place)]
    [('2026-01-31T00:00:00Z', 'ada', 17, True)]

Each line has the SHA-256 of the one before it, so that a line that was changed or taken out in between is seen. It does
not protect against whoever can write to the file and makes all of it anew; copies kept elsewhere do.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.hazmat import Look
from floodmark.register.database import RegisterUnreadable
from floodmark.register.folders import sync
from floodmark.register.free_text import clean
from floodmark.register.workspace import Workspace
from floodmark.register.write_errors import write_errors

NAME = "hazmat.jsonl"
LONGEST_REASON = 500
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


class HazmatLogChanged(FloodmarkError):
    """A line of the log of raw looks was changed, cut off or taken out."""

    slug: ClassVar[str] = "hazmat-log-changed"
    hint = "Compare hazmat.jsonl in the workspace with a copy of it, and find out who could write to it."


@dataclass(frozen=True)
class Entry:
    """One look, as the log has it.

    Attributes:
        time: when, UTC.
        user: login name of who looked.
        look: at what, and why.
        intact: whether the line is as it was written and follows the one before it.
    """

    time: str
    user: str
    look: Look
    intact: bool

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON has it."""
        return {"time": self.time, "user": self.user, **asdict(self.look), "intact": self.intact}


def fit_reason(text: str) -> str:
    """A reason as the log keeps it.

    Raises:
        UnfitText: it is empty or too long.
        HoldsIdentifier: it seems to hold an identifier.
    """
    return clean(text, "The reason", LONGEST_REASON, lines=False)


def append(workspace: Workspace, look: Look, now: datetime, user: str) -> None:
    """Write one look to the log, on the disk when this returns.

    Args:
        workspace: whose log it is.
        look: its reason as `fit_reason` gives it.
        now: the time.
        user: who looks.

    Raises:
        WorkspaceBusy: another process held the lock for too long.
        WorkspaceUnwritable: read-only, full or not permitted.
        WorkspaceExposed: others may write to the workspace.
    """
    path = workspace.folder / NAME
    with workspace.writing("hazmat"), write_errors(workspace.folder):
        descriptor = os.open(path, _FLAGS, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            written = file.read()
            previous = written.splitlines()[-1] if written.strip() else b""
            entry = {
                "time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "user": user,
                **asdict(look),
                "previous": _digest(previous),
            }
            # A line that a power cut left unfinished stays as it is, and is seen to be damaged.
            start = b"\n" if written and not written.endswith(b"\n") else b""
            file.write(start + json.dumps(entry, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
            os.fsync(file.fileno())
        sync(workspace.folder)


def entries(workspace: Workspace) -> list[Entry]:
    """All looks, the oldest first; a line that cannot be read has no time, no user and an empty look.

    Raises:
        RegisterUnreadable: the log cannot be read.
    """
    try:
        lines = (workspace.folder / NAME).read_bytes().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise RegisterUnreadable(f"{NAME} could not be read: {os.strerror(error.errno or 0)}.") from error
    found: list[Entry] = []
    previous = b""
    for line in lines:
        found.append(_entry(line, previous))
        previous = line
    return found


def check(found: list[Entry]) -> None:
    """Refuse a log of which a line is not as it was written.

    Raises:
        HazmatLogChanged: it says which is the first.
    """
    for place, entry in enumerate(found, 1):
        if not entry.intact:
            raise HazmatLogChanged(
                f"Line {place:,} of the log is not as it was written, or is not the one that followed"
            )


def _entry(line: bytes, previous: bytes) -> Entry:
    try:
        data = json.loads(line)
        intact = data.pop("previous") == _digest(previous)
        time, user = str(data.pop("time")), str(data.pop("user"))
        look = Look(
            sha256=str(data["sha256"]),
            size=int(data["size"]),
            member=int(data["member"]),
            offset=int(data["offset"]),
            lines=int(data["lines"]),
            reason=str(data["reason"]),
            label=str(data.get("label", "")),  # lines of before members were named have none
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Entry("", "", Look("", 0, 0, 0, 0, ""), intact=False)
    return Entry(time, user, look, intact)


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
