"""Which actors are compared with which."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.guard.evidence.strata import Strata, settle

row = st.fixed_dictionaries(
    {
        "checkpoint": st.sampled_from([20, 60]),
        "cluster": st.integers(1, 12),
        "took": st.sampled_from([0.0, 3600.0, 3601.0, 86_400.0, 1e6]),
        "account": st.sampled_from([0, 5]),
        "app": st.sampled_from([0, 1, 2, 3]),
        "cohort": st.sampled_from([0, 8, 9]),
    }
)
WHOLE = {
    "cluster": pl.UInt64,
    "account": pl.UInt64,
    "app": pl.UInt64,
    "cohort": pl.UInt64,
    "checkpoint": pl.UInt16,
}


def frame(rows: list[dict[str, float]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides=WHOLE)


@settings(max_examples=40, deadline=None)
@given(st.lists(row, min_size=1, max_size=80), st.lists(row, min_size=1, max_size=20), st.integers(1, 5))
def test_one_actor_alone_is_in_the_stratum_that_it_is_in_among_others(
    trained: list[dict[str, float]], others: list[dict[str, float]], smallest: int
) -> None:
    strata = settle(frame(trained), smallest)
    for one, name in zip(others, strata.of(frame(others)), strict=True):
        given_ = (int(one[part]) for part in ("account", "app", "cohort"))
        assert strata.of_one(int(one["checkpoint"]), one["took"], *given_) == name
        assert name in strata.names(int(one["checkpoint"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(row, min_size=1, max_size=120), st.integers(1, 5))
def test_no_stratum_is_smaller_than_it_may_be_unless_it_is_that_of_all(
    trained: list[dict[str, float]], smallest: int
) -> None:
    table = frame(trained)
    strata = settle(table, smallest)
    sizes = (
        table.with_columns(strata.of(table))
        .group_by("checkpoint", "stratum")
        .agg(pl.col("cluster").n_unique())
    )
    for checkpoint, name, size in sizes.iter_rows():
        assert size >= smallest or strata.names(checkpoint) == [name]


def test_an_app_that_training_did_not_know_is_compared_with_the_rare_ones() -> None:
    apps = np.repeat([1, 2, 3, 4], [50, 40, 6, 6])
    table = pl.DataFrame(
        {
            "checkpoint": np.full(102, 20),
            "cluster": np.arange(1, 103),
            "took": np.zeros(102),
            "account": np.ones(102),
            "app": apps,
            "cohort": np.zeros(102),
        }
    ).cast(WHOLE)
    strata = settle(table, 10)
    unknown = strata.of_one(20, 0.0, 1, 99, 0)
    assert unknown == strata.of_one(20, 0.0, 1, 3, 0) == strata.of_one(20, 0.0, 1, 4, 0)
    assert len(strata.names(20)) == 3


def test_without_training_all_are_compared_with_all() -> None:
    assert Strata().of_one(20, 5.0, 1, 2, 3) == "all actors"
    assert Strata().names(20) == ["all actors"]
