"""What past lookups show, put together: traffic, actors, budgets, evidence, canaries and harm.

>>> from datetime import UTC
>>> from floodmark.guard.lookups import SCHEMA
>>> about = LookupsFile(key_id="made-up", rows=0, synthetic=True)
>>> found = guard_report(pl.DataFrame(schema=SCHEMA), [about], made_at=datetime(2026, 1, 31, tzinfo=UTC))
>>> found.traffic.lookups, found.actors, found.synthetic
(0, (), True)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from floodmark.guard.actor_text import written
from floodmark.guard.actors import who
from floodmark.guard.allow import AllowList
from floodmark.guard.canaries import Canaries
from floodmark.guard.lookups import LookupsFile
from floodmark.guard.report.allowances import reasons
from floodmark.guard.report.asked import asked
from floodmark.guard.report.budget_use import BudgetUse, LevelUse, used_by
from floodmark.guard.report.canary_use import CanaryUse, canary_use
from floodmark.guard.report.evidence_use import EvidenceUse, actor_evidence, of_actors
from floodmark.guard.report.families import Family, families
from floodmark.guard.report.harm import Tenth, tenths
from floodmark.guard.report.judged import Judged
from floodmark.guard.report.policy_use import PolicyUse
from floodmark.guard.report.ranking import RankedActor, ranked
from floodmark.guard.report.shown_names import endpoint, file
from floodmark.guard.report.sizes import sizes
from floodmark.guard.report.traffic import Endpoint, Moment, Traffic, endpoints, moments, traffic

MOST_ACTORS = 50
MOST_ENDPOINTS = 50


@dataclass(frozen=True)
class GuardReport:
    """What past lookups show.

    Attributes:
        made_at: when the report was made.
        files: what the lookups files say of themselves.
        traffic: lookups in all.
        moments: lookups over time.
        endpoints: those with most new identifiers first, at most `MOST_ENDPOINTS`.
        actors: those first against whom most speaks; a limited number.
        tenths: of actors by size: of the honest ones where truth is known, else of all.
        honest_known: whether `tenths` is about those who are known to be honest.
        families: actors by kind; empty where the truth is not known.
        policy: what it would have done; None where none was tried.
        budgets: how much of them would have been used; None where no policy was tried, or it has none.
        evidence: what it says; None without a model.
        canaries: lookups of them; None where none are known.
    """

    made_at: datetime
    files: tuple[LookupsFile, ...]
    traffic: Traffic
    moments: tuple[Moment, ...]
    endpoints: tuple[Endpoint, ...]
    actors: tuple[RankedActor, ...]
    tenths: tuple[Tenth, ...]
    honest_known: bool
    families: tuple[Family, ...]
    policy: PolicyUse | None
    budgets: BudgetUse | None
    evidence: EvidenceUse | None
    canaries: CanaryUse | None

    @property
    def synthetic(self) -> bool:
        """Whether any of the lookups are made up."""
        return any(one.synthetic for one in self.files)

    @property
    def partly_synthetic(self) -> bool:
        """Whether some are made up and others are not."""
        return self.synthetic and not all(one.synthetic for one in self.files)


def guard_report(
    lookups: pl.DataFrame,
    files: Sequence[LookupsFile],
    *,
    made_at: datetime,
    judged: Judged | None = None,
    canaries: Canaries | None = None,
    allowed: AllowList | None = None,
    truth: pl.DataFrame | None = None,
    most: int = MOST_ACTORS,
) -> GuardReport:
    """Report on past lookups.

    Args:
        lookups: of columns `lookups.SCHEMA`, in order of `at`.
        files: what the files that they come from say of themselves.
        made_at: the time now.
        judged: what a policy would have done to them, and the evidence; None for neither.
        canaries: that are known; None for none.
        allowed: who is never limited; None for nobody.
        truth: who of the actors is what (`families.TRUTH`); None where nobody says.
        most: actors to list.
    """
    found = asked(lookups)
    actors = sizes(found)
    canaries_used = None
    if canaries is not None and canaries.digests:
        canaries_used, askers = canary_use(lookups, canaries)
        actors = actors.join(askers, on="who", how="left").with_columns(
            pl.col("canaries").fill_null(0), pl.col("canary_value").fill_null(1.0)
        )
    if judged is not None:
        actors = _with_judgement(actors, judged)
    if allowed is not None and allowed.entries:
        about = reasons(lookups.with_columns(who()), allowed, now=made_at.timestamp())
        actors = actors.join(about, on="who", how="left")
    kinds: list[Family] = []
    honest = actors
    if truth is not None:
        actors = actors.join(truth.select("who", "kind", "honest"), on="who", how="left")
        honest = actors.filter("honest")
        kinds = families(found.select("who", "identifier") if judged is None else judged.simulated, actors)
    listed = ranked(actors).head(most)
    uses = {} if judged is None else used_by(judged.standings, listed["who"].to_list())
    return GuardReport(
        made_at=made_at,
        files=tuple(file(one) for one in files),
        traffic=traffic(found),
        moments=tuple(moments(found)),
        endpoints=tuple(endpoints(found)[:MOST_ENDPOINTS]),
        actors=tuple(_listed(row, uses) for row in listed.iter_rows(named=True)),
        tenths=tuple(tenths(honest)),
        honest_known=truth is not None,
        families=tuple(kinds),
        policy=None if judged is None else judged.policy,
        budgets=None if judged is None else judged.budgets,
        evidence=None if judged is None else judged.evidence,
        canaries=canaries_used,
    )


def _with_judgement(actors: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Actors with `unanswered`, and with `flagged`, `m` and `evidence` where there is some."""
    unanswered = judged.simulated.group_by("who").agg(unanswered=(~pl.col("answered")).sum())
    actors = actors.join(unanswered, on="who", how="left")
    if judged.found is None:
        return actors
    return actors.join(of_actors(judged.found), on="who", how="left").with_columns(
        pl.col("flagged").fill_null(value=False)
    )


def _listed(row: dict[str, Any], uses: Mapping[int, tuple[LevelUse, ...]]) -> RankedActor:
    """An actor as it is listed."""
    same = ("lookups", "new", "busiest", "blocks", "endpoints", "answered", "hits", "first", "last")
    return RankedActor(
        name=written("account" if row["is_account"] else "address", row["who"]),
        **{name: row[name] for name in same},
        canaries=row.get("canaries"),
        canary_value=row.get("canary_value"),
        evidence=actor_evidence(row["evidence"]) if row.get("evidence") else None,
        unanswered=row.get("unanswered"),
        budgets=uses.get(row["who"], ()),
        allowed=row.get("allowed") or "",
        truth=endpoint(row["kind"]) if row.get("kind") else "",
    )
