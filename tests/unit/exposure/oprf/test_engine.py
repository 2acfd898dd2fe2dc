"""Engines: each device gives libsodium's results, from any thread, and says what it is."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.oprf import BadInput, Mode, derive_key_pair, engine, evaluate
from floodmark.exposure.oprf.rates import equal_to_libsodium, measure
from floodmark.exposure.sealed.rows import derive_one_by_one
from floodmark.kernel import library, oprf
from floodmark.kernel.cupy_device import NoDevice
from floodmark.kernel.library import Features
from floodmark.kernel.oprf import Seal

PRIVATE = derive_key_pair(bytes(32), b"engine").private
TEXTS = pl.Series(["phone:+447700900123", "", "email:ada@example.org", "username:" + "é" * 100] * 5)
KERNELS = {"without": None}
if library.kernel is not None:
    for wanted in (Features.PORTABLE, Features.AVX2, Features.IFMA):
        KERNELS[str(wanted.name).lower()] = library.kernel.using(wanted)


@pytest.fixture(params=[*KERNELS, "libsodium"])
def one(request):
    if request.param == "libsodium":
        return engine("libsodium")
    return engine(kernel=KERNELS[request.param])


@pytest.mark.parametrize("mode", Mode)
def test_outputs_are_those_of_one_evaluation_each(one, mode):
    found = one.outputs(PRIVATE, TEXTS, mode)
    assert [row.tobytes() for row in found] == [evaluate(PRIVATE, text.encode(), mode) for text in TEXTS]


@pytest.mark.parametrize("cell_bytes", [2, 4])
def test_places_are_those_of_the_outputs(one, cell_bytes):
    found = one.places(PRIVATE, TEXTS, Seal(bytes(range(16)), cell_bytes))
    expected = derive_one_by_one(one.outputs(PRIVATE, TEXTS), bytes(range(16)), cell_bytes)
    for part in ("buckets", "tags", "pads"):
        assert np.array_equal(getattr(found, part), getattr(expected, part))
        assert getattr(found, part).dtype == getattr(expected, part).dtype


def test_no_inputs_give_no_outputs_and_no_places(one):
    none = TEXTS[:0]
    assert one.outputs(PRIVATE, none).shape == (0, 64)
    assert one.places(PRIVATE, none, Seal(bytes(16), 2)).tags.shape == (0,)


def test_several_threads_may_call_at_once(one):
    expected = one.outputs(PRIVATE, TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: one.outputs(PRIVATE, TEXTS), range(8)):
            assert np.array_equal(found, expected)


def test_an_input_that_is_too_long_is_refused(one):
    with pytest.raises(BadInput):
        one.outputs(PRIVATE, pl.Series(["x" * 65_536]))


def test_the_fastest_path_is_taken_and_named():
    names = {
        "without": "libsodium",
        "portable": "libsodium",
        "avx2": "AVX2, 4 lanes",
        "ifma": "AVX-512 IFMA, 8 lanes",
    }
    for path, kernel in KERNELS.items():
        expected = names[path] if oprf.lanes(kernel) else "libsodium"
        assert engine(kernel=kernel).name == expected
        assert engine(kernel=kernel).device == "cpu"
    lanes = [oprf.lanes(kernel) for kernel in KERNELS.values()]
    assert oprf.lanes(library.kernel) == max(lanes)


def test_libsodium_is_taken_where_it_is_asked_for_whatever_there_is():
    assert engine("libsodium").name == engine("libsodium").device == "libsodium"


def test_a_device_that_is_none_is_refused():
    with pytest.raises(ValueError, match="cpu, libsodium or cuda"):
        engine("abacus")


def test_a_graphics_card_evaluates_alike_or_it_is_said_why_there_is_none():
    try:
        card = engine("cuda")
    except NoDevice as none:
        assert "--device cpu" in none.hint
    else:
        assert card.device == "cuda"
        assert equal_to_libsodium(card, PRIVATE, os.urandom)


def test_an_engine_is_compared_and_measured_here_and_now(one):
    assert equal_to_libsodium(one, PRIVATE, os.urandom)
    ticks, one = iter(range(10_000)), replace(one, piece=300)
    rates = measure(
        one,
        PRIVATE,
        threads=2,
        seconds=0,
        random=os.urandom,
        clock=lambda: float(next(ticks)),
        processor=lambda: 0.0,
    )
    assert rates.busy == 0
    assert rates.threads == 2
    assert rates.one == one.piece
    assert rates.libsodium == engine("libsodium").piece
    assert rates.ratio == one.piece / engine("libsodium").piece
