"""An answer is taken only when its path leads to the root that was signed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.snapshots import AnswerBroken, SnapshotDirectory, checked_answer


@given(st.integers(0, 65535), st.integers(0, 809), st.integers(0, 7))
def test_an_answer_with_one_bit_flipped_is_refused(made, number, place, bit):
    folder, snapshot = made
    answer = bytearray(SnapshotDirectory(folder).bucket(snapshot, number))
    assert [len(rows) for rows in checked_answer(snapshot, number, bytes(answer))] == [16 * 8, 17 * 10]
    answer[place] ^= 1 << bit
    with pytest.raises(AnswerBroken):
        checked_answer(snapshot, number, bytes(answer))


def test_the_answer_for_another_bucket_is_refused(made):
    folder, snapshot = made
    answer = SnapshotDirectory(folder).bucket(snapshot, 4711)
    with pytest.raises(AnswerBroken, match="4712"):
        checked_answer(snapshot, 4712, answer)


@pytest.mark.parametrize("size", [0, 511, 512, 809, 811, 100_000])
def test_an_answer_of_another_length_is_refused(snapshot, size):
    with pytest.raises(AnswerBroken, match="length"):
        checked_answer(snapshot, 0, bytes(size))
