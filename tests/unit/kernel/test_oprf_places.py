"""Places in a sealed leak on every path, against the standard library's HMAC; and those of texts."""

import hmac
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.oprf import derive_key_pair, evaluate, place_piece
from floodmark.exposure.sealed.rows import derive
from floodmark.kernel.oprf import Seal

PRIVATE = derive_key_pair(bytes(range(32)), b"test").private


def by_hmac(outputs, seal):
    """Protocol 1, section 3."""
    for y in (row.tobytes() for row in outputs):
        k = hmac.digest(y[32:64], b"floodmark/seal/1" + seal.seal_id, "sha256")
        yield int.from_bytes(y[:2]), int.from_bytes(k[:6]), int.from_bytes(k[6 : 6 + seal.cell_bytes])


def listed(arrays):
    assert [array.dtype for array in arrays] == [np.uint16, np.uint64, np.uint32]
    return list(zip(*[array.tolist() for array in arrays], strict=True))


def random_outputs(count):
    return np.random.default_rng(count).integers(0, 256, (count, 64), np.uint8)


@cache
def by_libsodium(text):
    return evaluate(PRIVATE, text.encode())


def places(outputs, seal, kernel):
    found = derive(outputs, seal.seal_id, seal.cell_bytes, kernel=kernel)
    return listed((found.buckets, found.tags, found.pads))


@pytest.mark.parametrize("cell_bytes", [2, 4])
@pytest.mark.parametrize("count", [*range(20), 31, 32, 33, 500])
def test_places_are_those_of_the_protocol_for_any_number_of_outputs(kernel, count, cell_bytes):
    outputs, seal = random_outputs(count), Seal(bytes(range(100, 116)), cell_bytes)
    assert places(outputs, seal, kernel) == list(by_hmac(outputs, seal))


@settings(deadline=None, max_examples=40)
@given(
    seal=st.builds(Seal, st.binary(min_size=16, max_size=16), st.sampled_from([2, 4])),
    outputs=st.lists(st.binary(min_size=64, max_size=64), max_size=20),
)
def test_any_outputs_in_any_sealed_leak(kernel, seal, outputs):
    rows = np.frombuffer(b"".join(outputs), np.uint8).reshape(-1, 64)
    assert places(rows, seal, kernel) == list(by_hmac(rows, seal))


def test_outputs_that_do_not_lie_one_after_another(kernel):
    seal, outputs = Seal(bytes(16), 4), random_outputs(60)
    assert places(outputs[::3], seal, kernel) == list(by_hmac(outputs[::3], seal))
    assert places(np.asfortranarray(outputs), seal, kernel) == list(by_hmac(outputs, seal))


@pytest.mark.parametrize(
    "outputs", [random_outputs(3)[:, 1:], random_outputs(3).astype(np.int8), random_outputs(1)[0]]
)
def test_what_are_no_outputs_is_refused(kernel, outputs):
    with pytest.raises(TypeError):
        places(outputs, Seal(bytes(16), 2), kernel)


@pytest.mark.parametrize(("size", "cell_bytes"), [(15, 2), (17, 4), (16, 3), (16, 0), (16, 8)])
def test_what_is_no_seal_is_refused(kernel, size, cell_bytes):
    with pytest.raises(ValueError, match="seal_id"):
        derive(random_outputs(1), bytes(size), cell_bytes, kernel=kernel)
    with pytest.raises(ValueError, match="seal_id"):
        Seal(bytes(size), cell_bytes)


@pytest.mark.parametrize("cell_bytes", [2, 4])
@pytest.mark.parametrize("count", [0, 1, 9, 511, 513, 1030])
def test_texts_come_to_the_places_of_their_outputs(path, count, cell_bytes):
    texts, seal = [f"phone:+4477009{n:05d}" for n in range(count)], Seal(bytes(range(16)), cell_bytes)
    found = place_piece(PRIVATE, pl.Series(texts, dtype=pl.String), seal, kernel=path)
    outputs = np.frombuffer(b"".join(map(by_libsodium, texts)), np.uint8)
    assert listed((found.buckets, found.tags, found.pads)) == list(by_hmac(outputs.reshape(-1, 64), seal))
