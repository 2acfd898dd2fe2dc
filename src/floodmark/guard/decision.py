"""What the guard says to a lookup, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Action(IntEnum):
    """What to do, from the mildest to the strictest; the strictest of several holds."""

    ALLOW = 0
    DELAY = 1  # answer later
    COARSEN = 2  # answer less: only what the asker could know anyway
    CHALLENGE = 3  # answer once the client has shown that it is somebody
    DENY = 4  # do not answer

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that made a decision, with its numbers.

    Attributes:
        code: stable name, such as `budget-spent`, `evidence`, `canary`, `allow-listed`.
        level: of which part of the actor: `account`, `prefix`, …; empty for none.
        text: a sentence for a person, without any identifier.
        numbers: what the sentence says, by name.
    """

    code: str
    level: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one request of one or more identifiers.

    Attributes:
        action: what to do with what is not refused.
        refused: positions in the request, ascending, of identifiers that are not to be answered.
        reasons: why, the weightiest first; empty for an ordinary request.
        retry_after: seconds after which what was refused may be granted; None where nothing was, or nobody knows.
        delay: seconds to wait before the answer; 0.0 for none.
        shadow: whether this was decided and is not to be acted on.
    """

    action: Action
    refused: tuple[int, ...] = ()
    reasons: tuple[Reason, ...] = ()
    retry_after: float | None = None
    delay: float = 0.0
    shadow: bool = False
