"""The kernels that the tests of this folder run on: none, and one for each choice of instruction sets."""

import pytest

from floodmark.kernel import library, oprf
from floodmark.kernel.library import Features

KERNELS = {"without": None}
PATHS = {"libsodium": None}
"""What evaluates in bulk: libsodium, and the kernel on each instruction set that it has a path for here."""

if library.kernel is not None:
    every = Features.SHA | Features.AVX2 | Features.AVX512
    for wanted in (Features.PORTABLE, Features.SHA, Features.AVX2, Features.AVX512, every):
        part = library.kernel.using(wanted)
        KERNELS[str(part.features.name).lower()] = part
    for wanted in (Features.AVX2, Features.IFMA):
        part = library.kernel.using(wanted)
        if oprf.lanes(part):
            PATHS[str(part.features.name).lower()] = part


@pytest.fixture(scope="session", params=KERNELS.values(), ids=KERNELS)
def kernel(request):
    return request.param


@pytest.fixture(scope="session", params=PATHS.values(), ids=PATHS)
def path(request):
    return request.param
