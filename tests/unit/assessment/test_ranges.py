import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.ranges import spans

arrays = st.lists(
    st.sets(st.integers(0, 90) | st.integers(2**64 - 9, 2**64 - 1), max_size=50).map(
        lambda found: np.array(sorted(found), np.uint64)
    ),
    min_size=1,
    max_size=4,
)


@given(arrays, st.integers(1, 20))
def test_ranges_follow_one_another_through_every_array_and_none_is_too_large(
    given_arrays: list[np.ndarray], block: int
) -> None:
    seen = [[] for _ in given_arrays]
    before = -1
    for cut in spans(given_arrays, block):
        parts = [array[part].tolist() for array, part in zip(given_arrays, cut, strict=True)]
        together = [value for part in parts for value in part]
        assert together and min(together) > before
        before = max(together)
        for values, part in zip(seen, parts, strict=True):
            assert len(part) <= block
            values += part
    assert seen == [array.tolist() for array in given_arrays]
