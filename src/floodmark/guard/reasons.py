"""What made a decision, in sentences with numbers and without any identifier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from floodmark.guard.allow import Allowance
from floodmark.guard.budgets import Standing as BudgetStanding
from floodmark.guard.budgets import Taken
from floodmark.guard.canaries_ledger import CanaryAsked
from floodmark.guard.decision import Reason
from floodmark.guard.evidence import Standing

_HOUR = 3600


def allowed(allowance: Allowance) -> Reason:
    """Why somebody is never limited."""
    text = f"This {allowance.part} is on the allow-list until {_day(allowance.until)}: {allowance.reason}"
    return Reason("allow-listed", allowance.part, text, {"until": allowance.until})


def canaries(count: int, asked: Sequence[CanaryAsked]) -> Reason:
    """That somebody asked for identifiers that nobody holds.

    Args:
        count: different ones.
        asked: those that the ledger has, the earliest first.
    """
    text = f"Asked for {_of(count, 'canary', 'canaries')}, which nobody holds"
    numbers = {"asked": float(count)}
    if asked:
        text += f", the first on {_day(asked[0].at)}"
        numbers["first"] = asked[0].at
    return Reason("canary", "", f"{text}.", numbers)


def evidence(value: float, standing: Standing) -> Reason:
    """That somebody is unlike the reference actors.

    Args:
        value: M, the weighted e-value.
        standing: what else is known.
    """
    text = f"Evidence M = {value:,.1f} at {standing.reached:,} new identifiers. {standing.guarantee}"
    numbers = {
        "m": value,
        "reached": float(standing.reached),
        "reference": float(standing.reference),
        "reachable_alpha": standing.reachable,
    }
    return Reason("evidence", "", text.strip(), numbers)


def spent(taken: Taken, place: int) -> Reason:
    """That a budget has no room."""
    standing = taken.standings[place]
    text = f"The budget of this {standing.level} is spent: {_budget(standing)}"
    return Reason("budget-spent", standing.level, text, _numbers(standing))


def used(taken: Taken, place: int) -> Reason:
    """That a budget is nearly spent."""
    standing = taken.standings[place]
    text = f"The budget of this {standing.level} is used to {standing.used / standing.burst:.0%}: {_budget(standing)}"
    return Reason("budget-used", standing.level, text, _numbers(standing))


def most_used(taken: Taken) -> tuple[float, int]:
    """The largest share of a burst that is used, and of which limit; none is used where no limit applies."""
    shares = [
        (ahead / limit.capacity, place)
        for place, (limit, ahead) in enumerate(zip(taken.limits, taken.ahead, strict=True))
    ]
    return max(shares, default=(0.0, 0))


def _budget(standing: BudgetStanding) -> str:
    limit = standing.limit
    return (
        f"{standing.used:,.0f} new identifiers count, of {limit.burst:,} at once "
        f"and {limit.per_second * _HOUR:,.6g} an hour."
    )


def _numbers(standing: BudgetStanding) -> dict[str, float]:
    return {
        "used": standing.used,
        "burst": float(standing.burst),
        "per_hour": standing.limit.per_second * _HOUR,
        "retry_after": standing.retry_after,
        "empty_in": standing.empty_in,
    }


def _of(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _day(at: float) -> str:
    """A day, or a word where no calendar has it."""
    try:
        return datetime.fromtimestamp(at, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return "a day that no calendar has"
