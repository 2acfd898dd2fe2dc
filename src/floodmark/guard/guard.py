r"""The guard: what to do with each request for identifiers, by budgets, evidence, canaries and who is allowed.

>>> from floodmark.guard.reduction import reduce_one
>>> key = DigestKey(bytes(32))
>>> policy = Policy.from_toml('[[limit]]\nlevel = "account"\nburst = 1\nper_hour = 1')
>>> guard = Guard(policy, key, Budgets(policy.limits))
>>> asked = [reduce_one("phone", text, key) for text in ("+447400123456", "none", "+447400123457")]
>>> decision = guard.decide(0.0, Actor.of(key, account="ada"), "contacts", asked)
>>> decision.refused, decision.retry_after, decision.shadow, [reason.code for reason in decision.reasons]
((2,), 3600.0, True, ['budget-spent'])

A guard belongs to one thread, such as that of an event loop. It reads no clock: times are arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from floodmark.guard import reasons
from floodmark.guard.actor_text import who_written
from floodmark.guard.actors import Actor
from floodmark.guard.allow import AllowList
from floodmark.guard.allow_file import AllowFile
from floodmark.guard.budgets import Budgets, Taken
from floodmark.guard.canaries import Canaries
from floodmark.guard.canaries_ledger import CanaryLedger
from floodmark.guard.challenged import Challenged
from floodmark.guard.counters import Counters
from floodmark.guard.decision import Action, Decision, Reason
from floodmark.guard.evidence import Watch
from floodmark.guard.policy import Policy
from floodmark.guard.reduction import Reduced
from floodmark.identifiers import IdentifierKind
from floodmark.identifiers.digests import DigestKey


class Guard:
    """What to do with each request.

    Args:
        policy: thresholds, actions and whether to act.
        key: the digest key, under which actors and identifiers are reduced.
        budgets: of new identifiers, by the policy's limits; None for none.
        canaries: identifiers that nobody holds; None for none.
        allowed: who is never limited; None for nobody.
        watch: evidence on each actor; None for none.
        ledger: who asked for canaries before; None for one in memory.

    Attributes:
        policy: as given.
        key: as given.
        budgets: as given.
        canaries: as given, or none.
        allowed: as given, or nobody.
        watch: as given.
        ledger: as given, or one in memory.
        counters: what was done so far.
        closing: what `close` closes; nothing but where a `GuardFolder` opened the guard.
    """

    def __init__(
        self,
        policy: Policy,
        key: DigestKey,
        budgets: Budgets | None = None,
        canaries: Canaries | None = None,
        allowed: AllowList | AllowFile | None = None,
        watch: Watch | None = None,
        ledger: CanaryLedger | None = None,
    ) -> None:
        self.policy = policy
        self.key = key
        self.budgets = budgets
        self.canaries = canaries or Canaries()
        self.allowed = AllowList() if allowed is None else allowed
        self.watch = watch
        self.ledger = ledger or CanaryLedger()
        self.counters = Counters()
        self.closing = ExitStack()
        self._challenged = Challenged(policy.challenge_lasts)
        self._looks = watch is not None or bool(self.canaries.digests)
        self._ordinary = Decision(Action.ALLOW, shadow=policy.shadow)

    def decide(
        self, at: float, actor: Actor, endpoint: str, identifiers: Sequence[Reduced | None]
    ) -> Decision:
        """What to do with a request, before it is answered; what is granted is spent from the budgets.

        Args:
            at: when, seconds since 1970 UTC.
            actor: who asks.
            endpoint: name of what is asked.
            identifiers: that are asked about, in their order; None for what is no identifier, which costs nothing
                and is refused only where all are.

        Returns:
            The decision; with `shadow`, one that is not to be acted on. Where the action is to challenge or to deny,
            every position is refused and no budget is spent.

        Raises:
            OutputFailed: what has to outlast a crash could not be written.
        """
        counters = self.counters
        asked = [one for one in identifiers if one is not None]
        counters.identifiers += len(identifiers)
        counters.none += len(identifiers) - len(asked)
        found = self._found(at, actor, asked) if self._looks else []
        if (allowance := self.allowed.of(actor, at)) is not None:
            counters.allowed += 1
            return self._decided(Action.ALLOW, (), [(Action.ALLOW, reasons.allowed(allowance))])
        action = Action.ALLOW
        if found:
            action = self._strictest(at, actor, found)
            if action >= Action.CHALLENGE:
                return self._decided(action, tuple(range(len(identifiers))), found)
        if self.budgets is None:
            return self._decided(action, (), found)
        taken = self.budgets.take(at, actor, endpoint, asked)
        if taken.full:
            self._count(taken)
            found += [(Action.DENY, reasons.spent(taken, place)) for place in taken.full]
        if self.policy.used.steps and (use := self._use(taken)) is not None:
            found.append(use)
            action = max(action, use[0])
        refused = taken.refused
        if refused and len(asked) < len(identifiers):
            places = [place for place, one in enumerate(identifiers) if one is not None]
            refused = tuple(places[place] for place in refused)
        return self._decided(action, refused, found, taken.retry_after)

    def observe(
        self,
        at: float,
        actor: Actor,
        endpoint: str,
        identifiers: Sequence[Reduced | None],
        hits: Sequence[bool | None] = (),
        *,
        kind: IdentifierKind = "phone",
    ) -> None:
        """Learn from a request after it was answered.

        Args:
            at: when, as for `decide`.
            actor: who asked.
            endpoint: name of what was asked.
            identifiers: that were answered, refused ones left out.
            hits: whether each existed, None where nobody says; empty where nobody says of any.
            kind: of the identifiers.
        """
        self.counters.observed += len(identifiers)
        if self.watch is not None:
            self.watch.observe(at, actor, endpoint, identifiers, hits, kind=kind)

    def passed(self, at: float, actor: Actor) -> None:
        """Take note that an actor passed a challenge: for `policy.challenge_lasts` seconds it is not challenged.

        Args:
            at: when, as for `decide`.
            actor: who passed.
        """
        self.counters.passed += 1
        self._challenged.passed(at, actor.who)

    def close(self) -> None:
        """Write what is not written yet, and close what was opened for this guard."""
        self.closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _found(self, at: float, actor: Actor, asked: Sequence[Reduced]) -> list[tuple[Action, Reason]]:
        """What canaries and evidence say, each with its action."""
        found: list[tuple[Action, Reason]] = []
        if self.canaries.digests:
            count = self._canaries_asked(at, actor, asked)
            if (action := self.policy.canaries.action(count)) is not Action.ALLOW:
                found.append((action, reasons.canaries(count, self.ledger.of(who_written(actor)))))
        if self.watch is not None:
            value = self.watch.value(at, actor)
            if (action := self.policy.evidence.action(value)) is not Action.ALLOW:
                found.append((action, reasons.evidence(value, self.watch.standing(actor))))
        return found

    def _canaries_asked(self, at: float, actor: Actor, asked: Sequence[Reduced]) -> int:
        """How many different canaries the actor has asked for, this request included."""
        known = self.canaries.digests
        digests = [one.digest for one in asked if one.digest in known and self.canaries.says(one.digest, at)]
        if not digests:
            return self.ledger.count(who_written(actor)) if self.ledger.kept else 0
        self.counters.canaries += len(digests)
        return self.ledger.add(at, who_written(actor), digests)

    def _strictest(self, at: float, actor: Actor, found: list[tuple[Action, Reason]]) -> Action:
        """The strictest action; who passed a challenge is spared another."""
        action = max(step for step, _ in found)
        if action is Action.CHALLENGE and self._challenged.has_passed(at, actor.who):
            return max((step for step, _ in found if step < Action.CHALLENGE), default=Action.ALLOW)
        return action

    def _count(self, taken: Taken) -> None:
        self.counters.refused += len(taken.refused)
        for place in taken.full:
            level = taken.limits[place].level
            self.counters.full[level] = self.counters.full.get(level, 0) + 1

    def _use(self, taken: Taken) -> tuple[Action, Reason] | None:
        """What the policy does by the share of a budget that is used; None for nothing."""
        share, place = reasons.most_used(taken)
        action = self.policy.used.action(share)
        return None if action is Action.ALLOW else (action, reasons.used(taken, place))

    def _decided(
        self,
        action: Action,
        refused: tuple[int, ...],
        found: list[tuple[Action, Reason]],
        retry_after: float | None = None,
    ) -> Decision:
        """The decision, counted; reasons of the strictest action come first."""
        self.counters.decisions[action] += 1
        if not found and not refused:
            return self._ordinary
        weighed = tuple(reason for _, reason in sorted(found, key=lambda one: -one[0]))
        delay = self.policy.delay if action is Action.DELAY else 0.0
        return Decision(action, refused, weighed, retry_after, delay, self.policy.shadow)
