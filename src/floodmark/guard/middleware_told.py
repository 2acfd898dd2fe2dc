"""What an application is told of a request for identifiers, and what it may tell the guard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from floodmark.guard.decision import Action
from floodmark.guard.middleware_asked import Asked
from floodmark.guard.middleware_door import Decided, Door


class Told:
    """What the application is told of a request for identifiers, and what it may tell the guard.

    Attributes:
        action: that the application is to take; `ALLOW` in shadow mode.
        delay: seconds by which the answer is delayed, or was; 0.0 in shadow mode.
        refused: positions of identifiers that are not to be answered, ascending; none in shadow mode.
        asked: what the request asks about.
        decision: as the guard made it, to be looked at and not to be acted on.
    """

    __slots__ = ("_decided", "_door", "_hits", "action", "asked", "decision", "delay", "refused")

    def __init__(self, door: Door, asked: Asked, decided: Decided) -> None:
        decision = decided.decision
        self.decision = decision
        self.action = Action.ALLOW if decision.shadow else decision.action
        self.delay = 0.0 if decision.shadow else decision.delay
        self.refused = () if decision.shadow else decision.refused
        self._door = door
        self._decided = decided
        self.asked = asked
        self._hits: Sequence[bool | None] | None = None

    def granted(self) -> list[str]:
        """The identifiers that are to be answered, as they were sent, in order."""
        refused = set(self.refused)
        return [text for at, text in enumerate(self.asked.texts) if at not in refused]

    def existed(self, identifiers: Iterable[str]) -> None:
        """Tell the guard which of the identifiers exist, as they were sent; the others that were answered do not."""
        known = set(identifiers)
        self._hits = [text in known for text in self.asked.texts]

    def passed_challenge(self) -> None:
        """Tell the guard that the client has shown that it is somebody."""
        self._door.guard.passed(self._decided.at, self._decided.actor)

    def answered(self, status: int, size: int) -> None:
        """The request was answered: let the guard learn from it.

        Args:
            status: of the answer; 0 where there was none.
            size: bytes of its body.
        """
        hits = self._hits
        if hits is None:
            rule, count = self.asked.existed, len(self.asked.texts)
            hits = [rule(status, size) if rule is not None and status and count == 1 else None] * count
        self._door.observe(self._decided, hits)
