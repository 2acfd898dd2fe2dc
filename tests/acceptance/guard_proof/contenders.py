"""All rules that are compared, each over the same part: which lookups it grants.

A rule's thresholds are frozen on the tuning part; evidence is learnt from the training part and compared with the
reference part. None of them has seen the part that it is tried on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from floodmark.guard.actors import who
from floodmark.guard.budgets import PROFILES, Limit
from floodmark.guard.evidence import Learned

from .measure import until
from .ours import granted, learnt, policy
from .rules import any_miss, distinct_bucket
from .tuning import RULES, frozen, own_budget
from .worlds import World

ALPHA = 0.01
EPSILON = 0.01
COST = 0.01  # share of honest actors that a tuned rule may limit


@dataclass(frozen=True)
class Frozen:
    """What is fixed before the test.

    Attributes:
        thresholds: of the tuned rules.
        own: limits that fit the service.
        learnt: what evidence is judged by, one reference actor per network.
        finer: the same with one per /24.
    """

    thresholds: dict[str, int]
    own: tuple[Limit, ...]
    learnt: Learned
    finer: Learned

    @classmethod
    def of(cls, world: World) -> Frozen:
        """Everything that is fixed on the parts before the test."""
        tuning = world.part("tuning").lookups.with_columns(who())
        training, reference = (world.part(role).lookups for role in ("training", "reference"))
        return cls(
            frozen(tuning, COST),
            own_budget(tuning, COST),
            learnt(training, reference),
            learnt(training, reference, "prefix"),
        )


def contenders(lookups: pl.DataFrame, fixed: Frozen, alpha: float = ALPHA) -> Iterator[tuple[str, pl.Series]]:
    """Every rule by name, and which lookups of a part it grants: Boolean, shape (lookups,).

    Args:
        lookups: of the part, columns `floodmark.guard.SCHEMA`.
        fixed: thresholds, model and reference.
        alpha: of evidence.
    """
    named = lookups.with_columns(who())
    yield "any miss", until(lookups, any_miss(named))
    yield "CrowdSec rule, 300", until(lookups, distinct_bucket(named))
    for name, rule in RULES.items():
        threshold = fixed.thresholds[name]
        yield f"{name}, {threshold:,}", until(lookups, rule(named, threshold))
    for profile, limits in PROFILES.items():
        yield f"budgets, {profile}", granted(lookups, policy(limits))
    yield f"budgets, own, {fixed.own[0].burst:,}", granted(lookups, policy(fixed.own))
    evidence, both = policy((), alpha, EPSILON), policy(fixed.own, alpha, EPSILON)
    yield "evidence", granted(lookups, evidence, fixed.learnt)
    yield "evidence, per /24", granted(lookups, evidence, fixed.finer)
    yield "evidence and own", granted(lookups, both, fixed.learnt)
    yield "evidence, per /24, and own", granted(lookups, both, fixed.finer)
