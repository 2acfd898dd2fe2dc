"""What past lookups say of one actor under a policy."""

from __future__ import annotations

import numpy as np
import polars as pl

from floodmark.guard.actor_text import written
from floodmark.guard.allow import AllowList
from floodmark.guard.budgets import Limit
from floodmark.guard.canaries import Canaries
from floodmark.guard.decision import Action
from floodmark.guard.evidence import Learned, evidence
from floodmark.guard.explain import BudgetExplained, CanariesExplained, EvidenceExplained, Explained, Seen
from floodmark.guard.policy import Policy
from floodmark.guard.simulate import simulate
from floodmark.guard.simulate_summary import why

_SECOND = 1e9
_PARTS = ("hits", "gaps", "rarity")


def explain(
    part: str,
    digest: int,
    lookups: pl.DataFrame,
    policy: Policy,
    *,
    canaries: Canaries | None = None,
    allowed: AllowList | None = None,
    learned: Learned | None = None,
) -> Explained | None:
    """What is known of an actor as of the last of all lookups; None where it made none.

    Args:
        part: of the actor.
        digest: of that part.
        lookups: of all actors, of columns `floodmark.guard.SCHEMA`, in order of `at`: who shares a budget counts.
        policy: as for `simulate`.
        canaries: as for `simulate`.
        allowed: as for `simulate`.
        learned: as for `simulate`.
    """
    if lookups.filter(pl.col(part) == digest).is_empty():
        return None
    canaries, allowed = canaries or Canaries(), allowed or AllowList()
    simulated = simulate(lookups, policy, canaries=canaries, allowed=allowed, learned=learned)
    own = simulated.filter(pl.col(part) == digest)
    at = _seconds(simulated["at"])[-1]
    seen = _seen(own)
    return Explained(
        actor=written(part, digest),
        at=float(at),
        shadow=policy.shadow,
        seen=seen,
        budgets=tuple(
            _budget(simulated, own, limit, float(at)) for limit in policy.limits if _counts(own, limit)
        ),
        evidence=_evidence(digest, own, lookups, policy, learned),
        canaries=_canaries(own, seen.identifiers, policy, canaries),
        allowed=_allowance(part, digest, allowed, float(at)),
    )


def _seen(own: pl.DataFrame) -> Seen:
    kept_back = own.filter(~pl.col("answered")).with_columns(why=why())
    endpoints = own.group_by("endpoint").len().sort("len", "endpoint", descending=[True, False])
    at = _seconds(own["at"])
    return Seen(
        lookups=own.height,
        identifiers=own["identifier"].n_unique(),
        blocks=own["block"].n_unique(),
        answered=own["hit"].count(),
        hits=int(own["hit"].sum()),
        endpoints=tuple(endpoints.iter_rows()),
        first=float(at[0]),
        last=float(at[-1]),
        unanswered=kept_back.height,
        limited=float(_seconds(kept_back["at"])[0]) if kept_back.height else None,
        by=kept_back["why"][0] if kept_back.height else "",
    )


def _counts(own: pl.DataFrame, limit: Limit) -> bool:
    """Whether a limit counts anything of an actor."""
    return not own.filter(_applies(limit)).is_empty()


def _budget(simulated: pl.DataFrame, own: pl.DataFrame, limit: Limit, at: float) -> BudgetExplained:
    """How much of a limit is used, by all who share it with the actor's last lookup that counts there.

    A bucket is empty at c·n + max over j ≤ n of (t_j − c·(j − 1)) after n grants of something new at t_1, …, t_n.
    """
    entity = _entity(limit)
    last = own.filter(_applies(limit)).tail(1)
    number = int(last.select(entity).item())
    spent = (
        simulated.filter(_applies(limit) & (entity == number) & ~pl.col("refused") & ~pl.col("allowed"))
        .filter(pl.max_horizontal("canary", "evidence") < Action.CHALLENGE)
        .unique("identifier", keep="first", maintain_order=True)
    )
    times = spent["at"].dt.epoch("us").to_numpy() * 1000
    ahead = peak = 0.0
    if len(times):
        before = limit.cost * np.arange(len(times), dtype=np.int64)
        empty = np.maximum.accumulate(times - before) + before + limit.cost
        ahead, peak = max(0.0, float(empty[-1]) - at * _SECOND), float((empty - times).max())
    name = limit.level if limit.level != "account" or last["is_account"][0] else "address"
    return BudgetExplained(
        level=limit.level,
        name=written(name, number),
        endpoints=limit.endpoints,
        besides=limit.besides,
        burst=limit.burst,
        per_hour=limit.per_second * 3600,
        used=ahead / limit.cost,
        peak=peak / limit.cost,
        empty_in=ahead / _SECOND,
        refused=own.filter(_applies(limit) & (pl.col("refused_at") == limit.level)).height,
    )


def _applies(limit: Limit) -> pl.Expr:
    named = pl.col("endpoint").is_in(limit.endpoints) if limit.endpoints else pl.lit(value=True)
    return named & ~pl.col("endpoint").is_in(limit.besides) & (_entity(limit) > 0)


def _entity(limit: Limit) -> pl.Expr:
    return pl.col("who" if limit.level == "account" else limit.level)


def _evidence(
    digest: int, own: pl.DataFrame, lookups: pl.DataFrame, policy: Policy, learned: Learned | None
) -> tuple[EvidenceExplained, ...]:
    """Evidence by epoch; none on parts of an actor that evidence is not about."""
    if learned is None or (own["who"] != digest).any():
        return ()
    # The first and the last of all lookups say where epochs begin.
    ends = pl.concat([lookups.head(1), own.select(lookups.columns), lookups.tail(1)]).sort(
        "at", maintain_order=True
    )
    table = evidence(ends, learned.model, learned.reference, alpha=policy.alpha, epsilon=policy.epsilon)
    found = table.filter((pl.col("who") == digest) & (pl.col("reached") > 0)).sort("epoch", descending=True)
    return tuple(
        EvidenceExplained(
            epoch=row["epoch"].timestamp(),
            m=row["m"],
            action=str(policy.evidence.action(row["m"])),
            reached=row["reached"],
            stratum=row["stratum"],
            reference=row["reference"],
            reachable=row["reachable"],
            parts=tuple((name, row[name]) for name in _PARTS if row[name] is not None),
            guarantee=row["guarantee"],
        )
        for row in found.iter_rows(named=True)
    )


def _canaries(own: pl.DataFrame, identifiers: int, policy: Policy, canaries: Canaries) -> CanariesExplained:
    asked = canaries.lookups(own).collect().unique("identifier", keep="first", maintain_order=True)
    return CanariesExplained(
        asked=asked.height,
        action=str(policy.canaries.action(asked.height)),
        score=canaries.score(asked.height, identifiers, policy.stale) if canaries.digests else None,
        lookups=tuple(zip(asked["canaries"].to_list(), _seconds(asked["at"]).tolist(), strict=True)),
    )


def _allowance(part: str, digest: int, allowed: AllowList, at: float) -> tuple[str, float] | None:
    for entry in allowed.entries:
        if (entry.part, entry.digest) == (part, digest) and entry.since <= at < entry.until:
            return entry.reason, entry.until
    return None


def _seconds(at: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(at.dt.epoch("us").to_numpy() / 1e6)
