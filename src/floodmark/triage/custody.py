"""Custody: what makes a result repeatable, written beside it.

Which bytes were read, how they were come by, with which versions and options, and when. Nothing is guessed
from the machine or its user: what nobody stated is null. Times are arguments, so that a run can be replayed.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from floodmark import __version__
from floodmark.dumps import BackgroundDigest, InputDigest
from floodmark.errors import UsageError
from floodmark.files import write_atomic

__all__ = ["Acquisition", "BackgroundDigest", "Custody", "InputDigest", "tool_versions"]


@dataclass(frozen=True)
class Acquisition:
    """How the inputs were come by, in the words of who ran the tool.

    Attributes:
        source: where from (`--acquired-from`).
        at: when, an ISO 8601 date or time with offset (`--acquired-at`).
        by: who acquired or handles it; never taken from the operating system.
        note: anything else (`--note`).

    Raises:
        UsageError: `at` is no ISO 8601 date or time, or a time without offset.
    """

    source: str | None = None
    at: str | None = None
    by: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.at is None:
            return
        try:
            moment = datetime.fromisoformat(self.at)
        except ValueError:
            raise UsageError(
                "The time of acquisition is not a date that can be read.",
                "Write it as 2026-01-31 or 2026-01-31T14:05:00+01:00.",
            ) from None
        if len(self.at) > len("2026-01-31") and moment.tzinfo is None:
            raise UsageError(
                "The time of acquisition lacks its offset from UTC.", "Add Z or an offset such as +01:00."
            )


def tool_versions(phone_metadata: str) -> dict[str, str]:
    """Versions that a result depends on.

    Args:
        phone_metadata: version of the numbering plans that phone numbers were read with.
    """
    return {
        "floodmark": __version__,
        "phone_metadata": phone_metadata,
        "python": platform.python_version(),
        "polars": pl.__version__,
        "numpy": np.__version__,
    }


@dataclass(frozen=True)
class Custody:
    """What makes one result repeatable.

    Attributes:
        inputs: every input that was read, in order.
        tool: versions, as `tool_versions` gives them.
        options: options that were in force, JSON values.
        started_at: when reading began, with time zone.
        finished_at: when the result was complete, with time zone.
        acquired: how the inputs were come by.
    """

    inputs: Sequence[InputDigest]
    tool: Mapping[str, str]
    options: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime
    acquired: Acquisition = field(default_factory=Acquisition)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready values; times in UTC to the second."""
        return {
            "acquired": {
                "from": self.acquired.source,
                "at": self.acquired.at,
                "by": self.acquired.by,
                "note": self.acquired.note,
            },
            "inputs": [
                {"label": item.label, "size": item.size, "sha256": item.sha256} for item in self.inputs
            ],
            "tool": dict(self.tool),
            "options": dict(self.options),
            "started_at": _utc(self.started_at),
            "finished_at": _utc(self.finished_at),
        }

    def to_json(self) -> bytes:
        """`to_dict` as UTF-8 JSON with a final line end; equal records give equal bytes."""
        return (json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n").encode()

    def write(self, path: Path) -> None:
        """Write `to_json` to a file, whole or not at all.

        Raises:
            OutputFailed: the file cannot be written.
        """
        write_atomic(path, self.to_json())


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a time of custody carries its time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
