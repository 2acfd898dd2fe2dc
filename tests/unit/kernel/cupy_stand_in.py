"""What CuPy's module is asked for, with arrays of NumPy and kernels that the twin runs: what is tested is how we ask.

Names and signatures are those of CuPy 14.
"""

from types import SimpleNamespace

import numpy as np


class Array(np.ndarray):
    """`cupy.ndarray`: not NumPy's, and in the device's memory."""

    def get(self):
        return np.array(self)

    def set(self, array):
        assert (array.dtype, array.shape) == (self.dtype, self.shape)
        self[:] = array

    @property
    def data(self):
        return SimpleNamespace(memset_async=lambda value, size: self.reshape(-1)[:size].fill(value))


class CompileException(Exception):
    """As NVRTC's log comes."""


class Cupy:
    """The module.

    Attributes:
        given: all arrays.
        compiled: sources and options that were compiled.
    """

    def __init__(self, twin, failure=None):
        self.given, self.compiled, self.twin, self.failure = [], [], twin, failure
        self.cuda = SimpleNamespace(
            runtime=SimpleNamespace(getDeviceProperties=lambda number: {"name": b"Stand-in"}),
            compiler=SimpleNamespace(CompileException=CompileException),
        )

    def zeros(self, size, dtype):
        self.given.append(np.zeros(size, dtype).view(Array))
        return self.given[-1]

    empty = zeros

    def RawModule(self, code, options, backend):  # noqa: N802 - CuPy's own name
        assert backend == "nvrtc"
        self.compiled.append((code, options))
        return SimpleNamespace(compile=self.compile, get_function=self.function)

    def compile(self):
        if self.failure is not None:
            raise self.failure

    def function(self, name):
        def launch(grid, block, arguments):
            assert all(isinstance(one, (Array, np.uint64)) for one in arguments)
            assert block[0] <= 128
            self.twin.run(name, grid[0] * block[0], arguments)

        return launch
