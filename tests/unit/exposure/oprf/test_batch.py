"""Evaluation in bulk gives what evaluation one by one gives, in order, by the kernel and by libsodium."""

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.oprf import (
    BadInput,
    Mode,
    batch,
    derive_key_pair,
    evaluate,
    evaluate_piece,
    evaluate_places,
    evaluate_texts,
    place_piece,
)
from floodmark.exposure.sealed.rows import derive_one_by_one
from floodmark.kernel import library
from floodmark.kernel.library import Features
from floodmark.kernel.oprf import Seal

PAIR = derive_key_pair(bytes(range(32)), b"test")
KERNELS = {"without": None}
if library.kernel is not None:
    for wanted in (Features.SHA, Features.SHA | Features.AVX2, library.kernel.features):
        part = library.kernel.using(wanted)
        KERNELS[str(part.features.name).lower()] = part


@pytest.fixture(params=KERNELS.values(), ids=KERNELS)
def kernel(request):
    return request.param


@pytest.fixture
def short_pieces(monkeypatch):
    """Many of them, as of a large leak."""
    monkeypatch.setattr(batch, "PIECE", 100)


def inputs(count):
    return [f"email:user{n}@bücher.example" for n in range(count)]


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 256, 601])
def test_outputs_are_those_of_one_by_one_in_order(count, workers, kernel, short_pieces):
    texts = inputs(count)
    found = evaluate_texts(PAIR.private, pl.Series(texts, dtype=pl.String), workers=workers, kernel=kernel)
    assert found.shape == (count, 64)
    assert [row.tobytes() for row in found[::97]] == [evaluate(PAIR.private, t.encode()) for t in texts[::97]]


@pytest.mark.parametrize("cell_bytes", [2, 4])
@pytest.mark.parametrize("count", [0, 1, 601])
def test_places_are_those_of_the_outputs(count, cell_bytes, kernel, short_pieces):
    texts, seal = pl.Series(inputs(count), dtype=pl.String), Seal(bytes(range(16)), cell_bytes)
    expected = derive_one_by_one(evaluate_texts(PAIR.private, texts), seal.seal_id, seal.cell_bytes)
    found = evaluate_places(PAIR.private, texts, seal, workers=3, kernel=kernel)
    for name in ("buckets", "tags", "pads"):
        assert getattr(found, name).dtype == getattr(expected, name).dtype
        assert np.array_equal(getattr(found, name), getattr(expected, name))


def test_a_piece_may_be_put_together_of_many(kernel):
    texts = pl.concat([pl.Series([text]) for text in inputs(50)], rechunk=False)
    assert texts.n_chunks() == 50
    assert np.array_equal(
        evaluate_piece(PAIR.private, texts, kernel=kernel),
        evaluate_piece(PAIR.private, texts.rechunk(), kernel=None),
    )


def test_the_mode_is_part_of_the_output(kernel):
    texts = pl.Series(["phone:+447700900123"])
    found = [evaluate_texts(PAIR.private, texts, mode=mode, kernel=kernel).tobytes() for mode in Mode]
    assert found == [evaluate(PAIR.private, b"phone:+447700900123", mode) for mode in Mode]


def test_what_cannot_be_evaluated_is_refused(kernel):
    seal = Seal(bytes(16), 2)
    for wrong in (pl.Series([1, 2]), pl.Series(["a", None])):
        with pytest.raises(TypeError):
            evaluate_texts(PAIR.private, wrong, kernel=kernel)
        with pytest.raises(TypeError):
            evaluate_places(PAIR.private, wrong, seal, kernel=kernel)
    too_long = pl.Series(["a", "x" * 65_536])
    for evaluated in (evaluate_texts, evaluate_piece):
        with pytest.raises(BadInput):
            evaluated(PAIR.private, too_long, kernel=kernel)
    for placed in (evaluate_places, place_piece):
        with pytest.raises(BadInput):
            placed(PAIR.private, too_long, seal, kernel=kernel)


def test_the_longest_input_is_evaluated(kernel):
    longest = "x" * 65_535
    found = evaluate_texts(PAIR.private, pl.Series(["a", longest, "b"]), kernel=kernel)
    assert [row.tobytes() for row in found] == [
        evaluate(PAIR.private, t) for t in (b"a", longest.encode(), b"b")
    ]
