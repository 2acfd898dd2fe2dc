"""What is known of one actor, and why it is limited or not; without any identifier.

`explain_lookups.explain` finds it in past lookups, `explain_state.explain_state` in the state of a guard that runs.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

_HOUR = 3600


@dataclass(frozen=True)
class Seen:
    """What an actor asked for.

    Attributes:
        lookups: of it.
        identifiers: different ones.
        blocks: in which these lie.
        answered: lookups of which it is known whether the identifier existed.
        hits: of these, it did.
        endpoints: name and lookups, that with most first.
        first: lookup, seconds since 1970 UTC.
        last: lookup, likewise.
        unanswered: lookups that the policy would have refused, challenged or denied.
        limited: the first of these, likewise; None for none.
        by: what limited it then: `budget`, `evidence`, `canaries`; empty for nothing.
    """

    lookups: int
    identifiers: int
    blocks: int
    answered: int
    hits: int
    endpoints: tuple[tuple[str, int], ...]
    first: float
    last: float
    unanswered: int
    limited: float | None
    by: str


@dataclass(frozen=True)
class BudgetExplained:
    """One limit, and how much of it is used.

    Attributes:
        level: of the limit.
        name: part and digest of who shares it.
        endpoints: that it counts; empty for all.
        besides: that it does not count.
        burst: new identifiers at once.
        per_hour: new identifiers that come back in an hour.
        used: that count now.
        peak: most that counted at a time; None where nobody looked at the past.
        empty_in: seconds until none do.
        refused: lookups of the actor for which this level had no room; None where nobody counted.
    """

    level: str
    name: str
    endpoints: tuple[str, ...]
    besides: tuple[str, ...]
    burst: int
    per_hour: float
    used: float
    peak: float | None
    empty_in: float
    refused: int | None


@dataclass(frozen=True)
class EvidenceExplained:
    """Evidence of one epoch.

    Attributes:
        epoch: when it began, seconds since 1970 UTC; None where that is not known.
        m: the weighted e-value M.
        action: that the policy takes at this value.
        reached: last checkpoint, in new identifiers.
        stratum: that it was compared with.
        reference: actors in that.
        reachable: smallest α at which it could be flagged by what it reached.
        parts: of the score at the last checkpoint, log10 of each by name.
        guarantee: what a flag means.
    """

    epoch: float | None
    m: float
    action: str
    reached: int
    stratum: str
    reference: int
    reachable: float
    parts: tuple[tuple[str, float], ...]
    guarantee: str


@dataclass(frozen=True)
class CanariesExplained:
    """Lookups of canaries.

    Attributes:
        asked: different ones.
        action: that the policy takes at this count.
        score: e-value; None where nobody knows how many identifiers were asked for.
        lookups: name of the set and time of the first lookup of each, seconds since 1970 UTC, the earliest first.
    """

    asked: int
    action: str
    score: float | None
    lookups: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Explained:
    """What is known of one actor.

    Attributes:
        actor: part and digest.
        at: of which time it is true, seconds since 1970 UTC.
        shadow: whether the policy acts on nothing.
        seen: what it asked for; None where only a state was looked at.
        budgets: how much is used.
        evidence: by epoch, the latest first.
        canaries: lookups of canaries.
        allowed: reason and end (seconds since 1970 UTC) of its allowance; None for none.
    """

    actor: str
    at: float
    shadow: bool
    seen: Seen | None
    budgets: tuple[BudgetExplained, ...]
    evidence: tuple[EvidenceExplained, ...]
    canaries: CanariesExplained
    allowed: tuple[str, float] | None

    def to_dict(self) -> dict[str, Any]:
        """For JSON; times in UTC."""
        found = asdict(self)
        found["at"] = moment(self.at)
        if self.seen is not None:
            for name in ("first", "last", "limited"):
                found["seen"][name] = _moment(getattr(self.seen, name))
            found["seen"]["endpoints"] = dict(self.seen.endpoints)
        for made, one in zip(found["evidence"], self.evidence, strict=True):
            made["epoch"] = _moment(one.epoch)
            made["parts"] = dict(one.parts)
        found["canaries"]["lookups"] = [{"set": name, "at": moment(at)} for name, at in self.canaries.lookups]
        if self.allowed is not None:
            found["allowed"] = {"reason": self.allowed[0], "until": moment(self.allowed[1])}
        return found


def words(found: Explained) -> list[str]:
    """What is known, in sentences, the weightiest first."""
    said = []
    if found.allowed is not None:
        said.append(
            f"On the allow-list until {moment(found.allowed[1])[:10]}: {found.allowed[0]}. Nothing limits it."
        )
    if found.canaries.asked:
        first = moment(found.canaries.lookups[0][1])
        score = "" if found.canaries.score is None else f", an e-value of {found.canaries.score:,.4g}"
        said.append(
            f"Asked for {_of(found.canaries.asked, 'canary', 'canaries')} that nobody holds, first at {first}{score}: "
            f"{found.canaries.action}."
        )
    for one in found.evidence:
        said.append(
            f"Evidence M = {one.m:,.4g} at {one.reached:,} new identifiers: {one.action}. {one.guarantee}".strip()
        )
    for budget in found.budgets:
        if budget.refused:
            said.append(
                f"The budget of {budget.name} had no room for {_of(budget.refused, 'lookup', 'lookups')}."
            )
    if found.seen is not None and found.seen.limited is not None:
        said.append(
            f"Of its lookups, {found.seen.unanswered:,} would not have been answered, the first at "
            f"{moment(found.seen.limited)}, by {found.seen.by}."
        )
    if not said:
        said.append("Nothing limits it.")
    if found.shadow:
        said.append("The policy is in shadow mode: it decides, and nothing acts on that.")
    return said


def moment(at: float) -> str:
    """A time in UTC, to the second; empty where no calendar has it."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return ""


def _moment(at: float | None) -> str | None:
    return None if at is None else moment(at)


def _of(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
