"""What the state of a guard that runs says of one actor; it is looked at and not changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from floodmark.errors import NothingToRead
from floodmark.guard.actor_text import written
from floodmark.guard.actors import Actor
from floodmark.guard.allow import AllowList
from floodmark.guard.budgets import Budgets, Standing
from floodmark.guard.canaries import Canaries
from floodmark.guard.canaries_ledger import CanaryLedger
from floodmark.guard.evidence import Learned
from floodmark.guard.evidence.ledger import Ledger
from floodmark.guard.explain import BudgetExplained, CanariesExplained, EvidenceExplained, Explained
from floodmark.guard.folder import GuardFolder
from floodmark.guard.ledger_place import ledgers
from floodmark.guard.policy import Policy

_EVERYWHERE = ""  # an endpoint that no limit names
_HOUR = 3600


def explain_state(
    part: str,
    digest: int,
    folder: GuardFolder,
    policy: Policy,
    key_id: str,
    *,
    at: float,
    learned: Learned | None = None,
) -> Explained:
    """What is known of an actor now.

    Budgets are those of the part alone: which prefix or network an account came from last, a state does not say.

    Args:
        part: of the actor.
        digest: of that part.
        folder: of the guard.
        policy: that the guard runs by.
        key_id: of the digest key.
        at: now, seconds since 1970 UTC.
        learned: model that the guard weighs evidence by; None for none.

    Raises:
        GuardFileError, BadState, StateInUse, UnreadableInput: the state is damaged, or of other limits or keys.
    """
    entries = AllowList.read(folder.allowed, key_id).entries
    mine = [
        one for one in entries if (one.part, one.digest) == (part, digest) and one.since <= at < one.until
    ]
    return Explained(
        actor=written(part, digest),
        at=at,
        shadow=policy.shadow,
        seen=None,
        budgets=tuple(_budgets(part, digest, folder, policy, at)),
        evidence=tuple(_evidence(part, digest, folder, policy, at, learned)),
        canaries=_canaries(written(part, digest), folder, policy, key_id),
        allowed=(mine[0].reason, mine[0].until) if mine else None,
    )


def _budgets(
    part: str, digest: int, folder: GuardFolder, policy: Policy, at: float
) -> Iterator[BudgetExplained]:
    if not folder.state.exists() or not policy.limits:
        return
    levels = {part, "account"} if part == "address" else {part}
    endpoints = dict.fromkeys([_EVERYWHERE, *(name for limit in policy.limits for name in limit.endpoints)])
    found: dict[int, Standing] = {}
    with suppress(NothingToRead):  # a policy of before may have had no limits
        budgets = Budgets.look(folder.state, policy.limits, at=at)
        for endpoint in endpoints:
            for standing in budgets.standing(at, Actor(**{part: digest}), endpoint):
                if standing.level in levels:
                    found.setdefault(policy.limits.index(standing.limit), standing)
    for _, standing in sorted(found.items()):
        limit = standing.limit
        yield BudgetExplained(
            level=limit.level,
            name=written(part, digest),
            endpoints=limit.endpoints,
            besides=limit.besides,
            burst=limit.burst,
            per_hour=limit.per_second * _HOUR,
            used=standing.used,
            peak=None,
            empty_in=standing.empty_in,
            refused=None,
        )


def _evidence(
    part: str, digest: int, folder: GuardFolder, policy: Policy, at: float, learned: Learned | None
) -> Iterator[EvidenceExplained]:
    if learned is None or part not in ("account", "address"):
        return
    actor, length = Actor(**{part: digest}), learned.reference.epoch
    read = [Ledger.read(path, epoch=length) for path in ledgers(folder.state)]
    if not read:
        return
    watches = [folder.watch(policy, learned, ledger) for ledger in read]
    # Of processes that share the state, each has evidence of its own.
    value, standing = max(
        ((watch.value(at, actor), watch.standing(actor)) for watch in watches), key=lambda one: one[0]
    )
    if not value:
        return
    yield EvidenceExplained(
        epoch=at // length * length,
        m=value,
        action=str(policy.evidence.action(value)),
        reached=standing.reached,
        stratum=standing.stratum,
        reference=standing.reference,
        reachable=standing.reachable,
        parts=(),
        guarantee=standing.guarantee if standing.reached else "",
    )


def _canaries(who: str, folder: GuardFolder, policy: Policy, key_id: str) -> CanariesExplained:
    sets = Canaries.read(folder.canaries, key_id)
    asked = CanaryLedger.read(folder.ledger, key_id).of(who)
    named = [(one.name if (one := sets.set_of(first.digest)) else "forgotten", first.at) for first in asked]
    return CanariesExplained(len(asked), str(policy.canaries.action(len(asked))), None, tuple(named))
