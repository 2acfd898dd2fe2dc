"""The steps between the servers: look-ups in a bucket, orders, and how long failures are waited out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.check.organisation_look_up import ANSWER, hits_in, numbers_in
from floodmark.exposure.check.organisation_steps import shuffled
from floodmark.exposure.check.steps import field_set
from floodmark.exposure.snapshots import SnapshotDirectory, checked_answer

from .published import KEY, bucket_of, drawn, evaluate

INPUTS = [f"phone:+44207946{at:04d}".encode() for at in range(90, 115)] + [b"email:ada@example.org"]


@pytest.fixture(scope="module")
def rows_of(published):
    """A function that gives the rows of a bucket, for each leak."""
    directory = SnapshotDirectory(published.folder)
    return lambda number: checked_answer(
        published.snapshot, number, directory.bucket(published.snapshot, number)
    )


def test_many_are_looked_up_in_a_bucket_as_one_is(published, rows_of):
    for text in INPUTS:
        rows = rows_of(bucket_of(text))
        outputs = [evaluate(KEY.pair.private, other) for other in INPUTS]
        table = np.frombuffer(b"".join(outputs), np.uint8).reshape(-1, 64)
        for leak, leak_rows in zip(published.snapshot.leaks, rows, strict=True):
            one_by_one = [field_set(leak, output, leak_rows) for output in outputs]
            assert numbers_in(leak, leak_rows, table).tolist() == [
                -1 if number is None else number for number in one_by_one
            ]


def test_hits_name_identifier_leak_and_field_set(published, rows_of):
    text = b"phone:+442079460001"
    answers = np.zeros(2, ANSWER)
    answers["digest"] = [5, 6]
    answers["secret"][1] = np.frombuffer(evaluate(KEY.pair.private, text)[32:], np.uint8)
    found = hits_in(published.snapshot.leaks, rows_of(bucket_of(text)), answers)
    assert found.tolist() == [(6, 0, 1), (6, 1, 0)]


def test_a_bucket_with_nobody_has_no_hits(published, rows_of):
    assert hits_in(published.snapshot.leaks, rows_of(0), np.zeros(0, ANSWER)).tolist() == []


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 1 << 30))
def test_an_order_has_every_number_once_and_follows_the_random_bytes(count, seed):
    numbers = np.arange(count)
    order = shuffled(numbers, drawn(seed))
    assert sorted(order.tolist()) == numbers.tolist()
    assert order.tolist() == shuffled(numbers, drawn(seed)).tolist()
    assert count < 20 or order.tolist() != shuffled(numbers, drawn(seed + 1)).tolist()
