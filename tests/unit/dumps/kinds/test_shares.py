from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.kinds import shares as module
from floodmark.dumps.kinds.shares import Fate, Shares
from floodmark.errors import LimitExceeded

STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 300)), min_size=1, max_size=8)


@given(st.integers(0, 200), STEPS)
def test_every_byte_is_given_out_once_whatever_is_said_to_be_gone_through(
    size: int, steps: list[tuple[int, int, int]]
) -> None:
    shares, total = Shares(size), 0
    for rows, blank, upto in steps:
        fates: list[Fate] = [("skipped", "blank", blank)] if blank else []
        frame = pl.DataFrame({"a": ["x"] * rows}, schema={"a": pl.String})
        batch = shares.batch(frame, "t", False, upto, fates)
        assert batch.start == total
        assert batch.accepted_bytes >= 0
        assert all(span.size >= 0 for span in batch.spans)
        total += batch.accepted_bytes + sum(span.size for span in batch.spans)
        assert total <= size
    last = shares.rest(batch)
    assert total + last.spans[0].size == size


def test_rows_share_evenly_whatever_their_fate() -> None:
    fates: list[Fate] = [("skipped", "header", 1), ("quarantined", "unknown-cell", 2)]
    batch = Shares(100).batch(pl.DataFrame({"a": ["x"] * 7}), "t", True, 100, fates)
    assert [span.size for span in batch.spans] == [10, 20]
    assert [span.start for span in batch.spans] == [0, 10]
    assert batch.accepted_bytes == 70


def test_a_batch_without_records_gives_its_bytes_to_the_rows_that_are_none() -> None:
    frame = pl.DataFrame({"a": []}, schema={"a": pl.String})
    batch = Shares(100).batch(frame, "t", True, 50, [("skipped", "blank", 3)])
    assert (batch.accepted_bytes, batch.spans[0].size) == (0, 50)


def test_what_is_left_of_a_file_with_damaged_tables_is_quarantined() -> None:
    shares = Shares(100)
    batch = shares.batch(pl.DataFrame({"a": ["x"]}), "t", True, 60)
    (span,) = shares.rest(batch, damaged=2).spans
    assert (span.kind, span.reason, span.size, span.lines) == ("quarantined", "damaged-table", 40, 2)


def test_texts_that_are_far_more_than_the_file_are_refused() -> None:
    text = pl.repeat("a" * (1 << 20), (module.TEXT_FLOOR >> 20) + 1, eager=True)
    with pytest.raises(LimitExceeded):
        Shares(1000).batch(pl.DataFrame({"a": text}), "t", False, 1)
