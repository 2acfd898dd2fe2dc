"""The guard: what to do with each request for identifiers, by budgets, evidence, canaries and who is allowed.

>>> from floodmark.guard.reduction import reduce_one
>>> key = DigestKey(bytes(32))
>>> guard = Guard(Policy(), key)
>>> guard.decide(0.0, Actor.of(key, account="ada"), "contacts", [reduce_one("phone", "+447400123456", key), None])
Decision(action=<Action.ALLOW: 0>, refused=(), reasons=(), retry_after=None, delay=0.0, shadow=True)

A guard belongs to one thread, such as that of an event loop. It reads no clock: times are arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from floodmark.guard.actors import Actor
from floodmark.guard.decision import Action, Decision
from floodmark.guard.policy import Policy
from floodmark.guard.reduction import Reduced
from floodmark.identifiers.digests import DigestKey


class Guard:
    """What to do with each request.

    Args:
        policy: thresholds, actions and whether to act.
        key: the digest key, under which actors and identifiers are reduced.
        budgets: of new identifiers; None for none.
        canaries: identifiers that nobody holds; None for none.
        allowed: who is never limited; None for nobody.
        watch: evidence on each actor; None for none.

    Attributes:
        policy: as given.
        key: as given.
    """

    def __init__(
        self,
        policy: Policy,
        key: DigestKey,
        budgets: Any = None,
        canaries: Any = None,
        allowed: Any = None,
        watch: Any = None,
    ) -> None:
        self.policy = policy
        self.key = key

    def decide(
        self, at: float, actor: Actor, endpoint: str, identifiers: Sequence[Reduced | None]
    ) -> Decision:
        """What to do with a request, before it is answered; what is granted is spent from the budgets.

        Args:
            at: when, seconds since 1970 UTC.
            actor: who asks.
            endpoint: name of what is asked.
            identifiers: that are asked about, in their order; None for what is no identifier, which costs nothing
                and is never refused.

        Returns:
            The decision; with `shadow`, one that is not to be acted on.
        """
        return Decision(Action.ALLOW, shadow=self.policy.shadow)

    def observe(
        self,
        at: float,
        actor: Actor,
        endpoint: str,
        identifiers: Sequence[Reduced | None],
        hits: Sequence[bool | None],
    ) -> None:
        """Learn from a request after it was answered.

        Args:
            at: when, as for `decide`.
            actor: who asked.
            endpoint: name of what was asked.
            identifiers: that were answered, refused ones left out.
            hits: whether each existed; None where nobody says.
        """

    def passed(self, at: float, actor: Actor) -> None:
        """Take note that an actor passed a challenge: for `policy.challenge_lasts` seconds it is not challenged.

        Args:
            at: when, as for `decide`.
            actor: who passed.
        """
