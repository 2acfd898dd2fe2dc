"""The batch OPRF's kernels for CUDA devices: equal to libsodium, bit for bit, on the device that is there.

A graphics card where CuPy finds one, and the kernels' twin where there is a C compiler; on every machine libsodium, by
which the others are judged.
"""

import itertools
import random

import numpy as np
import polars as pl
import pytest
import rbcl

from floodmark.exposure.oprf import Mode, derive_key_pair, evaluate
from floodmark.exposure.oprf.context import context
from floodmark.kernel import cuda, cupy_device
from floodmark.kernel.oprf import KernelFault, NeutralInput

from ...integration import second_oprf as integers
from .cuda_twin import Twin, twins
from .field_elements import ALL, ENDS, EXCEPTIONAL, opposite_pairs, uniform

PAIR = derive_key_pair(bytes(range(32)), b"test")
TAG = b"HashToGroup-" + context(Mode.VOPRF)
RNG = random.Random(9497)
KEYS = [1, 2, 8, 16, 2**252, integers.ORDER - 1, int("8f70" * 15, 16), RNG.randrange(1, integers.ORDER)]


def card():
    """The graphics card that is there, or why there is none."""
    try:
        return cupy_device.find()
    except cupy_device.NoDevice as none:
        return none


DEVICES = {"libsodium": None, **{twin.name: twin for twin in twins()}}
if isinstance(card(), cupy_device.CupyDevice):
    DEVICES["cuda"] = card()


@pytest.fixture(params=DEVICES.values(), ids=DEVICES)
def device(request):
    return request.param


def outputs_of(device, texts, mode=Mode.VOPRF):
    if device is None:
        return [evaluate(PAIR.private, text.encode(), mode) for text in texts]
    tag = b"HashToGroup-" + context(mode)
    outputs, _ = cuda.evaluate(
        PAIR.private, tag, pl.Series(texts, dtype=pl.String), random=RNG.randbytes, device=device
    )
    return [row.tobytes() for row in outputs]


def by_integers(key, data):
    return integers.encode(integers.times(key, integers.one_way_map(data)))


def by_libsodium(key, data):
    try:
        element = rbcl.crypto_core_ristretto255_from_hash(data)
        return rbcl.crypto_scalarmult_ristretto255(key.to_bytes(32, "little"), element)
    except RuntimeError:  # how it refuses the neutral element
        return bytes(32)


def test_every_length_around_the_ends_of_blocks(device):
    texts = [
        "é" * (size // 2) + "x" * (size % 2) for size in (*range(4), *range(40, 140, 3), 237, 238, 239, 400)
    ]
    assert outputs_of(device, texts) == [evaluate(PAIR.private, text.encode()) for text in texts]


def test_the_mode_is_in_every_hash(device):
    assert outputs_of(device, ["a"], Mode.OPRF) == [evaluate(PAIR.private, b"a", Mode.OPRF)]


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 129])
def test_batches_of_every_size_around_threads_and_inversions(device, count):
    texts = [f"phone:+44770090{number:04}" for number in range(count)]
    assert outputs_of(device, texts) == [evaluate(PAIR.private, text.encode()) for text in texts]


def test_adversarial_field_elements_under_keys_of_all_kinds(device):
    rows = [uniform(first, 0) for first in ALL] + [uniform(ALL[-1 - n], one) for n, one in enumerate(ALL)]
    rows += [uniform(*pair) for pair in itertools.product(ENDS[:4], EXCEPTIONAL[:6])]
    rows += [uniform(*pair) for pair in opposite_pairs(12, 9497)]
    keys = itertools.islice(itertools.cycle(KEYS), -(-len(rows) // 40))
    for key, start in zip(keys, range(0, len(rows), 40), strict=True):
        own = rows[start : start + 40]
        if device is None:
            assert by_libsodium(key, own[0]) == by_integers(key, own[0])
            continue
        numbers = np.frombuffer(b"".join(own), np.uint8).reshape(-1, 64)
        found = cuda.elements(key.to_bytes(32, "little"), numbers, device=device)
        assert [row.tobytes() for row in found] == [by_libsodium(key, row) for row in own]


@pytest.mark.parametrize("count", [1, 31, 700])
def test_sums_are_the_key_times_what_was_asked(device, count):
    asked = answered = [rbcl.crypto_scalarmult_ristretto255_base(PAIR.private)]
    if device is not None:
        texts = pl.Series([f"email:{number}@example.org" for number in range(count)])
        _, sums = cuda.evaluate(PAIR.private, TAG, texts, random=RNG.randbytes, device=device)
        asked, answered = ([row.tobytes() for row in part] for part in (sums.asked, sums.answered))
        assert len(asked) == 1
        asked = [rbcl.crypto_scalarmult_ristretto255(PAIR.private, one) for one in asked]
    assert asked == answered


def test_parts_that_fit_the_memory_are_evaluated_one_after_another(device, monkeypatch):
    monkeypatch.setattr(cuda, "MEMORY", 12_000)
    texts = [f"username:user{number}" for number in range(20)]
    assert cuda.part_of(20) < 10
    assert outputs_of(device, texts) == [evaluate(PAIR.private, text.encode()) for text in texts]


@pytest.mark.parametrize(("header", "name"), [("hash.h", "AROUND_INPUT"), ("sums.h", "WEIGHTS")])
def test_numbers_that_the_source_has_as_well_are_the_same(header, name):
    text = (cuda.SOURCE.parent / "oprf" / header).read_text()
    assert f"#define {name} {getattr(cuda, name)}" in text


def test_a_part_has_at_least_one_input():
    assert cuda.part_of(0xFFFF) * 0xFFFF < cuda.MEMORY
    assert cuda.part_of(300) >= cuda.PIECE
    assert cuda.part_of(cuda.MEMORY) == 1


def test_what_is_no_batch_is_refused():
    device = Twin()
    for wrong in (pl.Series([1]), pl.Series(["a", None])):
        with pytest.raises(TypeError):
            cuda.evaluate(PAIR.private, TAG, wrong, random=RNG.randbytes, device=device)
    for key, tag, text in [
        (b"k", TAG, "a"),
        (PAIR.private, b"t" * 46, "a"),
        (PAIR.private, TAG, "a" * 65_536),
    ]:
        with pytest.raises(ValueError, match="up to"):
            cuda.evaluate(key, tag, pl.Series([text]), random=RNG.randbytes, device=device)
    assert device.given == []


def note(at, kernel, number):
    """A kernel's verdict, as it would be written: the fault first, then the input that is neutral."""

    def after(launched, arguments):
        if launched == kernel:
            arguments[1][8 * at] = number

    return after


def test_what_kernels_find_is_raised_and_everything_in_memory_is_overwritten():
    for at, kind in [(0, KernelFault), (1, NeutralInput)]:
        for device in twins(note(at, "fm_map", 3)):
            with pytest.raises(kind) as raised:
                cuda.evaluate(PAIR.private, TAG, pl.Series(["a"] * 5), random=RNG.randbytes, device=device)
            assert getattr(raised.value, "position", 2) == 2
            assert device.given
            assert not any(buffer.any() for buffer in device.given)


def test_nothing_is_left_in_the_devices_memory():
    for device in twins():
        cuda.evaluate(PAIR.private, TAG, pl.Series(["a", "b"]), random=RNG.randbytes, device=device)
        assert "fm_multiply" in device.launched
        assert not any(buffer.any() for buffer in device.given)
