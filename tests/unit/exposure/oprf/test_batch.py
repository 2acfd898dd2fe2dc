"""Evaluation in bulk gives what evaluation one by one gives, in order."""

import polars as pl
import pytest

from floodmark.exposure.oprf import BadInput, Mode, derive_key_pair, evaluate, evaluate_texts

PAIR = derive_key_pair(bytes(range(32)), b"test")


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 255, 256, 600])
def test_outputs_are_those_of_one_by_one_in_order(count, workers):
    texts = [f"email:user{n}@bücher.example" for n in range(count)]
    found = evaluate_texts(PAIR.private, pl.Series(texts, dtype=pl.String), workers=workers)
    assert found.shape == (count, 64)
    assert [row.tobytes() for row in found[::97]] == [evaluate(PAIR.private, t.encode()) for t in texts[::97]]


def test_the_mode_is_part_of_the_output():
    texts = pl.Series(["phone:+447700900123"])
    assert (evaluate_texts(PAIR.private, texts) != evaluate_texts(PAIR.private, texts, mode=Mode.OPRF)).any()


def test_what_cannot_be_evaluated_is_refused():
    for wrong in (pl.Series([1, 2]), pl.Series(["a", None])):
        with pytest.raises(TypeError):
            evaluate_texts(PAIR.private, wrong)
    with pytest.raises(BadInput):
        evaluate_texts(PAIR.private, pl.Series(["x" * 65_536]))
