"""What budgets would have granted of past lookups is what they would have granted one by one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.guard.actors import PARTS, Actor
from floodmark.guard.budgets import PROFILES, Budgets, Limit, simulate_budgets
from floodmark.guard.lookups import SCHEMA
from floodmark.guard.reduction import Reduced

PART = st.integers(0, 3)
LOOKUP = st.fixed_dictionaries(
    {
        "at": st.integers(0, 10**10),  # three hours, in microseconds, in any order
        "endpoint": st.sampled_from(["contacts/full", "search"]),
        "identifier": st.none() | st.integers(2**63, 2**63 + 12),  # that a float could not tell apart
        **dict.fromkeys(("account", "address", "prefix", "network", "app", "cohort"), PART),
    }
)
LIMITS = st.builds(
    Limit,
    st.sampled_from(["account", "prefix", "network", "app", "address", "cohort"]),
    st.integers(1, 8),
    st.sampled_from([1 / 60, 1 / 600, 0.013]),
    st.sampled_from([(), ("search",)]),
    st.sampled_from([(), ("contacts/full",)]),
)


def _table(lookups: list[dict[str, object]]) -> pl.DataFrame:
    table = pl.DataFrame(lookups, schema_overrides={"at": pl.Int64, "identifier": pl.UInt64})
    missing = {name: kind for name, kind in SCHEMA.items() if name not in table.columns}
    return table.with_columns(
        pl.col("at").cast(SCHEMA["at"]), **{name: pl.lit(None, kind) for name, kind in missing.items()}
    ).cast({name: SCHEMA[name] for name in table.columns})


@settings(max_examples=60)
@given(
    st.lists(LOOKUP, min_size=1, max_size=60).flatmap(
        lambda asked: st.sampled_from([asked, sorted(asked, key=lambda one: one["at"])])
    ),
    st.lists(LIMITS, max_size=4),
)
def test_a_simulation_grants_what_budgets_grant_one_by_one(lookups, limits) -> None:
    found = simulate_budgets(_table(lookups), limits)
    budgets = Budgets(limits, memory=1 << 20)
    for one, granted, level in zip(lookups, found["granted"], found["refused_at"], strict=True):
        actor = Actor(**{part: one[part] for part in PARTS if part in one})
        asked = [] if one["identifier"] is None else [Reduced(one["identifier"], 0, 0)]
        taken = budgets.take(one["at"] / 1e6, actor, one["endpoint"], asked)
        assert granted == (not taken.refused)
        assert level == (taken.limits[taken.full[0]].level if taken.full else None)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_lookups_are_none_granted_and_none_refused(profile) -> None:
    found = simulate_budgets(pl.DataFrame(schema=SCHEMA), PROFILES[profile])
    assert found.schema == {"granted": pl.Boolean, "refused_at": pl.String}
    assert found.height == 0
