"""How a graphics card is found and driven, and what is said where there is none."""

import os
import sys

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.oprf import derive_key_pair, evaluate
from floodmark.exposure.oprf.context import Mode, context
from floodmark.kernel import cuda, cupy_device
from floodmark.kernel.cupy_device import CupyDevice, DeviceFailed, NoDevice, find

from .cuda_twin import twins
from .cupy_stand_in import CompileException, Cupy

PAIR = derive_key_pair(bytes(range(32)), b"test")
TAG = b"HashToGroup-" + context(Mode.VOPRF)
TEXTS = [f"phone:+44770090{number:04}" for number in range(20)]


def evaluated_on(device):
    return cuda.evaluate(PAIR.private, TAG, pl.Series(TEXTS), random=os.urandom, device=device)[0]


def test_a_card_evaluates_and_keeps_nothing():
    for twin in twins():
        cupy = Cupy(twin)
        device = CupyDevice(cupy)
        assert device.name == "Stand-in"
        assert [row.tobytes() for row in evaluated_on(device)] == [
            evaluate(PAIR.private, text.encode()) for text in TEXTS
        ]
        assert len(cupy.given) > 10
        assert not any(array.any() for array in cupy.given)


def test_kernels_are_compiled_once_of_a_source_that_is_the_same_for_every_key():
    for twin in twins():
        cupy = Cupy(twin)
        device = CupyDevice(cupy)
        assert cupy.compiled == []
        for _ in range(2):
            evaluated_on(device)
        assert cupy.compiled == [(cuda.SOURCE.read_text(), cupy_device.options())]


def test_a_change_of_an_included_file_is_a_change_of_the_options(tmp_path, monkeypatch):
    before = cupy_device.options()
    (tmp_path / "oprf").mkdir()
    for path in (cuda.SOURCE.parent / "oprf").glob("*.h"):
        (tmp_path / "oprf" / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(cupy_device, "SOURCE", tmp_path / cuda.SOURCE.name)
    assert cupy_device.options()[1:] == before[1:]
    with (tmp_path / "oprf" / "curve.h").open("a") as file:
        file.write("\n")
    assert cupy_device.options()[1:] != before[1:]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (MemoryError("out of memory allocating 1 byte"), "too little free memory"),
        (
            RuntimeError("cudaErrorLaunchFailure: unspecified launch failure\nmore"),
            "unspecified launch failure.",
        ),
        (CompileException("kernels.cu(3): error: no\nmore"), r"not compiled: kernels.cu\(3\): error: no."),
        (OSError("libnvrtc.so.12: cannot open shared object file"), "not compiled: libnvrtc"),
    ],
)
def test_what_goes_wrong_on_a_card_is_said_in_one_sentence(failure, words):
    with pytest.raises(DeviceFailed, match=words) as raised:
        CupyDevice(Cupy(None, failure)).launch("fm_map", 1, np.zeros(1, np.uint8))
    assert "\n" not in raised.value.message
    assert "--device cpu" in raised.value.hint


def test_without_cupy_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(NoDevice, match="not installed") as raised:
        find()
    assert "floodmark[gpu]" in raised.value.hint


def test_without_a_card_or_a_driver_it_is_said_what_cuda_says(monkeypatch):
    def refuse(number):
        raise RuntimeError("cudaErrorNoDevice: no CUDA-capable device is detected")

    cupy = Cupy(None)
    cupy.cuda.runtime.getDeviceProperties = refuse
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    with pytest.raises(NoDevice, match=r"answers: cudaErrorNoDevice: no CUDA-capable device is detected\.$"):
        find()
