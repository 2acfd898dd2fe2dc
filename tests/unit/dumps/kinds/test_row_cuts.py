from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.kinds.row_cuts import row_cuts


@given(st.lists(st.integers(0, 40), max_size=50), st.integers(1, 9), st.integers(1, 60))
def test_batches_are_all_rows_in_order_and_none_is_large(lengths: list[int], rows: int, size: int) -> None:
    cuts = list(row_cuts(np.array(lengths, np.int64), rows, size))
    assert [at for first, last in cuts for at in range(first, last)] == list(range(len(lengths)))
    for first, last in cuts:
        assert last - first <= rows
        assert last - first == 1 or sum(lengths[first:last]) <= size


def test_rows_that_are_not_gone_on_with_take_no_room() -> None:
    lengths = np.array([LINE_LIMIT + 1] * 5 + [10], np.int64)
    assert list(row_cuts(lengths, 100, 20)) == [(0, 6)]
