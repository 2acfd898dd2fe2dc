"""The kernels for CUDA devices, compiled for the processor: a device that is there wherever a C compiler is."""

import ctypes
import itertools
import os
import shlex
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from floodmark.kernel.cuda import SOURCE

FLAGS = ["-x", "c", "-std=gnu11", "-O0", "-w", "-fno-strict-aliasing", "-fPIC", "-shared"]


def compiler():
    """The C compiler's command; empty where there is none."""
    found = filter(None, map(shutil.which, ("cc", "gcc", "clang")))
    return shlex.split(os.environ.get("CC", "")) or list(itertools.islice(found, 1))


def library_of(source):
    """What the C compiler makes of a source that defines `fm_thread` and the kernels."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "oprf_cuda.so"
        subprocess.run([*compiler(), *FLAGS, "-o", path, source], check=True)
        return ctypes.CDLL(str(path))


@cache
def twin_library():
    """The kernels' own source, compiled; None where there is no compiler."""
    return library_of(SOURCE) if compiler() else None


def untouched(kernel, arguments):
    """What a kernel did stays as it is."""


def twins(after=untouched):
    """The twin, where there is a compiler for it."""
    return [] if twin_library() is None else [Twin(after)]


class Twin:
    """A device (`floodmark.kernel.cuda.Device`) whose threads run one after another.

    Attributes:
        given: every buffer that was given out, to look at what is left in them.
        launched: names of the kernels that ran.
        after: called after each kernel with its name and its arguments, to spoil what it did.
    """

    name = "twin"

    def __init__(self, after=untouched, library=None):
        self.library, self.after = library or twin_library(), after
        self.given, self.launched = [], []

    def allocate(self, size):
        self.given.append(np.zeros(max(size, 1), np.uint8))
        return self.given[-1]

    def upload(self, array):
        self.given.append(np.ascontiguousarray(array).reshape(-1).view(np.uint8).copy())
        return self.given[-1]

    def download(self, buffer):
        return buffer.copy()

    def wipe(self, buffer):
        buffer[:] = 0

    def launch(self, kernel, threads, *arguments):
        block = min(threads, 128)
        self.run(kernel, -(-threads // block) * block, arguments)
        self.launched.append(kernel)
        self.after(kernel, arguments)

    def run(self, kernel, threads, arguments):
        function, thread = getattr(self.library, kernel), ctypes.c_size_t.in_dll(self.library, "fm_thread")
        passed = [
            ctypes.c_void_p(one.ctypes.data) if isinstance(one, np.ndarray) else ctypes.c_size_t(int(one))
            for one in arguments
        ]
        for number in range(threads):
            thread.value = number
            function(*passed)
