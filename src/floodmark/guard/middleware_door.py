"""What every door of the guard does with a request, whether it answers itself or is asked by a web server."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from floodmark.guard.actors import Actor
from floodmark.guard.decision import Action, Decision
from floodmark.guard.guard import Guard
from floodmark.guard.middleware_asked import Asked, check_texts
from floodmark.guard.middleware_refusals import LookupRefused, refusal_of
from floodmark.guard.odd_texts import charged
from floodmark.guard.reduction import Reduced, reduce_many, reduce_one
from floodmark.identifiers import IdentifierKind

Fail: TypeAlias = Literal["open", "closed"]
HONOURS = frozenset({"partial", "coarsen", "challenge"})
KEPT = 8_192  # actors that asked lately
EVERY = 60.0  # seconds between two lines of the log about failures
_LOG = logging.getLogger("floodmark.guard")


class Decided(NamedTuple):
    """What was decided on one request.

    Attributes:
        at: when, seconds since 1970 UTC.
        actor: who asks.
        endpoint: what is asked.
        kind: of the identifiers.
        identifiers: that are asked about; None for what is none.
        decision: of the guard.
    """

    at: float
    actor: Actor
    endpoint: str
    kind: IdentifierKind
    identifiers: Sequence[Reduced | None]
    decision: Decision


class Door:
    """A guard as doors ask it.

    Args:
        guard: that decides.
        fail: whether a request is answered that the guard fails to decide on; while its policy is one of shadow, it is.
        honours: some of `HONOURS`: what the application does itself on being told.
        clock: seconds since 1970 UTC.

    Raises:
        ValueError: an application honours nothing of that name.

    Attributes:
        guard: as given.
        counts: by name: `requests` that were decided on, `failed` to be decided on, `unseen` whose body was out of
            sight. What was decided the guard counts itself.
    """

    def __init__(
        self, guard: Guard, *, fail: Fail, honours: Iterable[str], clock: Callable[[], float]
    ) -> None:
        honours = frozenset(honours)
        if unknown := honours - HONOURS:
            raise ValueError(f"an application does not honour {', '.join(sorted(unknown))}")
        self.guard = guard
        self.counts: Counter[str] = Counter()
        self._honours = honours
        self._open = fail == "open"
        self._clock = clock
        self._said = float("-inf")
        self._actors: dict[tuple[int, int], Actor] = {}

    @property
    def shadow(self) -> bool:
        """Whether nothing is acted on."""
        return self.guard.policy.shadow

    @property
    def open(self) -> bool:
        """Whether a request is answered that cannot be decided on."""
        return self._open or self.shadow

    def decide(self, asked: Asked, address: str) -> Decided:
        """Decide on a request.

        Args:
            asked: what it asks about; reduced at once.
            address: from which it comes.

        Raises:
            LookupRefused: it holds what no identifier is.
        """
        texts, key = asked.texts, self.guard.key
        check_texts(texts)
        reduced: Sequence[Reduced | None]
        if len(texts) == 1:
            reduced = (reduce_one(asked.kind, texts[0], key, asked.region),)
        else:
            reduced = reduce_many(asked.kind, texts, key, asked.region)
        actor = self._actor(address, asked.known)
        at = self._clock()
        costs = charged(asked.kind, texts, reduced, key)
        if costs is not reduced:
            self.guard.counters.none += sum(
                one is None and cost is not None for one, cost in zip(reduced, costs, strict=True)
            )
        decision = self.guard.decide(at, actor, asked.endpoint, costs)
        self.counts["requests"] += 1
        return Decided(at, actor, asked.endpoint, asked.kind, reduced, decision)

    def _actor(self, address: str, known: Mapping[str, str | None]) -> Actor:
        """The actor, from those that asked lately: by hashes of 64 bits, so that no name or address is kept."""
        name = (hash(address), hash(tuple(known.items())))
        actor = self._actors.get(name)
        if actor is None:
            if len(self._actors) >= KEPT:
                self._actors.clear()
            told = {part: text for part, text in known.items() if text}
            actor = self._actors[name] = Actor.of(self.guard.key, **{"address": address, **told})
        return actor

    def refusal(self, decision: Decision, count: int) -> LookupRefused | None:
        """What the client is told in the application's stead, where the decision is acted on; None for nothing.

        Args:
            decision: of the guard.
            count: identifiers that were asked about.
        """
        action = decision.action
        if action is Action.DENY:
            return refusal_of(decision)
        if action is Action.CHALLENGE:
            return None if "challenge" in self._honours else refusal_of(decision)
        if action is Action.COARSEN and "coarsen" not in self._honours:
            return refusal_of(decision)
        if decision.refused and ("partial" not in self._honours or len(decision.refused) == count):
            return refusal_of(decision)
        return None

    def observe(self, decided: Decided, hits: Sequence[bool | None]) -> None:
        """Let the guard learn from an answer.

        Args:
            decided: on the request.
            hits: whether each of its identifiers existed, refused ones too; None where nobody says.
        """
        identifiers = decided.identifiers
        if decided.decision.refused and not decided.decision.shadow:
            refused = frozenset(decided.decision.refused)
            answered = [at for at in range(len(identifiers)) if at not in refused]
            identifiers = [identifiers[at] for at in answered]
            hits = [hits[at] for at in answered]
        if not identifiers:
            return
        try:
            self.guard.observe(
                decided.at, decided.actor, decided.endpoint, identifiers, hits, kind=decided.kind
            )
        except Exception as error:
            self.failed(error)

    def failed(self, error: Exception) -> None:
        """Count a failure of the guard and say so in the log, without a word of what was asked."""
        self.counts["failed"] += 1
        now = self._clock()
        if not 0 <= now - self._said < EVERY:
            self._said = now
            _LOG.error("The guard failed: %s (%d times by now)", type(error).__name__, self.counts["failed"])
