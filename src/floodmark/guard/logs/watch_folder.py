"""The guard's files for following logs: the same policy, canaries and model, and a state of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from floodmark.guard.folder import GuardFolder


@dataclass(frozen=True, slots=True)
class WatchFolder(GuardFolder):
    """As `GuardFolder`, but what is spent by watching is not spent at a door."""

    @property
    def state(self) -> Path:
        """The folder of what has to outlast a restart."""
        return self.path / "watch"
