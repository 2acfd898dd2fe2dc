"""An engine on a graphics card gives what libsodium gives, or nothing."""

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.oprf import BadInput, Mode, derive_key_pair, evaluate
from floodmark.exposure.oprf import cuda as module
from floodmark.exposure.oprf.checked import EvaluationFault
from floodmark.exposure.oprf.cuda import GraphicsCard
from floodmark.exposure.oprf.engine import engine
from floodmark.exposure.sealed.rows import derive
from floodmark.kernel.cupy_device import NoDevice
from floodmark.kernel.oprf import Seal

from ...kernel.cuda_twin import twins

PAIR = derive_key_pair(bytes(range(32)), b"test")
TEXTS = [f"email:user{number}@bücher.example" for number in range(40)]
SEAL = Seal(bytes(range(16)), 2)


def expected(texts, mode=Mode.VOPRF):
    joined = b"".join(evaluate(PAIR.private, text.encode(), mode) for text in texts)
    return np.frombuffer(joined, np.uint8).reshape(-1, 64)


def test_the_card_that_is_there_evaluates_and_where_there_is_none_it_is_said():
    try:
        card = engine("cuda")
    except NoDevice as none:
        assert none.slug == "no-device"
        assert none.exit_code == 1
    else:
        assert card.name
        assert np.array_equal(card.outputs(PAIR.private, pl.Series(TEXTS)), expected(TEXTS))


@pytest.mark.parametrize("mode", Mode)
def test_outputs_are_those_of_libsodium(mode):
    for twin in twins():
        found = GraphicsCard(twin).outputs(PAIR.private, pl.Series(TEXTS), mode)
        assert np.array_equal(found, expected(TEXTS, mode))


def test_places_are_those_of_the_outputs():
    for twin in twins():
        found, wanted = (
            GraphicsCard(twin).places(PAIR.private, pl.Series(TEXTS), SEAL),
            derive(expected(TEXTS), SEAL.seal_id, SEAL.cell_bytes),
        )
        for name in ("buckets", "tags", "pads"):
            assert np.array_equal(getattr(found, name), getattr(wanted, name))


def ascending(size):
    """In place of randomness: weights that differ between neighbours, since of one weight, two may be exchanged."""
    return bytes(at % 256 for at in range(size))


def exchange(rows):
    """Two inputs take each other's place."""
    rows[[5, 6]] = rows[[6, 5]]


def copy_over(rows):
    rows[11] = rows[12]


def flip(rows):
    rows[:, 0] ^= 1


@pytest.mark.parametrize(
    ("kernel", "argument", "size", "spoil", "words"),
    [
        ("fm_multiply", 0, 160, exchange, "sum"),
        ("fm_multiply", 0, 160, copy_over, "sum"),
        ("fm_multiply", 0, 160, flip, "own checks|sum"),
        ("fm_map", 0, 160, flip, "own checks|sum"),
        ("fm_prepare", 0, 64, flip, "sum"),
        ("fm_finalize", 0, 64, flip, "output"),
        ("fm_close", 0, 64, flip, "sum"),
    ],
)
def test_whatever_a_card_gets_wrong_is_refused(kernel, argument, size, spoil, words):
    def after(launched, arguments):
        if launched == kernel:
            spoil(arguments[argument].reshape(-1, size))

    for twin in twins(after):
        with pytest.raises(EvaluationFault, match=words):
            GraphicsCard(twin, ascending).outputs(PAIR.private, pl.Series(TEXTS))


@pytest.mark.parametrize(("at", "words"), [(0, "own checks"), (1, "libsodium evaluates")])
def test_what_a_card_finds_itself_is_said(at, words):
    def after(launched, arguments):
        if launched == "fm_map":
            arguments[1][8 * at] = 1

    for twin in twins(after):
        with pytest.raises(EvaluationFault, match=words):
            GraphicsCard(twin).outputs(PAIR.private, pl.Series(TEXTS))


def test_of_a_large_piece_as_much_is_evaluated_once_more_as_of_small_ones(monkeypatch):
    asked = []

    def random(size):
        asked.append(size)
        return bytes(size)

    monkeypatch.setattr(module, "PIECE", 10)
    for twin in twins():
        GraphicsCard(twin, random).outputs(PAIR.private, pl.Series(TEXTS))
        assert asked == [40, *[32] * 4]


def test_what_cannot_be_evaluated_is_refused():
    card = GraphicsCard(None)
    for wrong in (pl.Series([1, 2]), pl.Series(["a", None])):
        with pytest.raises(TypeError):
            card.outputs(PAIR.private, wrong)
    with pytest.raises(BadInput):
        card.outputs(PAIR.private, pl.Series(["x" * 65_536]))
