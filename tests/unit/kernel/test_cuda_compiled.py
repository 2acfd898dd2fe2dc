"""What NVIDIA's compiler makes of the kernels, which needs no graphics card: it is run on the processor, as C."""

import ctypes
import importlib.util
import platform
import random
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.oprf import Mode, derive_key_pair, evaluate
from floodmark.exposure.oprf.checked import verify
from floodmark.exposure.oprf.context import context
from floodmark.kernel import cuda
from floodmark.kernel.cupy_device import options

from .cuda_twin import Twin, compiler, library_of
from .field_elements import ALL, uniform
from .ptx_in_c import Unknown, translate
from .test_oprf_elements import by_libsodium

PAIR = derive_key_pair(bytes(range(32)), b"test")
RNG = random.Random(9497)
PINNED = sys.platform == "linux" and platform.machine() == "x86_64"  # in pyproject.toml


def nvrtc():
    """NVIDIA's compiler; None where it is not installed."""
    if importlib.util.find_spec("nvidia") is None:
        return None
    found = importlib.util.find_spec("nvidia.cuda_nvrtc")
    paths = [
        path for folder in found.submodule_search_locations for path in Path(folder).glob("lib/libnvrtc.so.*")
    ]
    return ctypes.CDLL(str(paths[0]))


def compiled(library, source, *further):
    """The log and the PTX of a source, as CuPy has it compiled."""
    program, given = ctypes.c_void_p(), [one.encode() for one in (*options(), "-arch=compute_90", *further)]
    assert library.nvrtcCreateProgram(ctypes.byref(program), source, b"kernels.cu", 0, None, None) == 0
    library.nvrtcCompileProgram(program, len(given), (ctypes.c_char_p * len(given))(*given))
    log, ptx = (text_of(library, program, name) for name in ("ProgramLog", "PTX"))
    library.nvrtcDestroyProgram(ctypes.byref(program))
    return log, ptx


def text_of(library, program, name):
    size = ctypes.c_size_t()
    getattr(library, f"nvrtcGet{name}Size")(program, ctypes.byref(size))
    text = ctypes.create_string_buffer(size.value)
    getattr(library, f"nvrtcGet{name}")(program, text)
    return text.value.decode()


def test_what_it_makes_of_the_kernels_gives_what_libsodium_gives(tmp_path):
    library = nvrtc()
    assert library or not PINNED
    for _ in range(bool(library and compiler())):
        log, ptx = compiled(library, cuda.SOURCE.read_bytes())
        assert log == ""
        (tmp_path / "kernels.c").write_text(translate(ptx))
        device = Twin(library=library_of(tmp_path / "kernels.c"))
        texts = pl.Series([f"email:{'é' * size}@example.org" for size in range(100)])
        tag = b"HashToGroup-" + context(Mode.VOPRF)
        outputs, sums = cuda.evaluate(PAIR.private, tag, texts, random=RNG.randbytes, device=device)
        verify(PAIR.private, texts, outputs, sums)
        assert [row.tobytes() for row in outputs] == [evaluate(PAIR.private, text.encode()) for text in texts]
        rows = [uniform(one, RNG.choice(ALL)) for one in ALL]
        numbers = np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 64)
        for key in (1, 8, int("8f70" * 15, 16), int.from_bytes(PAIR.private, "little")):
            found = cuda.elements(key.to_bytes(32, "little"), numbers, device=device)
            assert [row.tobytes() for row in found] == [by_libsodium(key, row) for row in rows]


def test_a_mistake_in_the_kernels_is_seen_by_it():
    library = nvrtc()
    assert library or not PINNED
    for _ in range(bool(library)):
        source = cuda.SOURCE.read_bytes() + b"KERNEL fm_more(int x) { no(x); }"
        assert "error" in compiled(library, source, "--Ofast-compile=max")[0]


def test_an_instruction_that_the_translation_does_not_know_is_refused():
    known = ".visible .entry fm_x(\n\t.param .u64 fm_x_param_0\n)\n{\n\t.reg .b64 %rd<2>;\n\tOP;\n}\n"
    assert "rd1 = (uint64_t)rd0 * (uint64_t)rd1;" in translate(
        known.replace("OP", "mul.lo.s64 %rd1, %rd0, %rd1")
    )
    for unknown in ("vote.sync.all %rd1, %rd0", "atom.add.u64 %rd1, %rd0", ".maxnreg 8"):
        with pytest.raises(Unknown):
            translate(known.replace("OP", unknown))
