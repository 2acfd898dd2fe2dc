"""The guard itself, as a scraper sees it that has read the policy and the model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from floodmark.guard.evidence import Learned
from floodmark.guard.policy import Policy
from floodmark.guard.simulate import simulate
from floodmark.synth.traffic.rules import SECONDS_A_DAY, Answered

LONG_RUN = (
    2000  # identifiers with which evidence is tried where nothing else is in the way: more than it looks at
)


@dataclass(frozen=True)
class PolicyRule:
    """What a policy answers; challenges count as not passed.

    Attributes:
        policy: that is known.
        learned: model and reference of evidence; None for budgets alone.
        name: what reports call it.
    """

    policy: Policy
    learned: Learned | None = None
    name: str = "policy"

    @property
    def looks(self) -> bool:
        """With evidence it matters what is asked for."""
        return self.learned is not None

    @property
    def paces(self) -> tuple[tuple[int, float], ...]:
        """Each limit of an account: its burst, then what comes back; and one less than each checkpoint of evidence."""
        limits = [limit for limit in self.policy.limits if limit.level == "account"]
        found = [(limit.burst, limit.per_second * SECONDS_A_DAY) for limit in limits]
        if self.learned is not None:
            epoch = max(1.0, self.learned.reference.epoch / SECONDS_A_DAY)
            stops = [checkpoint - 1 for checkpoint in self.learned.model.checkpoints]
            found += [(stop, stop / epoch) for stop in stops]
            found += [] if limits else [(LONG_RUN, LONG_RUN / epoch)]
        return tuple(dict.fromkeys(found))

    @property
    def evidence(self) -> PolicyRule:
        """The same policy without limits."""
        return replace(self, policy=replace(self.policy, limits=()))

    def answered(self, lookups: pl.DataFrame) -> Answered:
        """What the policy would have answered."""
        return simulate(lookups, self.policy, learned=self.learned)["answered"].to_numpy()
