"""The sums that a batch is checked by are of all its inputs, each with its weight: nothing is left out of the check."""

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.oprf import Element, Mode, Scalar, derive_key_pair, group
from floodmark.exposure.oprf.context import context
from floodmark.kernel import oprf

PRIVATE = derive_key_pair(bytes(range(32)), b"test").private
TAG = b"HashToGroup-" + context(Mode.VOPRF)


def scaled(factor, element):
    return group.times(Scalar(factor.to_bytes(32, "little")), element)


def weighted(elements, weights):
    """Twice the sum of what one lane takes, each element with its group's weight."""
    total = scaled(2 * weights[0], elements[0])
    for element, weight in zip(elements[1:], weights[1:], strict=True):
        total = group.plus(total, scaled(2 * weight, element))
    return total


@pytest.mark.parametrize("count", [1, 5, 61, 530])
def test_sums_are_of_every_input_with_its_groups_weight(path, count):
    side_by_side = oprf.lanes(path)
    if not side_by_side:  # nothing but libsodium evaluates, so there is nothing to check
        return
    texts = [f"email:user{number}@example.org" for number in range(count)]
    groups = -(-count // side_by_side)
    drawn = bytes(37 * number % 256 for number in range(groups))
    sums = oprf.evaluate(PRIVATE, TAG, pl.Series(texts), random=lambda size: drawn[:size], kernel=path).sums
    weights = [byte % 16 + 1 for byte in drawn]
    assert len(set(weights)) == min(groups, 16)
    elements = [Element(group.hash_to_element(text.encode(), TAG)) for text in texts]
    elements += [elements[-1]] * (
        groups * side_by_side - count
    )  # the last input once more in lanes without one
    assert sums.asked.shape == sums.answered.shape == (side_by_side, 32)
    for lane in range(side_by_side):
        expected = weighted(elements[lane::side_by_side], weights)
        assert sums.asked[lane].tobytes() == expected
        assert sums.answered[lane].tobytes() == group.times(PRIVATE, expected)


def test_each_arrow_chunk_has_sums_of_its_own(path):
    if oprf.lanes(path):
        texts = pl.concat([pl.Series([f"email:{n}@example.org"] * 3) for n in range(4)], rechunk=False)
        found = oprf.evaluate(PRIVATE, TAG, texts, random=lambda size: bytes(size), kernel=path)
        assert found.sums.asked.shape == (4 * oprf.lanes(path), 32)
        assert np.unique(found.sums.asked, axis=0).shape == (4, 32)
