"""The kernels that the tests of this folder run on: none, and one for each choice of instruction sets."""

import pytest

from floodmark.kernel import library
from floodmark.kernel.library import Features

KERNELS = {"without": None}
if library.kernel is not None:
    every = Features.SHA | Features.AVX2 | Features.AVX512
    for wanted in (Features.PORTABLE, Features.SHA, Features.AVX2, Features.AVX512, every):
        part = library.kernel.using(wanted)
        KERNELS[str(part.features.name).lower()] = part


@pytest.fixture(scope="session", params=KERNELS.values(), ids=KERNELS)
def kernel(request):
    return request.param
