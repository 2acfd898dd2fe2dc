"""The kernels that the tests of this folder run on: none, and one for each set of instructions."""

import dataclasses

import pytest

from floodmark.kernel import library
from floodmark.kernel.library import Features

KERNELS = {"without": None}
if library.kernel is not None:
    for wanted in (Features.NONE, Features.SHA, Features.AVX2, Features.SHA | Features.AVX2):
        features = wanted & library.kernel.features
        name = str(features.name).lower() if features else "portable"
        KERNELS[name] = dataclasses.replace(library.kernel, features=features)


@pytest.fixture(scope="session", params=KERNELS.values(), ids=KERNELS)
def kernel(request):
    return request.param
