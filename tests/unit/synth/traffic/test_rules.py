"""Rules as a scraper knows them, against the same rule asked one lookup after the other."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard import SCHEMA
from floodmark.synth.traffic.rules import DistinctCount

lookups = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 3), st.integers(1, 12)), min_size=1, max_size=60
)


def one_by_one(rows, capacity, per_second):
    """What is answered, by the rule as it is defined."""
    level, known, last, out, found = {}, {}, {}, set(), []
    for at, who, identifier in rows:
        if who not in out and identifier not in known.setdefault(who, set()):
            known[who].add(identifier)
            passed = at - last.get(who, at)
            level[who] = max(0.0, level.get(who, 0.0) - passed * per_second) + 1
            last[who] = at
            if level[who] > capacity + 1e-6:
                out.add(who)
        found.append(who not in out)
    return found


def table(rows):
    found = pl.DataFrame(rows, schema=["at", "account", "identifier"], orient="row")
    found = found.with_columns(at=pl.from_epoch("at").dt.cast_time_unit("us").dt.replace_time_zone("UTC"))
    missing = {name: pl.lit(0 if kind.is_numeric() else None, kind) for name, kind in SCHEMA.items()}
    return found.with_columns(
        **{name: value for name, value in missing.items() if name not in found.columns}
    ).cast(SCHEMA)


@given(lookups, st.integers(1, 6), st.sampled_from([1 / 60, 1 / 10, 0.5]))
def test_distinct_count_is_the_leaky_bucket_that_it_says(rows, capacity, per_second):
    rows = sorted(rows)
    answered = DistinctCount(capacity, per_second).answered(table(rows))
    assert answered.tolist() == one_by_one(rows, capacity, per_second)


def test_asking_again_for_the_same_never_fills_the_bucket():
    rows = [(second, 1, second % 3) for second in range(300)]
    assert DistinctCount(3, 1e-6).answered(table(rows)).all()
