"""What a guard has done since it started, in numbers for metrics."""

from __future__ import annotations

from dataclasses import dataclass, field

from floodmark.guard.decision import Action


@dataclass(slots=True)
class Counters:
    """Counts since the start; none of them says who.

    Attributes:
        decisions: by action.
        identifiers: that were asked about.
        none: of the cells asked about, those that were no identifier of the kind.
        refused: identifiers, for want of budget.
        full: requests in which a budget of a level refused something, by level.
        canaries: lookups of canaries.
        allowed: requests of whoever is on the allow-list.
        observed: identifiers that were observed after an answer.
        passed: challenges.
    """

    decisions: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(Action, 0))
    identifiers: int = 0
    none: int = 0
    refused: int = 0
    full: dict[str, int] = field(default_factory=dict)
    canaries: int = 0
    allowed: int = 0
    observed: int = 0
    passed: int = 0
